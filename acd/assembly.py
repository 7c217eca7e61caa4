"""The parts of a router, each with those that it needs.

Read from top to bottom it is the order in which they stand on each other: what is known, what is
offered, what befalls those who wait, and how rosters and callers come in.
"""

from acd.adoptions import Adoptions
from acd.callbacks import Callbacks
from acd.desks import Desks
from acd.estimator import Estimator
from acd.foresight import Foresight
from acd.intake import Intake
from acd.matching import Matching
from acd.model import Queue, QueueName
from acd.moves import Moves
from acd.offers import Offers
from acd.outbox import Outbox
from acd.overflow import Overflow
from acd.pairing import Pairing
from acd.rosters import Rosters
from acd.settling import Settling
from acd.staffing import Staffing
from acd.timers import Timers
from acd.visits import Visits
from acd.waiting import Waiting


class Floor:
    """What is known: the rules, contacts, agents and offers there are, and the timers that run."""

    def __init__(self, *, occupancy_window_s: float) -> None:
        self.queues: dict[QueueName, Queue] = {}
        self.outbox = Outbox()
        self.timers = Timers(self.outbox)
        self.matching = Matching()
        self.staffing = Staffing()
        self.visits = Visits(self.matching, self.timers, self.outbox)
        self.desks = Desks(
            self.matching, self.timers, self.outbox, occupancy_window_s=occupancy_window_s
        )
        self.offers = Offers(
            self.queues,
            visits=self.visits,
            desks=self.desks,
            timers=self.timers,
            outbox=self.outbox,
        )


class WaitingRoom:
    """What befalls those who wait."""

    def __init__(self, floor: Floor) -> None:
        self.waiting = Waiting(
            floor.queues,
            visits=floor.visits,
            staffing=floor.staffing,
            timers=floor.timers,
            outbox=floor.outbox,
        )
        self.callbacks = Callbacks(
            floor.queues,
            visits=floor.visits,
            offers=floor.offers,
            waiting=self.waiting,
            timers=floor.timers,
            outbox=floor.outbox,
        )
        self.moves = Moves(
            floor.queues,
            visits=floor.visits,
            offers=floor.offers,
            waiting=self.waiting,
            staffing=floor.staffing,
            outbox=floor.outbox,
        )
        self.overflow = Overflow(
            floor.queues,
            visits=floor.visits,
            offers=floor.offers,
            moves=self.moves,
            staffing=floor.staffing,
            matching=floor.matching,
            timers=floor.timers,
        )
        self.settling = Settling(
            visits=floor.visits,
            desks=floor.desks,
            staffing=floor.staffing,
            waiting=self.waiting,
            overflow=self.overflow,
        )


class Entrances:
    """How rosters, callers and conversations come in, and how callers and agents come together."""

    def __init__(self, floor: Floor, room: WaitingRoom, estimator: Estimator | None) -> None:
        self.rosters = Rosters(
            floor.queues,
            matching=floor.matching,
            visits=floor.visits,
            desks=floor.desks,
            offers=floor.offers,
            overflow=room.overflow,
            settling=room.settling,
        )
        self.intake = Intake(
            visits=floor.visits,
            offers=floor.offers,
            overflow=room.overflow,
            outbox=floor.outbox,
        )
        self.adoptions = Adoptions(
            floor.visits,
            desks=floor.desks,
            offers=floor.offers,
            timers=floor.timers,
            outbox=floor.outbox,
        )
        self.pairing = Pairing(
            floor.matching, visits=floor.visits, desks=floor.desks, offers=floor.offers
        )
        self.foresight = Foresight(
            floor.queues,
            matching=floor.matching,
            staffing=floor.staffing,
            estimator=estimator,
        )
