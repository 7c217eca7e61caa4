"""What the system itself says of a call afterwards: its record and its timeline, over the API."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.kit.api import WebApi, asked

ENDED: Final = "call-ended"
PROMPT_HEARD: Final = "prompt-heard"
_PAUSE_S: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call; `fields` are those of its row, `timeline` its facts as JSON objects."""

    fields: Mapping[str, Any]
    timeline: tuple[Mapping[str, Any], ...]

    @property
    def kinds(self) -> list[str]:
        """The kinds of fact, in order."""
        return [str(fact["kind"]) for fact in self.timeline]

    def of_kind(self, kind: str) -> list[Mapping[str, Any]]:
        """The facts of one kind, in order."""
        return [fact for fact in self.timeline if fact["kind"] == kind]

    @property
    def prompts(self) -> list[str]:
        """Every prompt that was heard, in order."""
        heard = [fact["prompts"] for fact in self.of_kind(PROMPT_HEARD)]
        return [str(prompt) for prompts in heard for prompt in prompts]

    def lists_in_order(self, *prompts: str) -> bool:
        """Whether these were heard in this order, whatever was heard between them."""
        heard = iter(self.prompts)
        return all(prompt in heard for prompt in prompts)


async def record_of(
    api: WebApi, number: str, *, until: str = ENDED, within_s: float = 10.0
) -> CallRecord:
    """The newest call of a number, once its timeline holds a fact of the kind `until`.

    Records are written behind the call, so they come a little later than its end.

    Raises:
        AssertionError: there is none in time.
    """
    deadline = time.monotonic() + within_s
    while (record := await newest_record_of(api, number)) is None or until not in record.kinds:
        if time.monotonic() > deadline:
            raise AssertionError(f"no record of {number} with {until}: {record}")
        await asyncio.sleep(_PAUSE_S)
    return record


async def newest_record_of(api: WebApi, number: str) -> CallRecord | None:
    """The newest call of a number as far as it is written; None when there is none."""
    return await asked(lambda: _newest(api, number))


def _newest(api: WebApi, number: str) -> CallRecord | None:
    rows = api.get(f"/api/call-records?number={number}")
    if not rows:
        return None
    whole = api.get(f"/api/call-records/{rows[0]['id']}")
    return CallRecord(fields=whole["call"], timeline=tuple(whole["facts"]))
