"""How a telephone is asked to answer by itself, as for an intercom."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

OPENS_ITSELF: Final[Mapping[str, str]] = MappingProxyType(
    {
        # The standard's own word (RFC 5373, section 4).
        "PJSIP_HEADER(add,Answer-Mode)": "Auto",
        # What telephones understand that know it not: a parameter of Call-Info, and a word of
        # Alert-Info (RFC 3261, sections 20.9 and 20.4).
        "PJSIP_HEADER(add,Call-Info)": "<sip:intercom@localhost>;answer-after=0",
        "PJSIP_HEADER(add,Alert-Info)": "<http://localhost>;info=alert-autoanswer",
    }
)
"""Variables of a channel that is dialled; Asterisk sets them before it sends the INVITE (22.10)."""
