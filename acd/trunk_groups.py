"""The words of trunk groups: classes of calls, what a class may take of a group, what happened.

A group's lines are shared by classes. Each class may have to leave some lines free for the others
(state-dependent reservation, also called trunk reservation): it is given a line only while more
than that many are free. So the class that leaves the fewest always finds the last lines.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class LineClass(StrEnum):
    """On whose account a line is held."""

    TRADING = "trading"
    REGISTERED = "registered"
    ORDINARY = "ordinary"
    OUTGOING = "outgoing"
    """Calls that go out: callbacks and pushes."""
    BRANCH = "branch"
    """Calls to the agents of a branch, over the lines to it."""
    APOLOGY = "apology"
    """Callers who are told that there is no line for them."""


CALLER_CLASSES = (LineClass.TRADING, LineClass.REGISTERED, LineClass.ORDINARY)
"""What a caller can be, the best first."""


class Seizure(StrEnum):
    """Whether a line was given, and if not, why; true when it was."""

    GIVEN = "given"
    NO_LINE = "no-line"
    """All are in use, or there is no such group."""
    KEPT = "kept-lines"
    """Those that are free are kept for other classes."""
    CLASS_FULL = "class-full"
    """The class has as many as it may have."""

    def __bool__(self) -> bool:
        return self is Seizure.GIVEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one class may take of a group.

    It is given a line only while more than ``leaves_free`` lines are free, and never more than
    ``at_most`` at a time.
    """

    leaves_free: int = 0
    at_most: int | None = None


ANY_FREE_LINE = Share()


class Period(Protocol):
    """Times of the week; calendars are periods."""

    def is_open(self, at: float) -> bool:
        """Tell whether ``at`` (epoch seconds) lies in it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedShares:
    """Shares that are in force during a period, in place of the group's usual ones."""

    during: Period
    shares: Mapping[LineClass, Share]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkGroup:
    """Lines that are used alike.

    A class without a share may take any free line. Of ``timed`` shares the first that name the
    class and are in force count. ``site`` names the branch that is reached over these lines; it is
    empty for lines to the public network.
    """

    name: str
    lines: int
    shares: Mapping[LineClass, Share] = field(default_factory=dict)
    timed: tuple[TimedShares, ...] = ()
    site: str = ""

    def share(self, line_class: LineClass, at: float) -> Share:
        """Return what ``line_class`` may take at ``at``."""
        for timed in self.timed:
            if line_class in timed.shares and timed.during.is_open(at):
                return timed.shares[line_class]
        return self.shares.get(line_class, ANY_FREE_LINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassUse:
    """A group's lines from the side of one class at a moment.

    ``attempts`` and ``refused`` count since the program's start, under the class that the call had
    when it asked.
    """

    line_class: LineClass
    in_use: int
    share: Share
    attempts: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineUse:
    """A trunk group at a moment; ``peak`` is the most lines ever in use since the start."""

    trunk: str
    lines: int
    in_use: int
    peak: int
    classes: tuple[ClassUse, ...]

    @property
    def free(self) -> int:
        """Lines that nobody holds; none while more are in use than there should be."""
        return max(0, self.lines - self.in_use)

    @property
    def attempts(self) -> int:
        """How often a call asked for a line; an apology follows a call that has asked."""
        return sum(each.attempts for each in self._calls())

    @property
    def refused(self) -> int:
        """How often a call was given none."""
        return sum(each.refused for each in self._calls())

    def _calls(self) -> Iterator[ClassUse]:
        return (each for each in self.classes if each.line_class is not LineClass.APOLOGY)

    @property
    def by_class(self) -> Mapping[str, int]:
        """Lines in use by class, of those classes that hold any."""
        return {each.line_class: each.in_use for each in self.classes if each.in_use}


@dataclass(frozen=True, slots=True, kw_only=True)
class _LineEvent:
    call: str
    trunk: str
    line_class: LineClass
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSeized(_LineEvent):
    """A line was given. ``adopted`` tells that the call had it already: nobody asked for it."""

    adopted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRefused(_LineEvent):
    """No line was given."""

    why: Seizure


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReclassed(_LineEvent):
    """The line is on the account of ``line_class`` from here on; before, it was on ``before``'s."""

    before: LineClass


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReleased(_LineEvent):
    """The line is free again."""


LineEvent = LineSeized | LineRefused | LineReclassed | LineReleased
