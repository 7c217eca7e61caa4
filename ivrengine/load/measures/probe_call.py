"""What a telephone that listens found out in one call."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RtpQuality:
    """How the sound of one call arrived, by the kernel's own stamps.

    ``lost`` counts by sequence numbers (RFC 3550, A.3), packets that came twice taken out.
    ``jitter_s`` is the interarrival jitter (RFC 3550, 6.4.1) at its highest; ``longest_wait_s`` the
    longest time without a packet where the sender's clock ran on by one packet only.
    """

    received: int
    lost: int
    jitter_s: float
    longest_wait_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeCall:
    """One call; ``began_at`` is monotonic, in seconds, and the same for all processes.

    Attributes:
        setup_s: from the INVITE to its 200, None if there was none.
        first_sound_s: from the 200 to the first frame of the greeting.
        digit_to_prompt_s: from a key's first end packet to the first frame of what it led to.
        pressed_at: the monotonic moments of these end packets.
        gaps_samples: silence between the fragments of a read-out, on the sender's own clock.
        holes_samples: the same inside of fragments, where there was any.
        refused: the SIP status of a call that was turned away, 0 otherwise.
        fault: what was not as it should be, empty when all was.
    """

    began_at: float
    language: str
    setup_s: float | None = None
    first_sound_s: float | None = None
    digit_to_prompt_s: tuple[float, ...] = ()
    pressed_at: tuple[float, ...] = ()
    gaps_samples: tuple[int, ...] = ()
    holes_samples: tuple[int, ...] = ()
    rtp: RtpQuality | None = None
    refused: int = 0
    fault: str = ""
