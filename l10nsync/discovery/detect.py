"""Finding translations in a list of files: what differs only by a locale belongs together."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from l10nsync import formats
from l10nsync.discovery import layouts
from l10nsync.discovery.draft import Draft, DraftResource
from l10nsync.discovery.ecosystem import Fact, below, facts, others
from l10nsync.discovery.file_groups import TRANSLATED, FileGroup, fits, grouped, lonely, source_of
from l10nsync.discovery.inventory import SKIPPED, Inventory
from l10nsync.discovery.languages import Chosen, chosen_source, same_id
from l10nsync.discovery.maps import mapped
from l10nsync.discovery.names import is_country, meaning, service_id, shared_ids
from l10nsync.discovery.patterns import PathPair, ResourcePattern, pair, patterns
from l10nsync.discovery.readings import PLACE, SOURCES, STANDING_IN, folder_name, readings
from l10nsync.locales import region

_TEMPLATES = {
    ".po": "; `makemessages` or `xgettext` makes a template",
    ".ts": "; `lupdate` makes one",
    ".xlf": "; `ng extract-i18n` makes one",
}
"""Ending of files that are made from a program's own source to what makes the one of the source language."""


@dataclass(frozen=True, slots=True)
class _Set:
    """Files with one source language and one spelling, which become resources together."""

    kind: str
    directives: tuple[tuple[str, str], ...]
    pairs: tuple[PathPair, ...]
    names: frozenset[str]
    notes: tuple[str, ...] = ()


def detect(
    stock: Inventory, source_locale: str = "", first: Sequence[Fact] = (), *, alone: bool = False
) -> Draft:
    """Return a draft for the translations in STOCK; without resources if there are none.

    FIRST are facts about the source language that count before those of the ecosystems' own files.
    With ALONE, for sources without any translation, which platforms know by their names.
    """
    declared = [*first, *facts(stock.paths, stock.read)]
    groups = (
        lonely(stock) if alone else grouped(stock, source_locale or (declared[0].name if declared else "en"))
    )
    whole = _multilingual(stock)
    languages = [language for language, _names in whole.values() if language]
    chosen = Chosen(source_locale) if source_locale else chosen_source(groups, stock, declared, languages)
    found = [(group, *source_of(group, chosen.name)) for group in groups]
    names = [name or chosen.name for _group, path, name in found if path]
    own = source_locale or service_id(_source_name(chosen.name, names))
    sets = [*_sets(found, own, stock), *_whole_sets(whole, own)]
    draft = _draft(sets, own, stock.paths)
    return replace(draft, doubt=chosen.doubt, others=tuple(_configurations(stock)))


def _configurations(stock: Inventory) -> list[tuple[str, str]]:
    """Return the configurations of other tools: path and tool; not those of packages and tests."""
    nested = below(stock.paths, stock.read)
    own = [(path, tool) for path, tool in nested if not SKIPPED.search(path.replace("/.tx/", "/"))]
    return [*others(stock.paths, stock.read), *own]


_SHOWN = 3
"""So many lines of one place and one reason are shown; of more, their number."""


@dataclass(frozen=True, slots=True)
class _Left:
    """Files that are in no resource."""

    template: str
    names: tuple[str, ...]
    """Their local names; none where the template is the path."""
    why: str


def _is_source(name: str, own: str) -> bool:
    """Whether a local name may stand for the source locale OWN: it is its id, or names no region."""
    return same_id(name, own) or not region(meaning(name) or "")


def _source_name(wanted: str, names: Sequence[str]) -> str:
    """Return the name of the source language that most sources have; WANTED where none has a name."""
    alike = Counter(name for name in names if meaning(name))
    return min(alike, key=lambda name: (-alike[name], len(name), name)) if alike else wanted


def _multilingual(stock: Inventory) -> dict[str, tuple[str, list[str]]]:
    """Return each file that holds all languages with its source language and the others."""
    found: dict[str, tuple[str, list[str]]] = {}
    for path, name in stock.kinds.items():
        if (kind := formats.get(name)) and kind.multilingual:
            try:
                data = json.loads(stock.read(path).decode("utf-8-sig"))
                entries = data.get("strings", {}).values()
                names = set(chain.from_iterable(entry.get("localizations", {}) for entry in entries))
                own = str(data.get("sourceLanguage") or "en")
            except (ValueError, AttributeError, RecursionError):
                names, own = set(), ""
            found[path] = own, sorted(names - {own})
    return found


