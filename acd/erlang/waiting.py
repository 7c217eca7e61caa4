"""Agents with a queue: how long callers wait when all are patient (Erlang C), and when not (A)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from math import exp, expm1, fsum, inf, log, log1p

from acd.erlang.blocking import blocking

_NEGLIGIBLE = 1e-17
_LIKELIEST_LOG = 600.0
"""Of the states in which an agent is free, against the likeliest in which none is: beyond it nobody
ever waits, and a number of the machine could not hold it."""

_MOST_AGENTS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class PatientQueue:
    """Erlang C: nobody hangs up. Overloaded, with ``load_erl`` ≥ ``agents``, the wait is endless.

    Attributes:
        agents: how many serve.
        arrivals_per_s: calls a second, above 0.
        handling_s: mean time an agent is busy with a call, after-call work included.
    """

    agents: int
    arrivals_per_s: float
    handling_s: float

    def __post_init__(self) -> None:
        if self.agents < 0 or self.arrivals_per_s <= 0 or self.handling_s <= 0:
            raise ValueError("agents cannot be negative, arrivals and handling not 0")

    @property
    def load_erl(self) -> float:
        """The load offered, in erlangs."""
        return self.arrivals_per_s * self.handling_s

    @property
    def occupancy(self) -> float:
        """Share of their time that agents are busy."""
        return min(1.0, self.load_erl / self.agents) if self.agents else 1.0

    @cached_property
    def wait_probability(self) -> float:
        """Share of callers who find no agent free."""
        if self.load_erl >= self.agents:
            return 1.0
        refused = blocking(self.agents, self.load_erl)
        return refused / (1 - self.load_erl / self.agents * (1 - refused))

    @property
    def mean_wait_s(self) -> float:
        """Mean wait of all callers, those served at once included."""
        if self.load_erl >= self.agents:
            return inf
        return self.wait_probability / self._spare_per_s

    @property
    def mean_waiting(self) -> float:
        """Mean number of callers who wait."""
        return self.arrivals_per_s * self.mean_wait_s

    def service_level(self, within_s: float) -> float:
        """Return the share of callers whose wait is at most ``within_s``."""
        if self.load_erl >= self.agents:
            return 0.0
        return 1 - self.wait_probability * exp(-self._spare_per_s * within_s)

    @property
    def _spare_per_s(self) -> float:
        return self.agents / self.handling_s - self.arrivals_per_s


@dataclass(frozen=True, kw_only=True)
class ImpatientQueue:
    """Erlang A: each caller hangs up after a time of their own, exponential of ``patience_s``.

    Attributes:
        agents: how many serve, at least one.
        arrivals_per_s: calls a second, above 0.
        handling_s: mean time an agent is busy with a call, after-call work included.
        patience_s: mean time a caller would wait before hanging up.
    """

    agents: int
    arrivals_per_s: float
    handling_s: float
    patience_s: float

    def __post_init__(self) -> None:
        if self.agents < 1 or min(self.arrivals_per_s, self.handling_s, self.patience_s) <= 0:
            raise ValueError("there must be an agent, and no time or rate can be 0")

    @cached_property
    def wait_probability(self) -> float:
        """Share of callers who find no agent free."""
        return fsum(self._waiting_states)

    @property
    def mean_waiting(self) -> float:
        """Mean number of callers who wait."""
        return fsum(ahead * share for ahead, share in enumerate(self._waiting_states))

    @property
    def abandon_share(self) -> float:
        """Share of callers who hang up before an agent is free."""
        return self.mean_waiting / self.patience_s / self.arrivals_per_s

    @property
    def mean_wait_s(self) -> float:
        """Mean time until a caller is served or hangs up, those served at once included."""
        return self.mean_waiting / self.arrivals_per_s

    @property
    def occupancy(self) -> float:
        """Share of their time that agents are busy."""
        served_per_s = self.arrivals_per_s * (1 - self.abandon_share)
        return served_per_s * self.handling_s / self.agents

    def service_level(self, within_s: float) -> float:
        """Return the share of all callers who are served after a wait of at most ``within_s``.

        A caller with j others ahead waits for j+1 agents' or callers' departures at rates nμ,
        nμ+θ, … nμ+jθ, a time whose e^(-θ·) is Beta-distributed; what remains of the sum is the
        negative binomial distribution.
        """
        hang_up_per_s = 1 / self.patience_s
        departures = self.agents / self.handling_s / hang_up_per_s
        log_left = -hang_up_per_s * within_s
        gone = -expm1(log_left)
        log_gone = log(gone) if gone > 0 else -inf
        served = 1 - self.wait_probability
        log_term, not_yet = log_left * (departures + 1), 0.0
        for ahead, share in enumerate(self._waiting_states):
            not_yet += exp(log_term)
            in_time = departures / (departures + ahead + 1) * max(0.0, 1 - not_yet)
            served += share * in_time
            log_term += log((departures + 1 + ahead) / (ahead + 1)) + log_gone
        return min(1.0, served)

    @cached_property
    def _waiting_states(self) -> tuple[float, ...]:
        """Probability that all agents are busy and 0, 1, 2 … callers wait."""
        busy = blocking(self.agents, self.arrivals_per_s * self.handling_s)
        if busy == 0:
            return (0.0,)
        logs = self._log_weights()
        highest = max(logs)
        weights = [exp(one - highest) for one in logs]
        log_not_all_busy = log1p(-busy) - log(busy) - highest if busy < 1 else -inf
        if log_not_all_busy > _LIKELIEST_LOG:
            return (0.0,)
        total = fsum(weights) + exp(log_not_all_busy)
        return tuple(weight / total for weight in weights)

    def _log_weights(self) -> list[float]:
        logs, highest = [0.0], 0.0
        for waiting in count(1):
            leave_per_s = self.agents / self.handling_s + waiting / self.patience_s
            step = log(self.arrivals_per_s / leave_per_s)
            logs.append(logs[-1] + step)
            highest = max(highest, logs[-1])
            if step < 0 and logs[-1] - highest < log(_NEGLIGIBLE):
                return logs
        raise AssertionError("unreachable: the sum of an impatient queue converges")


def agents_for(meets: Callable[[int], bool]) -> int:
    """Return the fewest agents that ``meets`` a target, which more agents must meet as well.

    For example ``agents_for(lambda n: PatientQueue(agents=n, …).service_level(20) >= 0.8)``.

    Raises:
        ValueError: not even a million agents meet it.
    """
    high = 1
    while not meets(high):
        high *= 2
        if high > _MOST_AGENTS:
            raise ValueError("no number of agents meets the target")
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if meets(middle) else (middle, high)
    return high
