"""Feature codes: what agents dial to change or hear their state, and what is said in answer."""

from dataclasses import dataclass

from ivrengine.agents.presence import REASONS, Answer, Wish
from ivrengine.values import PromptId


@dataclass(frozen=True, slots=True, kw_only=True)
class WishCode:
    """A code that asks for something; ``reason`` is None where a digit has yet to be keyed."""

    wish: Wish
    reason: str | None = ""


@dataclass(frozen=True, slots=True)
class StateCode:
    """The code that asks to hear one's own state."""


FeatureCode = WishCode | StateCode

_CODES: dict[str, FeatureCode] = {
    "*10": WishCode(wish=Wish.LOG_IN),
    "*11": WishCode(wish=Wish.GET_READY),
    "*12": WishCode(wish=Wish.GET_NOT_READY, reason=None),
    "*13": WishCode(wish=Wish.LOG_OUT),
    "*14": WishCode(wish=Wish.END_WRAP_UP),
    "*15": StateCode(),
}
_NOT_READY = "*12"

ASK_REASON = PromptId("agent.ask_reason")
REFUSED = PromptId("agent.refused")
UNKNOWN_CODE = PromptId("agent.unknown_code")
AFTER_CALL = PromptId("agent.after_call")

_GRANTED = {
    Wish.LOG_IN: PromptId("agent.logged_in"),
    Wish.GET_READY: PromptId("agent.ready"),
    Wish.GET_NOT_READY: PromptId("agent.not_ready"),
    Wish.LOG_OUT: PromptId("agent.logged_out"),
    Wish.END_WRAP_UP: PromptId("agent.wrap_up_ended"),
}
# An agent hears nothing of a telephone being out of reach or of a rest: who calls is there, and a
# rest is over in seconds.
_SPOKEN_STATES = {"cooling_off": "ready", "unreachable": "ready"}


def parse(dialled: str) -> FeatureCode | None:
    """Return what ``dialled`` asks for, None when it is no feature code.

    The reason for not being ready may be dialled at once (``*121``) or keyed afterwards.
    """
    code = _CODES.get(dialled)
    if code is None and dialled.startswith(_NOT_READY):
        return with_reason(dialled.removeprefix(_NOT_READY))
    return code


def with_reason(digit: str) -> WishCode | None:
    """Return the wish not to be ready for the reason of ``digit``, None for no such reason."""
    reason = REASONS.get(digit)
    return None if reason is None else WishCode(wish=Wish.GET_NOT_READY, reason=reason)


def confirmation(code: WishCode, answer: Answer) -> tuple[PromptId, ...]:
    """Return what an agent hears about a wish."""
    if answer in (Answer.REFUSED, Answer.UNKNOWN_AGENT):
        return (REFUSED,)
    spoken = (_GRANTED[code.wish], *_reason(code.reason or ""))
    return (*spoken, AFTER_CALL) if answer is Answer.AFTER_CALL else spoken


def own_state(state: str, reason: str) -> tuple[PromptId, ...]:
    """Return what an agent hears about the agent's own state."""
    said = PromptId(f"agent.state.{_SPOKEN_STATES.get(state, state)}")
    return (said, *_reason(reason)) if state == "not_ready" else (said,)


def _reason(reason: str) -> tuple[PromptId, ...]:
    digit = next((digit for digit, named in REASONS.items() if named == reason), None)
    return () if digit is None else (PromptId(f"agent.reason.{digit}"),)
