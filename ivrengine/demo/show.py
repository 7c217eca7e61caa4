"""Puts on the demonstration call in a running system, and leaves no trace but its record."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ivrengine.bootstrap.flow_files import catalogue_of
from ivrengine.bootstrap.paths import StatePaths
from ivrengine.config import Settings
from ivrengine.demo.casting import Role, cast
from ivrengine.demo.house import House, KeptCall
from ivrengine.demo.narrator import Line, Narrator
from ivrengine.demo.story import CALLER_NUMBER, LANGUAGE, OWN_WORDS, Stage, Story
from ivrengine.softphone.hearing.library import PromptLibraries
from ivrengine.softphone.hearing.transcript import Heard
from ivrengine.speech.catalogue import Catalogue
from ivrengine.values import AgentNumber, Language

_WHOLE_S: Final = 240.0
_LOG_OUT_WITHIN_S: Final = 3.0
_LOOKS: Final = 50
_LOOKS_EVERY_S: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The call was served; ``call`` is None when its record did not come in time."""

    call: KeptCall | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """The call was not placed, for a ``reason`` that is no fault."""

    reason: str


async def show(settings: Settings, house: House, tell: Callable[[Line], None]) -> Shown | LeftOut:
    """Place the call, and tell it line by line while it happens.

    Raises:
        NotHeard: what should have been heard was not; the message closes with what was.
        CallRefused: a call was not answered.
        RegistrationRefused: the agent's telephone may not register.
        TimeoutError: it took far too long.
        EngineError: the system went away meanwhile.
    """
    if settings.profile != "demo":
        return LeftOut(reason=f"profile `{settings.profile}` has no demonstration")
    role = cast(await house.desks(), await house.queues_with_callers())
    if role is None:
        return LeftOut(reason="agents are at work, and it must not disturb them")
    stage = _stage(settings, role, catalogue_of(settings))
    try:
        async with asyncio.timeout(_WHOLE_S):
            await _perform(stage, catalogue_of(settings), tell)
    finally:
        await _log_out(house, role.desk.number)
    return Shown(call=await _record(house))


async def _perform(stage: Stage, catalogue: Catalogue, tell: Callable[[Line], None]) -> None:
    libraries = PromptLibraries(stage.prompts)
    # Half a second of work that would hold up sound that is on its way.
    await asyncio.to_thread(libraries.load_all)
    narrator = Narrator(
        tell,
        text=lambda heard: _words(heard, catalogue),
        is_person=lambda prompt_id: prompt_id.startswith(OWN_WORDS),
    )
    async with asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(narrator.listen())
        try:
            await Story(stage, narrator).perform(libraries)
        finally:
            listening.cancel()
            narrator.finish()


def _stage(settings: Settings, role: Role, catalogue: Catalogue) -> Stage:
    softswitch = settings.softswitch
    address = "127.0.0.1" if softswitch.sip_address.is_unspecified else str(softswitch.sip_address)
    return Stage(
        server=(address, softswitch.sip_port),
        host=address,
        dialled=settings.numbers[0].number,
        role=role,
        password=softswitch.agent_password(AgentNumber(role.desk.number)),
        prompts=StatePaths(root=settings.state_dir.resolve()).prompts,
        text=lambda prompt_id: catalogue.text(prompt_id, LANGUAGE),
    )


def _words(heard: Heard, catalogue: Catalogue) -> str:
    """Return the text of a prompt; sounds without one are told by name."""
    language = Language(heard.language) if heard.language in list(Language) else LANGUAGE
    if catalogue.has(heard.prompt_id, language):
        return catalogue.text(heard.prompt_id, language)
    return heard.prompt_id


async def _log_out(house: House, number: str) -> None:
    """Log the agent out, also when the demonstration is cut short by the system's end."""
    try:
        async with asyncio.timeout(_LOG_OUT_WITHIN_S):
            await house.log_out(number)
    except TimeoutError:
        return


async def _record(house: House) -> KeptCall | None:
    """Wait for the record, which is written behind the call."""
    for _ in range(_LOOKS):
        kept = await house.newest_call(CALLER_NUMBER)
        if kept is not None:
            return kept
        await asyncio.sleep(_LOOKS_EVERY_S)
    return None
