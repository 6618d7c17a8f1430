"""hold - keep a process from being gone: it is traced, and its end is seen by the tracer first.

usage: hold.py PID    until it is ended itself

As with one in uninterruptible sleep, SIGKILL has no effect that its parent could see. Prints "held"; exit code 77 when
this machine does not let us.
"""

import ctypes
import signal
import sys

PTRACE_SEIZE = 0x4206

libc = ctypes.CDLL(None, use_errno=True)
if libc.ptrace(PTRACE_SEIZE, int(sys.argv[1]), None, None) == -1:
    sys.exit(77)
print("held", flush=True)
signal.pause()
