"""One caller during one call: what it does, step by step, and what it expects to hear."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, assert_never

from ivrengine.load.mix.script import Act, Script, Verb
from ivrengine.load.sound.frames import Voice
from ivrengine.load.sound.lines import Line
from ivrengine.softphone.sip.sdp import AudioStream

_SURELY_HEARD_S: Final = 3.0
"""Sound is looked for once a second, and a prompt follows keys at once."""

_MAY_BE_OLD_S: Final = 1.0
"""What is found at a look came in since the look before."""

_MAY_BE_LET_GO: Final = frozenset({Verb.TALK, Verb.UNTIL_LET_GO})


class Caller:
    """``tell`` has SIPp hang up. ``fault`` is what differed from what was expected, or empty."""

    def __init__(
        self,
        kind: str,
        script: Script,
        line: Line,
        *,
        telephone: str,
        tell: Callable[[], Awaitable[None]],
    ) -> None:
        self.kind = kind
        self.telephone = telephone
        self.line = line
        self.fault = ""
        self.is_up = False
        self._script = script
        self._doing: Verb | None = None
        self._tell = tell
        self._has_told = False
        self._performing: asyncio.Task[None] | None = None

    def begin(self, stream: AudioStream, *, group: asyncio.TaskGroup) -> None:
        """Talk to the other side, do what the script says, then hang up.

        Raises:
            UnusableSession: the other side cannot be talked to.
        """
        self.line.talk_to(stream)
        self._performing = group.create_task(self._perform())

    async def hang_up(self) -> None:
        """Have SIPp say goodbye, which it may be told once only, and only of a call that is up."""
        if self.is_up and not self._has_told:
            self._has_told = True
            await self._tell()

    def stop(self) -> None:
        """Do nothing more, and send nothing."""
        if self._performing is not None:
            self._performing.cancel()
        self.line.leave()

    def is_let_go(self) -> None:
        """Take note that the other side has ended the call."""
        if self._doing is not None and self._doing not in _MAY_BE_LET_GO:
            self._blame(f"hung up on while the caller {self._doing}")

    async def _perform(self) -> None:
        after_keys = False
        for act in self._script:
            self._doing = act.verb
            if not await self._goes_on_after(act, after_keys=after_keys):
                break
            after_keys = act.verb is Verb.PRESS
        if not self.line.heard.seconds and self._lasted_s() >= _SURELY_HEARD_S:
            self._blame("heard nothing at all")
        self._doing = None
        await self.hang_up()

    async def _goes_on_after(self, act: Act, *, after_keys: bool) -> bool:
        """Do one thing; tell whether the next one is to follow."""
        match act.verb:
            case Verb.LISTEN:
                await self._listen(act.seconds, expects_sound=after_keys)
            case Verb.PRESS:
                await asyncio.sleep(self.line.press(act.keys))
            case Verb.SPEAK | Verb.TALK:
                self.line.speak_as(Voice.SPEAKING)
                await asyncio.sleep(act.seconds)
                self.line.speak_as(Voice.QUIET)
            case Verb.WAIT:
                return await self._hears_an_agent(act.seconds)
            case Verb.UNTIL_LET_GO:
                await asyncio.sleep(act.seconds)
                self._blame("was not let go")
            case _:
                assert_never(act.verb)
        return True

    async def _listen(self, seconds: float, *, expects_sound: bool) -> None:
        if not expects_sound or seconds < _SURELY_HEARD_S:
            await asyncio.sleep(seconds)
            return
        await asyncio.sleep(_MAY_BE_OLD_S)
        heard = self.line.heard.seconds
        await asyncio.sleep(seconds - _MAY_BE_OLD_S)
        if self.line.heard.seconds == heard:
            self._blame("heard nothing after keys")

    async def _hears_an_agent(self, within_s: float) -> bool:
        try:
            async with asyncio.timeout(within_s):
                await self.line.heard.agent.wait()
        except TimeoutError:
            return False
        return True

    def _lasted_s(self) -> float:
        return sum(act.seconds for act in self._script)

    def _blame(self, reason: str) -> None:
        self.fault = self.fault or reason
