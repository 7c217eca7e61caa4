"""The flows in force: one pointer, swapped whole when a new set is found right.

A call asks once for its stepper and keeps it, so a swap disturbs nobody. A set with a fault never
replaces a good one.
"""

from collections.abc import Collection

from ivrengine.agents.changes import Change, Prepared
from ivrengine.bootstrap.flow_files import sources_in, surroundings_of
from ivrengine.config import Settings
from ivrengine.errors import ConfigError
from ivrengine.flow.loader import load
from ivrengine.flow.model import FlowSet
from ivrengine.flow.stepper import Stepper

_SHOWN = 12
"""Digits of a flow's version that people see."""


class FlowShelf:
    """Holds the stepper that new calls begin with.

    Args:
        settings: where the flows lie, and which flow answers which number.
        queues: names of the queues that flows may send callers to.

    Raises:
        FlowError: with every finding, as ``file:line: message``.
    """

    def __init__(self, settings: Settings, queues: Collection[str]) -> None:
        self._settings = settings
        self._stepper = self._load(queues)

    def stepper(self) -> Stepper:
        """Return the stepper for a call that begins now."""
        return self._stepper

    def prepare(self, queues: Collection[str]) -> Prepared:
        """Read the files again beside ``queues``; see :class:`ivrengine.agents.changes.Book`."""
        fresh = self._load(queues)

        def put_in_force() -> None:
            self._stepper = fresh

        changes = _differences(self._stepper.flows, fresh.flows)
        return Prepared(changes=changes, put_in_force=put_in_force if changes else _nothing)

    def _load(self, queues: Collection[str]) -> Stepper:
        sources = sources_in(self._settings.dialplans)
        flows = load(sources, surroundings_of(self._settings, queues))
        for entry in self._settings.numbers:
            if entry.flow and entry.flow not in flows.flows:
                raise ConfigError(
                    f"number {entry.number} is answered by the flow {entry.flow}, "
                    "which does not exist",
                    remedy=f"name one of {', '.join(sorted(flows.flows))}, or leave it out",
                )
        return Stepper(flows)


def _differences(before: FlowSet, after: FlowSet) -> tuple[Change, ...]:
    """Return what differs: flows by their versions, and else whatever all flows share."""
    if before.version == after.version:
        return ()
    found = []
    for name in sorted(before.flows.keys() | after.flows.keys()):
        old, new = (flows.flows.get(name) for flows in (before, after))
        if old is None or new is None:
            found.append(
                Change(
                    subject=f"flow {name}",
                    before="" if old is None else name,
                    after="" if new is None else name,
                )
            )
        elif old.version != new.version:
            found.append(
                Change(
                    subject=f"flow {name}",
                    field="version",
                    before=old.version[:_SHOWN],
                    after=new.version[:_SHOWN],
                )
            )
    shared = Change(
        subject="flows", field="version", before=before.short_version, after=after.short_version
    )
    return (*found, shared)


def _nothing() -> None:
    """Leave the flows in force as they are."""
