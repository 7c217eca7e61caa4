"""What is told of the sound of a call from its packets."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.load.measures.probes.rtp_quality import quality_of
from ivrengine.softphone.sip.rtp import Arrival, RtpPacket

pytestmark = pytest.mark.unit

FRAME_S = 0.02
SAMPLES = 160


def arrival(step: int, *, at: float | None = None, first: int = 0, ssrc: int = 1) -> Arrival:
    packet = RtpPacket(
        payload_type=8,
        sequence=(first + step) % (1 << 16),
        timestamp=(first + step) * SAMPLES % (1 << 32),
        ssrc=ssrc,
        payload=bytes(SAMPLES),
    )
    return Arrival(packet=packet, at=step * FRAME_S if at is None else at)


def stream(steps: Iterable[int], *, first: int = 0, ssrc: int = 1) -> list[Arrival]:
    return [arrival(step, first=first, ssrc=ssrc) for step in steps]


@given(st.integers(0, (1 << 16) - 1), st.integers(2, 200))
def test_a_steady_stream_has_no_fault_wherever_its_numbers_begin(first: int, count: int) -> None:
    quality = quality_of(stream(range(count), first=first))
    assert quality is not None
    assert (quality.received, quality.lost) == (count, 0)
    assert quality.jitter_s == pytest.approx(0, abs=1e-9)
    assert quality.longest_wait_s == pytest.approx(FRAME_S)


@given(st.sets(st.integers(1, 98)), st.integers(0, (1 << 16) - 1))
def test_what_never_came_is_lost_and_the_order_of_the_rest_does_not_matter(
    missing: set[int], first: int
) -> None:
    came = stream([step for step in range(100) if step not in missing], first=first)
    came[1:-1] = reversed(came[1:-1])
    quality = quality_of(came)
    assert quality is not None
    assert quality.lost == len(missing)


def test_what_came_twice_does_not_make_up_for_what_was_lost() -> None:
    quality = quality_of(stream([0, 1, 1, 3]))
    assert quality is not None
    assert (quality.received, quality.lost) == (4, 1)


def test_another_source_is_another_stream() -> None:
    quality = quality_of([*stream(range(5)), *stream(range(5), first=9000, ssrc=2)])
    assert quality is not None
    assert (quality.received, quality.lost) == (10, 0)


def test_jitter_is_the_running_estimate_of_rfc_3550() -> None:
    quality = quality_of([arrival(0), arrival(1, at=0.036), arrival(2, at=0.056)])
    assert quality is not None
    assert quality.jitter_s == pytest.approx(0.016 / 16)
    assert quality.longest_wait_s == pytest.approx(0.036)


def test_silence_before_the_next_prompt_is_neither_jitter_nor_a_wait() -> None:
    after = RtpPacket(payload_type=8, sequence=2, timestamp=80_000, ssrc=1, payload=bytes(SAMPLES))
    quality = quality_of([*stream(range(2)), Arrival(packet=after, at=3.0)])
    assert quality is not None
    assert quality.lost == 0
    assert quality.jitter_s == pytest.approx(0)
    assert quality.longest_wait_s == pytest.approx(FRAME_S)


def test_of_no_packets_there_is_nothing_to_tell() -> None:
    assert quality_of([]) is None
