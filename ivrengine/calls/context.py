"""What every part of one call shares: who calls, and the parts of the engine that serve it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from acd.trunk_groups import LineClass
from ivrengine.agents.legs import Legs
from ivrengine.agents.ports import WaitingRoom
from ivrengine.agents.roster import Roster
from ivrengine.calls.admission import Admission
from ivrengine.calls.calling_back.settings import CallingBackSettings
from ivrengine.calls.ids import CallIds
from ivrengine.calls.journal import Journal
from ivrengine.calls.media import MediaReader
from ivrengine.calls.reserved import Reserved
from ivrengine.calls.setting_up import SettingUp
from ivrengine.calls.talk.settings import TalkSettings
from ivrengine.clock import Clock
from ivrengine.flow.stepper import Stepper
from ivrengine.services.callers import CallerProfile
from ivrengine.services.registry import Actions
from ivrengine.telephony import LegId, Switch
from ivrengine.values import CallId, Language, PhoneNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class CallParts:
    """The parts of the engine that every call uses.

    ``stepper`` gives the flows in force at the moment it is called; a call asks once and stays on
    what it got. ``roster`` gives the agents and queues in force at that moment.
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
    roster: Callable[[], Roster]
    event_dropped: Callable[[], None]
    callbacks: CallingBackSettings = field(default_factory=CallingBackSettings)
    talk: TalkSettings = field(default_factory=TalkSettings)
    setting_up: SettingUp = field(default_factory=SettingUp)


@dataclass(slots=True, kw_only=True)
class Standing:
    """Who the caller is taken for: at first by the number, in time perhaps by a proof."""

    profile: CallerProfile
    is_proved: bool = False

    @property
    def caller_class(self) -> LineClass:
        """On whose account the caller's line is."""
        return self.profile.caller_class


@dataclass(frozen=True, slots=True, kw_only=True)
class CallContext:
    """One caller's call.

    ``language`` is what is spoken at first, None for the house's own. ``reserved`` is the place of
    a customer whom we have called.
    """

    call: CallId
    leg: LegId
    caller: PhoneNumber
    dialled: str
    trunk: str
    standing: Standing
    flow: str
    arrived_at: float
    ids: CallIds
    language: Language | None = None
    reserved: Reserved | None = None
