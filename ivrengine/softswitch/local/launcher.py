"""Becomes another program that dies with its parent and may open many files.

Run as a script: ``launcher.py PARENT_PID SIGNAL PROGRAM [ARGUMENT...]``. The kernel then sends
SIGNAL when the parent ends, however it ends (prctl(2), PR_SET_PDEATHSIG; the setting survives
execve). The limit of open files, commonly 1024, is raised as far as an ordinary user may: a call
takes Asterisk five of them. This is a program of its own because code between fork and exec in a
process with threads is not safe.
"""

import ctypes
import os
import resource
import sys

_PR_SET_PDEATHSIG = 1
_ENOUGH_FILES = 65536
"""More is of no use, and some libraries walk through every number that could be open."""


def main() -> None:
    """Tie this process to its parent and become the program."""
    parent, signal_number, program = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal_number) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:
        raise SystemExit("the parent ended before its child began")
    _allow_many_files()
    os.execv(program[0], program)


def _allow_many_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH_FILES if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    main()
