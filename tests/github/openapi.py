"""Holds requests and answers against GitHub's REST description, a copy of which `VARIABLE` may name."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from tests.sandbox.openapi import JSON, convert

VARIABLE = "L10NSYNC_GITHUB_OPENAPI"


def available() -> bool:
    """Whether a copy of the description is at hand."""
    return bool(os.environ.get(VARIABLE))


@cache
def description() -> JSON:
    """Return the description as it is."""
    loaded: JSON = json.loads(Path(os.environ[VARIABLE]).read_bytes())
    return loaded


@cache
def _operations() -> list[tuple[str, re.Pattern[str], JSON]]:
    found = []
    for path, item in description()["paths"].items():
        # A ref is the one parameter that may hold slashes.
        pattern = re.sub(r"\\\{ref\\\}", ".+", re.escape(path))
        pattern = re.sub(r"\\\{[^}]+\\\}", "[^/]+", pattern)
        found += [
            (method.upper(), re.compile(pattern), op) for method, op in item.items() if "responses" in op
        ]
    return sorted(found, key=lambda each: (".+" in each[1].pattern, each[1].pattern.count("[^/]+")))


def problems(method: str, path: str, body: Any, status: int, answer: Any) -> list[str]:
    """Return what is wrong with a request and its answer; PATH begins with `/repos/`.

    The stand-in answers with few of the many fields, so a missing one is no problem; a wrong one is.
    """
    for known, pattern, operation in _operations():
        if known == method and pattern.fullmatch(path):
            return [f"{method} {path}: {each}" for each in _check(operation, body, status, answer)]
    return [f"{method} {path}: GitHub has no such operation"]


def _check(operation: JSON, body: Any, status: int, answer: Any) -> list[str]:
    found = []
    asked = operation.get("requestBody")
    if body is not None and asked:
        found += [f"request: {each}" for each in _errors(_schema(asked), body)]
    if body is not None and not asked:
        found.append("request: there is no body")
    responses = operation["responses"]
    if str(status) not in responses and status < 500 and status not in {403, 404, 422}:
        found.append(f"{status} is no answer of this operation")
    schema = responses.get(str(status))
    if schema and answer is not None and status < 300:
        found += [f"answer: {each}" for each in _errors(_lenient(_schema(schema)), answer)]
    return found


def _schema(part: JSON) -> Any:
    while "$ref" in part:
        part = _resolve(part["$ref"])
    return part.get("content", {}).get("application/json", {}).get("schema", {})


def _resolve(reference: str) -> JSON:
    found: Any = description()
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    resolved: JSON = found
    return resolved


def _lenient(schema: Any, depth: int = 0) -> Any:
    """Return SCHEMA with references resolved to some depth, and nothing required or closed."""
    if isinstance(schema, list):
        return [_lenient(each, depth) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _lenient(_resolve(schema["$ref"]), depth + 1) if depth < 4 else {}
    if {"oneOf", "anyOf", "allOf"} & schema.keys():
        return {}
    return {key: _lenient(value, depth) for key, value in schema.items() if key != "required"}


def _errors(schema: Any, value: Any) -> list[str]:
    whole = {**convert(_resolved(schema)), "$schema": "https://json-schema.org/draft/2020-12/schema"}
    validator = jsonschema.Draft202012Validator(whole)
    return [
        f"{'/'.join(map(str, each.absolute_path))}: {each.message[:200]}"
        for each in validator.iter_errors(value)
    ]


def _resolved(schema: Any, depth: int = 0) -> Any:
    if isinstance(schema, list):
        return [_resolved(each, depth) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _resolved(_resolve(schema["$ref"]), depth + 1) if depth < 6 else {}
    return {key: _resolved(value, depth) for key, value in schema.items()}
