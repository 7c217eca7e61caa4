"""Becomes another program that dies with its parent.

Run as a script: ``launcher.py PARENT_PID SIGNAL PROGRAM [ARGUMENT...]``. The kernel then sends
SIGNAL when the parent ends, however it ends (prctl(2), PR_SET_PDEATHSIG; the setting survives
execve). This is a program of its own because code between fork and exec in a process with threads
is not safe.
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Tie this process to its parent and become the program."""
    parent, signal_number, program = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal_number) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:
        raise SystemExit("the parent ended before its child began")
    os.execv(program[0], program)


if __name__ == "__main__":
    main()
