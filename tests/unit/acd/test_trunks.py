"""Lines are seized once, given back once, never more than there are, and kept for whom they are."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from acd.trunk_groups import (
    CALLER_CLASSES,
    LineClass,
    LineEvent,
    LineReclassed,
    LineRefused,
    LineReleased,
    LineSeized,
    LineUse,
    Seizure,
    Share,
    TimedShares,
    TrunkGroup,
)
from acd.trunks import Lines

pytestmark = pytest.mark.unit

TRADING, REGISTERED, ORDINARY = CALLER_CLASSES

CALLS = st.sampled_from("abcdefghij")
TRUNKS = st.sampled_from(["main", "tollfree", "nowhere"])
CLASSES = st.sampled_from([TRADING, REGISTERED, ORDINARY, LineClass.OUTGOING])
SHARES = st.dictionaries(
    CLASSES,
    st.builds(Share, leaves_free=st.integers(0, 3), at_most=st.none() | st.integers(0, 4)),
)
GROUPS = st.tuples(
    *(
        st.builds(TrunkGroup, name=st.just(name), lines=st.integers(1, 6), shares=SHARES)
        for name in ("main", "tollfree")
    )
)


@dataclass(slots=True)
class Ledger:
    """Follows the events as somebody does who reckons with them."""

    held: dict[str, tuple[str, LineClass]] = field(default_factory=dict)
    asked: Counter[tuple[str, LineClass]] = field(default_factory=Counter)
    refused: Counter[tuple[str, LineClass]] = field(default_factory=Counter)

    def take(self, event: LineEvent) -> None:
        account = (event.trunk, event.line_class)
        match event:
            case LineSeized():
                assert event.call not in self.held, "one line for a call"
                self.held[event.call] = account
                self.asked[account] += not event.adopted
            case LineRefused():
                assert event.call not in self.held
                self.asked[account] += 1
                self.refused[account] += 1
            case LineReclassed(before=before):
                assert self.held[event.call] == (event.trunk, before)
                self.held[event.call] = account
            case LineReleased():
                assert self.held.pop(event.call) == account, "each line is given back once"


class LinesAgainstAPlainList(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger()
        self.groups = {"main": TrunkGroup(name="main", lines=3)}
        self.lines = Lines(self.groups.values(), self.ledger.take)
        self.held: dict[str, tuple[str, LineClass]] = {}
        self.now = 0.0

    def _taken(self, trunk: str, line_class: LineClass | None = None) -> int:
        return sum(
            held[0] == trunk and line_class in (None, held[1]) for held in self.held.values()
        )

    @rule(groups=GROUPS)
    def configure(self, groups: tuple[TrunkGroup, ...]) -> None:
        self.groups = {group.name: group for group in groups}
        self.lines.configure(groups)

    @rule(call=CALLS, trunk=TRUNKS, line_class=CLASSES)
    def seize(self, call: str, trunk: str, line_class: LineClass) -> None:
        group = self.groups.get(trunk)
        free = group.lines - self._taken(trunk) if group else 0
        share = group.shares.get(line_class, Share()) if group else Share()
        within = share.at_most is None or self._taken(trunk, line_class) < share.at_most
        fits = free > 0 and free > share.leaves_free and within
        given = self.lines.seize(call, trunk, line_class, self.now)
        assert bool(given) is (call in self.held or fits)
        if given:
            self.held.setdefault(call, (trunk, line_class))

    @rule(call=CALLS, line_class=CLASSES)
    def adopt(self, call: str, line_class: LineClass) -> None:
        self.lines.adopt(call, "main", line_class, self.now)
        self.held.setdefault(call, ("main", line_class))

    @rule(call=CALLS, line_class=CLASSES)
    def reclass(self, call: str, line_class: LineClass) -> None:
        self.lines.reclass(call, line_class, self.now)
        if call in self.held:
            self.held[call] = (self.held[call][0], line_class)

    @rule(call=CALLS)
    def release(self, call: str) -> None:
        self.lines.release(call, self.now)
        self.held.pop(call, None)

    @invariant()
    def agrees(self) -> None:
        assert self.ledger.held == self.held
        used = {use.trunk: use for use in self.lines.usage(self.now)}
        assert {trunk for trunk, _ in self.held.values()} <= used.keys()
        for use in used.values():
            assert use.in_use == self._taken(use.trunk) <= use.peak
            assert use.free == max(0, use.lines - use.in_use)
            for each in use.classes:
                account = (use.trunk, each.line_class)
                assert each.in_use == self._taken(*account)
                assert each.attempts == self.ledger.asked[account]
                assert each.refused == self.ledger.refused[account]


TestLinesAgainstAPlainList = LinesAgainstAPlainList.TestCase


def _main(lines: int = 10, shares: Mapping[LineClass, Share] | None = None) -> Lines:
    return Lines([TrunkGroup(name="main", lines=lines, shares=shares or {})])


def _use(lines: Lines, now: float = 0.0) -> LineUse:
    (use,) = lines.usage(now)
    return use


def _fill(lines: Lines, line_class: LineClass, *, most: int = 100) -> int:
    """Seizes lines until one is refused; how many it were."""
    for n in range(most):
        if not lines.seize(f"{line_class}{n}", "main", line_class, 0.0):
            return n
    return most


def test_a_class_leaves_its_lines_free_and_the_next_one_finds_them() -> None:
    shares = {REGISTERED: Share(leaves_free=2), ORDINARY: Share(leaves_free=5)}
    lines = _main(shares=shares)
    assert _fill(lines, ORDINARY) == 5
    assert _fill(lines, REGISTERED) == 3
    assert _fill(lines, TRADING) == 2
    assert _use(lines).in_use == 10


@pytest.mark.parametrize(
    ("lines", "share", "why"),
    [
        (0, Share(), Seizure.NO_LINE),
        (0, Share(at_most=0), Seizure.NO_LINE),
        (3, Share(at_most=0), Seizure.CLASS_FULL),
        (3, Share(leaves_free=3), Seizure.KEPT),
    ],
)
def test_a_refusal_says_why(lines: int, share: Share, why: Seizure) -> None:
    assert _main(lines, shares={ORDINARY: share}).seize("a", "main", ORDINARY, 0.0) is why


def test_who_has_a_line_is_given_no_second_one() -> None:
    lines = _main(1)
    assert lines.seize("a", "main", ORDINARY, 0.0)
    assert lines.seize("a", "main", ORDINARY, 0.0)
    assert _use(lines).in_use == 1


def test_a_caller_who_proves_to_be_of_another_class_moves_at_once_even_where_that_is_full() -> None:
    lines = _main(shares={TRADING: Share(at_most=1)})
    lines.seize("a", "main", TRADING, 0.0)
    lines.seize("b", "main", ORDINARY, 0.0)
    lines.reclass("b", TRADING, 0.0)
    assert _use(lines).by_class == {"trading": 2}
    assert lines.seize("c", "main", TRADING, 0.0) is Seizure.CLASS_FULL


def test_a_proof_frees_the_share_of_the_class_it_came_from() -> None:
    lines = _main(shares={ORDINARY: Share(at_most=1)})
    lines.seize("a", "main", ORDINARY, 0.0)
    assert not lines.seize("b", "main", ORDINARY, 0.0)
    lines.reclass("a", TRADING, 0.0)
    assert lines.seize("b", "main", ORDINARY, 0.0)


@dataclass(frozen=True)
class Between:
    begins: float
    ends: float

    def is_open(self, at: float) -> bool:
        return self.begins <= at < self.ends


def test_a_share_can_depend_on_the_time_and_the_first_that_names_the_class_counts() -> None:
    group = TrunkGroup(
        name="main",
        lines=10,
        shares={ORDINARY: Share(leaves_free=1), TRADING: Share(leaves_free=0)},
        timed=(
            TimedShares(during=Between(100, 200), shares={ORDINARY: Share(leaves_free=6)}),
            TimedShares(during=Between(150, 300), shares={ORDINARY: Share(leaves_free=8)}),
        ),
    )
    kept = [group.share(ORDINARY, at).leaves_free for at in (99, 100, 150, 199, 200, 300)]
    assert kept == [1, 6, 6, 6, 8, 1]
    assert group.share(TRADING, 150).leaves_free == 0
    assert group.share(REGISTERED, 150) == Share()


def test_fewer_lines_disturb_nobody_and_none_is_given_until_enough_are_free() -> None:
    lines = _main(3)
    assert _fill(lines, ORDINARY) == 3
    lines.configure([TrunkGroup(name="main", lines=2)])
    assert _use(lines).in_use == 3
    lines.release("ordinary0", 1.0)
    assert not lines.seize("late", "main", TRADING, 1.0)
    lines.release("ordinary1", 1.0)
    assert lines.seize("late", "main", TRADING, 1.0)


def test_a_group_that_is_gone_is_shown_until_its_last_call_ends() -> None:
    lines = _main(3)
    lines.seize("a", "main", ORDINARY, 0.0)
    lines.configure([])
    assert (_use(lines).lines, _use(lines).in_use, _use(lines).free) == (0, 1, 0)
    lines.release("a", 1.0)
    assert lines.usage(1.0) == ()


def test_the_peak_stays_when_the_calls_are_gone() -> None:
    lines = _main(5)
    _fill(lines, ORDINARY, most=4)
    for n in range(4):
        lines.release(f"ordinary{n}", 1.0)
    assert (_use(lines).in_use, _use(lines).peak) == (0, 4)


def test_an_apology_is_no_call_more() -> None:
    lines = _main(2, shares={ORDINARY: Share(at_most=0), LineClass.APOLOGY: Share(at_most=1)})
    for call in ("a", "b"):
        lines.seize(call, "main", ORDINARY, 0.0)
        lines.seize(call, "main", LineClass.APOLOGY, 0.0)
    use = _use(lines)
    assert (use.in_use, use.attempts, use.refused) == (1, 2, 2)


def test_a_branch_is_reached_over_the_group_that_names_it() -> None:
    lines = Lines(
        [
            TrunkGroup(name="main", lines=3),
            TrunkGroup(name="to-suzhou", lines=2, site="suzhou"),
        ]
    )
    assert lines.group_to("suzhou") == "to-suzhou"
    assert lines.group_to("beijing") is None
    assert lines.group_to("") is None


@given(st.lists(st.tuples(CLASSES, st.booleans()), max_size=60))
def test_a_class_never_begins_a_call_while_the_lines_it_leaves_are_not_free(
    steps: list[tuple[LineClass, bool]],
) -> None:
    shares = {REGISTERED: Share(leaves_free=1), ORDINARY: Share(leaves_free=3)}
    lines = _main(6, shares=shares)
    held: list[str] = []
    for n, (line_class, ends) in enumerate(steps):
        if ends and held:
            lines.release(held.pop(), float(n))
            continue
        free = _use(lines).free
        if lines.seize(str(n), "main", line_class, float(n)):
            assert free > shares.get(line_class, Share()).leaves_free
            held.append(str(n))
