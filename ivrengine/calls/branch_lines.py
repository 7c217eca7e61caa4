"""Calls to agents of remote branches, each on a line of the group that reaches the branch."""

from collections.abc import Callable

from acd.trunk_groups import LineClass
from ivrengine.agents.roster import Roster
from ivrengine.calls.admission import Admission
from ivrengine.telephony import LegId
from ivrengine.values import AgentNumber


class LinesToBranches:
    """Accounts for those lines; agents without a branch, or of one without lines, need none.

    Args:
        admission: gives out the lines.
        roster: gives the agents in force.
    """

    def __init__(self, admission: Admission, roster: Callable[[], Roster]) -> None:
        self._admission = admission
        self._roster = roster

    def seize(self, leg: LegId, agent: AgentNumber) -> bool:
        """Take a line for a leg to an agent; False when all lines to the branch are in use."""
        group = self._group(agent)
        return group is None or bool(self._admission.seize(leg, group, LineClass.BRANCH))

    def adopt(self, leg: LegId, agent: AgentNumber) -> None:
        """Enter the line of a leg that was up before the engine was."""
        group = self._group(agent)
        if group is not None:
            self._admission.adopt(leg, group, LineClass.BRANCH)

    def release(self, leg: LegId) -> None:
        """Give a leg's line back; one that has none is no error."""
        self._admission.release(leg)

    def _group(self, agent: AgentNumber) -> str | None:
        settings = self._roster().agents.get(agent)
        return self._admission.group_to(settings.branch) if settings else None
