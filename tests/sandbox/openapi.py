"""Holds answers against the service's official API description, if `L10NSYNC_OPENAPI` names a copy of it.

The description is in OpenAPI 3.0; its schemas are turned into JSON Schema. Where it contradicts itself or
its own examples, the fault is listed in `FAULTS` with its reason, one by one.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

VARIABLE = "L10NSYNC_OPENAPI"
JSON = dict[str, Any]


def available() -> bool:
    """Whether a copy of the description is at hand."""
    return bool(os.environ.get(VARIABLE))


@cache
def description() -> JSON:
    """Return the description as it is."""
    text = Path(os.environ[VARIABLE]).read_text(encoding="utf-8")
    loaded: JSON = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return loaded


@cache
def definitions() -> JSON:
    """Return all named schemas as JSON Schema."""
    schemas = description()["components"]["schemas"]
    return {name: convert(schema) for name, schema in schemas.items()}


def convert(schema: Any) -> Any:
    """Return an OpenAPI 3.0 schema as JSON Schema: `nullable` becomes a type, references move."""
    if isinstance(schema, list):
        return [convert(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": schema["$ref"].replace("#/components/schemas/", "#/$defs/")}
    made = {
        key: convert(value) for key, value in schema.items() if key not in {"example", "nullable", "format"}
    }
    if schema.get("nullable"):
        return {"anyOf": [made, {"type": "null"}]}
    return made


def operations() -> list[tuple[str, str, JSON]]:
    """Return every operation: method, path with names in braces, and what is said of it."""
    return [
        (method.upper(), path, operation)
        for path, item in description()["paths"].items()
        for method, operation in item.items()
        if "responses" in operation
    ]


def blank(path: str) -> str:
    """Return a path with its names left out: two descriptions call them differently."""
    return re.sub(r"\{\w+\}", "{}", path)


def body_fields() -> dict[tuple[str, str], set[str]]:
    """Return the fields of every JSON body, by method and blank path; those of objects after a dot."""
    found: dict[tuple[str, str], set[str]] = {}
    for method, path, operation in operations():
        contents = operation.get("requestBody", {}).get("content", {})
        schema = next((body["schema"] for kind, body in contents.items() if "json" in kind), None)
        if schema is not None:
            found[method, blank(path)] = set(_fields(schema, ""))
    return found


def _fields(schema: JSON, prefix: str) -> Iterator[str]:
    if "$ref" in schema:
        schema = description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for part in (*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from _fields(part, prefix)
    if "items" in schema:
        yield from _fields(schema["items"], prefix)
    for name, inner in schema.get("properties", {}).items():
        yield f"{prefix}{name}"
        yield from _fields(inner, f"{prefix}{name}.")


@cache
def routes() -> list[tuple[str, re.Pattern[str], JSON]]:
    """Return every operation: method, what its path matches, its answers."""
    found = [
        (method, re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), operation["responses"])
        for method, path, operation in operations()
    ]
    return sorted(found, key=lambda each: each[1].pattern.count("[^/]+"))


def schema_of(method: str, path: str, status: int) -> Any:
    """Return the JSON Schema of an answer; None if the description has none."""
    for known, pattern, responses in routes():
        if known == method and pattern.fullmatch(path):
            content = responses.get(str(status), {}).get("content", {})
            return convert(content.get("application/json", {}).get("schema"))
    return None


def recorded_problems(record: Path) -> list[str]:
    """Return what is wrong with the answers that a sandbox has recorded; answers of one shape count once."""
    seen: set[tuple[Any, ...]] = set()
    found: list[str] = []
    with record.open(encoding="utf-8") as stream:
        for line in map(json.loads, stream):
            answer = line["answer"]
            if line["fault"] or line["status"] == 501 or "response" not in answer:
                continue
            shape = (line["method"], line["operation"], line["status"], _shape(answer))
            if shape not in seen:
                seen.add(shape)
                body = json.dumps(answer).encode()
                found += problems(line["method"], line["path"], line["status"], body)
    return found


def _shape(value: Any, name: str = "") -> Any:
    """Return what a value looks like: names, kinds, and the words of a fixed set."""
    if isinstance(value, dict):
        return tuple((key, _shape(inner, key)) for key, inner in value.items())
    if isinstance(value, list):
        return tuple(sorted({_shape(each, name) for each in value}, key=repr))
    word = isinstance(value, str) and name.lower().endswith(("status", "code", "state", "type"))
    return value if word else type(value).__name__


def problems(method: str, path: str, status: int, body: bytes) -> list[str]:
    """Return what is wrong with an answer, known faults of the description aside."""
    schema = schema_of(method, path, status)
    if schema is None:
        return []
    value = json.loads(body)
    validator = jsonschema.Draft202012Validator({**schema, "$defs": definitions()})
    return [f"{method} {path} {status}: {each}" for each in _errors(validator, value)]


def _errors(validator: Any, value: Any) -> Iterator[str]:
    for error in validator.iter_errors(value):
        where = "/".join(str(part) for part in error.absolute_path)
        if not any(
            re.search(place, where) and re.search(text, error.message) for place, text, _reason in FAULTS
        ):
            yield f"{where}: {error.message[:300]}"


FAULTS: list[tuple[str, str, str]] = [
    (
        r"(^|/)(details|key|message|data)$",
        r"^None is not of type",
        "errors and empty operations have nulls in the examples, but nothing is declared nullable",
    ),
    (
        r"/errors/\d+/details$",
        r"is not of type 'object'",
        "the example of an unexpected field has its name there, as a text",
    ),
    (
        r"/(description|dueDate|referenceNumber|callbackUrl|callbackMethod|priority|\w+Date)$",
        r"^None is not of type",
        "a job's fields that are not set; nothing is declared nullable",
    ),
    (
        r"/data/progress$",
        r"^None is not of type",
        "null for a job without content, as the official tutorial says",
    ),
    (
        r"/(stringText|stringVariant|variant|maxLength|pluralForm)$",
        r"^None is not of type",
        "what a string does not have; nothing is declared nullable",
    ),
    (
        r"/(assigneeUserUid|resolvedByUserUid|reopenedByUserUid)$",
        r"^None is not of type",
        "what an issue does not have; the example of an issue has null there",
    ),
    (
        r"/issueSubTypeCode$",
        r"is not one of \['CLARIFICATION'",
        "the same description lets accounts define sub-types of their own",
    ),
    (
        r"^response/data/items/\d+/subTypes$",
        r"is not of type 'object'",
        "the example of the issue types has a list there",
    ),
    (
        r"^response/data/offset$",
        r"^None is not of type",
        "the cursor after the last page of contexts or bindings; the text calls it empty",
    ),
    (r"/totalPageCount$", r"^None is not of type", "the example of the file status has null there"),
    (r"/stringHashcode$", r"^None is not of type", "an unknown key has no string"),
    (
        r"(/fileType|^response/data/items/\d+)$",
        r"^'\w+' is not one of \['android'",
        "requests spell java_properties, the examples of answers javaProperties",
    ),
    (
        r"/hasInstructions$",
        r"is not of type 'integer'",
        "the example of the single-locale status is a boolean",
    ),
    (
        r"/processStatistics/\w+$",
        r"is not of type 'string'",
        "numbers in the examples, and every official client reads numbers",
    ),
    (
        r"/files/\d+/status$",
        r"^'(DRAFT|ATTACHING|ATTACH_FAILED|UPLOAD_FAILED)' is not one of",
        "the example of that very answer has ATTACHING, and a strict official client knows this set only",
    ),
    (
        r"^response/data$",
        r"^'(fileUri|localeId|publishDate)' is a required property",
        "the schema of recently-published forgets the list that its example has",
    ),
    (
        r"^$",
        r"'response' was unexpected|^'(items|totalCount|\w+Events)' is a required property",
        "several webhook and glossary schemas forget the envelope that official clients unwrap",
    ),
    (r"^$", r"^'(code|data)' is a required property", "the schema of an upload's 202 forgets the envelope"),
    (
        r"^response/code$",
        r"^'ACCEPTED' is not one of \['SUCCESS'\]",
        "the text and example of the batch upload say ACCEPTED",
    ),
]
"""Place in the answer and message of an error that is the description's fault, with the reason."""
