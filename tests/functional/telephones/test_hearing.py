"""One of the kit's telephones plays files of a small library, the other says what it heard."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from itertools import chain, islice
from pathlib import Path

import pytest

from ivrengine.softphone.hearing.ear import Ear
from ivrengine.softphone.hearing.figures import barge_in_s, digit_to_prompt_s, gap_samples
from ivrengine.softphone.hearing.library import PromptLibraries
from ivrengine.softphone.hearing.transcript import Heard, Unknown
from ivrengine.softphone.sip.media import Media
from ivrengine.softphone.sip.phone import PhoneSettings
from ivrengine.softphone.sip.rtp import RtpSocket
from ivrengine.softphone.sip.sdp import AudioStream
from ivrengine.softphone.sip.transactions import Timers
from ivrengine.softphone.sound.codec import FRAME_S, FRAME_SAMPLES, Codec
from ivrengine.softphone.sound.sources import recording, silence
from tests.kit.person import Agent, Caller
from tests.kit.prompts import write_library

pytestmark = pytest.mark.functional

FRAMES = {"zh/menu/main": 40, "zh/num/1": 15, "en/menu/main": 35, "music/calm": 100}


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> PromptLibraries:
    root = tmp_path_factory.mktemp("prompts")
    return PromptLibraries(write_library(root, FRAMES)).load_all()


class Line:
    """A caller who listens and an agent's telephone that plays files into the call."""

    def __init__(self, caller: Caller, player: Agent, library: Path) -> None:
        self.caller = caller
        self._player = player
        self._library = library

    def file(self, name: str) -> Iterator[bytes]:
        codec = self._player.call.media.codec
        return recording(self._library / f"{name}.{codec.suffix}", codec)

    def pause(self, frames: int) -> Iterator[bytes]:
        return islice(silence(self._player.call.media.codec), frames)

    def plays(self, *sounds: Iterator[bytes]) -> None:
        self._player.call.play(chain(*sounds))

    @property
    def player(self) -> Agent:
        return self._player


@pytest.fixture(params=list(Codec), ids=lambda codec: codec.name)
async def line(request: pytest.FixtureRequest, libraries: PromptLibraries) -> AsyncIterator[Line]:
    async with AsyncExitStack() as stack:
        timers = Timers(t1_s=0.05)
        settings = PhoneSettings(user="8001", server=("127.0.0.1", 9), timers=timers)
        player = await stack.enter_async_context(await Agent.with_phone(settings, libraries))
        settings = PhoneSettings(
            user="139", server=player.phone.wire.address, timers=timers, codecs=(request.param,)
        )
        caller = await stack.enter_async_context(await Caller.with_phone(settings, libraries))
        async with asyncio.TaskGroup() as group:
            group.create_task(player.answers())
            group.create_task(caller.dials("8001"))
        yield Line(caller, player, libraries.directory)


async def test_a_prompt_is_heard_from_its_first_frame_to_its_last(line: Line) -> None:
    line.plays(line.pause(5), line.file("zh/menu/main"))
    heard = await line.caller.hears("menu.main", language="zh", to_the_end=True)
    assert (heard.from_frame, heard.to_frame, heard.lost_frames) == (0, 39, 0)
    assert heard.ended_at - heard.began_at == pytest.approx(39 * FRAME_S, abs=0.1)


async def test_the_language_is_heard(line: Line) -> None:
    line.plays(line.file("en/menu/main"))
    heard = await line.caller.hears("menu.main")
    assert heard.language == "en"
    assert not line.caller.ear.has_heard("menu.main", language="zh")


async def test_fragments_in_a_row_are_heard_in_order_without_a_gap(line: Line) -> None:
    line.plays(line.file("zh/num/1"), line.file("zh/num/1"), line.file("zh/menu/main"))
    first, second, third = await line.caller.hears_in_order("num.1", "num.1", "menu.main")
    assert (gap_samples(first, second), gap_samples(second, third)) == (0, 0)


async def test_a_pause_between_fragments_is_measured_in_samples(line: Line) -> None:
    line.plays(line.file("zh/num/1"), line.pause(3), line.file("zh/menu/main"))
    first, second = await line.caller.hears_in_order("num.1", "menu.main")
    assert gap_samples(first, second) == 3 * FRAME_SAMPLES


async def test_a_prompt_out_of_order_fails_and_shows_the_transcript(line: Line) -> None:
    line.plays(line.file("zh/num/1"), line.file("en/menu/main"))
    with pytest.raises(AssertionError, match=r"(?s)num\.1 did not come next.*en menu\.main"):
        await line.caller.hears_in_order("num.1", "num.1", within_s=1.0)


