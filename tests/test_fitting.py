"""A manifest fits the schema exactly if `jsonschema` says so, and is told without it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from l10nsync import manifest
from l10nsync.manifest.fitting import fits
from l10nsync.manifest.problems import Problems
from l10nsync.manifest.tree import parse
from l10nsync.manifest.validate import typed
from tests.test_manifest import FULL, SMALL

SCHEMA: dict[str, Any] = json.loads(manifest.schema_text())
VALIDATOR = Draft7Validator(SCHEMA)


def value_of(text: str) -> Any:
    """Return what is held against the schema when a manifest is read."""
    return typed(parse(text.encode(), ".l10n.yml", Problems()), SCHEMA)


FULL_VALUE: dict[str, Any] = value_of(FULL)

_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 600)
    | st.text(max_size=3)
    | st.sampled_from(["de", "keep", "{locale}.json"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["only", "map", "name", "de"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each container inside VALUE with each of its keys or indexes."""
    keys = list(value) if isinstance(value, Mapping) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


@pytest.mark.parametrize("text", [SMALL, FULL])
def test_what_fits_is_told_by_the_rules_alone(text: str) -> None:
    assert fits(value_of(text), SCHEMA, SCHEMA["definitions"])


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**6), _VALUES, st.sampled_from(["replace", "remove", "add", "double"]))
def test_any_change_is_judged_as_jsonschema_judges_it(seed: int, other: Any, change: str) -> None:
    value = deepcopy(FULL_VALUE)
    holder, key = random.Random(seed).choice(list(places(value)))
    if change == "remove":
        del holder[key]
    elif change == "add" and isinstance(holder, dict):
        holder[str(other)] = other
    elif change == "double" and isinstance(holder, list):
        holder.append(deepcopy(holder[key]))
    else:
        holder[key] = other
    assert fits(value, SCHEMA, SCHEMA["definitions"]) == VALIDATOR.is_valid(value)


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        (True, {"const": 1}),
        (1, {"enum": [True]}),
        (True, {"type": "integer"}),
        (["a", "a"], {"uniqueItems": True}),
        ("a", {"multipleOf": 2}),
    ],
    ids=["true is not 1", "1 is not true", "true is no number", "twins", "a keyword without a rule"],
)
def test_what_does_not_fit_for_sure_is_left_to_jsonschema(value: Any, schema: Mapping[str, Any]) -> None:
    assert not fits(value, schema, {})
