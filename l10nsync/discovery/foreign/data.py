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
        # Some tools allow tabs before a comment or between values; YAML does not.
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

    Where they say nothing, or several languages beside files of none, the letters of the texts tell, then
    the ecosystem's settings, else it is taken for English.
    """
    paths = list(sources)
    wanted = sorted({template for template in templates if template and PLACE in template})
    targets = [template_regex(template) for template in wanted]
    by_path = {path: _named_by(path, targets) for path in paths}
    names = list(chain.from_iterable(by_path.values()))
    if _are_translations(names) and not all(by_path.values()):
        names = []
    elif not names:
        names = list(chain.from_iterable(_read_in(path) for path in paths))
    if names:
        return _most(names)
    if written := _written_in(paths, read):
        return written
    declared = facts(files, read)
    return declared[0].name if declared else "en"


def _named_by(path: str, targets: Sequence[re.Pattern[str]]) -> list[str]:
    """Return the names of languages that PATH has where TARGETS have their locale."""
    hits = (target.fullmatch(path) for target in targets)
    return [hit["locale"] for hit in hits if hit and meaning(hit["locale"])]


def _read_in(path: str) -> list[str]:
    return [name for _template, name in readings(path)[:1] if meaning(name)]


def _is_english(name: str) -> bool:
    return service_id(name).startswith("en")


def _are_translations(names: Sequence[str]) -> bool:
    """Whether NAMES are of several languages, none of which is likely to be the one that all follow."""
    return len(set(names)) > 1 and not any(map(_is_english, names))


def _most(names: Sequence[str]) -> str:
    """Return the name that most have, English before all others."""
    counted = Counter(names)
    english = [name for name in counted if _is_english(name)]
    return min(english or counted, key=lambda name: (-counted[name], len(name), name))


def _written_in(paths: Sequence[str], read: ReadFile) -> str:
    """Return the language that the letters of the first files show; empty if they show none."""
    stock = take_stock(paths[:_READ], read)
    return language_of({path: " ".join(stock.values(path).values()) for path in stock.kinds})
