"""Where a path may name a locale: every way to see one, and the source that has no name. Pure text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from l10nsync.discovery.names import meaning

PLACE = "{locale}"
STANDING_IN = ("Base", "base", "template", "templates", "source", "sources", "default")
"""Names that stand where others name a language: what lies there is the source."""
SOURCES = re.compile(
    r"(^|/)src/main/(res|composeResources)/values/strings[^/]*\.xml$|\.pot$|(^|/)(en|Base)\.lproj/Localizable\.strings(dict)?$"
)
"""Paths that say by themselves that texts for translation lie there."""
_SUFFIXED = re.compile(r"(?P<head>.*?)(?P<mark>[._-])(?P<name>[A-Za-z]{2,}(?:[_-][A-Za-z0-9@]+)*)")
_PREFIXED = re.compile(r"(?P<name>[A-Za-z]{2,3}(?:[_-][A-Za-z]{2,4})?)(?P<mark>[._-])(?P<tail>.+)")
_DOCUSAURUS = re.compile(
    r"(?P<top>(?:.*/)?)i18n/\{locale\}/docusaurus-(?:plugin-content-(?P<kind>docs|blog|pages)"
    r"(?P<instance>-[\w-]+)?)/(?:current/)?(?P<rest>.+)"
)


class Reading(NamedTuple):
    """One way to see a locale in a path."""

    template: str
    """The path with `{locale}` in each place where the name stands."""
    name: str
    """What stands there."""


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place within one part of a path."""

    index: int
    before: str
    name: str
    after: str


def readings(path: str) -> list[Reading]:
    """Return every way to see a locale in PATH; first the one that takes the name wherever it stands."""
    parts = path.split("/")
    slots = list(_slots(parts))
    found: dict[Reading, None] = {}
    for slot in slots:
        same = {other.index: other for other in slots if other.name == slot.name}
        for chosen in ({**same, slot.index: slot}, {slot.index: slot}):
            filled = [
                f"{chosen[index].before}{PLACE}{chosen[index].after}" if index in chosen else part
                for index, part in enumerate(parts)
            ]
            found.setdefault(Reading("/".join(filled), slot.name))
    return list(found)


def _slots(parts: list[str]) -> Iterator[_Slot]:
    for index, part in enumerate(parts[:-1]):
        if part.startswith("values-"):
            yield from _known(index, "values-", part.removeprefix("values-"), "")
        elif part.endswith(".lproj"):
            yield from _known(index, "", part.removesuffix(".lproj"), ".lproj")
        else:
            yield from _known(index, "", part, "")
    last = len(parts) - 1
    stem, dot, suffix = parts[-1].rpartition(".")
    yield from _known(last, "", stem, f"{dot}{suffix}")
    if found := _SUFFIXED.fullmatch(stem):
        yield from _known(last, f"{found['head']}{found['mark']}", found["name"], f"{dot}{suffix}")
    # `app-zh-Hant` and `my.app.pt-BR`: the name may begin at any mark.
    for mark in re.finditer(r"[._-]", stem):
        before, name = stem[: mark.end()], stem[mark.end() :]
        if not (found and before == f"{found['head']}{found['mark']}"):
            yield from _known(last, before, name, f"{dot}{suffix}")
    if found := _PREFIXED.fullmatch(stem):
        yield from _known(last, "", found["name"], f"{found['mark']}{found['tail']}{dot}{suffix}")


def _known(index: int, before: str, name: str, after: str) -> Iterator[_Slot]:
    if name in STANDING_IN or meaning(name):
        yield _Slot(index, before, name, after)


def nameless(template: str) -> list[str]:
    """Return the paths at which the source of TEMPLATE may lie without a name, most likely first."""
    found: list[str] = []
    if docusaurus := _DOCUSAURUS.fullmatch(template):
        kind = "src/pages" if docusaurus["kind"] == "pages" else docusaurus["kind"]
        found.append(f"{docusaurus['top']}{kind}{docusaurus['instance'] or ''}/{docusaurus['rest']}")
        if docusaurus["instance"]:
            found.append(f"{docusaurus['top']}{docusaurus['instance'][1:]}/{docusaurus['rest']}")
    if "values-{locale}/" in template:
        found.append(template.replace("values-{locale}/", "values/"))
    name = template.rpartition("/")[2]
    if re.search(r".[._-]\{locale\}", name):
        found.append(re.sub(r"[._-]\{locale\}(?=[^/]*$)", "", template))
    if template.count(PLACE) == 1 and ("/{locale}/" in template or template.startswith("{locale}/")):
        found.append(template.replace("{locale}/", "", 1))
    return found
