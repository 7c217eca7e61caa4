"""A whole centre in virtual time: lines, then menus, then a queue, then agents."""

from collections import defaultdict

from acd.capacity.plan import Plan
from acd.model import ContactId, ReservationId
from acd.trunk_groups import LineClass, Share, TrunkGroup
from acd.trunks import Lines
from tests.simulation.floor import Call, SimulatedFloor, Steps

_GROUP = "lines"
_CLASSES = (LineClass.TRADING, LineClass.ORDINARY)


class SimulatedCentre(SimulatedFloor):
    """A centre as it was planned: the real lines and the real router, all times exponential.

    It has a single group of lines, one reserved class, and agents by Erlang A. ``refused`` has 1
    or 0 for each caller who asked for a line.
    """

    def __init__(self, plan: Plan) -> None:
        assert plan.staff is not None
        (trunk,) = plan.trunks
        kept = (Share(leaves_free=each.leaves_free) for each in trunk.classes)
        shares = dict(zip(_CLASSES, kept, strict=True))
        self.refused: defaultdict[LineClass, list[float]] = defaultdict(list)
        self._demand = plan.demand
        self._class_shares = [each.share for each in trunk.classes]
        self._lines = Lines([TrunkGroup(name=_GROUP, lines=trunk.lines, shares=shares)])
        super().__init__(
            agents=plan.staff.erlang_a.agents,
            arrivals_per_s=plan.demand.calls_per_s,
            handling_s=plan.demand.handling_s,
            patience_s=plan.demand.patience_s,
            counted=False,
        )

    def asked(self, skip: int) -> list[Call]:
        """Return the calls for a person, in the order of their coming, but the first ``skip``."""
        return list(self.calls.values())[skip:]

    def _call(self, contact: ContactId) -> None:
        self.env.process(self._come(contact))

    def _come(self, contact: ContactId) -> Steps:
        (line_class,) = self.random.choices(_CLASSES, self._class_shares)
        given = self._lines.seize(contact, _GROUP, line_class, self.env.now)
        self.refused[line_class].append(float(not given))
        if not given:
            return
        yield self.env.timeout(self.random.expovariate(1 / self._demand.self_service_s))
        if self.random.random() < self._demand.person_share:
            super()._call(contact)
        else:
            self._lines.release(contact, self.env.now)

    def _talk(self, reservation: ReservationId, contact: ContactId) -> Steps:
        yield from super()._talk(reservation, contact)
        self._lines.release(contact, self.env.now)

    def _lose_patience(self, contact: ContactId, patience_s: float) -> Steps:
        yield from super()._lose_patience(contact, patience_s)
        if self.calls[contact].joined_at is None:
            self._lines.release(contact, self.env.now)
