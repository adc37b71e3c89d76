"""Texts of configurations as data, and what files say where a configuration is silent."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from l10nsync.discovery.facts import Read, facts
from l10nsync.discovery.names import meaning, service_id
from l10nsync.discovery.readings import PLACE, readings


def yaml_data(text: str) -> dict[str, Any]:
    """Return the mapping that a YAML text holds; raise `ValueError` or `TypeError` if it holds none."""
    import yaml

    try:
        # Some tools let tabs stand before a comment or between values, which YAML does not.
        data = yaml.load(text.expandtabs(2), Loader=yaml.BaseLoader)  # noqa: S506 - texts, lists and mappings alone
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    if not isinstance(data, dict):
        raise TypeError("it is not a mapping")
    return data


def json_data(text: str) -> Any:
    """Return what a JSON text holds, comments and trailing commas aside; strings stay."""
    tokens = r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/'
    bare = re.sub(tokens, lambda found: found[0] if found[0].startswith('"') else " ", text, flags=re.DOTALL)
    return json.loads(
        re.sub(r'("(?:\\.|[^"\\])*")|,(\s*[}\]])', lambda found: found[1] or found[2], bare, flags=re.DOTALL)
    )


def is_true(value: object) -> bool:
    """Whether a value of a configuration says yes."""
    return str(value).strip().lower() in {"true", "yes", "on", "1"}


def source_locale(
    sources: Iterable[str], templates: Iterable[str | None], files: Iterable[str], read: Read
) -> str:
    """Return the local name of the sources' language: what their paths say where a target has its locale.

    Where they say nothing the ecosystem's settings do, else it is taken for English.
    """
    from l10nsync.discovery.foreign.common import template_regex

    counted: Counter[str] = Counter()
    paths = list(sources)
    patterns = {
        template: template_regex(template) for template in templates if template and PLACE in template
    }
    for path in paths:
        for pattern in patterns.values():
            if (hit := pattern.fullmatch(path)) and meaning(hit["locale"]):
                counted[hit["locale"]] += 1
    if not counted:
        counted.update(name for path in paths for _template, name in readings(path)[:1] if meaning(name))
    if counted:
        english = [name for name in counted if service_id(name).startswith("en")]
        return min(english or counted, key=lambda name: (-counted[name], len(name), name))
    said = facts(files, read)
    return said[0].name if said else "en"
