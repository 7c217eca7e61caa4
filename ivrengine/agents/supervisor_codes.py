"""The feature codes of supervisors: a code, and the agent's number right behind it."""

from dataclasses import dataclass

from ivrengine.agents.observing import ObserveMode
from ivrengine.agents.recording import RecordingVerb
from ivrengine.values import AgentNumber

_MODES = {
    "*20": ObserveMode.LISTEN,
    "*21": ObserveMode.WHISPER,
    "*22": ObserveMode.BARGE_IN,
    "*23": ObserveMode.TAKE_OVER,
}
_LOG_OFF = "*24"
_INTERCOM = "*27"
_RECORDINGS = {"*25": RecordingVerb.START, "*26": RecordingVerb.STOP}
_CODE_LENGTH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ObserveCode:
    """A supervisor wants to observe ``agent``."""

    agent: AgentNumber
    mode: ObserveMode


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOffCode:
    """A supervisor wants ``agent`` logged out."""

    agent: AgentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCode:
    """A supervisor wants the conversation of ``agent`` recorded, or no longer."""

    agent: AgentNumber
    verb: RecordingVerb


@dataclass(frozen=True, slots=True, kw_only=True)
class IntercomCode:
    """A supervisor wants a word with ``agent``."""

    agent: AgentNumber


SupervisorCode = ObserveCode | LogOffCode | RecordCode | IntercomCode


def parse_supervisor_code(dialled: str) -> SupervisorCode | None:
    """Return what ``dialled`` asks for, such as ``*208005``; None when it is no such code."""
    code, agent = dialled[:_CODE_LENGTH], AgentNumber(dialled[_CODE_LENGTH:])
    if not agent.isdigit():
        return None
    if code == _LOG_OFF:
        return LogOffCode(agent=agent)
    if code == _INTERCOM:
        return IntercomCode(agent=agent)
    if code in _RECORDINGS:
        return RecordCode(agent=agent, verb=_RECORDINGS[code])
    mode = _MODES.get(code)
    return None if mode is None else ObserveCode(agent=agent, mode=mode)
