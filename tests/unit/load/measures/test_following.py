"""What a telephone that listens forgives an engine that was killed, and nobody else."""

from dataclasses import replace

import pytest

from ivrengine.load.measures.probes.following import begun_between, read_out_from
from ivrengine.softphone.hearing.library import Sound
from ivrengine.softphone.hearing.transcript import Entry, Heard, Unknown

pytestmark = pytest.mark.unit

FRAME = 160
PRESSED_AT, HEARD_AT = 2.0, 8.0


def heard(name: str, *, at_s: float, from_frame: int = 0) -> Heard:
    return Heard(
        sounds=(Sound(name, "zh"),),
        began_at=at_s,
        ended_at=at_s + 0.2,
        start_s=at_s,
        end_s=at_s + 0.2,
        from_frame=from_frame,
        to_frame=9,
        frames=10,
        rtp_begin=round(at_s * 8000),
        rtp_end=round(at_s * 8000) + 10 * FRAME,
    )


def noise(*, at_s: float, frames: int) -> Unknown:
    return Unknown(
        began_at=at_s,
        ended_at=at_s,
        start_s=at_s,
        end_s=at_s,
        frames=frames,
        level_dbfs=-30.0,
        loudest_hz=400.0,
        rtp_begin=round(at_s * 8000),
        rtp_end=round(at_s * 8000) + frames * FRAME,
    )


def between(*entries: Entry, again: bool) -> list[Entry]:
    return begun_between(entries, PRESSED_AT, HEARD_AT, again=again)


MENU, MENU_AGAIN = heard("menu", at_s=0.5), heard("menu", at_s=4)


def test_a_prompt_that_comes_again_is_strange_unless_engines_are_killed() -> None:
    assert between(MENU, MENU_AGAIN, again=False) == [MENU_AGAIN]
    assert between(MENU, MENU_AGAIN, again=True) == []


def test_what_nobody_could_cut_is_strange_unless_engines_are_killed() -> None:
    under_way, next_one = heard("greeting", at_s=1.9), heard("greeting.more", at_s=2.1)
    assert between(under_way, next_one, again=False) == [next_one]
    assert between(under_way, next_one, again=True) == []


def test_what_follows_a_prompt_that_was_cut_is_strange() -> None:
    cut, wrong = replace(heard("menu", at_s=1.9), to_frame=4), heard("mailbox", at_s=2.1)
    assert between(cut, wrong, again=True) == [wrong]


@pytest.mark.parametrize("again", [False, True])
def test_another_prompt_is_strange_whoever_is_killed(again: bool) -> None:
    other = heard("mailbox", at_s=5)
    assert between(MENU, other, again=again) == [other]


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize(
    "entry",
    [
        heard("other", at_s=5, from_frame=4),
        noise(at_s=5, frames=2),
        heard("other", at_s=PRESSED_AT - 0.1),
        heard("other", at_s=HEARD_AT + 0.1),
    ],
)
def test_rests_noise_and_other_times_are_not_strange(entry: Entry, again: bool) -> None:
    assert between(MENU, entry, again=again) == []


@pytest.mark.parametrize("again", [False, True])
def test_sound_that_is_in_no_prompt_is_strange(again: bool) -> None:
    sound = noise(at_s=5, frames=30)
    assert between(MENU, sound, again=again) == [sound]


NAME, PRICE = heard("name", at_s=1), heard("price", at_s=2)
NAME_AGAIN, PRICE_AGAIN = heard("name", at_s=5), heard("price", at_s=6)


def test_a_read_out_is_looked_at_from_where_it_began_for_the_last_time() -> None:
    read_out = [MENU, NAME, PRICE, noise(at_s=3, frames=1), NAME_AGAIN, PRICE_AGAIN]
    assert read_out_from(read_out, NAME, again=True) == [NAME_AGAIN, PRICE_AGAIN]
    assert read_out_from(read_out, NAME, again=False) == [NAME, PRICE, NAME_AGAIN, PRICE_AGAIN]


@pytest.mark.parametrize("again", [False, True])
def test_the_rest_of_a_name_does_not_begin_a_read_out(again: bool) -> None:
    rest = heard("name", at_s=1.5, from_frame=5)
    assert read_out_from([NAME, rest, PRICE], NAME, again=again) == [NAME, rest, PRICE]
