"""One SIPp that holds as many callers of one group of lines up as it is told, while it runs."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from ivrengine.errors import EngineError
from ivrengine.softphone.sip.sdp import Address
from ivrengine.softswitch.local.processes import Child, ChildSpec

_LOOPBACK: Final = "127.0.0.1"
_STARTED_WITHIN_S: Final = 10.0
_LOOK_EVERY_S: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class SippOrders:
    """What one SIPp is started with: its files, whom it calls, and who sends its sound."""

    program: Path
    scenario: Path
    callers: Path
    server: Address
    dialled: str
    twin: Address
    folder: Path


class Sipp:
    """It places no call before it was told how many to hold."""

    def __init__(self, child: Child, name: str, *, control: Address) -> None:
        self._child = child
        self._name = name
        self._control = control

    @classmethod
    @asynccontextmanager
    async def running(cls, orders: SippOrders) -> AsyncIterator[Self]:
        """Start it, and have it gone after the block.

        Raises:
            EngineError: it ended, or takes no orders; the message closes with what it said.
        """
        name = orders.callers.stem
        signalling, control = _free_udp_port(), _free_udp_port()
        spec = ChildSpec(
            name=f"SIPp of {name}",
            argv=_command(orders, signalling_port=signalling, control_port=control),
            log=orders.folder / f"sipp-{name}.log",
            environment={**os.environ, "TERM": "dumb"},
            stop_timeout_s=2.0,
        )
        child = Child(spec)
        await child.start()
        sipp = cls(child, name, control=(_LOOPBACK, control))
        try:
            await sipp._takes_orders()
            yield sipp
        finally:
            await child.stop()

    @property
    def pid(self) -> int:
        """Its process."""
        return self._child.pid

    def is_running(self) -> bool:
        """Tell whether it has not ended."""
        return self._child.is_running()

    def hold(self, calls: int, *, rate_per_s: float) -> None:
        """Have so many callers there from now on, and at most so many new ones a second.

        Raises:
            EngineError: it has ended.
        """
        self._tell(f"cset limit {max(calls, 1)}", f"cset rate {rate_per_s if calls else 0:.3f}")

    def place_no_more(self) -> None:
        """Have it end once the calls that are up have ended."""
        if self.is_running():
            self._tell("q")

    async def ended(self) -> None:
        """Wait until it has ended."""
        await self._child.wait()

    def _tell(self, *orders: str) -> None:
        if not self.is_running():
            raise self._fault("has ended")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            for order in orders:
                out.sendto(order.encode("ascii"), self._control)

    async def _takes_orders(self) -> None:
        """Wait until its control port is there: before that the kernel refuses what is sent."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.connect(self._control)
            try:
                async with asyncio.timeout(_STARTED_WITHIN_S):
                    while not await self._takes(out, "cset rate 0"):
                        pass
            except TimeoutError:
                raise self._fault("takes no orders") from None

    async def _takes(self, out: socket.socket, order: str) -> bool:
        if not self.is_running():
            raise self._fault("has ended")
        try:
            out.send(order.encode("ascii"))
            await asyncio.sleep(_LOOK_EVERY_S)
            return not out.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        except ConnectionRefusedError:
            await asyncio.sleep(_LOOK_EVERY_S)
            return False

    def _fault(self, what: str) -> EngineError:
        return EngineError(f"SIPp of {self._name} {what}\n{self._child.log_tail()}")


# A machine that is full stops SIPp for a while now and then; its watchdog would end it for that.
_STAYS_ALIVE: Final = ("-watchdog_interval", "0")


def _command(orders: SippOrders, *, signalling_port: int, control_port: int) -> tuple[str, ...]:
    host, port = orders.server
    twin_host, twin_port = orders.twin
    written = orders.folder / f"sipp-{orders.callers.stem}"
    return (
        *(str(orders.program), f"{host}:{port}", "-sf", str(orders.scenario)),
        *("-inf", str(orders.callers), "-s", orders.dialled),
        *("-i", _LOOPBACK, "-p", str(signalling_port), "-cp", str(control_port)),
        *("-3pcc", f"{twin_host}:{twin_port}", "-r", "0", "-l", "1", "-aa", "-nostdin"),
        *_STAYS_ALIVE,
        *("-trace_err", "-error_file", f"{written}-errors.log"),
        *("-trace_stat", "-stf", f"{written}.csv", "-fd", "1"),
    )


def _free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((_LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
