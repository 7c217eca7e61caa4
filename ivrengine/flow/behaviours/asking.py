"""What menus and entries have in common: rounds, their prompts, and the way out of too many."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

from ivrengine.flow.behaviours.behaviour import Behaviour
from ivrengine.flow.effects import EntryOutcome
from ivrengine.flow.nodes import CollectNode, MenuNode
from ivrengine.flow.speech_lines import Speech
from ivrengine.flow.state import Lost, TimerName


@dataclass(slots=True)
class Asking(Behaviour, ABC):
    """Asks for keys, round after round.

    Keys that were pressed early are taken as soon as nothing is being said that has to be heard.
    The first-key timer runs from the end of the prompt and is ended for good by the first key.
    """

    node: MenuNode | CollectNode

    def enter(self) -> None:
        """Ask, or ask again when the last entry was rejected."""
        self.turn.note_checkpoint()
        if self.node.flush:
            self.turn.change(keys="")
        rejection, self.turn.rejection = self.turn.rejection, None
        if rejection is None:
            self.turn.set_lost(Lost())
            self.turn.speak(self.node.speech)
        else:
            self.lose_round(EntryOutcome.NO_MATCH, rejection)

    def key(self, key: str) -> None:
        """Keep the key and take it at once, unless what is being said has to be heard first."""
        self.turn.keep(key)
        self.turn.cut()

    def quiet(self) -> None:
        """Take the kept keys, or wait for the first one."""
        if self.turn.state.keys:
            self.turn.stop_timer(TimerName.FIRST_KEY)
            self.consume()
        elif not self.turn.state.entry:
            self.turn.start_timer(TimerName.FIRST_KEY, self.node.timing.first_key_s)

    @abstractmethod
    def consume(self) -> None:
        """Take kept keys until the round is decided or there are no more."""

    def lose(self, outcome: EntryOutcome, keys: str) -> None:
        """End a round that came to nothing."""
        secret = isinstance(self.node, CollectNode) and self.node.secret
        self.turn.note_entry(keys, outcome, secret=secret)
        self.lose_round(outcome, None)

    def lose_round(self, outcome: EntryOutcome, said_instead: Speech | None) -> None:
        """Count a lost round and ask again, or take the way out.

        Keys pressed ahead are forgotten: they were meant for another way. Taken here, the digits
        of a secret that was to follow would become an entry that everybody may see.
        """
        turn, rounds = self.turn, self.node.rounds
        for name in (TimerName.FIRST_KEY, TimerName.NEXT_KEY, TimerName.ENTRY):
            turn.stop_timer(name)
        turn.change(entry="", keys="")
        lost = turn.lost()
        if outcome is EntryOutcome.NO_INPUT:
            lost = replace(lost, no_input=lost.no_input + 1)
            speech = _escalated(rounds.no_input, lost.no_input)
        else:
            lost = replace(lost, no_match=lost.no_match + 1)
            speech = _escalated(rounds.no_match, lost.no_match)
        turn.set_lost(lost)
        if lost.total >= rounds.most:
            turn.go(self.node.exhausted)
            return
        turn.speak((*(speech if said_instead is None else said_instead), *self.node.reprompt))


def _escalated(speeches: tuple[Speech, ...], number: int) -> Speech:
    """Return the speech for the ``number``-th lost round of its kind; the last one stays."""
    return speeches[min(number, len(speeches)) - 1] if speeches else ()
