"""Whether the softswitch is well, judged by three signs of life that fail independently.

A softswitch can be deaf to SIP while ARI answers, and ARI can answer while its event connection
hangs, so each is watched by itself.
"""

from dataclasses import dataclass
from enum import StrEnum


class Sign(StrEnum):
    """A way to see that the softswitch lives."""

    EVENTS = "events"
    REST = "rest"
    SIP = "sip"


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchHealth:
    """What is known now; ``since`` is when it became so, in epoch seconds."""

    events_ok: bool
    rest_ok: bool
    sip_ok: bool
    since: float

    @property
    def ok(self) -> bool:
        """Tell whether calls can be served."""
        return self.events_ok and self.rest_ok and self.sip_ok

    def faults(self) -> tuple[str, ...]:
        """Name the signs of life that are missing."""
        seen = {Sign.EVENTS: self.events_ok, Sign.REST: self.rest_ok, Sign.SIP: self.sip_ok}
        return tuple(sign.value for sign, ok in seen.items() if not ok)


class Vitals:
    """Keeps the last sign of life of each kind and judges by their age.

    Args:
        unwell_after_s: age in seconds from which a sign counts as missing.
        now: epoch seconds; everything is unwell until first heard of.
    """

    def __init__(self, *, unwell_after_s: float, now: float) -> None:
        self._unwell_after_s = unwell_after_s
        self._heard: dict[Sign, float] = {}
        self.health = SwitchHealth(events_ok=False, rest_ok=False, sip_ok=False, since=now)

    def hear(self, sign: Sign, now: float) -> None:
        """Note a sign of life."""
        self._heard[sign] = now

    def lose(self, sign: Sign) -> None:
        """Note that a sign is known to be gone, whatever its age."""
        self._heard.pop(sign, None)

    def judge(self, now: float) -> SwitchHealth | None:
        """Return the health if it is another than at the last judgement."""
        before = self.health
        after = SwitchHealth(
            events_ok=self._fresh(Sign.EVENTS, now),
            rest_ok=self._fresh(Sign.REST, now),
            sip_ok=self._fresh(Sign.SIP, now),
            since=now,
        )
        if after.faults() == before.faults():
            return None
        self.health = after
        return after

    def _fresh(self, sign: Sign, now: float) -> bool:
        heard = self._heard.get(sign)
        return heard is not None and now - heard < self._unwell_after_s
