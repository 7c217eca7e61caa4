"""What keeps callers from a softswitch that has enough to do, tied together."""

from collections.abc import Callable
from dataclasses import dataclass

from ivrengine.calls.ceiling import Ceiling
from ivrengine.calls.setting_up import SettingUp, SettingUpSettings
from ivrengine.clock import Clock
from ivrengine.softswitch.ari.strain import Strain


@dataclass(frozen=True, slots=True)
class OverloadGuard:
    """Who is answered when, as the softswitch fares.

    ``note_order`` is to be told of every order to the softswitch: its name, and the seconds that
    it took.
    """

    setting_up: SettingUp
    note_order: Callable[[str, float], None]


def guard_against_overload(
    clock: Clock, settings: SettingUpSettings, *, present: Callable[[], int]
) -> OverloadGuard:
    """Tie together what the orders tell, and how many callers are answered.

    ``present`` counts all callers: those inside, and those who wait to be answered.
    """
    strain = Strain(clock)
    ceiling = Ceiling(
        clock,
        up=lambda: present() - setting_up.waiting,
        is_strained=strain.begins,
        floor=settings.never_too_many,
    )
    setting_up = SettingUp(
        settings,
        is_late=strain.is_felt,
        is_slow=strain.begins,
        bears_more=ceiling.leaves_room,
    )
    return OverloadGuard(setting_up=setting_up, note_order=strain.note)
