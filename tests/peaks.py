"""How much memory a command takes at most, as the system counts it for the command's own process alone.

What the system says of a process that has ended counts what its parent had when it was started, too: so the
command says it of itself.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

_TELL = """\
import atexit, sys
def tell():
    with open("/proc/self/status") as status:
        sys.__stderr__.write(next(line for line in status if line.startswith("VmHWM")))
atexit.register(tell)
from l10nsync.cli import main
main()
"""
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB\n", re.MULTILINE)


def measured(argv: Sequence[str]) -> list[str]:
    """Return what runs l10nsync with ARGV, and lets it say what it took; needs Linux."""
    return [sys.executable, "-c", _TELL, *argv]


def megabytes(said: str) -> int:
    """Return how much a command took that has said SAID on standard error; 0 for one that was killed."""
    found = _PEAK.search(said)
    return int(found[1]) // 1024 if found else 0
