"""Nodes that only say something: play, a change of language, and the last word."""

from dataclasses import dataclass

from ivrengine.flow.behaviours.behaviour import Behaviour
from ivrengine.flow.effects import SpeakLanguage
from ivrengine.flow.inputs import Recorded
from ivrengine.flow.nodes import HangUpNode, LanguageNode, PlayNode
from ivrengine.flow.targets import Target


@dataclass(slots=True)
class Playing(Behaviour):
    """A key cuts what is said, is kept for the next node, and leads there."""

    node: PlayNode

    def enter(self) -> None:
        """Say it; a call that is resumed hears it again, and need not choose again."""
        if self.node.flush:
            self.turn.change(keys="")
        if not self.turn.state.keys:
            self.turn.note_checkpoint()
        self.turn.speak(self.node.speech)

    def key(self, key: str) -> None:
        """Keep the key and go on as far as it may cut."""
        self.turn.keep(key)
        self.turn.cut()

    def quiet(self) -> None:
        """Go on to the next node."""
        self.turn.go(self.node.next)

    def hung_up(self, recorded: Recorded | None) -> Target | None:
        """Return what the node names for it."""
        return self.node.on_hang_up


@dataclass(slots=True)
class Speaking(Behaviour):
    """The caller's language changes at once."""

    node: LanguageNode

    def enter(self) -> None:
        """Speak it from here on."""
        self.turn.change(language=self.node.language)
        self.turn.emit(SpeakLanguage(language=self.node.language))
        self.turn.go(self.node.next)


@dataclass(slots=True)
class Parting(Behaviour):
    """The last word is heard to its end, whatever is keyed."""

    node: HangUpNode

    def enter(self) -> None:
        """Say it."""
        self.turn.speak(self.node.speech, to_the_end=True)

    def key(self, key: str) -> None:
        """Drop the key: nothing follows that could take it."""
        self.turn.count("dropped_keys")

    def quiet(self) -> None:
        """End the call."""
        self.turn.hang_up()
