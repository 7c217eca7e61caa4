"""A floor on which waits are estimated as things happen."""

from acd.commands import Command
from acd.estimates import EstimateRules, Estimates
from acd.events import Event, RosterChanged
from acd.following import Following
from acd.model import QueueName
from acd.router import Router
from tests.unit.acd.floor import GENERAL, Floor


class EstimatedFloor(Floor):
    """A floor with estimates of its waits."""

    def __init__(self, given: RosterChanged, rules: EstimateRules | None = None) -> None:
        self._rules = rules
        self._know_nothing()
        super().__init__(given)

    def tell(self, event: Event) -> list[Command]:
        said = super().tell(event)
        self.following.take(event, said, self.now)
        return said

    def restart(self) -> None:
        """Build router and estimates anew from a snapshot, as after a crash."""
        past = self.router.snapshot()
        self.router = Router()
        self._know_nothing()
        for event in past:
            self.following.take(event, self.router.handle(event, self.now), self.now)
        assert self.router.snapshot() == past

    def wait_s(self, ahead: int, queue: QueueName = GENERAL) -> float | None:
        return self.estimates.expected_wait_s(queue, ahead)

    def _know_nothing(self) -> None:
        self.estimates = Estimates(self._rules)
        self.following = Following([self.estimates])
