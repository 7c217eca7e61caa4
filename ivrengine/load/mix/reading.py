"""The description read from its file, with the place of everything that is wrong in it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from acd.trunk_groups import LineClass
from ivrengine.agents.yaml_sheet import YamlSheet
from ivrengine.errors import ConfigError
from ivrengine.flow.findings import Finding, did_you_mean
from ivrengine.flow.yaml_tree import Unreadable
from ivrengine.load.mix.kinds import Kind, Seconds

_HUNDRED: Final = Decimal(100)
_CALLERS: Final = tuple(
    line_class.value for line_class in (LineClass.TRADING, LineClass.REGISTERED, LineClass.ORDINARY)
)

Percent = Annotated[Decimal, Field(ge=0, le=100, decimal_places=1)]


class Customers(BaseModel):
    """Percent of the callers by class."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trading: Percent = Field(description="Customers who trade")
    registered: Percent = Field(description="Customers who do not")
    ordinary: Percent = Field(description="Everybody else")

    def shares(self) -> Mapping[str, Decimal]:
        """Return the percent of each class."""
        return {
            LineClass.TRADING.value: self.trading,
            LineClass.REGISTERED.value: self.registered,
            LineClass.ORDINARY.value: self.ordinary,
        }


class Mix(BaseModel):
    """All callers of a load."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    customers: Customers
    again_after_s: Seconds = Field(description="Seconds until a refused caller's place calls again")
    listens_s: Seconds = Field(description="Seconds of listening before each group of keys")
    kinds: tuple[Kind, ...] = Field(description="Whose shares are 100 together")


def load_mix(file: Path) -> Mix:
    """Read a description.

    Raises:
        ConfigError: with every fault found, one a line as ``file:line:column: what is wrong``.
    """
    try:
        text = file.read_text("utf-8")
    except OSError as fault:
        raise ConfigError(f"{file}: {fault.strerror}") from fault
    except UnicodeDecodeError as fault:
        raise ConfigError(f"{file}: the file is not written in UTF-8") from fault
    return read_mix(file.name, text)


def read_mix(name: str, text: str) -> Mix:
    """Read the text of a description; ``name`` is the file's in messages.

    Raises:
        ConfigError: with every fault found.
    """
    try:
        sheet = YamlSheet(name, text)
    except Unreadable as fault:
        raise _refusal([fault.finding]) from fault
    mix = sheet.take(Mix)
    if mix is not None:
        _check(sheet, mix)
    if sheet.findings or mix is None:
        raise _refusal(sheet.findings)
    return mix


def _check(sheet: YamlSheet, mix: Mix) -> None:
    _sum(sheet, ("customers",), "the classes", mix.customers.shares().values())
    _sum(sheet, ("kinds",), "the shares", (kind.share for kind in mix.kinds))
    seen: dict[str, int] = {}
    for place, kind in enumerate(mix.kinds):
        if kind.name in seen:
            message = f"{kind.name} stands here twice, first in line {seen[kind.name]}"
            sheet.fault(("kinds", place, "name"), message)
        seen.setdefault(kind.name, sheet.line(("kinds", place, "name")))
        if kind.customer is not None and kind.customer not in _CALLERS:
            hint = did_you_mean(kind.customer, _CALLERS) or f"known are {', '.join(_CALLERS)}"
            sheet.fault(("kinds", place, "customer"), f"no class is called {kind.customer}", hint)


def _sum(sheet: YamlSheet, path: tuple[str], what: str, shares: Iterable[Decimal]) -> None:
    total = sum(shares, Decimal(0))
    if total != _HUNDRED:
        sheet.fault(path, f"{what} are {total} together, where 100 is expected")


def _refusal(findings: list[Finding]) -> ConfigError:
    lines = "\n".join(str(finding) for finding in sorted(set(findings)))
    return ConfigError(lines, remedy="correct the description of the callers; nothing was started")