def _sets(found: Sequence[tuple[FileGroup, str, str]], own: str, stock: Inventory) -> Iterator[_Set]:
    """Yield the groups that become resources together: of one type, one source, one spelling, one place."""
    gathered: dict[tuple[str, tuple[tuple[str, str], ...], str], list[tuple[PathPair, frozenset[str]]]] = (
        defaultdict(list)
    )
    taken = [member for member in found if _is_source_of(*member, own, stock)]
    shared = _directives(taken, stock)
    for group, source, name in taken:
        names = _others(group, name, own)
        kind = stock.kinds[source]
        directives = shared[source]
        is_open = layouts.is_open(group, source, kind)
        gathered[kind, directives, name].append((pair(source, group.template, is_open=is_open), names))
    for (kind, directives, _name), members in sorted(gathered.items()):
        yield _Set(
            kind,
            directives,
            tuple(member for member, _names in members),
            frozenset().union(*(names for _group, names in members)),
            layouts.notes(members[0][0].source, kind, stock),
        )


def _others(group: FileGroup, name: str, own: str) -> frozenset[str]:
    """Return the local names of a group whose source is called NAME that are translations."""
    return frozenset(other for other in group.names if other != name and not same_id(other, own))


def _is_source_of(group: FileGroup, source: str, name: str, own: str, stock: Inventory) -> bool:
    """Whether SOURCE is to be sent for the translations of GROUP."""
    is_alone = not _others(group, name, own) and _is_reversed(group, source)
    return _is_taken(source, name, own, stock) and not is_alone


