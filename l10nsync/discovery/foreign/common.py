"""What all configurations of other tools have in common: keys that are not lost, globs, and a draft."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, product
from typing import Any

from l10nsync import formats
from l10nsync.discovery.draft import Draft, DraftResource, FileMeaning
from l10nsync.discovery.ecosystem import ReadFile
from l10nsync.discovery.foreign.data import source_locale, template_regex
from l10nsync.discovery.inventory import Inventory, take_stock
from l10nsync.discovery.languages import same_id
from l10nsync.discovery.layouts import directives
from l10nsync.discovery.maps import mapped
from l10nsync.discovery.names import meaning, service_id, shared_ids
from l10nsync.discovery.patterns import pair, patterns
from l10nsync.discovery.readings import PLACE
from l10nsync.locales import language
from l10nsync.paths import (
    Capture,
    Ignore,
    PatternError,
    SourcePattern,
    Template,
    bake,
    bind,
    compile_source,
    compile_template,
    split,
)

_SECRET = re.compile(r"secret|token|api_?key|password|passphrase", re.IGNORECASE)
_CODE = re.compile(r"[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
"""A possible language where the old file expects one, even if no list here has it."""
_VARIABLE = re.compile(r"\$\{?\w+\}?|\{\{\s*\w+\s*\}\}|env:\w+|<%=?.*%>", re.IGNORECASE)

UNWRITTEN = "TODO/*"
"""Stands in a draft for sources that no glob says; a note beside it says what the old file has."""


class Keys:
    """A mapping of the old configuration that knows which of its keys were taken: none is lost in silence."""

    def __init__(self, data: object, path: str = "") -> None:
        if not isinstance(data, Mapping):
            raise TypeError(f"{path or 'it'} is not a mapping")
        self._data: Mapping[str, Any] = {str(key): value for key, value in data.items()}
        self._path = path
        self._taken: set[str] = set()

    def take(self, key: str, default: Any = None) -> Any:
        """Return the value of KEY, which is carried over with it."""
        self._taken.add(key)
        found = self._data.get(key, default)
        return default if found is None else found

    def has(self, key: str) -> bool:
        """Whether KEY is there."""
        return key in self._data

    def below(self, key: str) -> Keys:
        """Return the mapping at KEY, whose own keys are then to be taken; empty if there is none."""
        return Keys(self.take(key, {}), f"{self._path}{key}.")

    def each(self, key: str) -> list[Keys]:
        """Return the mappings in the list at KEY."""
        listed = self.take(key, [])
        return [Keys(item, f"{self._path}{key}[{index}].") for index, item in enumerate(listed)]

    def names(self) -> list[str]:
        """Return all keys in their order."""
        return list(self._data)

    def left(self) -> tuple[str, ...]:
        """Return a note for each key that was not taken; a secret is named without its value."""
        return tuple(
            _left(f"{self._path}{key}", key, self._data[key]) for key in self._data if key not in self._taken
        )


def _left(path: str, key: str, value: object) -> str:
    if is_secret(key, value):
        return f"TODO key: {path}: the old file holds a secret (`{key}`), which was not copied: revoke it"
    return f"TODO key: {path}: {json.dumps(_masked(value), ensure_ascii=False, default=str)}"


def _masked(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): "…" if is_secret(str(key), item) else _masked(item) for key, item in value.items()}
    return [_masked(item) for item in value] if isinstance(value, list | tuple) else value


def is_secret(key: str, value: object) -> bool:
    """Whether a value is a secret; the name of an environment variable is not."""
    text = str(value or "").strip()
    if not text or not _SECRET.search(key) or isinstance(value, Mapping | list | bool):
        return False
    return not (key.lower().endswith(("_env", "-env", "env_var")) or _VARIABLE.fullmatch(text))


# --- globs ------------------------------------------------------------------------------------------------


def braces(pattern: str) -> list[str]:
    """Return the patterns that `{a,b}` in PATTERN stands for."""
    found = re.search(r"\{([^{}]*,[^{}]*)\}", pattern)
    if not found:
        return [pattern]
    head, tail = pattern[: found.start()], pattern[found.end() :]
    choices = (f"{head}{choice}{tail}" for choice in found[1].split(","))
    return list(chain.from_iterable(map(braces, choices)))


def ours(pattern: str) -> list[str]:
    """Return our globs for a glob of another tool: a `**` within a name crosses folders there, not here."""
    result = [""]
    for part in _plain(pattern).split("/"):
        choices = [part]
        if "**" in part and part != "**":
            before, _, after = part.partition("**")
            after = after.replace("**", "*")
            choices = [f"**/*{after}"] if not before else [f"{before}*{after}", f"{before}*/**/*{after}"]
        result = [f"{head}/{choice}" if head else choice for head, choice in product(result, choices)]
    return result


def _plain(path: str) -> str:
    """Return a path without what says nothing: `./`, a leading slash, doubled slashes."""
    parts = [part for part in path.replace("\\\\", "\\").split("/") if part not in {"", "."}]
    found: list[str] = []
    for part in parts:
        if part == ".." and found:
            found.pop()
        else:
            found.append(part)
    return "/".join(found)


plain_path = _plain


def glob_regex(pattern: str, *, zero: bool = True, braced: bool = True) -> re.Pattern[str]:
    """Return the pattern of a glob of another tool; with ZERO, `**/` may stand for no folder at all."""
    alternatives = braces(pattern) if braced else [pattern]
    return re.compile("|".join(f"(?:{_regex(_plain(alternative), zero)})" for alternative in alternatives))


def _regex(pattern: str, zero: bool) -> str:
    parts: list[str] = []
    for piece in re.findall(r"\*\*/|\*\*|\*|\?|\[[^\]/]+\]|\\.|.", pattern):
        if piece == "**/":
            parts.append("(?:.+/)?" if zero else ".*/")
        elif piece in {"**", "*", "?"}:
            parts.append({"**": ".*", "*": "[^/]*", "?": "[^/]"}[piece])
        elif piece.startswith("[") and len(piece) > 2:
            parts.append(piece.replace("[!", "[^", 1))
        else:
            parts.append(re.escape(piece[-1]))
    return "".join(parts)


# --- from entries to a draft ------------------------------------------------------------------------------


@dataclass(frozen=True)
class ForeignEntry:
    """What one entry of the old configuration means, in two ways: as a resource, and as a function."""

    resource: DraftResource
    """With sources and target as they could be written."""
    matches: Callable[[str], bool] | None
    """Whether a tracked file is a source of the old entry; None if that is not known."""
    target: Callable[[str], str | None] = lambda _path: None
    """Where the translations of a source lie, with `{locale}`; None if that cannot be said."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Id to local name, as the old file says them for this entry."""
    are_all: bool = False
    """The names are all locales that there are; else only those with files count."""
    excluded: frozenset[str] = frozenset()
    """Ids of locales that the old entry leaves out."""

    def numbered(self, number: int) -> ForeignEntry:
        """Return the entry with NUMBER behind the name of its resource."""
        return replace(self, resource=replace(self.resource, name=f"{self.resource.name}-{number}"))


