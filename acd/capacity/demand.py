"""The words of planning: the load of a centre, and what is promised to those who call."""

from dataclasses import dataclass

_S_PER_HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Calls of a busy hour, at random (Poisson), and what they are like; all times are means.

    Attributes:
        calls_per_hour: calls that ask for a line, above 0.
        self_service_s: time in menus, of every caller.
        person_share: share of callers who then ask for a person, 0 to 1.
        talk_s: conversation with the agent, hold included.
        after_call_s: what the agent is still busy with when the caller is gone.
        patience_s: time that a caller would wait for a person before hanging up.
    """

    calls_per_hour: float
    self_service_s: float
    person_share: float
    talk_s: float
    after_call_s: float
    patience_s: float

    def __post_init__(self) -> None:
        require(self.calls_per_hour > 0, "there must be calls")
        require(0 <= self.person_share <= 1, "a share of callers lies between 0 and 1")
        require(min(self.self_service_s, self.after_call_s) >= 0, "no time is negative")
        require(min(self.talk_s, self.patience_s) > 0, "talk and patience take time")

    @property
    def calls_per_s(self) -> float:
        """Calls that ask for a line each second."""
        return self.calls_per_hour / _S_PER_HOUR

    @property
    def for_agents_per_s(self) -> float:
        """Callers who ask for a person each second, were none refused a line."""
        return self.calls_per_s * self.person_share

    @property
    def handling_s(self) -> float:
        """Time that a call keeps an agent busy."""
        return self.talk_s + self.after_call_s

    @property
    def agents_erl(self) -> float:
        """Agents who would be busy if nobody ever hung up while waiting."""
        return self.for_agents_per_s * self.handling_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What is promised.

    Attributes:
        served_share: share of those who ask for a person that are served …
        within_s: … after a wait of at most so long.
        abandoned: share of those who ask for a person that may hang up while waiting.
        blocking: share of calls that may find no line.
        shrinkage: share of paid time in which agents are not there to serve: leave, breaks,
            training.
    """

    served_share: float = 0.8
    within_s: float = 20.0
    abandoned: float = 1.0
    blocking: float = 0.01
    shrinkage: float = 0.0

    def __post_init__(self) -> None:
        require(0 < self.served_share < 1, "a service level lies between 0 and 1")
        require(self.within_s >= 0, "no time is negative")
        require(0 < self.abandoned <= 1, "without waits nobody hangs up, and some always wait")
        require(0 < self.blocking < 1, "a share to be refused lies between 0 and 1")
        require(0 <= self.shrinkage < 1, "agents must be there at some time")


def require(condition: bool, message: str) -> None:
    """Refuse what no centre can be.

    Raises:
        ValueError: ``condition`` does not hold.
    """
    if not condition:
        raise ValueError(message)
