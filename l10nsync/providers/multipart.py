"""Bodies of `multipart/form-data` as plain bytes, so that a request can be sent again."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256


def encode(fields: Iterable[tuple[str, str]], file: bytes | None = None) -> tuple[str, bytes]:
    """Return the Content-Type and the body for FIELDS and an optional part `file`.

    The file's name is a constant: the service takes a file's identity from the field `fileUri`, and
    a real name could break the header that it stands in. Same input, same bytes.
    """
    pairs = list(fields)
    boundary = _boundary(pairs, file or b"")
    parts = [_part(boundary, _quoted(name), "", value.encode()) for name, value in pairs]
    if file is not None:
        extra = '; filename="file"\r\nContent-Type: application/octet-stream'
        parts.append(_part(boundary, "file", extra, file))
    return f"multipart/form-data; boundary={boundary}", b"".join([*parts, f"--{boundary}--\r\n".encode()])


def _boundary(pairs: list[tuple[str, str]], file: bytes) -> str:
    digest = sha256(file)
    for name, value in pairs:
        digest.update(f"{len(name)}:{name}{len(value)}:{value}".encode())
    return f"l10nsync-{digest.hexdigest()[:40]}"


def _quoted(name: str) -> str:
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


def _part(boundary: str, name: str, extra: str, content: bytes) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'
    return head.encode() + content + b"\r\n"
