"""Lines of the trunk groups: who may seize one, and that each is given back once.

Pure bookkeeping: a call seizes a line under its own key before it is answered and releases it when
its leg is gone. Releasing twice, or what was never seized, changes nothing. Whoever reckons how
well lines are used follows the events.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from acd.trunk_groups import (
    ClassUse,
    LineClass,
    LineEvent,
    LineReclassed,
    LineRefused,
    LineReleased,
    LineSeized,
    LineUse,
    Seizure,
    TrunkGroup,
)

LineObserver = Callable[[LineEvent], None]
"""Takes one event at once; must not raise."""

_Account = tuple[str, LineClass]


class _Held(NamedTuple):
    trunk: str
    line_class: LineClass


class Lines:
    """Every trunk group's lines, and who holds them. Times are epoch seconds.

    Args:
        groups: the trunk groups, in the order in which they are shown.
        observer: is told of every line that is given, refused, moved or released.
    """

    def __init__(
        self, groups: Iterable[TrunkGroup], observer: LineObserver = lambda event: None
    ) -> None:
        self._observer = observer
        self._groups: dict[str, TrunkGroup] = {}
        self._held: dict[str, _Held] = {}
        self._busy: Counter[str] = Counter()
        self._peak: Counter[str] = Counter()
        self._in_use: Counter[_Account] = Counter()
        self._attempts: Counter[_Account] = Counter()
        self._refused: Counter[_Account] = Counter()
        self.configure(groups)

    def configure(self, groups: Iterable[TrunkGroup]) -> None:
        """Put other groups in force; calls that hold a line keep it, also of a group that is gone.

        More lines may be in use than a group has now: then none is given until enough are free.
        """
        self._groups = {group.name: group for group in groups}

    def group_to(self, site: str) -> str | None:
        """Return the group over which a branch is reached, None for agents who are not remote."""
        named = (group.name for group in self._groups.values() if site and group.site == site)
        return next(named, None)

    def seize(self, call: str, trunk: str, line_class: LineClass, now: float) -> Seizure:
        """Give a line of ``trunk`` to ``call``, or say why not.

        A call that already holds a line keeps it.
        """
        if call in self._held:
            return Seizure.GIVEN
        self._attempts[trunk, line_class] += 1
        answer = self._judge(trunk, line_class, now)
        if answer:
            self._give(call, trunk, line_class)
            self._observer(LineSeized(call=call, trunk=trunk, line_class=line_class, at=now))
        else:
            self._refused[trunk, line_class] += 1
            self._observer(
                LineRefused(call=call, trunk=trunk, line_class=line_class, at=now, why=answer)
            )
        return answer

    def adopt(self, call: str, trunk: str, line_class: LineClass, now: float) -> None:
        """Enter a line that ``call`` is known to hold; never refused, not counted as an attempt."""
        if call not in self._held:
            self._give(call, trunk, line_class)
            self._observer(
                LineSeized(call=call, trunk=trunk, line_class=line_class, at=now, adopted=True)
            )

    def reclass(self, call: str, line_class: LineClass, now: float) -> None:
        """Move the line of ``call`` to the account of ``line_class``.

        It is done at once and never refused, whatever that class may have at most.
        """
        held = self._held.get(call)
        if held is None or held.line_class is line_class:
            return
        self._held[call] = _Held(held.trunk, line_class)
        self._in_use[held] -= 1
        self._in_use[held.trunk, line_class] += 1
        self._observer(
            LineReclassed(
                call=call, trunk=held.trunk, line_class=line_class, at=now, before=held.line_class
            )
        )

    def release(self, call: str, now: float) -> None:
        """Take back the line of ``call``."""
        held = self._held.pop(call, None)
        if held is not None:
            self._in_use[held] -= 1
            self._busy[held.trunk] -= 1
            self._observer(
                LineReleased(call=call, trunk=held.trunk, line_class=held.line_class, at=now)
            )

    def usage(self, now: float) -> tuple[LineUse, ...]:
        """Return the use of every trunk group, with the shares that are in force at ``now``.

        A group that is gone is shown without lines for as long as it is in use.
        """
        gone = [TrunkGroup(name=trunk, lines=0) for trunk in self._in_use_but_gone()]
        return tuple(self._use(group, now) for group in [*self._groups.values(), *gone])

    def _judge(self, trunk: str, line_class: LineClass, now: float) -> Seizure:
        group = self._groups.get(trunk)
        free = group.lines - self._busy[trunk] if group else 0
        if group is None or free <= 0:
            return Seizure.NO_LINE
        share = group.share(line_class, now)
        if share.at_most is not None and self._in_use[trunk, line_class] >= share.at_most:
            return Seizure.CLASS_FULL
        return Seizure.GIVEN if free > share.leaves_free else Seizure.KEPT

    def _give(self, call: str, trunk: str, line_class: LineClass) -> None:
        held = self._held[call] = _Held(trunk, line_class)
        self._in_use[held] += 1
        self._busy[trunk] += 1
        self._peak[trunk] = max(self._peak[trunk], self._busy[trunk])

    def _in_use_but_gone(self) -> list[str]:
        return [trunk for trunk, n in self._busy.items() if n and trunk not in self._groups]

    def _use(self, group: TrunkGroup, now: float) -> LineUse:
        return LineUse(
            trunk=group.name,
            lines=group.lines,
            in_use=self._busy[group.name],
            peak=self._peak[group.name],
            classes=tuple(
                ClassUse(
                    line_class=line_class,
                    in_use=self._in_use[group.name, line_class],
                    share=group.share(line_class, now),
                    attempts=self._attempts[group.name, line_class],
                    refused=self._refused[group.name, line_class],
                )
                for line_class in LineClass
            ),
        )
