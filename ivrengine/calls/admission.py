"""Who is let in: the class of a caller, a line on its account, and what a refused caller hears.

A caller is classed by the calling number before the answer, and anew when somebody has proved who
is calling; from that moment the line is on the other account.
"""

from collections.abc import Sequence

from acd.trunk_groups import LineClass, LineUse, Seizure
from acd.trunks import LineObserver, Lines
from ivrengine.calls.line_rules import LineRules, Refusal
from ivrengine.calls.ports import KnownCallers
from ivrengine.clock import Clock
from ivrengine.services.callers import CallerProfile
from ivrengine.values import CallId, PhoneNumber


class Admission:
    """Gives lines to calls by the rules in force.

    Args:
        rules: groups of lines, and what each class may take of them.
        known: knows callers by their number.
        clock: the time, on which what a class may take can depend.
        observer: is told of every line that is given, refused, moved or released.
    """

    def __init__(
        self,
        rules: LineRules,
        known: KnownCallers,
        clock: Clock,
        *,
        observer: LineObserver = lambda event: None,
    ) -> None:
        self.rules = rules
        self._known = known
        self._clock = clock
        self._lines = Lines(rules.groups, observer)

    def put_in_force(self, rules: LineRules) -> None:
        """Change the rules; calls that are up keep their lines."""
        self.rules = rules
        self._lines.configure(rules.groups)

    def presumed(self, caller: PhoneNumber) -> CallerProfile:
        """Return who calls from a number as a rule."""
        return self._known.presumed(caller)

    def seize(self, call: str, trunk: str, line_class: LineClass) -> Seizure:
        """Give a line to a call that arrives or goes out, or say why not."""
        return self._lines.seize(call, trunk, line_class, self._clock.now())

    def seize_out(self, call: str) -> str | None:
        """Give a line to a call that goes out; return its group, None when there is none for it."""
        trunk = self.rules.goes_out
        return trunk if trunk and self.seize(call, trunk, LineClass.OUTGOING) else None

    def adopt(self, call: str, trunk: str, line_class: LineClass) -> None:
        """Enter the line of a call that outlived the engine."""
        self._lines.adopt(call, trunk, line_class, self._clock.now())

    def reclass(self, call: CallId, line_class: LineClass) -> None:
        """Move a call's line to the account of the class that its caller has proved to be of."""
        self._lines.reclass(call, line_class, self._clock.now())

    def release(self, call: str) -> None:
        """Take a call's line back; a call that holds none is no error."""
        self._lines.release(call, self._clock.now())

    def group_to(self, site: str) -> str | None:
        """Return the group of lines to a branch, None when its agents are reached without one."""
        return self._lines.group_to(site)

    def refusal(self, trunk: str, line_class: LineClass) -> Refusal:
        """Return how a caller is turned away who got no line."""
        return self.rules.refusal(trunk, line_class)

    def band_of(self, line_class: LineClass) -> int | None:
        """Return the band in which callers of a class wait, None for that of their queue."""
        return self.rules.bands.get(line_class)

    def usage(self) -> Sequence[LineUse]:
        """Return the use of every group of lines at this moment."""
        return self._lines.usage(self._clock.now())
