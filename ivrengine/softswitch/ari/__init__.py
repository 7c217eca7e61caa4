"""The adapter to Asterisk's REST interface (ARI, Asterisk 22.10).

``switch`` is the whole of it as the rest of the engine sees it. Orders go out through ``client``
over ``transport``; what comes back wrong is named in ``failures``. Events come in by ``server``,
are read in ``events``, followed in ``connection`` and given their meaning in ``translation``.
``watchdog`` judges the softswitch's ``health``.
"""

from ivrengine.softswitch.ari.health import SwitchHealth
from ivrengine.softswitch.ari.observers import AriObservers, DropCause
from ivrengine.softswitch.ari.settings import AriAccess, AriSettings
from ivrengine.softswitch.ari.switch import AsteriskSwitch

__all__ = [
    "AriAccess",
    "AriObservers",
    "AriSettings",
    "AsteriskSwitch",
    "DropCause",
    "SwitchHealth",
]