def assembled(
    entries: Sequence[ForeignEntry], files: Iterable[str], draft: Draft, read: ReadFile | None = None
) -> Draft:
    """Return DRAFT with the resources of ENTRIES, their locales, and what they mean for FILES.

    With READ, directives that belong to the layout of the files come with it: the content is new to the
    service then.
    """
    paths = list(files)
    stock = take_stock(paths, read) if read else None
    found = [_files_of(entry, paths, draft.source_locale) for entry in entries]
    here = [entry.local_names(paths) for entry in found]
    named = _named(found, here)
    # An entry without any translation yet has the locales of the others.
    main = dict(chain.from_iterable(names.items() for names in named))
    owns = [names or entry.without_excluded(main) for entry, names in zip(found, named, strict=True)]
    pairs = list(zip(found, owns, strict=True))
    made = chain.from_iterable(_made(entry, own, paths, stock) for entry, own in pairs)
    resources, locales = mapped(list(made))
    is_known = any(named)
    meanings = chain.from_iterable(entry.meanings(own if is_known else {}) for entry, own in pairs)
    lines = chain.from_iterable(entry.not_taken(local) for entry, local in zip(found, here, strict=True))
    # The locales that the old file names for the whole project are kept, with or without files.
    return replace(
        draft,
        resources=resources,
        locales={**draft.locales, **locales},
        meaning=tuple(meanings),
        not_taken=tuple(dict.fromkeys([*draft.not_taken, *lines])),
    )


