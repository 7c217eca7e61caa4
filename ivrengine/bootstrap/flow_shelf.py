"""The flows in force: one pointer, swapped whole when a new set is found right.

A call asks once for its stepper and keeps it, so a swap disturbs nobody. A set with a fault never
replaces a good one.
"""

import structlog

from ivrengine.bootstrap.flow_files import sources_in, surroundings_of
from ivrengine.config import Settings
from ivrengine.errors import ConfigError
from ivrengine.flow.loader import load
from ivrengine.flow.stepper import Stepper

log = structlog.get_logger(__name__)


class FlowShelf:
    """Holds the stepper that new calls begin with."""

    def __init__(self, settings: Settings) -> None:
        """Load the flows of ``settings``.

        Raises:
            FlowError: with every finding, as ``file:line: message``.
        """
        self._settings = settings
        self._stepper = self._load()

    def stepper(self) -> Stepper:
        """Return the stepper for a call that begins now."""
        return self._stepper

    def reload(self) -> None:
        """Read the files again; what is wrong is logged, and the flows in force stay."""
        try:
            fresh = self._load()
        except ConfigError as fault:
            log.error("flows_refused", fault=str(fault))
            return
        before, self._stepper = self._stepper, fresh
        log.warning(
            "flows_loaded",
            version=fresh.flows.short_version,
            changed=fresh.flows.version != before.flows.version,
        )

    def _load(self) -> Stepper:
        sources = sources_in(self._settings.dialplans)
        flows = load(sources, surroundings_of(self._settings))
        for entry in self._settings.numbers:
            if entry.flow and entry.flow not in flows.flows:
                raise ConfigError(
                    f"number {entry.number} is answered by the flow {entry.flow}, "
                    "which does not exist",
                    remedy=f"name one of {', '.join(sorted(flows.flows))}, or leave it out",
                )
        return Stepper(flows)
