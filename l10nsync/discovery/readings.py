"""Where a path may name a locale: every way to see one, and the source that has no name. Pure text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from l10nsync.discovery.names import meaning

PLACE = "{locale}"
STANDING_IN = ("Base", "base", "template", "templates", "source", "sources", "default")
"""Names in the place of a language that mean the source."""
SOURCES = re.compile(
    r"(^|/)src/main/(res|composeResources)/values/strings[^/]*\.xml$|\.pot$|(^|/)(en|Base)\.lproj/Localizable\.strings(dict)?$"
)
"""Paths that say by themselves that texts for translation lie there."""
_SUFFIXED = re.compile(r"(?P<head>.*?)(?P<mark>[._-])(?P<name>[A-Za-z]{2,}(?:[_-][A-Za-z0-9@]+)*)")
_PREFIXED = re.compile(r"(?P<name>[A-Za-z]{2,3}(?:[_-][A-Za-z]{2,4})?)(?P<mark>[._-])(?P<tail>.+)")
_ANDROID = re.compile(r"(?:values|raw)-(?=.)")
"""Folders of Android that name a locale behind what is in them."""
_DOCUSAURUS = re.compile(
    r"(?P<top>(?:.*/)?)i18n/\{locale\}/docusaurus-(?:plugin-content-(?P<kind>docs|blog|pages)"
    r"(?P<instance>-[\w-]+)?)/(?:current/)?(?P<rest>.+)"
)


class Reading(NamedTuple):
    """One way to see a locale in a path."""

    template: str
    """The path with `{locale}` in each place of the name."""
    name: str
    """The text in that place."""


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place within one part of a path."""

    index: int
    before: str
    name: str
    after: str


def readings(path: str) -> list[Reading]:
    """Return every way to see a locale in PATH; first the one that takes the name in all its places."""
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
        before, name, after = folder_name(part)
        yield from _known(index, before, name, after)
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


def folder_name(part: str) -> tuple[str, str, str]:
    """Return the parts of a folder's name: its platform's prefix, its own name, its platform's suffix."""
    if android := _ANDROID.match(part):
        return android[0], part.removeprefix(android[0]), ""
    if part.endswith(".lproj"):
        return "", part.removesuffix(".lproj"), ".lproj"
    return "", part, ""


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
    if android := re.search(r"\b(values|raw)-\{locale\}/", template):
        plain = template.replace(android[0], f"{android[1]}/")
        # Translations may lie in the source set of one variant of an app, whose texts are those of `main`.
        found += [plain, re.sub(r"(^|/)src/[^/]+/res/", r"\1src/main/res/", plain)]
    name = template.rpartition("/")[2]
    if re.search(r".[._-]\{locale\}", name):
        bare = re.sub(r"[._-]\{locale\}(?=[^/]*$)", "", template)
        folder, _, file = bare.rpartition("/")
        found += [bare, re.sub(r"(^|/)\{locale\}/", r"\1", bare, count=1)]
        found += [f"{folder}/{below}/{file}" for below in ("src", "source", "template") if folder]
    # `content/translations/de/about.md` beside `content/about.md`
    if apart := re.match(r"(?P<head>(?:.*/)?)translations?/\{locale\}/(?P<rest>.+)", template, re.IGNORECASE):
        found.append(f"{apart['head']}{apart['rest']}")
    if template.count(PLACE) == 1 and ("/{locale}/" in template or template.startswith("{locale}/")):
        found.append(template.replace("{locale}/", "", 1))
    return found


def beside(template: str) -> re.Pattern[str] | None:
    """Return what matches a source that lies where no translation of TEMPLATE does; None if there is none.

    Themes call it `en.default.json` beside `de.json`; others keep `source/en.json` beside `translations/`, or
    `messages/a.properties` beside `translated/a_de.properties`.
    """
    folder, _, file = template.rpartition("/")
    if file.count(PLACE) != 1 or PLACE in folder:
        return None
    before, ending = (re.escape(part) for part in file.split(PLACE))
    top = re.sub(r"(?:translations?|translated|targets?)/$", "", f"{folder}/")
    is_apart, above = top != f"{folder}/", re.escape(top)
    if not before:
        head = re.escape(f"{folder}/" if folder else "")
        source = rf"|{above}(?:sources?|original)/[^/.]+{ending}" if is_apart else ""
        return re.compile(rf"{head}[^/.]+\.default{ending}{source}")
    mark = re.fullmatch(r"(.+?)(?:\\?[._-])", before)
    return re.compile(rf"{above}[^/]+/{mark[1]}{ending}") if is_apart and mark else None


_LONELY = tuple((re.compile(path), target) for path, target in (
    (r"(?P<top>(?:.*/)?)values/(?P<file>strings[^/]*\.xml)", "{top}values-{locale}/{file}"),
    (r"(?P<top>(?:.*/)?)[\w-]+\.lproj/(?P<file>[^/]+\.strings(?:dict)?)", "{top}{locale}.lproj/{file}"),
    (r"(?P<top>(?:.*/)?languages/)(?P<file>[^/]+)\.pot", "{top}{file}-{locale}.po"),
    (r"(?P<top>(?:.*/)?(?:locales?|i18n|translations)/)(?P<file>[^/]+)\.pot",
     "{top}{locale}/LC_MESSAGES/{file}.po"),
    (r"(?P<top>(?:.*/)?)(?P<file>[^/]+)\.pot", "{top}{locale}.po"),
    (r"(?P<top>(?:.*/)?)(?P<file>\w*(?:Resources?|Strings|Texts))\.resx", "{top}{file}.{locale}.resx"),
    (r"(?P<top>(?:.*/)?)(?P<file>[Mm]essages|\w*Bundle)\.properties", "{top}{file}_{locale}.properties"),
))  # fmt: skip
"""Sources by the names that platforms give them, and where their translations will lie."""


def lonely_template(path: str) -> str:
    """Return where the translations of a source will lie that has none yet; empty if nothing tells."""
    for pattern, target in _LONELY:
        if found := pattern.fullmatch(path):
            return target.format(**found.groupdict(), locale=PLACE)
    return ""


def english_files(template: str) -> list[str]:
    """Return the names that the English file of a TEMPLATE may have; none where a folder names the locale."""
    folder, _, file = template.rpartition("/")
    is_fit = PLACE not in folder and not file.startswith(PLACE)
    return [file.replace(PLACE, name) for name in ("en", "en_US", "en-US")] if is_fit else []


def is_across(path: str, template: str) -> bool:
    """Whether PATH lies as the files of TEMPLATE do but for one folder, such as `viewer` beside `editor`."""
    folders, others = path.split("/")[:-1], template.split("/")[:-1]
    differing = [folder for folder, other in zip(folders, others, strict=False) if folder != other]
    return len(folders) == len(others) and len(differing) == 1


def named_in(path: str) -> str:
    """Return the name of a language that the file of a source begins or ends with; else an empty text."""
    stem = path.rpartition("/")[2].partition(".")[0]
    ended = re.fullmatch(r".+?[_-]([a-z]{2}(?:[_-][A-Z]{2})?)", stem)
    return next((name for name in (stem, ended[1] if ended else "") if name and meaning(name)), "")
