"""How fast a queue moves, learnt from what happens: the long past counts ever less.

Rates are what came of the time that was seen: agents who became free for each second that agents
were busy, callers who gave up for each second that callers waited. Before there is a past, a number
of supposed calls stands in for it, and it goes on counting as that many.
"""

from dataclasses import dataclass
from math import exp

_REMEMBERED_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How long things take in the mean, in seconds.

    ``handling_s`` is an agent's time for a call, from its ringing to the end of after-call work;
    ``patience_s`` how long callers would wait before they go; ``answer_s`` is from the ringing to
    the conversation.
    """

    handling_s: float
    patience_s: float
    answer_s: float


@dataclass(slots=True, kw_only=True)
class Pace:
    """Counts and times of one queue up to ``at``, each worth the less the longer ago.

    ``busy`` agents and ``waiting`` callers are those of now; ``busy_s`` and ``waiting_s`` are how
    much of their time was seen, ``freed`` and ``gone`` how often it ended.
    """

    at: float
    busy: int = 0
    waiting: int = 0
    busy_s: float = 0.0
    waiting_s: float = 0.0
    freed: float = 0.0
    gone: float = 0.0
    answered: float = 0.0
    answer_s: float = 0.0

    def come_to(self, now: float, memory_s: float) -> None:
        """Let time pass: the past fades, and what goes on was seen for longer."""
        passed_s = now - self.at
        if passed_s <= 0:
            return
        kept = exp(-passed_s / memory_s)
        seen_s = memory_s * (1 - kept)
        self.at = now
        self.busy_s = self.busy_s * kept + self.busy * seen_s
        self.waiting_s = self.waiting_s * kept + self.waiting * seen_s
        self.freed *= kept
        self.gone *= kept
        self.answered *= kept
        self.answer_s *= kept

    def rates(self, supposed: Rates, calls: float) -> Rates:
        """Return the rates, with ``calls`` calls ``supposed`` besides those that were seen."""
        return Rates(
            handling_s=(self.busy_s + calls * supposed.handling_s) / (self.freed + calls),
            patience_s=(self.waiting_s + calls * supposed.patience_s) / (self.gone + calls),
            answer_s=(self.answer_s + calls * supposed.answer_s) / (self.answered + calls),
        )

    def load(self, memory_s: float) -> float:
        """Return the agents and callers that the queue keeps busy and waiting, now and of late."""
        return self.busy + self.waiting + (self.busy_s + self.waiting_s) / memory_s

    @property
    def is_forgotten(self) -> bool:
        """Tell whether nothing goes on in the queue and hardly anything is remembered of it."""
        return not (self.busy or self.waiting) and self.busy_s + self.waiting_s < _REMEMBERED_S
