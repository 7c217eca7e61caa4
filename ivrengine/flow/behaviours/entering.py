"""An entry of keys into a variable: digits, a whole number, or a number with a point."""

from dataclasses import dataclass
from decimal import Decimal

from ivrengine.errors import FlowError
from ivrengine.flow.behaviours.asking import Asking
from ivrengine.flow.effects import EntryOutcome, Value
from ivrengine.flow.expressions import decide
from ivrengine.flow.nodes import CollectNode, EntryType
from ivrengine.flow.state import TimerName
from ivrengine.flow.variables import INTEGER_LIMIT
from ivrengine.values import Secret

POINT = "*"
TERMINATOR = "#"


@dataclass(slots=True)
class Entering(Asking):
    """``#`` ends an entry, ``*`` clears it or leads back from an empty one.

    In a decimal entry ``*`` is the point and ``**`` clears. An entry that is full ends by itself; a
    ``#`` pressed after it all the same is swallowed.
    """

    node: CollectNode

    def consume(self) -> None:
        """Take kept keys until the entry is decided."""
        turn = self.turn
        while turn.state.keys and not self._decided():
            self._take(turn.take_key())
        if self._decided():
            return
        if turn.state.entry:
            turn.start_timer(TimerName.NEXT_KEY, self.node.timing.next_key_s)
        elif turn.state.voice is None:
            turn.start_timer(TimerName.FIRST_KEY, self.node.timing.first_key_s)

    def timer(self, name: TimerName) -> None:
        """End the entry, or the round when nothing was keyed."""
        match name:
            case TimerName.FIRST_KEY:
                self.lose(EntryOutcome.NO_INPUT, "")
            case TimerName.NEXT_KEY | TimerName.ENTRY:
                self._finish()
            case _:
                pass

    def _decided(self) -> bool:
        """Tell whether this round is over: the node is left, or something is said about it."""
        turn = self.turn
        return turn.destination is not None or turn.state.ended or turn.state.voice is not None

    def _take(self, key: str) -> None:
        turn = self.turn
        if key == TERMINATOR:
            self._finish()
        elif key == POINT:
            self._star()
        else:
            self._append(key)
            if len(turn.state.entry.replace(POINT, "")) == self.node.most:
                self._swallow_terminator()
                self._finish()

    def _append(self, key: str) -> None:
        if not self.turn.state.entry:
            self.turn.start_timer(TimerName.ENTRY, self.node.timing.entry_s)
        self.turn.change(entry=self.turn.state.entry + key)

    def _star(self) -> None:
        entry = self.turn.state.entry
        decimal = self.node.entry is EntryType.DECIMAL
        if decimal and not entry.endswith(POINT):
            self._append(POINT)
        elif entry in {"", POINT}:
            self.turn.note_entry(entry + POINT, EntryOutcome.BACK)
            self.turn.go(self.node.back)
        else:
            self._clear(entry + POINT)

    def _clear(self, keys: str) -> None:
        turn = self.turn
        turn.note_entry(keys, EntryOutcome.CLEARED, secret=self.node.secret)
        turn.change(entry="")
        turn.stop_timer(TimerName.NEXT_KEY)
        turn.stop_timer(TimerName.ENTRY)
        turn.spend()

    def _swallow_terminator(self) -> None:
        turn = self.turn
        if turn.state.keys.startswith(TERMINATOR):
            turn.take_key()
        elif not turn.state.keys:
            turn.start_timer(TimerName.TERMINATOR, self.node.timing.terminator_s)

    def _finish(self) -> None:
        """Take the entry as it stands."""
        turn, node = self.turn, self.node
        keys = turn.state.entry
        if not keys and node.least > 0:
            self.lose(EntryOutcome.NO_INPUT, "")
            return
        value = self._value(keys)
        try:
            if value is None or not self._accepted(value):
                self.lose(EntryOutcome.NO_MATCH, keys)
                return
            turn.fill(node.variable, value)
        except FlowError as fault:
            turn.fail(str(fault))
            return
        turn.note_entry(keys, EntryOutcome.MATCHED, secret=node.secret)
        turn.go(node.next)

    def _value(self, keys: str) -> Value:
        """Return what the keys stand for, None when they stand for nothing that is taken here."""
        if len(keys.replace(POINT, "")) < self.node.least:
            return None
        match self.node.entry:
            case EntryType.DIGITS:
                return Secret(keys) if self.node.secret else keys
            case EntryType.INTEGER:
                return int(keys) if keys and int(keys) < INTEGER_LIMIT else None
            case EntryType.DECIMAL:
                return self._decimal(keys)

    def _decimal(self, keys: str) -> Decimal | None:
        whole, _, places = keys.partition(POINT)
        if not whole + places or POINT in places or len(places) > self.node.places:
            return None
        return Decimal(f"{whole or '0'}.{places}" if places else whole)

    def _accepted(self, value: Value) -> bool:
        if self.node.check is None:
            return True
        return decide(self.node.check, {**self.turn.variables, self.node.variable: value})
