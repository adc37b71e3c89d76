"""Answers as the responses give them: a status, bytes and headers, in the service's envelope."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import md5
from typing import Any

from l10nsync.sandbox.refusal import Refusal

JSON_TYPE = "application/json;charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer."""

    status: int = 200
    body: bytes = b""
    headers: Sequence[tuple[str, str]] = ()


def data(value: Any = None, status: int = 200, code: str = "SUCCESS") -> Reply:
    """Return a success in the service's envelope."""
    return _json({"response": {"code": code, "data": value}}, status)


def accepted(value: Any = None) -> Reply:
    """Return "accepted; the work goes on"."""
    return data(value, 202, "ACCEPTED")


def items(found: Sequence[Any], total: int | None = None) -> Reply:
    """Return a list with its total."""
    return data({"items": list(found), "totalCount": len(found) if total is None else total})


def refused(refusal: Refusal) -> Reply:
    """Return an error in the service's envelope."""
    return _json(refusal.envelope(), refusal.status)


def download(content: bytes, media: str, name: str) -> Reply:
    """Return a file."""
    return Reply(200, content, (("Content-Type", media), ("Content-Disposition", _disposition(name))))


def in_parts(reply: Reply) -> Reply:
    """Return a file as an official client wants it: one part with it, one with what there is to say of it."""
    boundary = md5(reply.body, usedforsecurity=False).hexdigest()
    head = "".join(f"{name}: {value}\r\n" for name, value in reply.headers)
    body = (
        f"--{boundary}\r\n{head}\r\n".encode()
        + reply.body
        + f"\r\n--{boundary}\r\nContent-Type: application/json\r\n\r\n{{}}\r\n--{boundary}--\r\n".encode()
    )
    return Reply(reply.status, body, (("Content-Type", f"multipart/mixed; boundary={boundary}"),))


def plain(value: Any, status: int = 200) -> Reply:
    """Return a value as bare JSON, as the control API does."""
    return _json(value, status)


def _json(value: Any, status: int) -> Reply:
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return Reply(status, body, (("Content-Type", JSON_TYPE),))


def _disposition(name: str) -> str:
    """Quote a file name for a header; what latin-1 lacks is replaced, control characters too."""
    safe = "".join("_" if ord(character) < 32 or ord(character) > 126 else character for character in name)
    escaped = safe.replace("\\", "\\\\").replace('"', '\\"')
    return f'attachment; filename="{escaped}"'
