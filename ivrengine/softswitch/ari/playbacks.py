"""How a prompt is named to Asterisk, and how one that plays is stopped."""

import asyncio
from typing import Final

from ivrengine.errors import SwitchRefused
from ivrengine.softswitch.ari.client import AriClient, Operation
from ivrengine.telephony import PlaybackId

AS_NAMED: Final = "."
"""As language of a prompt: look for it where its name says.

Otherwise Asterisk first looks below a folder of the channel's language, for a file of each format,
and the language is in our prompts' names already.
"""

_NOT_FOUND: Final = 404
_NOT_YET: Final = 500
_TRIES: Final = 10
_AGAIN_AFTER_S: Final = 0.01


async def stop(client: AriClient, playback: PlaybackId) -> None:
    """Silence a playback; one that already ended is no error.

    Asterisk 22.10 reports a playback as started some moments before it can be stopped.
    """
    for _ in range(_TRIES - 1):
        try:
            await _stop(client, playback)
        except SwitchRefused as refusal:
            if refusal.status != _NOT_YET:
                raise
            await asyncio.sleep(_AGAIN_AFTER_S)
        else:
            return
    await _stop(client, playback)


async def _stop(client: AriClient, playback: PlaybackId) -> None:
    try:
        await client.order(Operation.STOP_PLAYBACK, playbackId=playback)
    except SwitchRefused as refusal:
        if refusal.status != _NOT_FOUND:
            raise