def _named(found: Sequence[_EntryFiles], here: Sequence[set[str]]) -> list[dict[str, list[str]]]:
    """Return id to local names of each entry, whose translations have the names that are HERE."""
    id_of, any_here = shared_ids(here), any(here)
    return [entry.ids(local, id_of, any_here=any_here) for entry, local in zip(found, here, strict=True)]


def _made(
    found: _EntryFiles, own: Mapping[str, Sequence[str]], paths: Sequence[str], stock: Inventory | None
) -> list[tuple[DraftResource, Mapping[str, Sequence[str]]]]:
    return [(_directed(resource, found, stock), own) for resource in found.resources(paths)]


def _directed(resource: DraftResource, found: _EntryFiles, stock: Inventory | None) -> DraftResource:
    """Return RESOURCE with the type and the directives of its files below what the old file says."""
    source = next((path for path, _template in found.pairs if stock and path in stock.kinds), "")
    if not stock or not source:
        return resource
    named, kind = formats.detect(source), stock.kinds[source]
    of_layout = directives(source, resource.file_type or kind, stock)
    file_type = resource.file_type or ("" if named and named.name == kind else kind)
    return replace(resource, file_type=file_type, directives={**of_layout, **resource.directives})


def _files_of(entry: ForeignEntry, paths: Sequence[str], source_locale: str) -> _EntryFiles:
    matched = [path for path in paths if entry.matches and entry.matches(path)]
    pairs = [(path, entry.target(path)) for path in matched]
    there = _TemplatePlaces(template for _path, template in pairs if template and PLACE in template)
    translations = {path for path in matched if _is_translation(path, there, source_locale)}
    left = tuple(pair for pair in pairs if pair[0] not in translations)
    return _EntryFiles(entry, left, source_locale, tuple(sorted(translations)))


def _is_translation(path: str, there: _TemplatePlaces, source_locale: str) -> bool:
    """Whether PATH is a translation that the old pattern also matches: it names another language."""
    found = [language(locale) for name in there.names_in(path) if (locale := meaning(name))]
    return bool(found) and language(source_locale) not in found


def names_at(templates: Iterable[str], paths: Iterable[str]) -> set[str]:
    """Return what stands for `{locale}` where PATHS are of one of TEMPLATES."""
    there = _TemplatePlaces(templates)
    return set(chain.from_iterable(map(there.names_in, paths)))


class _TemplatePlaces:
    """Where translations lie. Paths are looked up by what stands before and behind the name.

    So many templates cost no more than one.
    """

    def __init__(self, templates: Iterable[str]) -> None:
        self._ends: dict[str, set[str]] = defaultdict(set)
        self._several: dict[str, list[re.Pattern[str]]] = defaultdict(list)
        for template in set(templates):
            head, _, end = re.sub(r"\{locale[^}]*\}", PLACE, template).partition(PLACE)
            self._ends[head].add(end)
            if PLACE in end:
                self._several[head].append(template_regex(f"{head}{PLACE}{end}"))

    def names_in(self, path: str) -> set[str]:
        """Return what stands for `{locale}` in PATH."""
        found: set[str] = set()
        for head, ends in self._ends.items():
            if path.startswith(head):
                rest = path[len(head) :]
                part = len(rest.partition("/")[0])
                found |= {rest[:cut] for cut in range(1, part + 1) if rest[cut:] in ends}
                hits = (regex.fullmatch(path) for regex in self._several[head])
                found |= {hit["locale"] for hit in hits if hit}
        return found


