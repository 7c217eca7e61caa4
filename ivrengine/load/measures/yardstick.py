"""How fast the processors are: on a machine shared with others that changes within minutes.

A core that other virtual machines heat, slow down or share the cache of takes longer for all it
does, and the kernel counts nothing of it as stolen. So the same small computation is timed again
and again. Its processor time is taken, which does not grow while other programs have their turn.
"""

from time import thread_time
from typing import Final

_STEPS: Final = 10_000


def fixed_computation_s() -> float:
    """Return the processor time, in seconds, that the computation took: about a thousandth.

    To be compared with what it took on the same machine, with the same Python.
    """
    began = thread_time()
    number = 1
    for _ in range(_STEPS):
        number = (number * 1_103_515_245 + 12_345) & 0x7FFFFFFF
    return thread_time() - began
