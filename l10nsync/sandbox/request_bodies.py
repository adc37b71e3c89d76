"""From a request on the wire to a `ParsedRequest`, whatever form its body has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from l10nsync.sandbox.parsed_request import BodyPart, ParsedRequest
from l10nsync.sandbox.recorder import RecordedRequest
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.server_state import Server

_DEPTH = 50
"""Layers of a JSON body; no operation has ten."""
_PART_LIMIT = 64 * 1024 * 1024


async def read(server: Server, operation: str, path: Mapping[str, str], request: Request) -> ParsedRequest:
    """Return the request as a call; a body that is not JSON is refused only if it is needed.

    Raises Refusal for a form that cannot be read.
    """
    query = parse_qsl(request.url.query, keep_blank_values=True)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    accept = request.headers.get("accept", "").partition(";")[0].strip().lower()
    if kind in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        try:
            form, uploads = await _form(request)
        except (MultiPartException, FormParserError, KeyError, UnicodeError) as error:
            raise invalid(f"The body is not a form: {error}") from error
        parts = dict(uploads)
        if "file" not in parts and (text := dict(form).get("file")) is not None:
            parts["file"] = BodyPart(text.encode())
        return ParsedRequest(server, operation, path, query, form, parts, uploads, accept=accept)
    body = await request.body()
    return ParsedRequest(server, operation, path, query, json=parsed(body), accept=accept)


async def _form(request: Request) -> tuple[list[tuple[str, str]], list[tuple[str, BodyPart]]]:
    fields: list[tuple[str, str]] = []
    uploads: list[tuple[str, BodyPart]] = []
    async with request.form(max_files=100, max_fields=20_000, max_part_size=_PART_LIMIT) as form:
        for key, value in form.multi_items():
            if isinstance(value, UploadFile):
                part = BodyPart(await value.read(), value.content_type or "", value.filename or "")
                uploads.append((key, part))
            else:
                fields.append((key, value))
    return fields, uploads


def parsed(body: bytes) -> Any:
    """Return the JSON value of a body, None for an empty one, `Broken` if it is invalid or too deep."""
    if not body.strip():
        return None
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return Broken()
    return Broken() if _is_too_deep(found) else found


def _is_too_deep(value: Any) -> bool:
    layer = [value]
    for _level in range(_DEPTH):
        layer = list(
            chain.from_iterable(_held(holder) for holder in layer if isinstance(holder, dict | list))
        )
    return bool(layer)


def _held(holder: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return holder.values() if isinstance(holder, dict) else holder


class Broken(list[Any]):
    """A body that is not JSON: refused when somebody reads it as an object."""


def note(record: RecordedRequest, call: ParsedRequest) -> None:
    """Keep the names of what a request brings, never the values but for fileUris and locales."""
    names = list(dict.fromkeys([*(key for key, _ in call.form), *call.parts]))
    if isinstance(call.json, dict):
        names = list(call.json)
    record.fields = tuple(names)
    record.uris = tuple(dict.fromkeys(_uris(call)))
    record.locales = tuple(dict.fromkeys(_locales(call)))
    record.size = sum(len(part.content) for part in call.parts.values())


def _uris(call: ParsedRequest) -> Iterator[str]:
    pairs = (*call.query, *call.form)
    named = {"fileUri", "fileUris", "newFileUri"}
    yield from (value for key, value in pairs if key.removesuffix("[]") in named)
    if isinstance(call.json, dict):
        yield from _texts([call.json.get("fileUri"), call.json.get("newFileUri")])
        yield from _texts(call.json.get("fileUris"))
        yield from _texts([object_.get("fileUri") for object_ in _objects(call.json.get("files"))])


def _locales(call: ParsedRequest) -> Iterator[str]:
    if "locale" in call.path:
        yield call.path["locale"]
    yield from call.fields("localeIdsToAuthorize")
    if isinstance(call.json, dict):
        yield from _texts(call.json.get("targetLocaleIds"))
        for object_ in _objects(call.json.get("files")):
            yield from _texts(object_.get("localeIds"))


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
