"""Facts with one answer less: a planner that asked for it has to ask again, or it never read the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

ANSWERS = (
    "contents",
    "fetched",
    "past",
    "originals",
    "statuses",
    "strings_of",
    "job_contents",
    "job_details",
)
"""Fields that hold one answer by key."""


def with_one_less(facts: Any) -> Iterator[tuple[str, Any]]:
    """Yield FACTS without each of the answers that they hold, with the name of what is missing."""
    for name in ANSWERS:
        answers = getattr(facts, name, None)
        if isinstance(answers, Mapping):
            for key in answers:
                rest = {other: answer for other, answer in answers.items() if other != key}
                yield f"{name}: {key}", replace(facts, **{name: rest})
    own = {field.name for field in fields(facts)}
    for name in ("push", "remote"):
        if name in own:
            for what, less in with_one_less(getattr(facts, name)):
                yield what, replace(facts, **{name: less})
