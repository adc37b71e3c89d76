"""A process that forks workers, each of which waits for a go and then carries out the same pull.

Run as a program: reads lines `FOLDER` from standard input and forks a worker for each, which prints its
process id; when it has ended its exit code is printed. The worker waits until a byte comes through the pipe
`FOLDER.go`, so that a tracer can attach first. Everything is imported before the fork: a worker costs
milliseconds, and a tracer sees only the pull.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import sys
from hashlib import sha256
from pathlib import Path

from l10nsync.app import execute
from l10nsync.plan import Action, Plan, Reason, TargetChange
from l10nsync.workspace import Workspace

FILES = 20
_PR_SET_PTRACER = 0x59616D61
_ANY = ctypes.c_ulong(-1)


def target(index: int) -> str:
    """Return the path of a target: some folders exist, some do not."""
    return f"out/{index % 3}/de{index}.json" if index % 2 else f"out/new{index}/de.json"


def old(index: int) -> bytes | None:
    """Return what is there before; None for a file that is new."""
    return json.dumps({"a": f"alt {index}"}).encode() if index % 2 else None


def new(index: int) -> bytes:
    """Return what the pull writes."""
    return (json.dumps({"a": f"neu {index}", "b": "x" * 3000}, indent=1) + "\n").encode()


def plan(workspace: Workspace) -> tuple[Plan, dict[str, bytes]]:
    """Return a pull of what is not written yet, and its contents."""
    contents = {target(index): new(index) for index in range(FILES)}
    changes = []
    for path, content in contents.items():
        before = workspace.read(path)
        if before != content:
            digest = sha256(before).hexdigest() if before is not None else ""
            change = TargetChange(
                Action.WRITE,
                Reason.NEWER,
                "default",
                "web",
                "en.json",
                "en.json",
                "de-DE",
                path,
                before=digest,
            )
            changes.append(change)
    return Plan("pull", tuple(changes)), contents


def pull(folder: Path) -> int:
    """Carry out the pull in FOLDER; return the exit code that its report earns."""
    workspace = Workspace(folder, folder / ".git")
    wanted, contents = plan(workspace)
    return execute.pull(wanted, workspace, contents).exit_code


def say(number: int) -> None:
    """Print a number as a line, at once."""
    os.write(1, f"{number}\n".encode())


def main() -> None:
    """Fork a worker for each line of the input."""
    for line in sys.stdin:
        folder = Path(line.rstrip("\n"))
        worker = os.fork()
        if worker:
            _, status = os.waitpid(worker, 0)
            say(os.waitstatus_to_exitcode(status))
            continue
        code = 99
        try:
            ctypes.CDLL(None).prctl(_PR_SET_PTRACER, _ANY, 0, 0, 0)
            workspace = Workspace(folder, folder / ".git")
            wanted, contents = plan(workspace)
            go = os.open(f"{folder}.go", os.O_RDWR)  # not waiting for the other end
            say(os.getpid())
            select.select([go], [], [])  # a call that no pull makes: attached late, a tracer misses it
            os.close(go)
            code = execute.pull(wanted, workspace, contents).exit_code
        finally:
            os._exit(code)


if __name__ == "__main__":
    main()
