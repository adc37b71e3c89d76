"""Finding translations in a list of files: what differs only by a locale belongs together."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from l10nsync import formats
from l10nsync.discovery.draft import Draft, DraftResource, service_id, with_locales
from l10nsync.locales import guess_id, is_word, language

_SKIPPED = re.compile(
    r"(^|/)(node_modules|vendor|third_party|\.[^/]+|tests?|__tests__|fixtures|testdata|mocks?)(/|$)",
    re.IGNORECASE,
)
_STEM = re.compile(r"(?P<head>.*?)(?P<mark>[._-])(?P<locale>[A-Za-z]{2,3}(?:[_-][A-Za-z0-9@]+)*)")
_DULL = frozenset(
    {"src", "app", "main", "res", "locales", "locale", "i18n", "lang", "values", "resources", "config", "po"}
)
"""Folders that say nothing about what is in them."""
_BARE = ""
"""Stands for the local name of a source whose name has no locale."""
_PLACE = "{locale}"


@dataclass(frozen=True, slots=True)
class _Group:
    """Files that differ only by a locale."""

    template: str
    """Path with `{locale}` (or a style of it) where the locale stands."""
    style: str
    files: Mapping[str, str]
    """Local name to path; `_BARE` for the source without one."""


def detect(files: Iterable[str], source_locale: str = "en") -> Draft:
    """Return a draft for the translations among FILES (POSIX paths); without resources if there are none."""
    groups = _groups(
        [path for path in files if not _SKIPPED.search(path) and _is_resource(path)], source_locale
    )
    chosen = [each for each in groups if _source_name(each, source_locale) is not None]
    sets: dict[tuple[str, str, str, str], list[_Group]] = defaultdict(list)
    for group in chosen:
        sets[_family(group, source_locale)].append(group)
    named = [
        (_resource(each, source_locale), _names(each, source_locale)) for _key, each in sorted(sets.items())
    ]
    sources = {name for group in chosen if (name := _source_name(group, source_locale))}
    own = service_id(min(sources, key=len)) if sources else service_id(source_locale)
    plain = [name for resource, names in named if not _is_android(resource) for name in sorted(names)]
    marked = [name for resource, names in named if _is_android(resource) for name in sorted(names)]
    draft = with_locales(Draft((), source_locale=own), [*plain, *marked])
    resources = (replace(each, locale_map=_own_names(each, names, draft)) for each, names in named)
    return replace(draft, resources=tuple(_unique(_gathered(list(resources)))))


def _names(groups: Sequence[_Group], source_locale: str) -> set[str]:
    """Return the local names of the translations."""
    sources = {_source_name(each, source_locale) for each in groups}
    return {name for each in groups for name in each.files} - {_BARE} - sources


def _own_names(resource: DraftResource, names: Iterable[str], draft: Draft) -> dict[str, str]:
    """Return the local names that a resource has for itself; a style of spelling is told each of them."""
    found = {service_id(name): name for name in sorted(names)}
    android = _is_android(resource)
    return {
        key: name
        for key, name in found.items()
        if key in draft.locales and (android or draft.locales[key] != name)
    }


def _is_android(resource: DraftResource) -> bool:
    return "{locale:android}" in (resource.target or "")


def _is_resource(path: str) -> bool:
    kind = formats.detect(path)
    return kind is not None and kind.parse is not None and kind.keeps_keys and not kind.multilingual


def _groups(paths: Sequence[str], source_locale: str) -> list[_Group]:
    """Return the groups of files, each file in the largest one that it fits."""
    members: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for path in paths:
        for template, style, name in _readings(path):
            members[template, style].setdefault(name, path)
    everything = set(paths)
    for (template, style), found in members.items():
        bare = _bare(template, style) or _pot_of(template, paths)
        if bare and bare in everything:
            found[_BARE] = bare
    ordered = sorted(members.items(), key=lambda item: (-len(item[1]), item[0]))
    taken: set[str] = set()
    groups = []
    for (template, style), found in ordered:
        free = {name: path for name, path in found.items() if path not in taken}
        if len(free) > 1 or (style == "" and _is_source_alone(free, source_locale)):
            groups.append(_Group(template, style, free))
            taken |= set(free.values())
    return groups


def _is_source_alone(files: Mapping[str, str], source_locale: str) -> bool:
    """Whether a file without translations names the source's language, so that it is a source."""
    return all(name and language(guess_id(name) or "") == language(source_locale) for name in files)


def _readings(path: str) -> Iterator[tuple[str, str, str]]:
    """Yield every way to see a locale in PATH: template, style, local name."""
    parts = path.split("/")
    for index, part in enumerate(parts[:-1]):
        before, after = "/".join(parts[:index]), "/".join(parts[index + 1 :])
        prefix = f"{before}/" if before else ""
        if part.startswith("values-") and guess_id(part.removeprefix("values-")):
            yield f"{prefix}values-{{locale:android}}/{after}", "android", part.removeprefix("values-")
        elif part.endswith(".lproj") and (guess_id(part[:-6]) or part == "Base.lproj"):
            name = _BARE if part == "Base.lproj" else part[:-6]
            yield f"{prefix}{_PLACE}.lproj/{after}", "", name
        elif guess_id(part):
            yield f"{prefix}{_PLACE}/{after}", "", part
    folder, _, name = path.rpartition("/")
    stem, dot, suffix = name.rpartition(".")
    prefix = f"{folder}/" if folder else ""
    if "." not in stem and guess_id(stem):
        yield f"{prefix}{_PLACE}{dot}{suffix}", "", stem
    found = _STEM.fullmatch(stem)
    if found and guess_id(found["locale"]) and not is_word(found["locale"]):
        yield f"{prefix}{found['head']}{found['mark']}{_PLACE}{dot}{suffix}", "suffix", found["locale"]


