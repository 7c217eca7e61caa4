"""The SIPp scenarios of `sipp-scenarios/<feature>/{nominal,off-nominal}`, with what to expect.

`scenario.xml` is the caller; `expect.toml` says what it keys, which agents there are, and what the
system's own record of the call must say afterwards.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from ivrengine.softphone.sip.sdp import Address
from tests.kit.sipp import SippJob

SCENARIOS: Final = Path(__file__).resolve().parents[2] / "sipp-scenarios"
_SIGNALLING_S: Final = 10.0
_KEY_S: Final = 0.4
_STAYS: Final = 4
"""No caller stays more often than that in one call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedRecord:
    """Fields that the call's record must have, and prompts it must list in this order."""

    fields: Mapping[str, str] = field(default_factory=dict)
    heard: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One caller.  `agents` answer and hang up first; `busy_agents` are ready but let it ring.

    `whisper` is what agents are told before they are joined.  The call of a scenario with
    `let_go_within_ms` is ended by the other side.
    """

    folder: Path
    summary: str
    keys: str
    listen_ms: int
    stay_ms: int
    record: ExpectedRecord
    let_go_within_ms: int | None = None
    agents: tuple[int, ...] = ()
    busy_agents: tuple[int, ...] = ()
    whisper: str = ""

    @property
    def name(self) -> str:
        """Feature and kind, as `quote/nominal`."""
        return self.folder.relative_to(SCENARIOS).as_posix()

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Reads a scenario's expectation.

        Raises:
            KeyError: something is missing.
        """
        with (folder / "expect.toml").open("rb") as text:
            told = tomllib.load(text)
        record = dict(told["record"])
        heard = tuple(record.pop("heard", ()))
        return cls(
            folder=folder,
            summary=told["summary"],
            keys=told["keys"],
            listen_ms=told["listen_ms"],
            stay_ms=told["stay_ms"],
            record=ExpectedRecord(fields=record, heard=heard),
            let_go_within_ms=told.get("let_go_within_ms"),
            agents=tuple(told.get("agents", ())),
            busy_agents=tuple(told.get("busy_agents", ())),
            whisper=told.get("whisper", ""),
        )

    def job(
        self,
        server: Address,
        *,
        caller: str,
        listen_ms: int | None = None,
        stay_ms: int | None = None,
    ) -> SippJob:
        """The run of this scenario; other pauses may be given for a listener that needs none."""
        listen_ms = self.listen_ms if listen_ms is None else listen_ms
        stay_ms = self.stay_ms if stay_ms is None else stay_ms
        pauses_s = (len(self.keys) * listen_ms + _STAYS * stay_ms) / 1000
        pauses_s += (self.let_go_within_ms or 0) / 1000
        return SippJob(
            scenario=self.folder / "scenario.xml",
            server=server,
            number="952588",
            within_s=pauses_s + len(self.keys) * 2 * _KEY_S + _SIGNALLING_S,
            keys={"caller": caller},
            variables={"listen_ms": str(listen_ms), "stay_ms": str(stay_ms)},
        )


def every_scenario() -> list[Scenario]:
    """All of them, by name."""
    folders = sorted(path.parent for path in SCENARIOS.glob("*/*/scenario.xml"))
    return [Scenario.load(folder) for folder in folders]
