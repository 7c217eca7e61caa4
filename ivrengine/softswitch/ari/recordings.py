"""Orders for recordings that run: stop, pause, resume.

A recording that was asked for waits for its turn on its channel. Until then Asterisk 22.10 takes an
order to stop it, forgets that order, and records on and on; to pause it is refused. So such an
order is given when the recording has begun.
"""

import asyncio
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from ivrengine.errors import SwitchRefused, SwitchUnavailable
from ivrengine.softswitch.ari.client import AriClient, Operation
from ivrengine.telephony import RecordingName

_NOT_FOUND: Final = 404
_WAITS: Final = "queued"
_RUNS: Final = frozenset({"recording", "paused"})
_LOOKS_AGAIN_AFTER_S: Final = 0.01


class _Recording(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    state: str


class LiveRecordings:
    """Gives orders for recordings by their names; for one that has ended there is nothing to do.

    Args:
        client: gives them.
        begins_within_s: how long a recording may wait for its turn.
    """

    def __init__(self, client: AriClient, *, begins_within_s: float) -> None:
        self._client = client
        self._begins_within_s = begins_within_s

    async def order(self, operation: Operation, recording: RecordingName) -> None:
        """Give an order for a recording once it has begun.

        Raises:
            SwitchUnavailable: it has not begun in time.
            SwitchRefused: Asterisk does not want to.
        """
        try:
            if await self._has_begun(recording):
                await self._client.order(operation, recordingName=recording)
        except SwitchRefused as refusal:
            if refusal.status != _NOT_FOUND:
                raise

    async def _has_begun(self, recording: RecordingName) -> bool:
        """Wait until it is not queued any more; whether it runs."""
        try:
            async with asyncio.timeout(self._begins_within_s):
                # Asterisk's word that it has begun may have been lost with a connection.
                while (state := await self._state_of(recording)) == _WAITS:  # noqa: ASYNC110
                    await asyncio.sleep(_LOOKS_AGAIN_AFTER_S)
        except TimeoutError:
            raise SwitchUnavailable(f"recording {recording} has not begun in time") from None
        return state in _RUNS

    async def _state_of(self, recording: RecordingName) -> str:
        reply = await self._client.order(Operation.GET_RECORDING, recordingName=recording)
        try:
            return _Recording.model_validate_json(reply.body).state
        except ValidationError as faults:
            raise SwitchRefused(
                f"recordings.getLive: unreadable answer: {faults.error_count()} faults",
                status=reply.status,
            ) from None
