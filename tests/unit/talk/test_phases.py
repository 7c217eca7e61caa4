"""The table of a conversation's phases: total, and sane about who hears whom."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.calls.talk.phases import (
    Place,
    Role,
    TalkPhase,
    Turn,
    after,
    caller_waits,
    has_third,
    scene,
)

pytestmark = pytest.mark.unit

PHASES = list(TalkPhase)


@pytest.mark.parametrize(("phase", "turn"), list(product(PHASES, Turn)))
def test_every_turn_is_decided_in_every_phase(phase: TalkPhase, turn: Turn) -> None:
    to = after(phase, turn)
    assert to is None or to in PHASES


@pytest.mark.parametrize("phase", PHASES)
def test_caller_and_agent_are_somewhere_in_every_phase(phase: TalkPhase) -> None:
    assert {Role.CALLER, Role.AGENT} <= set(scene(phase))


@pytest.mark.parametrize("phase", PHASES)
def test_nobody_is_left_in_silence_but_an_agent_who_holds(phase: TalkPhase) -> None:
    places = scene(phase)
    for role, place in places.items():
        alone = list(places.values()).count(place) == 1
        if alone and place in (Place.TOGETHER, Place.ASIDE):
            assert (phase, role) == (TalkPhase.HELD, Role.AGENT)


@pytest.mark.parametrize("phase", PHASES)
def test_a_consultation_is_never_where_the_caller_is(phase: TalkPhase) -> None:
    assert scene(phase)[Role.CALLER] is not Place.ASIDE


def test_a_third_who_leaves_or_takes_over_leads_back_to_a_talk_of_two() -> None:
    for phase in PHASES:
        if has_third(phase):
            assert after(phase, Turn.THIRD_GONE) is TalkPhase.TALKING
            assert after(phase, Turn.HAND_OVER) is TalkPhase.TALKING
        else:
            assert after(phase, Turn.HAND_OVER) is None


@given(st.lists(st.sampled_from(list(Turn)), max_size=30))
def test_from_wherever_turns_lead_the_caller_can_be_talked_with_again(turns: list[Turn]) -> None:
    phase = TalkPhase.TALKING
    for turn in turns:
        phase = after(phase, turn) or phase
    back = Turn.RETRIEVE if phase is TalkPhase.HELD else Turn.THIRD_GONE
    phase = after(phase, back) or phase
    assert phase is TalkPhase.TALKING
    assert not caller_waits(phase)
