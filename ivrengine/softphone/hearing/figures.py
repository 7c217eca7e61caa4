"""The figures that can be read off a transcript."""

from ivrengine.softphone.hearing.transcript import Heard
from ivrengine.softphone.sip.dtmf import KeyPress


def digit_to_prompt_s(press: KeyPress, heard: Heard) -> float:
    """From the key's first end packet leaving to the first frame of the next prompt arriving."""
    return heard.began_at - press.ended_at


def barge_in_s(press: KeyPress, cut: Heard) -> float:
    """From the key's first packet leaving to the last frame of the prompt it interrupted.

    Zero when the prompt had ended before.
    """
    return max(0.0, cut.ended_at - press.began_at)


def gap_samples(earlier: Heard, later: Heard) -> int:
    """Samples of silence between two prompts, on the sender's own clock; 0 means seamless."""
    return later.rtp_begin - earlier.rtp_end
