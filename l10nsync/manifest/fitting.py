"""Checks quickly whether a value fits the schema; if it does not, `jsonschema` explains why.

Loading `jsonschema` takes longer than all else that a short command does, and nearly every manifest fits. A
keyword that has no rule here fits nothing, so that a new keyword in the schema is never ignored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

Schema = Mapping[str, Any]

_Rule = Callable[[Any, Any], bool]
"""Whether a value meets what the schema says under a keyword: called with both."""

_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}


def _is_a(value: Any, names: str | list[str]) -> bool:
    return any(_TYPES[name](value) for name in ([names] if isinstance(names, str) else names))


def _equal(value: Any, operand: Any) -> bool:
    """Whether two scalars are one JSON value: in Python, `True` is also 1."""
    return type(value) is type(operand) and bool(value == operand)


def _has_no_twins(items: list[Any]) -> bool:
    return len({json.dumps(item, sort_keys=True) for item in items}) == len(items)


_NOTES = frozenset({"$schema", "definitions", "title", "description", "examples", "default"})
"""Keywords that ask for nothing."""

_OF_ANY: Mapping[str, _Rule] = {
    "type": _is_a,
    "const": _equal,
    "enum": lambda value, choices: any(_equal(value, choice) for choice in choices),
}
"""What a keyword requires of any value."""

_RULES: Mapping[str, tuple[str, _Rule]] = {
    "minLength": ("string", lambda value, least: len(value) >= least),
    "maxLength": ("string", lambda value, most: len(value) <= most),
    "pattern": ("string", lambda value, pattern: re.search(pattern, value) is not None),
    "minimum": ("integer", lambda value, least: value >= least),
    "maximum": ("integer", lambda value, most: value <= most),
    "minItems": ("array", lambda value, least: len(value) >= least),
    "maxItems": ("array", lambda value, most: len(value) <= most),
    "uniqueItems": ("array", lambda value, wanted: not wanted or _has_no_twins(value)),
    "minProperties": ("object", lambda value, least: len(value) >= least),
    "maxProperties": ("object", lambda value, most: len(value) <= most),
    "required": ("object", lambda value, names: all(name in value for name in names)),
}
"""What each keyword requires of values of its type; as in JSON Schema, it does not apply to others."""


def fits(value: Any, schema: Schema, definitions: Mapping[str, Schema]) -> bool:
    """Whether VALUE fits SCHEMA, whose references name DEFINITIONS: never True where it does not.

    VALUE consists of texts, whole numbers, booleans, None, lists and mappings.
    """
    if "$ref" in schema:  # keywords beside a reference mean nothing in Draft 7
        return fits(value, definitions[schema["$ref"].removeprefix("#/definitions/")], definitions)
    return all(
        _meets(value, keyword, operand, schema, definitions)
        for keyword, operand in schema.items()
        if keyword not in _NOTES
    )


def _meets(value: Any, keyword: str, operand: Any, schema: Schema, definitions: Mapping[str, Schema]) -> bool:
    if keyword in _OF_ANY:
        return _OF_ANY[keyword](value, operand)
    if keyword in _RULES:
        kind, rule = _RULES[keyword]
        return not _is_a(value, kind) or rule(value, operand)
    if keyword in _OF_MAPPINGS:
        return not isinstance(value, dict) or _mapping_meets(value, keyword, operand, schema, definitions)
    if keyword == "items":
        return not isinstance(value, list) or all(fits(item, operand, definitions) for item in value)
    return keyword == "anyOf" and any(fits(value, branch, definitions) for branch in operand)


_OF_MAPPINGS = frozenset({"propertyNames", "properties", "additionalProperties"})
"""Keywords about the keys and values of a mapping; they ask nothing of other values."""


def _mapping_meets(
    value: Mapping[str, Any],
    keyword: str,
    operand: Any,
    schema: Schema,
    definitions: Mapping[str, Schema],
) -> bool:
    if keyword == "propertyNames":
        return all(fits(name, operand, definitions) for name in value)
    if keyword == "properties":
        return all(fits(value[name], rule, definitions) for name, rule in operand.items() if name in value)
    return _fit_the_rest(value, operand, schema, definitions)


def _fit_the_rest(
    value: Mapping[str, Any], operand: bool | Schema, schema: Schema, definitions: Mapping[str, Schema]
) -> bool:
    """Whether what VALUE has beside the properties that SCHEMA names is as OPERAND."""
    rest = [name for name in value if name not in schema.get("properties", {})]
    if isinstance(operand, bool):
        return operand or not rest
    return all(fits(value[name], operand, definitions) for name in rest)
