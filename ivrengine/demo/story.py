"""The demonstration call from the first register to the last hang-up, as two people act it.

The caller chooses Mandarin, hears a quote and asks for a person; the agent logs in, becomes ready
once the caller waits, talks, and hangs up first; the caller rates the service. Each acts on what is
heard, never on a clock, so the story goes no further than the system carries it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ivrengine.demo.casting import Role
from ivrengine.demo.narrator import Deed, Narrator
from ivrengine.softphone.hearing.library import PromptLibraries
from ivrengine.softphone.person import Agent, Caller, Person
from ivrengine.softphone.sip.phone import PhoneSettings
from ivrengine.softphone.sip.sdp import Address
from ivrengine.softphone.sound.codec import FRAME_S, FRAME_SAMPLES
from ivrengine.speech.prompt_ids import audio_path
from ivrengine.values import Language, Secret

CALLER_NUMBER: Final = "13900009999"
STOCK: Final = "600519"
LANGUAGE: Final = Language.MANDARIN
OWN_WORDS: Final = "demo."
"""Prompts that begin so are what the two people say to each other."""

_WHISPER_ENDS_WITHIN_S: Final = 1.5
_LISTENS_S: Final = 1.2
"""How long the caller listens to a menu before pressing a key that is known by heart."""

_WAITS_S: Final = 3.0
_RING_S: Final = 1.5
_READ_OUT_WITHIN_S: Final = 60.0
_SERVED_WITHIN_S: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the two people are, and what they need there.

    ``texts`` gives what a prompt of :data:`OWN_WORDS` says.
    """

    server: Address
    host: str
    dialled: str
    role: Role
    password: Secret
    prompts: Path
    text: Callable[[str], str]
    caller_number: str = field(default=CALLER_NUMBER)


class Story:
    """One performance."""

    def __init__(self, stage: Stage, narrator: Narrator) -> None:
        self._stage = stage
        self._narrator = narrator
        self._agent_name = f"agent {stage.role.desk.number}"

    async def perform(self, libraries: PromptLibraries) -> None:
        """Act it out; both telephones are put away in the end, however it ends.

        Raises:
            NotHeard: somebody did not hear what should have come; the message tells what did.
            CallRefused: a call was not answered.
            RegistrationRefused: the agent's telephone may not register.
            TimeoutError: the agent's telephone did not ring, or a call did not end.
        """
        stage = self._stage
        number = stage.role.desk.number
        agent_phone = PhoneSettings(
            user=number,
            server=stage.server,
            password=stage.password.reveal(),
            host=stage.host,
        )
        caller_phone = PhoneSettings(user=stage.caller_number, server=stage.server, host=stage.host)
        async with (
            await Agent.with_phone(agent_phone, libraries) as agent,
            await Caller.with_phone(caller_phone, libraries) as caller,
        ):
            self._narrator.introduce(self._agent_name, agent)
            self._narrator.introduce("caller", caller)
            await self._agent_logs_in(agent)
            await self._caller_hears_a_quote(caller)
            await self._caller_asks_for_a_person(caller)
            await self._agent_takes_the_call(agent)
            await self._they_talk(caller, agent)
            await self._agent_leaves(agent)
            await self._caller_rates(caller)

    async def _agent_logs_in(self, agent: Agent) -> None:
        self._agent_does("registers a telephone")
        await agent.registers()
        self._agent_does("dials *10 to log in")
        await agent.dials_code("*10")

    async def _caller_hears_a_quote(self, caller: Caller) -> None:
        self._caller_does(f"dials {self._stage.dialled}")
        await caller.dials(self._stage.dialled)
        await caller.hears("welcome.choose_language", language=LANGUAGE, within_s=30)
        await self._presses(caller, "1", "for Mandarin")
        await caller.hears("menu.main", language=LANGUAGE)
        await self._presses(caller, "1", "for quotes")
        await caller.hears("quotes.menu", language=LANGUAGE)
        await self._presses(caller, "1", "for a quote by code")
        await caller.hears("quotes.ask_code", language=LANGUAGE)
        await self._presses(caller, STOCK)
        await caller.hears("quotes.high", language=LANGUAGE, within_s=_READ_OUT_WITHIN_S)

    async def _caller_asks_for_a_person(self, caller: Caller) -> None:
        await self._presses(caller, "0", "for a person")
        await caller.hears("person.menu", language=LANGUAGE)
        role = self._stage.role
        await self._presses(caller, role.key, f"for {role.topic}")
        await caller.hears("queue.consent", language=LANGUAGE, to_the_end=True)
        await caller.hears_music()
        await asyncio.sleep(_WAITS_S)

    async def _agent_takes_the_call(self, agent: Agent) -> None:
        self._agent_does("dials *11 to be ready")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._picks_up(agent))
            await agent.dials_code("*11")

    async def _picks_up(self, agent: Agent) -> None:
        while True:
            ringing = await agent.rings(within_s=_SERVED_WITHIN_S)
            if ringing.caller_number == self._stage.caller_number:
                break
            # A real caller came in between: another agent, or another time, is better for them.
            ringing.refuse()
        self._agent_does("hears the telephone ring")
        await asyncio.sleep(_RING_S)
        self._agent_does("picks up")
        ringing.accept()

    async def _they_talk(self, caller: Caller, agent: Agent) -> None:
        await caller.hears("queue.agent_tail", within_s=_SERVED_WITHIN_S, to_the_end=True)
        # The agent is told whose call it is, which may take a moment longer.
        await asyncio.sleep(_WHISPER_ENDS_WITHIN_S)
        await self._says(agent, self._agent_name, "demo.agent_greets")
        await self._says(caller, "caller", "demo.caller_asks")
        await self._says(agent, self._agent_name, "demo.agent_answers")
        await self._says(caller, "caller", "demo.caller_thanks")

    async def _agent_leaves(self, agent: Agent) -> None:
        self._agent_does("hangs up")
        await agent.hangs_up()
        self._agent_does("dials *13 to log out")
        await agent.dials_code("*13")

    async def _caller_rates(self, caller: Caller) -> None:
        await caller.hears("rating.ask", language=LANGUAGE)
        await self._presses(caller, "5", "for very good")
        await caller.hears("rating.thanks", language=LANGUAGE, to_the_end=True)
        self._caller_does("hangs up")
        await caller.hangs_up()

    async def _presses(self, caller: Caller, keys: str, meaning: str = "") -> None:
        await asyncio.sleep(_LISTENS_S)
        self._caller_does(f"presses {keys} {meaning}".rstrip())
        await caller.presses(keys)

    async def _says(self, person: Person, who: str, prompt_id: str) -> None:
        suffix = f".{person.call.media.codec.suffix}"
        file = self._stage.prompts / LANGUAGE / audio_path(prompt_id, suffix)
        self._narrator.does(who, f"“{self._stage.text(prompt_id)}”", deed=Deed.SAYS)
        person.says(file)
        await asyncio.sleep(file.stat().st_size / FRAME_SAMPLES * FRAME_S + _LISTENS_S / 2)

    def _agent_does(self, words: str) -> None:
        self._narrator.does(self._agent_name, words)

    def _caller_does(self, words: str) -> None:
        self._narrator.does("caller", words)
