"""What processes use of the machine: read from the kernel, without their knowing."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psutil

Census = Callable[[], Mapping[str, Collection[int]]]
"""Tells which processes there are as of now: for each name its process ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessUse:
    """What all processes of one name use together.

    ``cpu_cores`` is the share of one core since the reading before, None at the first reading of a
    process. ``pss_bytes`` counts memory shared with others by share; it is costly to read for the
    process itself, so that most readings leave it out as None.
    """

    pids: tuple[int, ...]
    cpu_cores: float | None
    rss_bytes: int
    pss_bytes: int | None
    descriptors: int
    threads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _One:
    cpu_cores: float | None
    rss_bytes: int
    pss_bytes: int | None
    descriptors: int
    threads: int


class ProcessWatch:
    """Reads the processes that ``census`` names, whoever they are by then."""

    def __init__(self, census: Census, *, now: Callable[[], float] = time.monotonic) -> None:
        self._census = census
        self._now = now
        self._known: dict[int, psutil.Process] = {}
        self._spent: dict[int, tuple[float, float]] = {}

    def read(self, *, with_pss: bool) -> Mapping[str, ProcessUse]:
        """Return what each name uses; a name none of whose processes is there is left out."""
        census = self._census()
        self._forget_all_but({pid for pids in census.values() for pid in pids})
        uses = {name: self._together(pids, with_pss=with_pss) for name, pids in census.items()}
        return {name: use for name, use in uses.items() if use is not None}

    def _together(self, pids: Collection[int], *, with_pss: bool) -> ProcessUse | None:
        found = dict(self._each(pids, with_pss=with_pss))
        if not found:
            return None
        each = list(found.values())
        return ProcessUse(
            pids=tuple(found),
            cpu_cores=_cpu_of(each),
            rss_bytes=sum(one.rss_bytes for one in each),
            pss_bytes=sum(one.pss_bytes or 0 for one in each) if with_pss else None,
            descriptors=sum(one.descriptors for one in each),
            threads=sum(one.threads for one in each),
        )

    def _each(self, pids: Collection[int], *, with_pss: bool) -> Iterator[tuple[int, _One]]:
        for pid in pids:
            try:
                yield pid, self._read_one(pid, with_pss=with_pss)
            except psutil.Error:
                # It ended in this moment, which readings made while something is killed must bear.
                self._known.pop(pid, None)

    def _read_one(self, pid: int, *, with_pss: bool) -> _One:
        process = self._known.get(pid) or psutil.Process(pid)
        self._known[pid] = process
        with process.oneshot():
            times = process.cpu_times()
            return _One(
                cpu_cores=self._share(pid, times.user + times.system),
                rss_bytes=process.memory_info().rss,
                pss_bytes=process.memory_full_info().pss if with_pss else None,
                descriptors=process.num_fds(),
                threads=process.num_threads(),
            )

    def _share(self, pid: int, spent_s: float) -> float | None:
        now, before = self._now(), self._spent.get(pid)
        self._spent[pid] = (now, spent_s)
        if before is None or now <= before[0]:
            return None
        return max(0.0, spent_s - before[1]) / (now - before[0])

    def _forget_all_but(self, pids: Collection[int]) -> None:
        self._known = {pid: process for pid, process in self._known.items() if pid in pids}
        self._spent = {pid: spent for pid, spent in self._spent.items() if pid in pids}


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineUse:
    """Cores in use by whomever; ``stolen`` are those that the host kept from a virtual machine.

    The kernel calls them steal (proc(5)). They count as busy: nobody here could use them.
    """

    busy: float
    stolen: float


class MachineWatch:
    """Reads how busy the whole machine is, whoever keeps it so."""

    def __init__(self) -> None:
        self._before = psutil.cpu_times()

    def read(self) -> MachineUse | None:
        """Return the cores in use since the reading before; None if no time has passed."""
        before, self._before = self._before, psutil.cpu_times()
        spent_s = {name: now_s - getattr(before, name) for name, now_s in _spent_s(self._before)}
        all_s = sum(spent_s.values())
        idle_s = spent_s["idle"] + spent_s.get("iowait", 0.0)
        if all_s <= 0:
            return None
        cores = (psutil.cpu_count() or 1) / all_s
        return MachineUse(busy=(all_s - idle_s) * cores, stolen=spent_s.get("steal", 0.0) * cores)


def _spent_s(times: Any) -> Iterator[tuple[str, float]]:
    """Give out the kernel's kinds of time; guests' are in user and nice already (proc(5))."""
    for name, spent_s in times._asdict().items():
        if not name.startswith("guest"):
            yield name, spent_s


def _cpu_of(each: Sequence[_One]) -> float | None:
    shares = [one.cpu_cores for one in each if one.cpu_cores is not None]
    return sum(shares) if shares else None
