"""Feature codes: what agents dial to change or hear their state, and what is said in answer."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, Self

from ivrengine.agents.orders import REASONS, AgentOrder, AgentVerb, Done, NotPossible, OrderAnswer
from ivrengine.agents.views import AgentView
from ivrengine.values import AgentNumber, Language, PromptId


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCode:
    """A code that asks for something; ``reason`` is None where a digit has yet to be keyed."""

    verb: AgentVerb
    reason: str | None = ""


@dataclass(frozen=True, slots=True)
class StateCode:
    """The code that asks to hear one's own state."""


FeatureCode = OrderCode | StateCode

ASK_REASON = PromptId("agent.ask_reason")
REFUSED = PromptId("agent.refused")
UNKNOWN_CODE = PromptId("agent.unknown_code")
AFTER_CALL = PromptId("agent.after_call")
SIGNED_OUT = PromptId("agent.signed_out")
CODE_WANTED = PromptId("wrap_up.code_wanted")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureAnswer:
    """What an agent is to hear; with ``reason_wanted`` the code is to be dialled with a digit."""

    prompts: tuple[PromptId, ...]
    language: Language
    reason_wanted: bool = False

    @classmethod
    def reason_asked(cls, language: Language) -> Self:
        """Return the answer that asks for the digit of a reason."""
        return cls(prompts=(ASK_REASON,), language=language, reason_wanted=True)


class FeatureDesk(Protocol):
    """Serves what agents dial."""

    async def dialled(self, agent: AgentNumber, dialled: str) -> FeatureAnswer:
        """Do what a feature code asks, and return what the agent is to hear."""
        ...

    def outside_call(self, *agents: AgentNumber) -> AbstractContextManager[None]:
        """Offer these agents no caller while the block runs: their telephones are in use."""
        ...


_NOT_READY = "*12"
_CODES: dict[str, FeatureCode] = {
    "*10": OrderCode(verb=AgentVerb.LOG_IN),
    "*11": OrderCode(verb=AgentVerb.READY),
    _NOT_READY: OrderCode(verb=AgentVerb.NOT_READY, reason=None),
    "*13": OrderCode(verb=AgentVerb.LOG_OUT),
    "*14": OrderCode(verb=AgentVerb.END_WRAP_UP),
    "*15": StateCode(),
    "*16": OrderCode(verb=AgentVerb.EXTEND_WRAP_UP),
}
_DONE = {
    AgentVerb.LOG_IN: PromptId("agent.logged_in"),
    AgentVerb.READY: PromptId("agent.ready"),
    AgentVerb.NOT_READY: PromptId("agent.not_ready"),
    AgentVerb.LOG_OUT: PromptId("agent.logged_out"),
    AgentVerb.END_WRAP_UP: PromptId("agent.wrap_up_ended"),
    AgentVerb.EXTEND_WRAP_UP: PromptId("wrap_up.extended"),
}
_SPOKEN_STATES = {
    # A rest is over in seconds, and who hears this is not out of reach. A telephone that hears
    # this is in a call of its own: this one.
    "cooling_off": "ready",
    "unreachable": "ready",
    "outside_call": "ready",
}


def parse(dialled: str) -> FeatureCode | None:
    """Return what ``dialled`` asks for, None when it is no feature code.

    The reason for not being ready may be dialled at once (``*121``) or keyed afterwards.
    """
    code = _CODES.get(dialled)
    if code is None and dialled.startswith(_NOT_READY):
        reason = REASONS.get(dialled.removeprefix(_NOT_READY))
        return None if reason is None else OrderCode(verb=AgentVerb.NOT_READY, reason=reason)
    return code


def confirmation(order: AgentOrder, answer: OrderAnswer) -> tuple[PromptId, ...]:
    """Return what an agent hears about an order of the agent's own."""
    if not isinstance(answer, Done):
        owes_code = isinstance(answer, NotPossible) and answer.owes_code
        return (CODE_WANTED if owes_code else REFUSED,)
    reason = order.reason if order.verb is AgentVerb.NOT_READY else ""
    spoken = (_DONE[order.verb], *_reason(reason))
    return (*spoken, AFTER_CALL) if answer.agent.pending else spoken


def own_state(agent: AgentView | None) -> tuple[PromptId, ...]:
    """Return what an agent hears about the agent's own state."""
    if agent is None:
        return (REFUSED,)
    state = PromptId(f"agent.state.{_SPOKEN_STATES.get(agent.state, agent.state)}")
    return (state, *_reason(agent.reason)) if agent.state == "not_ready" else (state,)


def no_such_code(dialled: str) -> tuple[PromptId, ...]:
    """Return what an agent hears who dialled what means nothing."""
    return (REFUSED,) if dialled.startswith(_NOT_READY) else (UNKNOWN_CODE,)


def _reason(reason: str) -> tuple[PromptId, ...]:
    digit = next((digit for digit, named in REASONS.items() if named == reason), None)
    return () if digit is None else (PromptId(f"agent.reason.{digit}"),)
