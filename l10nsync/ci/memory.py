"""Carries what a clone has learned to the fresh clone of a later run, through the cache of the CI system.

Whoever can write to that cache could put something there, and a run restores what it finds. So one file is
carried. A run that has the credentials of the translation system seals it, and it names its repository and
branch. Of a file that is not sealed so, nothing is taken; of one that is, only memories, which save requests
and decide nothing alone (`app.cache`).
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from l10nsync.ci.events import GitHubEvent
from l10nsync.ci.policy import TRUSTED
from l10nsync.ci.step import ActionStep

_COMMANDS = frozenset({"plan", "push", "pull", "status", "verify"})
"""Those that ask the service."""
_MEMORY = re.compile(r"[0-9a-f]{16}\.json")
"""A memory in `.git/l10nsync`; what else lies there, such as a repository of git, is never carried."""
_LIMIT = 200_000_000
"""Bytes of a carried file."""
_FORM = "1"


def places(step: ActionStep, git_dir: Path) -> dict[str, str]:
    """Return where the carried file is to be put, and by which keys the cache is asked for it.

    Empty for a run that carries none: a stranger's, one that asks no service, or one in whose clone an
    earlier step has asked already.
    """
    place = _place(step, git_dir)
    if not (carries(step) and place) or _path(git_dir).exists():
        return {}
    key, *others = [_key(place, reference) for reference in references(step.event)]
    return {
        "memory-file": place,
        # Nothing has this key: the newest one that begins with a line of `memory-keys` is found.
        "memory-key": f"{key}{step.environ.get('GITHUB_RUN_ID', '')}",
        "memory-keys": "\n".join((key, *others)),
    }


def carries(step: ActionStep) -> bool:
    """Return whether the step takes and leaves a memory."""
    online = step.decision.mode == "online" and "--offline" not in step.inputs.args
    return step.inputs.cache and online and step.decision.command in _COMMANDS


def references(event: GitHubEvent) -> tuple[str, ...]:
    """Return the refs whose memories a run may use: its own, and the ones that it starts from."""
    base = event.pull.base_ref if event.pull is not None else ""
    names = (base, event.default_branch)
    return tuple(dict.fromkeys((event.ref, *(f"refs/heads/{name}" for name in names if name))))


def take(step: ActionStep, environ: Mapping[str, str], git_dir: Path) -> str:
    """Put memories of a restored file into the clone that it does not have; return their digest.

    Empty where there is no file, or none that a run of ours sealed for a ref that this one may use.
    """
    body = _opened(_read(_path(git_dir)), _secret(environ))
    found = _parsed(body)
    if not _is_ours(found, step.event):
        return ""
    folder = git_dir / "l10nsync"
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        for name, text in found["files"].items():
            if _MEMORY.fullmatch(name) and not (folder / name).exists():
                handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as stream:
                    stream.write(text)
    return _digest(_written(found["files"]))


def leave(step: ActionStep, environ: Mapping[str, str], git_dir: Path, taken: str) -> dict[str, str]:
    """Write the file that later runs are to find; return its place and key, or nothing where nothing is new.

    TAKEN is what `take` returned.
    """
    secret, files = _secret(environ), _memories(git_dir / "l10nsync")
    place = _place(step, git_dir)
    if not (secret and files and place and _keeps(step.event)):
        return {}
    digest = _digest(_written(files))
    if digest == taken:
        return {}
    body = _written({"repository": step.event.repository, "ref": step.event.ref, "files": files})
    salt = secrets.token_hex(16)
    text = json.dumps({"salt": salt, "seal": _seal(secret, salt, body), "body": body})
    try:
        _path(git_dir).unlink(missing_ok=True)
        handle = os.open(_path(git_dir), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
    except OSError:
        return {}  # later runs ask the service instead
    run = step.environ.get("GITHUB_RUN_ID", "")
    return {"memory-file": place, "memory-key": f"{_key(place, step.event.ref)}{run}-{digest}"}


def _keeps(event: GitHubEvent) -> bool:
    """Return whether later runs can find what this one leaves: those of a branch, or of its pull request."""
    return event.pull is not None or (event.name in TRUSTED and event.ref.startswith("refs/heads/"))


def _path(git_dir: Path) -> Path:
    return git_dir / "l10nsync" / "carried-memory"


def _place(step: ActionStep, git_dir: Path) -> str:
    """Return the carried file's path from the workspace; empty where the clone is elsewhere.

    The cache finds nothing that was saved under another path, and each runner has a workspace of its own.
    """
    workspace = Path(step.environ.get("GITHUB_WORKSPACE") or ".").resolve()
    path = _path(git_dir.resolve())
    return path.relative_to(workspace).as_posix() if path.is_relative_to(workspace) else ""


def _key(place: str, reference: str) -> str:
    """Return how the keys of REFERENCE's memories begin; no other branch's begin so, whatever its name is."""
    scope = _digest(f"{reference}\0{place}")
    return f"l10nsync-{_FORM}-{scope}-"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16] if text else ""


def _secret(environ: Mapping[str, str]) -> str:
    """Return what only a run with the credentials knows; empty without them."""
    names = sorted(name for name in environ if re.fullmatch(r"SMART\w+(SECRET|PASSWORD)", name))
    return "\0".join(environ[name] for name in names if environ[name])


def _seal(secret: str, salt: str, body: str) -> str:
    # Strangers may read the cache, and a password may be short: guessing it has to be slow.
    key = hashlib.scrypt(secret.encode(), salt=salt.encode(), n=2**14, r=8, p=1)
    return hmac.new(key, body.encode("utf-8", "surrogatepass"), "sha256").hexdigest()


def _written(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True)


def _read(path: Path) -> str:
    with contextlib.suppress(OSError, ValueError):
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(handle, encoding="utf-8") as stream:
            return stream.read(_LIMIT)
    return ""


def _opened(text: str, secret: str) -> str:
    """Return the body of a carried file; empty where it is damaged or not sealed with SECRET."""
    found = _parsed(text)
    salt, seal, body = (found.get(name) for name in ("salt", "seal", "body"))
    if not (secret and isinstance(salt, str) and isinstance(seal, str) and isinstance(body, str)):
        return ""
    return body if hmac.compare_digest(_seal(secret, salt, body).encode(), seal.encode()) else ""


def _is_ours(found: Mapping[str, Any], event: GitHubEvent) -> bool:
    same = found.get("repository") == event.repository
    return same and found.get("ref") in references(event) and isinstance(found.get("files"), dict)


def _parsed(text: str) -> Mapping[str, Any]:
    with contextlib.suppress(ValueError, RecursionError):
        found = json.loads(text)
        return found if isinstance(found, dict) else {}
    return {}


def _memories(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    with contextlib.suppress(OSError):
        for path in sorted(folder.iterdir()):
            if _MEMORY.fullmatch(path.name) and path.is_file():
                found[path.name] = path.read_text("utf-8", "surrogateescape")
    return found
