"""A world in which people are called back and supervisors step in; it reports as badly as others.

That a caller wants to be called back, and then hangs up, is never lost, perhaps turned round.
"""

from random import Random

from acd.agent_states import Presence, PresenceTrigger
from acd.commands import CallContact, Command
from acd.contact_states import ContactState
from acd.events import (
    AgentForced,
    AgentHungUp,
    AgentLoggedIn,
    CallbackCanceled,
    CallbackFailed,
    CallbackRequested,
    ContactJoined,
    ContactLeft,
    ContactMoved,
    LiveEvent,
    PhoneAppeared,
)
from acd.model import ContactId, LeaveCause, QueueName
from tests.unit.acd.unreliable import Observer, UnreliableWorld

NUMBERS = ("111", "222")
_FORCED = (PresenceTrigger.GET_READY, PresenceTrigger.GO_NOT_READY, PresenceTrigger.LOG_OUT)
_ROUNDS = 600


class CallbackWorld(UnreliableWorld):
    """Callers who may ask to be called back, and supervisors who move them and force agents."""

    def __init__(
        self, watch: Observer, chance: Random, *, loses: bool, queues: tuple[QueueName, ...]
    ) -> None:
        super().__init__(watch, chance, loses=loses)
        self._queues = queues
        self._requests = 0

    def a_caller_asks_to_be_called_back(self) -> None:
        """Let somebody leave a number, and hang up."""
        if self._here:
            self._requests += 1
            contact = self._here.pop(self._chance.randrange(len(self._here)))
            request = CallbackRequested(
                contact=contact,
                callback=ContactId(f"cb{self._requests}"),
                number=self._chance.choice(NUMBERS),
            )
            left = ContactLeft(contact=contact, cause=LeaveCause.CALLER_GONE)
            self._posted += [request, left]

    def somebody_wants_no_callback(self) -> None:
        """Let a callback be canceled, whether there is one or not."""
        queue, number = self._chance.choice(self._queues), self._chance.choice(NUMBERS)
        self._posted.append(CallbackCanceled(queue=queue, number=number))

    def a_supervisor_moves_somebody(self) -> None:
        """Order anybody of those known to another queue, agent, band or place."""
        contacts = [visit.contact for visit in self._floor.router.visits()]
        if contacts:
            chance, agents = self._chance, [desk.agent for desk in self._floor.router.desks()]
            agent = chance.choice([None, None, *agents])
            self._posted.append(
                ContactMoved(
                    contact=chance.choice(contacts),
                    by="lead",
                    agent=agent,
                    queue=None if agent else chance.choice((None, *self._queues)),
                    band=chance.choice((None, 0, 9)),
                    head_start_s=chance.choice((None, 0.0, 30.0)),
                )
            )

    def a_supervisor_forces_somebody(self) -> None:
        """Order an agent to be ready, not ready or off."""
        agent = self._chance.choice([desk.agent for desk in self._floor.router.desks()])
        presence = self._chance.choice(_FORCED)
        self._posted.append(AgentForced(agent=agent, presence=presence, by="lead"))

    def the_agents_are_eager(self) -> None:
        """Have also those log in again who were logged out."""
        for desk in self._floor.router.desks():
            if desk.presence is Presence.LOGGED_OUT:
                self._tell(AgentLoggedIn(agent=desk.agent, ready=True))
        super().the_agents_are_eager()

    def ends(self) -> None:
        """Let callers hang up, and go on until no callback is left."""
        super().ends()
        for _ in range(_ROUNDS):
            if not self._floor.router.visits():
                return super().ends()
            self.the_agents_are_eager()
            self._deliver_all()
            for desk in self._floor.router.desks():
                self._tell(PhoneAppeared(agent=desk.agent))
            for visit in self._floor.router.visits():
                if visit.state is ContactState.CONNECTED and visit.reservation is not None:
                    self._tell(AgentHungUp(reservation=visit.reservation))
            self.time_passes(4.0)
        raise AssertionError("a callback was neither made nor given up")

    def _carry_out(self, command: Command) -> None:
        match command:
            case CallContact():
                assert command.contact not in self.watch.ended, "nobody wants that callback"
                self._posted += self._dialling(command)
            case _:
                super()._carry_out(command)

    def _dialling(self, command: CallContact) -> list[LiveEvent]:
        """Return the whole truth about a customer who is dialled, in order."""
        reservation = command.reservation
        joined = ContactJoined(reservation=reservation)
        hung_up = AgentHungUp(reservation=reservation)
        failed = CallbackFailed(reservation=reservation, cause="busy")
        gone = ContactLeft(contact=command.contact, cause=LeaveCause.CALLER_GONE)
        truths: tuple[list[LiveEvent], ...] = (
            [joined, hung_up],
            [joined, gone],
            [joined],
            *[[failed]] * 3,
            [hung_up],
            [],
        )
        return self._chance.choice(truths)
