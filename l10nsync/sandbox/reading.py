"""From a request on the wire to a `Call`, whatever form its body has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from l10nsync.sandbox.exchange import Call, Part
from l10nsync.sandbox.recorder import Record
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.server_state import Server

_PART_LIMIT = 64 * 1024 * 1024


async def read(server: Server, operation: str, path: Mapping[str, str], request: Request) -> Call:
    """Return the request as a call; a body that is no JSON is refused only where it is needed.

    Raises Refusal for a form that cannot be read.
    """
    query = parse_qsl(request.url.query, keep_blank_values=True)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    accept = request.headers.get("accept", "").partition(";")[0].strip().lower()
    if kind in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        try:
            form, uploads = await _form(request)
        except (MultiPartException, FormParserError, KeyError, UnicodeError) as error:
            raise invalid(f"The body is no form: {error}") from error
        parts = dict(uploads)
        if "file" not in parts and (text := dict(form).get("file")) is not None:
            parts["file"] = Part(text.encode())
        return Call(server, operation, path, query, form, parts, uploads, accept=accept)
    body = await request.body()
    return Call(server, operation, path, query, json=_json(body), accept=accept)


async def _form(request: Request) -> tuple[list[tuple[str, str]], list[tuple[str, Part]]]:
    fields: list[tuple[str, str]] = []
    uploads: list[tuple[str, Part]] = []
    async with request.form(max_files=100, max_fields=20_000, max_part_size=_PART_LIMIT) as form:
        for key, value in form.multi_items():
            if isinstance(value, UploadFile):
                part = Part(await value.read(), value.content_type or "", value.filename or "")
                uploads.append((key, part))
            else:
                fields.append((key, value))
    return fields, uploads


def _json(body: bytes) -> Any:
    if not body.strip():
        return None
    try:
        return json.loads(body)
    except ValueError:
        return _Broken()


class _Broken(list[Any]):
    """A body that is no JSON: refused where somebody reads it as an object."""


def note(record: Record, call: Call) -> None:
    """Keep the names of what a request brings, never the values but for fileUris and locales."""
    names = list(dict.fromkeys([*(key for key, _ in call.form), *call.parts]))
    if isinstance(call.json, dict):
        names = list(call.json)
    record.fields = tuple(names)
    record.uris = tuple(dict.fromkeys(_uris(call)))
    record.locales = tuple(dict.fromkeys(_locales(call)))
    record.size = sum(len(part.content) for part in call.parts.values())


def _uris(call: Call) -> Iterator[str]:
    pairs = (*call.query, *call.form)
    named = {"fileUri", "fileUris", "newFileUri"}
    yield from (value for key, value in pairs if key.removesuffix("[]") in named)
    if isinstance(call.json, dict):
        yield from _texts([call.json.get("fileUri"), call.json.get("newFileUri")])
        yield from _texts(call.json.get("fileUris"))
        yield from _texts([each.get("fileUri") for each in _objects(call.json.get("files"))])


def _locales(call: Call) -> Iterator[str]:
    if "locale" in call.path:
        yield call.path["locale"]
    yield from call.fields("localeIdsToAuthorize")
    if isinstance(call.json, dict):
        yield from _texts(call.json.get("targetLocaleIds"))
        for each in _objects(call.json.get("files")):
            yield from _texts(each.get("localeIds"))


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
