"""The table of actions: what a flow may ask of the services, by name.

A flow and a service know nothing of each other. The flow names an action and gives it named
values; the action's declaration says which names, which outcomes and which values come back, so
that a flow file is checked against it before a caller ever hears it, and every call against it
again.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

from ivrengine.errors import Bug
from ivrengine.services.callers import CallerProfile
from ivrengine.values import CallId, Language, PhoneNumber, Secret

Value = str | int | bool | Decimal | date | time | datetime | Secret | None
"""What an argument or a result may be: the same values that a flow's variables hold."""

OK = "ok"
COMMON_OUTCOMES = ("error", "timeout")
"""Outcomes of every action: whoever calls it makes them out of an exception or a deadline."""


class ValueKind(StrEnum):
    """What a flow may do with a value; ``PROMPT`` is the id of a text to play."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    YES_NO = "yes-no"
    MOMENT = "moment"
    PROMPT = "prompt"
    SECRET = "secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """What an action takes and gives.

    ``arguments`` must be given and ``optional`` ones may be. ``outcomes`` are its own, without
    :data:`COMMON_OUTCOMES`; ``values`` come with the outcome ``ok`` and with no other.
    ``identifies`` tells that ``ok`` proves who the caller is.
    """

    arguments: Mapping[str, ValueKind] = field(default_factory=dict)
    optional: Mapping[str, ValueKind] = field(default_factory=dict)
    outcomes: tuple[str, ...] = (OK,)
    values: Mapping[str, ValueKind] = field(default_factory=dict)
    identifies: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionContext:
    """On whose behalf an action runs; ``now`` is epoch seconds."""

    call: CallId
    caller: PhoneNumber
    language: Language
    now: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResult:
    """How an action ended, and what it found out.

    ``identity`` is who the caller has proved to be: the engine's business, not the flow's.
    """

    outcome: str
    values: Mapping[str, Value] = field(default_factory=dict)
    identity: CallerProfile | None = None


class Arguments:
    """The named values given to an action, read by type.

    A value of another type is a fault of the flow that its check should have found: ``Bug``.
    """

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values

    def text(self, name: str, default: str = "") -> str:
        """Return words or digits; ``default`` for an optional one that was not given."""
        value = self._values.get(name)
        if value is None:
            return default
        if isinstance(value, str):
            return value
        raise Bug(f"argument {name} is {type(value).__name__} where text was expected")

    def secret(self, name: str) -> Secret:
        """Return what must not be seen."""
        value = self._values.get(name)
        if isinstance(value, Secret):
            return value
        raise Bug(f"argument {name} is {type(value).__name__} where a secret was expected")

    def whole(self, name: str) -> int:
        """Return a whole number, also when it was keyed as digits."""
        value = self._values.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and value.isascii() and value.isdecimal():
            return int(value)
        raise Bug(f"argument {name} is {type(value).__name__} where a whole number was expected")


Run = Callable[[ActionContext, Arguments], Awaitable[ActionResult]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that flows can ask for, such as ``quotes.by_code``."""

    name: str
    spec: ActionSpec
    run: Run


class Actions:
    """All actions of this engine by name."""

    def __init__(self, actions: Iterable[Action]) -> None:
        self._actions: dict[str, Action] = {}
        for action in actions:
            if action.name in self._actions:
                raise Bug(f"two actions are called {action.name}")
            self._actions[action.name] = action

    def declared(self) -> Mapping[str, ActionSpec]:
        """Return what every action takes and gives, for the check of flow files."""
        return {name: action.spec for name, action in self._actions.items()}

    async def call(
        self, name: str, context: ActionContext, values: Mapping[str, Value]
    ) -> ActionResult:
        """Run an action; the deadline is the caller's to set.

        Raises:
            Bug: there is no such action, or it was called against its declaration.
            EngineError: what the action depends on broke its promise.
        """
        action = self._actions.get(name)
        if action is None:
            raise Bug(f"there is no action {name}")
        _hold(name, "arguments", action.spec.arguments, values, also=action.spec.optional)
        result = await action.run(context, Arguments(values))
        if result.outcome not in action.spec.outcomes:
            raise Bug(f"{name} ended with the undeclared outcome {result.outcome}")
        if (result.identity is not None) != (action.spec.identifies and result.outcome == OK):
            raise Bug(f"{name} proves who calls, or does not, against its declaration")
        promised = action.spec.values if result.outcome == OK else {}
        _hold(name, "values", promised, result.values)
        return result


def _hold(
    action: str,
    what: str,
    promised: Mapping[str, ValueKind],
    given: Mapping[str, Value],
    *,
    also: Mapping[str, ValueKind] | None = None,
) -> None:
    missing = promised.keys() - given.keys()
    unknown = given.keys() - promised.keys() - (also or {}).keys()
    if missing or unknown:
        raise Bug(f"{what} of {action}: missing {sorted(missing)}, unknown {sorted(unknown)}")
