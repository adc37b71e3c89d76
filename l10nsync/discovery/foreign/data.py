"""Texts of configurations as data, and what files say where a configuration is silent."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from l10nsync.discovery.ecosystem import ReadFile, facts
from l10nsync.discovery.inventory import take_stock
from l10nsync.discovery.languages import language_of
from l10nsync.discovery.names import meaning, service_id
from l10nsync.discovery.readings import PLACE, readings

_READ = 5
"""Sources whose letters are looked at."""


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


def template_regex(template: str) -> re.Pattern[str]:
    """Return what matches the translations of a template, with the local name as `locale`."""
    first, *rest = re.split(r"\{locale[^}]*\}", template)
    text = re.escape(first)
    for index, part in enumerate(rest):
        text += (r"(?P<locale>[^/]+)" if index == 0 else r"(?P=locale)") + re.escape(part)
    return re.compile(text)


def source_locale(
    sources: Iterable[str], templates: Iterable[str | None], files: Iterable[str], read: ReadFile
) -> str:
    """Return the local name of the sources' language: what their paths say where a target has its locale.

    Where they say nothing the ecosystem's settings do, else it is taken for English.
    """
    counted: Counter[str] = Counter()
    paths = list(sources)
    for template in {template for template in templates if template and PLACE in template}:
        regex = template_regex(template)
        hits = (hit["locale"] for path in paths if (hit := regex.fullmatch(path)))
        counted.update(name for name in hits if meaning(name))
    if not counted:
        counted.update(
            name
            for _template, name in chain.from_iterable(readings(path)[:1] for path in paths)
            if meaning(name)
        )
    if counted:
        english = [name for name in counted if service_id(name).startswith("en")]
        return min(english or counted, key=lambda name: (-counted[name], len(name), name))
    if written := _written_in(paths, read):
        return written
    said = facts(files, read)
    return said[0].name if said else "en"


def _written_in(paths: Sequence[str], read: ReadFile) -> str:
    """Return the language that the letters of the first files tell; empty where they do not."""
    stock = take_stock(paths[:_READ], read)
    return language_of({path: " ".join(stock.values(path).values()) for path in stock.kinds})
