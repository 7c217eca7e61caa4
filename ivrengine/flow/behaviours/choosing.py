"""A menu: the longest choice that the keys make is taken."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivrengine.flow.behaviours.asking import Asking
from ivrengine.flow.effects import EntryOutcome
from ivrengine.flow.inputs import Recorded
from ivrengine.flow.nodes import MenuNode
from ivrengine.flow.routing import note_level
from ivrengine.flow.state import TimerName
from ivrengine.flow.targets import GLOBAL_KEYS, Take, Target

STAR = "*"


@dataclass(slots=True)
class Choosing(Asking):
    """Takes a choice of its own or one of the keys that mean the same in every menu."""

    node: MenuNode

    def enter(self) -> None:
        """Offer the choices."""
        if self.node.level:
            note_level(self.turn)
        # Not super(): slots make a dataclass anew, and a bare super() would miss it.
        Asking.enter(self)

    def consume(self) -> None:
        """Take kept keys for as long as a choice can begin with them."""
        turn, live = self.turn, self._live()
        while turn.state.keys and turn.destination is None:
            entry = turn.state.entry + turn.take_key()
            turn.change(entry=entry)
            if not _can_grow(entry, live):
                self._decide(entry, live)
                return
        if turn.destination is None:
            self._await_more(turn.state.entry, live)

    def timer(self, name: TimerName) -> None:
        """Decide on what was keyed, there being no more."""
        match name:
            case TimerName.FIRST_KEY if self.node.silence is not None:
                self.turn.note_entry("", EntryOutcome.NO_INPUT)
                self.turn.go(self.node.silence)
            case TimerName.FIRST_KEY:
                self.lose(EntryOutcome.NO_INPUT, "")
            case TimerName.NEXT_KEY:
                self._decide(self.turn.state.entry, self._live())
            case _:
                pass

    def hung_up(self, recorded: Recorded | None) -> Target | None:
        """Return what the menu names for it."""
        return self.node.on_hang_up

    def _live(self) -> Mapping[str, Target]:
        line = self.node.line
        common: dict[str, Target] = {
            key: self.node.back if key == STAR else Take(line=line, way=GLOBAL_KEYS[key])
            for key in self.node.global_keys
        }
        return {**common, **self.node.choices}

    def _await_more(self, entry: str, live: Mapping[str, Target]) -> None:
        timing = self.node.timing
        hurry = entry == STAR and entry in live
        wait_s = timing.second_star_s if hurry else timing.next_key_s
        self.turn.start_timer(TimerName.NEXT_KEY, wait_s)

    def _decide(self, entry: str, live: Mapping[str, Target]) -> None:
        """Take the longest choice that ``entry`` begins with; keys behind it are kept."""
        for length in range(len(entry), 0, -1):
            choice = entry[:length]
            if choice in live:
                self.turn.change(keys=entry[length:] + self.turn.state.keys)
                is_back = choice == STAR and STAR not in self.node.choices
                outcome = EntryOutcome.BACK if is_back else EntryOutcome.MATCHED
                self.turn.note_entry(choice, outcome)
                self.turn.go(live[choice])
                return
        self.lose(EntryOutcome.NO_MATCH, entry)


def _can_grow(entry: str, live: Mapping[str, Target]) -> bool:
    return any(len(keys) > len(entry) and keys.startswith(entry) for keys in live)
