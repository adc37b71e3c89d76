"""Writes the table of plural categories: `make plurals`.

Two versions of CLDR are read: 27, which the service speaks of, from the npm package `cldr-core`, and the
one that the installed Babel has. Required is what a whole number can reach in both, allowed is what either
names.
"""

from __future__ import annotations

import json
import textwrap
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from babel import Locale, localedata
from babel.core import get_cldr_version
from babel.plural import PluralRule

from l10nsync.formats.documents import CATEGORIES

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "l10nsync/formats/plural_table.py"
EARLIER = ROOT / ".node/node_modules/cldr-core/supplemental/plurals.json"
NUMBERS = (*range(1001), 1_000_000)
"""Enough whole numbers to reach every category that a whole number can have."""


class Rule(NamedTuple):
    """What one version of CLDR says of a language."""

    reached: frozenset[str]
    """By whole numbers."""
    named: frozenset[str]


def _rule(rule: PluralRule) -> Rule:
    return Rule(frozenset(map(rule, NUMBERS)), rule.tags | {"other"})


def earlier() -> dict[str, Rule]:
    """Return the rules of CLDR 27."""
    said = json.loads(EARLIER.read_bytes())["supplemental"]["plurals-type-cardinal"]
    return {language: _rule(PluralRule(_conditions(rules))) for language, rules in said.items()}


def _conditions(rules: dict[str, str]) -> dict[str, str]:
    """Return the rules without their samples; `other` is what none of them takes."""
    named = {name.removeprefix("pluralRule-count-"): rule.partition("@")[0] for name, rule in rules.items()}
    return {name: rule.strip() for name, rule in named.items() if rule.strip()}


def latest() -> dict[str, Rule]:
    """Return the rules of the installed Babel; a region only where it differs from its language.

    What has `other` alone is left out: Babel gives that to languages, too, of which CLDR says nothing.
    """
    found: dict[str, Rule] = {}
    for name in sorted(localedata.locale_identifiers(), key=lambda name: (name.count("_"), name)):
        locale = Locale.parse(name)
        rule = _rule(locale.plural_form)
        if len(rule.named) > 1 and found.get(locale.language) != rule:
            found[name.replace("_", "-")] = rule
    return found


def table() -> dict[tuple[str, str], list[str]]:
    """Return required and allowed categories, and the languages that have them."""
    before, now = earlier(), latest()
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for language in sorted((before.keys() - {"root"}) | now.keys()):
        general = language.partition("-")[0]
        versions = [version.get(language) or version.get(general) for version in (before, now)]
        rules = [rule for rule in versions if rule]
        required = frozenset.intersection(*[rule.reached for rule in rules]) | {"other"}
        allowed = frozenset.union(*[rule.named for rule in rules])
        groups[_ordered(required), _ordered(allowed)].append(language)
    return groups


def _ordered(categories: frozenset[str]) -> str:
    return " ".join(category for category in CATEGORIES if category in categories)


def written() -> str:
    """Return the module."""
    lines = [
        '"""Plural categories by language, as two versions of CLDR have them; written by `make plurals`."""',
        "",
        f'CLDR = ("27", "{get_cldr_version()}")',
        "TABLE = (",
    ]
    for (required, allowed), languages in sorted(table().items()):
        lines += ["    (", f'        "{required}",', f'        "{allowed}",', '        """']
        lines += textwrap.wrap(" ".join(languages), 100, initial_indent=" " * 8, subsequent_indent=" " * 8)
        lines += ['        """,', "    ),"]
    lines += [")", '"""Required and allowed categories, and the languages that have them."""', ""]
    return "\n".join(lines)


if __name__ == "__main__":
    TARGET.write_text(written())
