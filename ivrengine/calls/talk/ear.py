"""Listens to the telephones of agents in a conversation, whose own sink is the agents' side."""

from collections.abc import Collection

from ivrengine.agents.legs import Legs, LegSink
from ivrengine.telephony import LegId


class AgentEar:
    """Has the events of agents' legs told.

    Args:
        legs: where events are handed out.
        sink: takes them.
    """

    def __init__(self, legs: Legs, sink: LegSink) -> None:
        self._legs = legs
        self._sink = sink
        self._heard: set[LegId] = set()

    def listen_to(self, legs: Collection[LegId]) -> None:
        """Listen to these legs from here on, and to no others."""
        for leg in self._heard.difference(legs):
            self._legs.unwatch(leg, self._sink)
        for leg in set(legs) - self._heard:
            self._legs.watch(leg, self._sink)
        self._heard = set(legs)
