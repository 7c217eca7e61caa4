"""What services know of a caller: presumed from the calling number, or proved with a PIN."""

from dataclasses import dataclass

from acd.trunk_groups import LineClass
from ivrengine.values import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerProfile:
    """Who a caller is to us; whatever is empty is not known.

    ``customer`` is an account or customer number. ``branch`` is where the customer belongs and
    ``dialect`` what is spoken at home, both in the words of agents' skills: ``suzhou``, ``wu``.
    """

    caller_class: LineClass
    customer: str = ""
    language: Language | None = None
    branch: str = ""
    dialect: str = ""


STRANGER = CallerProfile(caller_class=LineClass.ORDINARY)
