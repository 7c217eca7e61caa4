"""What every part of one call shares: who calls, and the parts of the engine that serve it."""

from collections.abc import Callable
from dataclasses import dataclass

from acd.trunk_groups import LineClass
from ivrengine.agents.legs import Legs
from ivrengine.agents.ports import WaitingRoom
from ivrengine.calls.admission import Admission
from ivrengine.calls.ids import CallIds
from ivrengine.calls.journal import Journal
from ivrengine.calls.media import MediaReader
from ivrengine.clock import Clock
from ivrengine.flow.stepper import Stepper
from ivrengine.services.registry import Actions
from ivrengine.telephony import LegId, Switch
from ivrengine.values import CallId, PhoneNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class CallParts:
    """The parts of the engine that every call uses.

    ``stepper`` gives the flows in force at the moment it is called; a call asks once and stays on
    what it got.
    """

    switch: Switch
    legs: Legs
    room: WaitingRoom
    admission: Admission
    journal: Journal
    clock: Clock
    media: MediaReader
    actions: Actions
    stepper: Callable[[], Stepper]
    event_dropped: Callable[[], None]


@dataclass(slots=True, kw_only=True)
class Standing:
    """Who the caller is taken for; it changes when the caller has proved to be somebody.

    ``customer`` is empty until then.
    """

    caller_class: LineClass
    customer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallContext:
    """One caller's call."""

    call: CallId
    leg: LegId
    caller: PhoneNumber
    dialled: str
    trunk: str
    standing: Standing
    flow: str
    arrived_at: float
    ids: CallIds
