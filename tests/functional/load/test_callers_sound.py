"""The packets of many lines as they arrive: one stream each, keys in their place, and no more."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest

from ivrengine.load.sound.frames import Voice, voices
from ivrengine.load.sound.lines import Line, Lines
from ivrengine.softphone.sip.dtmf import read_event
from ivrengine.softphone.sip.rtp import RtpPacket
from ivrengine.softphone.sip.sdp import AudioStream, UnusableSession
from ivrengine.softphone.sound.codec import Codec

pytestmark = pytest.mark.functional

EVENTS = 96
A_SECOND = 50
A_FEW = 10
BEAT_S = 0.002
MORE_THAN_ONE_BATCH_HOLDS_AT_FIRST = 400


@dataclass
class Ear:
    """One far end, which keeps what arrives."""

    at: socket.socket

    def stream(self) -> AudioStream:
        return AudioStream(
            address=self.at.getsockname(), codecs=(Codec.PCMA,), event_payload_type=EVENTS
        )

    def packets(self) -> list[RtpPacket]:
        found = []
        while True:
            try:
                packet = RtpPacket.parse(self.at.recv(2048))
            except BlockingIOError:
                return found
            assert packet is not None
            found.append(packet)


@pytest.fixture
def ears() -> Iterator[list[Ear]]:
    sockets = []
    for _ in range(MORE_THAN_ONE_BATCH_HOLDS_AT_FIRST):
        ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        ear.bind(("127.0.0.1", 0))
        ear.setblocking(False)
        sockets.append(ear)
    yield [Ear(ear) for ear in sockets]
    for ear in sockets:
        ear.close()


@pytest.fixture
async def lines() -> AsyncIterator[Lines]:
    with Lines.opened() as lines:
        yield lines


def joined(lines: Lines, ear: Ear, voice: Voice = Voice.QUIET) -> Line:
    line = lines.take(voice)
    line.talk_to(ear.stream())
    return line


async def test_a_stream_goes_on_without_a_gap_under_its_keys(lines: Lines, ears: list[Ear]) -> None:
    line = joined(lines, ears[0])
    await asyncio.sleep(0.2)
    await asyncio.sleep(line.press("5#") + 0.1)
    packets = ears[0].packets()
    first = packets[0]
    assert first.marker
    assert [p.sequence for p in packets] == [
        (first.sequence + place) & 0xFFFF for place in range(len(packets))
    ]
    assert len({p.ssrc for p in packets}) == 1
    sound = [p for p in packets if p.payload_type == Codec.PCMA.payload_type]
    assert all(len(p.payload) == 160 for p in sound)
    assert all((p.timestamp - first.timestamp) % 160 == 0 for p in sound)


async def test_a_key_is_one_event_with_its_end_told_three_times(
    lines: Lines, ears: list[Ear]
) -> None:
    line = joined(lines, ears[0])
    await asyncio.sleep(line.press("5#") + 0.1)
    events = [p for p in ears[0].packets() if p.payload_type == EVENTS]
    pressed: dict[int, list[RtpPacket]] = {}
    for event in events:
        pressed.setdefault(event.timestamp, []).append(event)
    keys = []
    for packets in pressed.values():
        told = [read_event(p.payload) for p in packets]
        keys.append(told[0][0])
        assert [is_end for _, is_end in told] == [False] * 4 + [True] * 3
        assert [p.marker for p in packets] == [True] + [False] * 6
    assert keys == ["5", "#"]


async def test_hundreds_of_lines_each_send_fifty_packets_a_second(
    lines: Lines, ears: list[Ear]
) -> None:
    for ear in ears:
        joined(lines, ear)
    await asyncio.sleep(0.3)
    earliest, skipped = time.monotonic(), lines.skipped_beats
    for ear in ears:
        ear.packets()
    began = time.monotonic()
    await asyncio.sleep(1.0)
    # A machine that is busy keeps the process from its work: what it skipped it has counted.
    kept_s = time.monotonic() - began - (lines.skipped_beats - skipped) * BEAT_S
    counts = [len(ear.packets()) for ear in ears]
    most_s = time.monotonic() - earliest
    assert min(counts) >= A_SECOND * kept_s - A_FEW
    assert max(counts) <= A_SECOND * most_s + A_FEW
    assert lines.lost == 0


async def test_who_leaves_falls_silent_and_the_others_go_on_as_they_were(
    lines: Lines, ears: list[Ear]
) -> None:
    everybody = [joined(lines, ear) for ear in ears[:40]]
    await asyncio.sleep(0.1)
    for line in everybody[::2]:
        line.leave()
        line.leave()
    for ear in ears:
        ear.packets()
    await asyncio.sleep(0.3)
    for place, ear in enumerate(ears[:40]):
        packets = ear.packets()
        if place % 2 == 0:
            assert not packets
        else:
            assert len({p.ssrc for p in packets}) == 1
            steps = {b.sequence - a.sequence for a, b in pairwise(packets)}
            assert steps <= {1, 1 - 0x10000}


async def test_what_comes_in_is_heard_by_the_line_that_it_is_for(
    lines: Lines, ears: list[Ear]
) -> None:
    quiet, agent, nobody = (joined(lines, ear) for ear in ears[:3])
    frames = {quiet: Codec.PCMA.silent_frame, agent: _agent_frame()}
    for _ in range(60):
        for line, ear in zip((quiet, agent), ears[:2], strict=True):
            packet = RtpPacket(
                payload_type=8, sequence=1, timestamp=1, ssrc=1, payload=frames[line]
            )
            ear.at.sendto(packet.render(), line.address)
        await asyncio.sleep(0.02)
    assert quiet.heard.seconds >= 1
    assert not quiet.heard.agent.is_set()
    assert agent.heard.agent.is_set()
    assert nobody.heard.seconds == 0


def _agent_frame() -> bytes:
    frame: bytes = voices()[Voice.AGENT.value][0].tobytes()
    return frame


@pytest.mark.parametrize(
    "stream",
    [
        AudioStream(address=("127.0.0.1", 4000), codecs=(Codec.PCMU,)),
        AudioStream(address=("127.0.0.1", 4000), codecs=(Codec.PCMA,), event_payload_type=None),
        AudioStream(address=("127.0.0.1", 0), codecs=(Codec.PCMA,)),
    ],
    ids=["no A-law", "no telephone events", "no port"],
)
async def test_a_side_that_cannot_be_talked_to_is_refused(
    lines: Lines, stream: AudioStream
) -> None:
    line = lines.take()
    with pytest.raises(UnusableSession):
        line.talk_to(stream)
    assert line.press("1") == 0