@dataclass(frozen=True)
class _EntryFiles:
    """An entry with the files that it means."""

    entry: ForeignEntry
    pairs: tuple[tuple[str, str | None], ...]
    source_locale: str
    translations: tuple[str, ...] = ()
    """What the old pattern also matches, and is a translation of another file."""

    @property
    def templates(self) -> list[str]:
        """Where translations lie, with `{locale}`."""
        known = {template for _source, template in self.pairs if template and PLACE in template}
        target = self.entry.resource.target or ""
        # Where the source is not here, translations may be: a program makes the template.
        is_plain = not self.pairs and PLACE in target and not re.search(r"[*?\[]", _fields(target))
        return sorted(known or ({target} if is_plain else set()))

    def without_excluded(self, names: Mapping[str, list[str]]) -> dict[str, list[str]]:
        """Return NAMES without the locales that the old entry leaves out."""
        return {key: value for key, value in names.items() if key not in self.entry.excluded}

    def meanings(self, names: Mapping[str, Sequence[str]]) -> list[FileMeaning]:
        """Return what the old entry means for its files, in the locales of NAMES."""
        return [FileMeaning(source, template, names) for source, template in self.pairs]

    def local_names(self, paths: Sequence[str]) -> set[str]:
        """Return the local names that translations of this entry have."""
        sources = {source for source, _template in self.pairs}
        found = names_at(self.templates, (path for path in paths if path not in sources))
        known = set(self.entry.names.values())
        return {name for name in found if name in known or meaning(name) or _CODE.fullmatch(name)}

    def ids(self, local: set[str], id_of: Mapping[str, str], *, any_here: bool) -> dict[str, list[str]]:
        """Return id to local names of this entry."""
        declared = self._declared(local, id_of, any_here=any_here)
        return {key: names for key, names in sorted(declared.items()) if self._is_target(key, names)}

    def _declared(self, local: set[str], id_of: Mapping[str, str], *, any_here: bool) -> dict[str, list[str]]:
        """Return what the old file names, if that is all; else what of it is here, and what else is."""
        declared = {key: [name] for key, name in self.entry.names.items()}
        if self.entry.are_all:
            return declared
        keys = {name: key for key, name in self.entry.names.items()}
        found = {keys[name]: [name] for name in sorted(local) if name in keys} if any_here else declared
        for name in sorted(local - keys.keys()):
            found.setdefault(id_of[name], []).append(name)
        return found

    def _is_target(self, key: str, names: Sequence[str]) -> bool:
        if key.casefold() == self.source_locale.casefold() or key in self.entry.excluded:
            return False
        return not self._is_source(key, names) and not any(map(self._is_source_language, names))

    def _is_source_language(self, name: str) -> bool:
        """Whether a name that the old file does not say means the source language (`en` for `en-US`)."""
        return same_id(name, self.source_locale) and name not in self.entry.names.values()

    def _is_source(self, key: str, names: Sequence[str]) -> bool:
        """Whether the file of a locale is the source itself."""
        same = language(key) == language(self.source_locale)
        filled = {template.replace(PLACE, names[0]) for _source, template in self.pairs if template}
        return same and bool(filled & {source for source, _template in self.pairs})

    def not_taken(self, local: set[str]) -> list[str]:
        """Return a line for what lies where translations do, and is of the source language."""
        sources = {source for source, _template in self.pairs}
        counted: dict[tuple[str, str], list[str]] = defaultdict(list)
        for name in sorted(filter(self._is_source_language, local)):
            for template in self.templates:
                if (path := template.replace(PLACE, name)) not in sources:
                    counted[template.partition(PLACE)[0], name].append(path)
        return [
            f"{paths[0] if len(paths) == 1 else f'{head}{name}… ({len(paths)} files)'}: it is in the source"
            " language, but the source is another file"
            for (head, name), paths in counted.items()
        ]

    def resources(self, paths: Sequence[str]) -> list[DraftResource]:
        """Return the entry as it could be written, if that means the same; else what its files say."""
        resource = replace(self.entry.resource, notes=(*self.entry.resource.notes, *self._of_translations()))
        if not self.pairs or self._means_the_same(paths):
            return [resource]
        known = [(source, template) for source, template in self.pairs if template]
        note = f"TODO: {', '.join(resource.sources)} is written as the files that it matches today"
        made = patterns([pair(source, template) for source, template in known], paths)
        is_unwritten = resource.sources == (UNWRITTEN,)
        bare = resource if is_unwritten else replace(resource, notes=(*resource.notes, note))
        written = [
            replace(bare, sources=found.sources, target=found.target, exclude=found.exclude) for found in made
        ]
        if written or not any(text.startswith("TODO") for text in resource.sources):
            return written or [resource]
        return [replace(resource, sources=tuple(_exactly(source) for source, _template in self.pairs))]

    def _of_translations(self) -> list[str]:
        """Return a note about what the old file takes for sources and is none here."""
        if not self.translations:
            return []
        count, first = len(self.translations), self.translations[0]
        files = (
            f"{first} is a translation" if count == 1 else f"{first} and {count - 1} more are translations"
        )
        return [f"the old pattern also matches translations, which are not sources here: {files}"]

    def _means_the_same(self, paths: Sequence[str]) -> bool:
        """Whether the resource takes just the sources of the old entry to just its targets."""
        try:
            written = _DraftPatterns(self.entry.resource)
        except PatternError:
            return False
        wanted = {source: _plain_locale(template or "") for source, template in self.pairs}
        found = written.found(paths)
        if not wanted.keys() <= found.keys() or (written.template is None and self.templates):
            return False
        if written.template and any(found[path] != wanted[path] for path in wanted):
            return False
        # What the resource matches beside them may be translations alone: a target is never a source.
        targets = [template_regex(template) for template in self.templates]
        return all(any(target.fullmatch(path) for target in targets) for path in found.keys() - wanted.keys())