def _bare(template: str, style: str) -> str:
    """Return the path of a source without a locale in its name, as its type has it; empty if it has none."""
    if style == "android":
        return template.replace("values-{locale:android}", "values")
    if style == "suffix":
        return re.sub(r"[._-]\{locale\}", "", template)
    return ""


def _pot_of(template: str, paths: Sequence[str]) -> str:
    """Return the template file of gettext that belongs to `po` files; empty if there is not just one."""
    if not template.endswith(".po"):
        return ""
    folder = template.partition("{locale")[0]
    name = template.rpartition("/")[2].removesuffix(".po")
    pots = [path for path in paths if path.endswith(".pot")]
    same = [path for path in pots if path.rpartition("/")[2] == f"{name}.pot"]
    near = same or [path for path in pots if path.startswith(folder)]
    return near[0] if len(near) == 1 else ""


def _source_name(group: _Group, source_locale: str) -> str | None:
    """Return the local name of the source of a group; None if it has none."""
    if _BARE in group.files:
        return _BARE
    wanted = language(source_locale)
    fits = [name for name in group.files if language(guess_id(name) or name) == wanted]
    return min(fits, key=lambda name: (len(name), name), default=None)


def _family(group: _Group, source_locale: str) -> tuple[str, str, str, str]:
    """Return what groups share that become one resource: the place of the locale, the ending, the source."""
    head, _, tail = group.template.partition("{locale")
    _style, _, rest = tail.partition("}")
    folder_like = rest.startswith(("/", ".lproj/"))
    name = rest.rpartition("/")[2]
    ending = name[name.rfind(".") :] if folder_like else rest
    place = head if folder_like else group.template
    return place, ending, group.style, _source_name(group, source_locale) or ""


def _resource(groups: Sequence[_Group], source_locale: str) -> DraftResource:
    first = groups[0]
    template = first.template if len(groups) == 1 else _joined([each.template for each in groups])
    source = _source_name(first, source_locale) or _BARE
    names = {name for each in groups for name in each.files}
    alone = first.files.get(_BARE, "") if len(groups) == 1 else ""
    bare = alone or _bare(template, first.style) or template.replace(_PLACE, "Base")
    pattern = bare if source == _BARE else re.sub(r"\{locale[^}]*\}", source, template)
    kind = formats.detect(first.files[source])
    files = "1 file" if len(groups) == 1 else f"{len(groups)} files"
    others = len(names - {source})
    found = f"{pattern}: {files}, translated into {others} locale{'' if others == 1 else 's'}"
    return DraftResource(_name(pattern, kind.name if kind else ""), (pattern,), template, found=found)


def _joined(templates: Sequence[str]) -> str:
    """Return one template for files of one folder: their names become a star, their folders `**`."""
    head, _, tail = templates[0].partition("}")
    rests = [template.partition("}")[2] for template in templates]
    lead = ".lproj/" if tail.startswith(".lproj/") else "/"
    deep = any("/" in rest.removeprefix(lead) for rest in rests)
    ending = tail[tail.rfind(".") :]
    return f"{head}}}{lead}{'**/' if deep else ''}*{ending}"


def _name(pattern: str, kind: str) -> str:
    """Return a short name: the first folder that says something, else the type."""
    parts = [part for part in pattern.split("/")[:-1] if re.fullmatch(r"[A-Za-z0-9_-]+", part)]
    telling = (part for part in parts if part.lower() not in _DULL and not guess_id(part))
    return next(telling, kind or "strings")


_ALIKE = 3
"""So many folders that differ in one name become one resource with a star."""


def _gathered(resources: Sequence[DraftResource]) -> list[DraftResource]:
    """Return RESOURCES with those put together that differ in the name of one folder."""
    buckets: dict[tuple[object, ...], list[DraftResource]] = defaultdict(list)
    for each in resources:
        for key in _starred(each):
            buckets[key].append(each)
    merged: dict[str, DraftResource] = {}
    taken: set[str] = set()
    for key, members in sorted(buckets.items(), key=lambda item: (-len(item[1]), str(item[0]))):
        free = [each for each in members if each.sources[0] not in taken]
        if len(free) >= _ALIKE:
            source, target = str(key[0]), str(key[1])
            about = f"{source}: {len(free)} folders"
            one = replace(
                free[0], name=_name(source, free[0].name), sources=(source,), target=target, found=about
            )
            merged[free[0].sources[0]] = one
            taken |= {each.sources[0] for each in free}
    return [
        merged.get(each.sources[0], each)
        for each in resources
        if each.sources[0] in merged or each.sources[0] not in taken
    ]


def _starred(resource: DraftResource) -> Iterator[tuple[object, ...]]:
    """Yield each form of a resource with a star for one folder, and for a file without a locale."""
    source, target = resource.sources[0].split("/"), (resource.target or "").split("/")
    if len(source) != len(target) or "**" in source:
        return
    spelled = tuple(sorted(resource.locale_map.items()))
    if source[-1] == target[-1]:
        source[-1] = target[-1] = f"*{source[-1][source[-1].rfind('.') :]}"
    for index in range(len(source) - 1):
        if source[index] == target[index] and "*" not in source[index]:
            yield (
                "/".join([*source[:index], "*", *source[index + 1 :]]),
                "/".join([*target[:index], "*", *target[index + 1 :]]),
                spelled,
            )


def _unique(resources: Iterable[DraftResource]) -> Iterator[DraftResource]:
    seen: dict[str, int] = {}
    for each in resources:
        seen[each.name] = number = seen.get(each.name, 0) + 1
        yield each if number == 1 else replace(each, name=f"{each.name}-{number}")