def _directives(
    found: Sequence[tuple[FileGroup, str, str]], stock: Inventory
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return source to directives. Files of one place are read by one program.

    What some of them need (`{{name}}` is a placeholder) holds for those that happen not to show it.
    """
    own = {source: layouts.directives(source, stock.kinds[source], stock) for _group, source, _name in found}
    neighbours: dict[tuple[str, str], list[str]] = defaultdict(list)
    for group, source, _name in found:
        neighbours[stock.kinds[source], group.place].append(source)
    shared = {}
    for sources in neighbours.values():
        ranked = sorted((own[source] for source in sources), key=len, reverse=True)
        for source in sources:
            widest = next(wide for wide in ranked if own[source].items() <= wide.items())
            shared[source] = tuple(sorted(widest.items()))
    return shared


def _is_taken(source: str, name: str, own: str, stock: Inventory) -> bool:
    """Whether a SOURCE, called NAME, is a text in the manifest's language OWN."""
    if not source or (name and meaning(name) and not _is_source(name, own)):
        return False
    if stock.is_list(source) or (source.endswith(".json") and layouts.NOT_TEXT.search(source)):
        return False
    return not formats.TYPES[stock.kinds[source]].multilingual


def _is_reversed(group: FileGroup, source: str) -> bool:
    """Whether what would be the SOURCE of a group is a translation of what has no name."""
    return bool(group.bare) and source != group.bare


def _whole_sets(whole: Mapping[str, tuple[str, list[str]]], own: str) -> Iterator[_Set]:
    fitting = {
        path: names for path, (language, names) in whole.items() if not language or same_id(language, own)
    }
    if fitting:
        names = frozenset(name for name in chain.from_iterable(fitting.values()) if not same_id(name, own))
        yield _Set("xcstrings", (), tuple(pair(path, path) for path in fitting), names)


def _draft(sets: Sequence[_Set], own: str, paths: Sequence[str]) -> Draft:
    """Return the draft for SETS with one map of locales, and what is spelled otherwise where it is."""
    entries = _distinct(list(chain.from_iterable(_entries(found, paths) for found in sets)))
    id_of = shared_ids([[meaning(name) or name for name in names] for _resource, names in entries])
    resources, main = mapped([(resource, _by_id(names, id_of)) for resource, names in entries])
    every = sorted(set(chain.from_iterable(names for _resource, names in entries)))
    notes = tuple(
        f"TODO locales: `{name}` is a country code, assumed to mean {id_of[meaning(name) or name]}"
        for name in every
        if is_country(name)
    )
    return Draft(resources, main, own, notes=notes)


def _entries(found: _Set, paths: Sequence[str]) -> Iterator[tuple[DraftResource, frozenset[str]]]:
    """Yield the resources of a set, each with the local names that it has."""
    for pattern in patterns(found.pairs, paths):
        has_names = PLACE in pattern.target
        names = _present(pattern.pairs, found.names, paths) if has_names else found.names
        yield _resource(found, pattern, names), names


def _distinct(
    entries: Sequence[tuple[DraftResource, frozenset[str]]],
) -> list[tuple[DraftResource, frozenset[str]]]:
    names = layouts.distinct([(resource.name, resource.sources[0]) for resource, _names in entries])
    return [(replace(entry[0], name=name), entry[1]) for entry, name in zip(entries, names, strict=True)]


def _by_id(names: Iterable[str], id_of: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=lambda name: (len(name), name)):
        found[id_of[meaning(name) or name]].append(name)
    return dict(found)


def _present(pairs: Sequence[PathPair], names: frozenset[str], paths: Sequence[str]) -> frozenset[str]:
    """Return the local names among NAMES that one of PAIRS has a translation in."""
    there = set(paths)
    return frozenset(
        name for name in names if any(pair.target.replace(PLACE, name) in there for pair in pairs)
    )


def _resource(found: _Set, pattern: ResourcePattern, names: frozenset[str]) -> DraftResource:
    first, count = pattern.sources[0], len(pattern.pairs)
    files = "1 file" if count == 1 else f"{count} files"
    detected = formats.detect(pattern.pairs[0].source)
    into = (
        f"translated into {len(names)} locale{'' if len(names) == 1 else 's'}"
        if names
        else "not translated yet"
    )
    return DraftResource(
        layouts.name_of(first, pattern.target, found.kind),
        pattern.sources,
        pattern.target,
        exclude=(*pattern.exclude, *layouts.excluded(pattern.pairs)),
        file_type="" if detected and detected.name == found.kind else found.kind,
        directives=dict(found.directives),
        notes=found.notes,
        found=f"{first}: {files}, {into}",
    )


# --- what is in no resource -------------------------------------------------------------------------------


def not_taken(draft: Draft, stock: Inventory, used: Iterable[str]) -> tuple[str, ...]:
    """Return a line, with the reason, for all in STOCK that looks like a translation and is not USED.

    USED are sources and targets of the manifest; what DRAFT takes is not named.
    """
    taken, own = set(used), draft.source_locale
    groups = grouped(stock, own)
    lines: dict[str, None] = dict.fromkeys(
        _folded([*_left_of_groups(groups, stock, taken, own), *_left_alone(groups, stock, taken, own)])
    )
    for line in [*_strangers(stock, taken), *_folded(_unread(stock)), *_skipped(stock)]:
        lines.setdefault(line)
    named = {line.partition(": ")[0] for line in lines}
    lines.update(dict.fromkeys(line for line in _alone(stock, taken) if line.partition(": ")[0] not in named))
    lines.update(dict.fromkeys(_other_whole(stock, taken, draft.source_locale)))
    return tuple(lines)


def _left_of_groups(
    groups: Sequence[FileGroup], stock: Inventory, taken: set[str], own: str
) -> Iterator[_Left]:
    """Yield what of GROUPS of files is not TAKEN."""
    for group in groups:
        left = {name: path for name, path in group.files.items() if path not in taken}
        is_whole = any(formats.TYPES[stock.kinds[path]].multilingual for path in group.files.values())
        if left and not is_whole:
            yield _left(group, left, stock, taken, own)


def _left_alone(groups: Sequence[FileGroup], stock: Inventory, taken: set[str], own: str) -> Iterator[_Left]:
    """Yield translations that have neither a source nor a neighbour, in folders that are called for them."""
    together = taken.union(*(group.files.values() for group in groups), *([group.bare] for group in groups))
    for path in sorted(stock.kinds.keys() - together):
        is_home = TRANSLATED.search(path.rpartition("/")[0]) and formats.TYPES[stock.kinds[path]].keeps_keys
        for template, name in readings(path)[:1] if is_home else ():
            group = FileGroup(template, {name: path})
            if group.sure and not fits(name, own):
                yield _Left(template, (name,), _why(group, stock, taken, own))


def _left(group: FileGroup, left: Mapping[str, str], stock: Inventory, taken: set[str], own: str) -> _Left:
    names = tuple(sorted(left))
    if len(names) == 1 and same_id(names[0], own) and taken & {group.bare, *group.files.values()}:
        return _Left(left[names[0]], (), "it is in the source language, but the source is another file")
    return _Left(group.template, names, _why(group, stock, taken, own))


def _why(group: FileGroup, stock: Inventory, taken: set[str], own: str) -> str:
    """Return why files of a group are in no resource."""
    source, _name = source_of(group, own)
    if not source:
        hint = next((hint for ending, hint in _TEMPLATES.items() if group.template.endswith(ending)), "")
        return f"it has no file in the source language {own}{hint}"
    if stock.is_list(source):
        return "it is a list without keys, which is data"
    if layouts.NOT_TEXT.search(source):
        return "it holds an address or a code, not text"
    if source not in taken and len(group.names) == 1 and _is_reversed(group, source):
        return f"it is translated from a language other than {own}"
    return "its locale is not in the manifest" if source in taken else "no pattern matches it"


def _folded(found: Iterable[_Left]) -> Iterator[str]:
    """Yield a line for each of a few that are FOUND in one place for one reason, one line for many."""
    alike: dict[tuple[str, tuple[str, ...], str], list[str]] = defaultdict(list)
    for left in found:
        head, place, _tail = left.template.partition(PLACE)
        folder = f"{head}{place}" if place else f"{head.rpartition('/')[0]}/"
        alike[folder, left.names, left.why].append(left.template)
    for (folder, names, why), templates in alike.items():
        several = [f"{folder}… ({len(templates)} files)"] if len(templates) > _SHOWN else templates
        listed = f" ({', '.join(names)})" if names else ""
        yield from (f"{text}{listed}: {why}" for text in several)


def _strangers(stock: Inventory, taken: set[str]) -> Iterator[str]:
    """Yield names in the place of a locale that are not known as locales."""
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in sorted(taken & stock.kinds.keys()):
        for head, name, tail in _places(path):
            places[head, tail] |= {name} if meaning(name) else set()
    found: dict[tuple[str, str], int] = Counter()
    for path in sorted(stock.kinds.keys() - taken):
        strange = (spot for spot in _places(path) if _is_strange(path, spot, places, stock))
        for head, name, tail in islice(strange, 1):
            found[f"{head}{name}/" if tail.startswith("/") else path, name] += 1
    for (place, name), count in found.items():
        files = f" ({count} files)" if count > 1 else ""
        yield f"{place}{files}: `{name}` is not a known locale; if it is one, name it in `locales`"


def _is_strange(
    path: str, spot: tuple[str, str, str], places: Mapping[tuple[str, str], set[str]], stock: Inventory
) -> bool:
    """Whether PATH has at SPOT, where others name locales, a name that is not known as one."""
    head, name, tail = spot
    around = places.get((head, tail), set())
    is_name = not meaning(name) and name not in STANDING_IN and re.search("[A-Za-z]", name)
    if len(around) < 2 or not is_name:
        return False
    other = f"{head}{min(around)}{tail}"
    return other in stock.kinds and stock.alike(path, other) is not False


def _alone(stock: Inventory, taken: set[str]) -> Iterator[str]:
    """Yield sources of platforms that have no translation at all yet."""
    for path in sorted(stock.kinds.keys() - taken):
        if SOURCES.search(path):
            yield f"{path}: a source that has no translation yet; add a resource for it"


def _places(path: str) -> Iterator[tuple[str, str, str]]:
    """Yield each part of PATH that could be a name, with what comes before and after it."""
    parts = path.split("/")
    for index, part in enumerate(parts[:-1]):
        above, below = "/".join(parts[:index]), "/".join(parts[index + 1 :])
        before, name, after = folder_name(part)
        yield f"{above}/{before}" if above else before, name, f"{after}/{below}"
    folder, _, file = path.rpartition("/")
    stem, dot, ending = file.rpartition(".")
    lead = f"{folder}/" if folder else ""
    yield lead, stem, f"{dot}{ending}"
    for mark in re.finditer(r"[._-]", stem):
        yield f"{lead}{stem[: mark.end()]}", stem[mark.end() :], f"{dot}{ending}"


def _unread(stock: Inventory) -> Iterator[_Left]:
    """Yield what has locales in its names and is of a type that is not read."""
    known = {path: "json" for path in stock.unread if path not in stock.kinds}
    shadow = Inventory(lambda _path: b"", kinds=known)
    for group in grouped(shadow, "en"):
        if len([name for name in group.names if meaning(name)]) > 1 or (group.names and group.bare):
            some = next(iter(group.files.values()))
            why = f"{stock.unread[some]}, which is not detected automatically"
            yield _Left(group.template, tuple(group.names), why)


def _skipped(stock: Inventory) -> Iterator[str]:
    """Yield how many files that look like translations lie in folders that are not looked into."""
    known = {
        path: kind.name
        for path in stock.skipped
        if (kind := formats.detect(path)) and kind.parse and kind.keeps_keys
    }
    counted: Counter[str] = Counter()
    for group in grouped(Inventory(lambda _path: b"", kinds=known), "en"):
        if len(group.names) > 1 or (group.names and group.bare):
            counted[stock.skipped[next(iter(group.files.values()))]] += len(group.files)
    for word, count in sorted(counted.items()):
        files = "1 file" if count == 1 else f"{count} files"
        yield f"{files} in folders called `{word}`, which belong to packages, tests or tools"


def _other_whole(stock: Inventory, taken: set[str], own: str) -> Iterator[str]:
    for path, (language, _names) in sorted(_multilingual(stock).items()):
        if path not in taken:
            yield f"{path}: its source language is `{language}`, and that of the manifest {own}"
