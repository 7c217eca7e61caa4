"""Becomes another program that dies with its parent and may open many files.

Run as a script: ``launcher.py PARENT_PID SIGNAL PROGRAM [ARGUMENT...]``. The kernel then sends
SIGNAL when the parent ends, however it ends (prctl(2), PR_SET_PDEATHSIG; the setting survives
execve). The limit of open files, commonly 1024, is raised as far as an ordinary user may: a call
takes Asterisk five of them. The kernel is asked for short slices of the processor. This is a
program of its own because code between fork and exec in a process with threads is not safe.
"""

import ctypes
import os
import resource
import struct
import sys

_PR_SET_PDEATHSIG = 1
_ENOUGH_FILES = 65536
"""More is of no use, and some libraries walk through every number that could be open."""

_SLICE_NS = 100_000
"""The shortest that the kernel grants; unasked it is one to a few ms, by the number of cores."""
_SCHED_SETATTR = {"x86_64": 314, "aarch64": 274}
_SCHED_ATTR = struct.Struct("=IIQiIQQQII")


def main() -> None:
    """Tie this process to its parent and become the program."""
    parent, signal_number, program = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal_number) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:
        raise SystemExit("the parent ended before its child began")
    _allow_many_files()
    _ask_for_short_slices(libc)
    os.execv(program[0], program)


def _allow_many_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH_FILES if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _ask_for_short_slices(libc: ctypes.CDLL) -> None:
    """Have the kernel let each thread run sooner and for a shorter time, for the same share.

    A call is a thread that works for some 25 us twice in 20 ms, and a key passes through several
    before its prompt begins; each would wait for programs that compute for milliseconds. Any user
    may ask (sched(7), SCHED_OTHER; ``sched_runtime`` counts since Linux 6.12). An older kernel
    takes no notice, and where it is refused all goes on as ever.
    """
    number = _SCHED_SETATTR.get(os.uname().machine)
    if number is None or os.sched_getscheduler(0) != os.SCHED_OTHER:
        return
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    libc.syscall(number, 0, _attributes(nice), 0)


def _attributes(nice: int) -> bytes:
    return _SCHED_ATTR.pack(_SCHED_ATTR.size, os.SCHED_OTHER, 0, nice, 0, _SLICE_NS, 0, 0, 0, 0)


if __name__ == "__main__":
    main()
