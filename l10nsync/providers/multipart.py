"""Bodies of `multipart/form-data` as plain bytes, so that a request can be sent again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file under a field and a name of its own."""

    field: str
    name: str
    content: bytes
    media: str = "application/octet-stream"


def encode(
    fields: Iterable[tuple[str, str]], file: bytes | None = None, files: Iterable[FilePart] = ()
) -> tuple[str, bytes]:
    """Return the Content-Type and the body for FIELDS, an optional part `file`, and FILES.

    The name of the part `file` is a constant: its service takes a file's identity from the field `fileUri`,
    and a real name could break the header. Same input, same bytes.
    """
    pairs = list(fields)
    named = [*([FilePart("file", "file", file)] if file is not None else []), *files]
    boundary = _boundary(pairs, named)
    parts = [_part(boundary, _quoted(name), "", value.encode()) for name, value in pairs]
    for given in named:
        extra = f'; filename="{_quoted(given.name)}"\r\nContent-Type: {given.media}'
        parts.append(_part(boundary, _quoted(given.field), extra, given.content))
    return f"multipart/form-data; boundary={boundary}", b"".join([*parts, f"--{boundary}--\r\n".encode()])


def _boundary(pairs: list[tuple[str, str]], files: list[FilePart]) -> str:
    digest = sha256()
    for file in files:
        digest.update(sha256(file.content).digest())
    for name, value in pairs:
        digest.update(f"{len(name)}:{name}{len(value)}:{value}".encode())
    return f"l10nsync-{digest.hexdigest()[:40]}"


def _quoted(name: str) -> str:
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


def _part(boundary: str, name: str, extra: str, content: bytes) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'
    return head.encode() + content + b"\r\n"