async def test_a_prompt_that_is_not_played_is_not_heard(line: Line) -> None:
    line.plays(line.file("zh/num/1"))
    with pytest.raises(AssertionError, match=r"(?s)menu\.main in zh was not heard.*zh num\.1"):
        await line.caller.hears("menu.main", language="zh", within_s=0.6)


async def test_an_interrupted_prompt_is_not_whole_and_its_end_is_known(line: Line) -> None:
    line.plays(line.file("zh/menu/main"))
    await line.caller.hears("menu.main")
    press = await line.caller.presses("1")
    line.plays(line.file("zh/num/1"))
    after = await line.caller.hears("num.1", to_the_end=True)
    cut = line.caller.ear.transcript[0]
    assert isinstance(cut, Heard)
    assert not cut.complete
    assert 0 < cut.to_frame < 30
    assert 0.0 < digit_to_prompt_s(press, after) < 1.0
    assert 0.0 < barge_in_s(press, cut) < 0.4


async def test_hearing_a_cut_prompt_to_its_end_fails(line: Line) -> None:
    line.plays(islice(line.file("zh/menu/main"), 20))
    with pytest.raises(AssertionError, match="was not heard whole"):
        await line.caller.hears("menu.main", within_s=1.0, to_the_end=True)


async def test_a_prompt_whose_sender_pauses_in_it_is_heard_whole(line: Line) -> None:
    prompt = line.file("zh/menu/main")
    line.plays(islice(prompt, 20), line.pause(7), prompt, line.file("zh/num/1"))
    whole, following = await line.caller.hears_in_order("menu.main", "num.1", language="zh")
    assert whole.complete
    assert gap_samples(whole, following) == 0
    assert line.caller.transcript.count("menu.main") == 2, "the transcript shows the pause"


async def test_a_prompt_that_leaves_something_out_in_a_pause_is_not_heard_whole(
    line: Line,
) -> None:
    prompt = line.file("zh/menu/main")
    line.plays(islice(prompt, 20), line.pause(7), islice(prompt, 7, None))
    with pytest.raises(AssertionError, match="was not heard whole"):
        await line.caller.hears("menu.main", within_s=1.0, to_the_end=True)


async def test_music_is_music_wherever_it_goes_on(line: Line) -> None:
    line.plays(islice(line.file("music/calm"), 30, None))
    heard = await line.caller.hears_music()
    assert heard.from_frame == 30
    assert heard.language is None


async def test_a_hum_is_heard_by_the_other_side_and_is_no_prompt(line: Line) -> None:
    line.caller.hums(440)
    line.player.hums(1000)
    await line.player.hears_tone(440)
    await line.caller.hears_tone(1000)
    with pytest.raises(AssertionError, match="no tone of 440 Hz"):
        await line.caller.hears_tone(440, within_s=0.3)
    unknown = line.caller.ear.transcript[-1]
    assert isinstance(unknown, Unknown)
    assert unknown.loudest_hz == pytest.approx(1000, abs=10)


async def test_silence_is_told_from_sound(line: Line) -> None:
    await line.caller.hears_nothing_for(0.3)
    line.plays(line.file("zh/num/1"))
    with pytest.raises(AssertionError, match=r"(?s)it was not silent.*num\.1"):
        await line.caller.hears_nothing_for(0.5)


async def test_a_change_of_source_in_the_middle_of_a_prompt_is_survived(line: Line) -> None:
    line.plays(line.file("zh/menu/main"))
    await line.caller.hears("menu.main")
    line.player.call.media.change_source()
    await line.caller.waits(0.9)
    heard = line.caller.ear.transcript[0]
    assert isinstance(heard, Heard)
    assert heard.complete


@pytest.mark.parametrize("codec", list(Codec), ids=lambda codec: codec.name)
async def test_sound_that_overtakes_the_answer_is_heard_in_its_own_codec(
    libraries: PromptLibraries, codec: Codec
) -> None:
    listener, speaker = (Media(RtpSocket.open("127.0.0.1")) for _ in range(2))
    ear = Ear(listener, libraries)
    try:
        speaker.play(recording(libraries.directory / f"zh/menu/main.{codec.suffix}", codec))
        speaker.agree(AudioStream(address=listener.address, codecs=(codec,)), codec)
        heard = await ear.hears("menu.main", language="zh", to_the_end=True)
        assert heard.frames == 40
    finally:
        listener.close()
        speaker.close()
