"""Whether callers can be served, for whoever watches from outside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ivrengine.console.ports import Check
from ivrengine.softswitch.ari.health import SwitchHealth


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Asks every part how it is; a database that is away does not keep callers out."""

    switch: Callable[[], SwitchHealth]
    reconciled: Callable[[], bool]
    prompts_installed: Callable[[], bool]

    def __call__(self) -> Sequence[Check]:
        """Return one check for each thing that calls need."""
        return (self._switch(), self._calls(), self._prompts())

    def _switch(self) -> Check:
        faults = self.switch().faults()
        return Check(
            name="softswitch",
            fault=", ".join(faults),
            remedy="`ivrengine softswitch status` shows how Asterisk is" if faults else "",
        )

    def _calls(self) -> Check:
        fault = "" if self.reconciled() else "live calls have not been compared with the journal"
        return Check(name="calls", fault=fault)

    def _prompts(self) -> Check:
        if self.prompts_installed():
            return Check(name="prompts")
        return Check(
            name="prompts",
            fault="the prompts are not laid out for Asterisk",
            remedy="run `ivrengine prompts install`",
        )