class _DraftPatterns:
    """What a resource means, written as it is; raises `PatternError` if it cannot be written so."""

    def __init__(self, resource: DraftResource) -> None:
        self._sources = [compile_source(text) for text in resource.sources]
        self.template = compile_template(resource.target, "target") if resource.target else None
        self._ignored = Ignore(list(resource.exclude))
        if template := self.template:
            for pattern in self._sources:
                bind(template, pattern)

    def found(self, paths: Iterable[str]) -> dict[str, str]:
        """Return each source among PATHS with its target, with `{locale}`; an empty text if it has none."""
        hits = ((path, _first_match(self._sources, path)) for path in paths if not self._ignored.match(path))
        return {path: self._target(path, hit) for path, hit in hits if hit is not None}

    def _target(self, path: str, captures: tuple[Capture, ...]) -> str:
        return _filled(self.template, captures, path) if self.template else ""


def _first_match(compiled: Iterable[SourcePattern], path: str) -> tuple[Capture, ...] | None:
    matches = (pattern.match(path) for pattern in compiled)
    return next((hit for hit in matches if hit is not None), None)


def _filled(template: Template, captures: tuple[Capture, ...], path: str) -> str:
    """Return where a manifest would write the translations of PATH, with `{locale}`."""
    baked = bake(template, captures, split(path))
    return baked.fill(dict.fromkeys(baked.names, PLACE))


def _exactly(path: str) -> str:
    """Return the pattern that means just PATH."""
    return re.sub(r"([\\*?\[])", r"\\\1", path)


def _fields(target: str) -> str:
    """Return TARGET with a star for each field but the locale."""
    return re.sub(r"\{(?!locale\})[^}]*\}", "*", target)


def _plain_locale(template: str) -> str:
    return re.sub(r"\{locale[^}]*\}", PLACE, template)


def source_of(entries: Sequence[ForeignEntry], files: Sequence[str], read: ReadFile) -> str:
    """Return the local name of the source language of ENTRIES, as far as their files show it."""
    meant = [
        (entry, path) for entry, path in product(entries, files) if entry.matches and entry.matches(path)
    ]
    templates = [entry.target(path) for entry, path in meant]
    return source_locale([path for _entry, path in meant], templates, files, read)


def codes(names: Iterable[str]) -> frozenset[str]:
    """Return the ids of the service for the codes of another tool."""
    return frozenset(service_id(str(name)) for name in names)


def texts(value: object) -> Iterator[str]:
    """Yield a text, or those of a list."""
    if isinstance(value, list | tuple):
        yield from map(str, value)
    elif value is not None:
        yield str(value)
