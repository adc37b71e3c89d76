"""Which file is a source, a translation, or neither: first match, targets, orphans and look-alikes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

from l10nsync import formats, locales
from l10nsync.layout.resource_rules import Claim, ResourceRule, Spelling, spelled
from l10nsync.paths import Inverse, SourcePattern, bake, split

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class TargetOrigin:
    """What a path is the target of."""

    rule: ResourceRule
    source: str
    """Relative to the manifest's folder; empty if it is not known."""
    locale: str
    """Empty for a copy; for a look-alike the locale that it seems to be in."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What became of every file that a pattern matches; paths are relative to the manifest's folder."""

    sources: tuple[Claim, ...]
    """By path."""
    targets: Mapping[str, TargetOrigin]
    """Files that a source pattern matches and that are translations of a source."""
    orphans: Mapping[str, TargetOrigin]
    """Translations whose source is gone."""
    lookalikes: Mapping[str, tuple[Claim, TargetOrigin]]
    matched: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """(rule, source pattern) to the first file that it matches and does not exclude."""


class Index(Generic[_T]):
    """Finds the patterns that match a path, in their order, without trying most of the others."""

    def __init__(self, patterns: Iterable[tuple[SourcePattern, _T]]) -> None:
        self._rows = [
            (pattern.literal_prefix, pattern.literal_suffix, pattern.literal_core, pattern, item)
            for pattern, item in patterns
        ]
        self._any = [row for row in self._rows if _extension(row[1]) is None]
        self._by_extension = {
            extension: [row for row in self._rows if _extension(row[1]) in {None, extension}]
            for extension in {_extension(row[1]) for row in self._rows}
            if extension is not None
        }

    def near(self, path: str) -> Iterator[tuple[SourcePattern, _T]]:
        """Yield the patterns whose literal ends fit PATH; they need not match it."""
        for prefix, suffix, core, pattern, item in self._by_extension.get(path.rpartition(".")[2], self._any):
            if core in path and path.endswith(suffix) and path.startswith(prefix):
                yield pattern, item


def _extension(suffix: str) -> str | None:
    _, dot, extension = suffix.rpartition(".")
    return extension if dot else None


def claim_files(
    rules: Sequence[ResourceRule], files: Iterable[str], ignored: Callable[[str], bool]
) -> Claims:
    """Decide about FILES, paths relative to the manifest's folder."""
    seen = [path for path in files if not _out_of_sight(rules, path, ignored)]
    candidates, matched = _candidates(rules, seen)
    produced = _produced(candidates.values(), frozenset(seen))
    finder = _OriginFinder(rules)
    orphans = _orphans(candidates, produced, seen, finder)
    roots = _roots(candidates, produced, orphans)
    targets: dict[str, TargetOrigin] = {}
    for path in candidates.keys() - roots.keys() - orphans.keys():
        origin = next((origin for origin in produced.get(path, ()) if origin.source in roots), None)
        (targets if origin else orphans)[path] = origin or produced[path][0]
    alike = {path: origin for path, claim in roots.items() if (origin := finder.lookalike(claim, roots))}
    sources = tuple(claim for path, claim in sorted(roots.items()) if path not in alike)
    lookalikes = {path: (roots[path], origin) for path, origin in sorted(alike.items())}
    return Claims(sources, targets, dict(sorted(orphans.items())), lookalikes, matched)


def _out_of_sight(rules: Sequence[ResourceRule], path: str, ignored: Callable[[str], bool]) -> bool:
    return ignored(path) and not any(rule.includes_path(path) for rule in rules)


def _candidates(
    rules: Sequence[ResourceRule], files: Iterable[str]
) -> tuple[dict[str, Claim], dict[tuple[int, int], str]]:
    """Return the first claim on each file, and the first file of each pattern.

    A file that `include` names belongs to that resource: the ones before it would drop it.
    """
    index = Index(_numbered_sources(rules))
    claims: dict[str, Claim] = {}
    matched: dict[tuple[int, int], str] = {}
    for path in files:
        for pattern, (rule, number) in index.near(path):
            key = (rule.index, number)
            if path in claims and key in matched and not rule.includes:
                continue
            claim = claim_by(rule, number, pattern, path)
            if claim is None:
                continue
            matched.setdefault(key, path)
            if path not in claims:
                claims[path] = claim
    return claims, matched


def _numbered_sources(
    rules: Sequence[ResourceRule],
) -> Iterator[tuple[SourcePattern, tuple[ResourceRule, int]]]:
    """Yield each source pattern with its resource and its number there."""
    for rule in rules:
        for number, pattern in enumerate(rule.sources):
            yield pattern, (rule, number)


def claim_by(rule: ResourceRule, number: int, pattern: SourcePattern, path: str) -> Claim | None:
    """Return the claim of one source pattern on PATH; None if it does not match or is excluded."""
    captures = pattern.match(path)
    if captures is None:
        return None
    included = rule.includes_path(path)
    if not included and rule.excludes.match(path):
        return None
    return Claim(path, rule, number, captures, included or pattern.literal is not None)


def multilingual(rule: ResourceRule, path: str) -> bool:
    """Say whether a source holds all its locales itself."""
    kind = formats.get(rule.resource.file_type) if rule.resource.file_type else formats.detect(path)
    return kind is not None and kind.multilingual


def _produced(claims: Iterable[Claim], files: frozenset[str]) -> dict[str, list[TargetOrigin]]:
    """Return what each of FILES would be a target of, if every claim were a source."""
    produced: dict[str, list[TargetOrigin]] = {}
    for claim in claims:
        for spelling, path in claim.targets():
            if path in files:
                produced.setdefault(path, []).append(TargetOrigin(claim.rule, claim.path, spelling.locale))
    return produced


def _orphans(
    candidates: Mapping[str, Claim],
    produced: Mapping[str, Sequence[TargetOrigin]],
    files: Iterable[str],
    finder: _OriginFinder,
) -> dict[str, TargetOrigin]:
    """Return the translations whose source does not exist at all."""
    orphans: dict[str, TargetOrigin] = {}
    for path in files:
        claim = candidates.get(path)
        if path in produced or (claim is not None and claim.strong):
            continue
        origin = finder.origin(path, candidates)
        if origin is not None:
            orphans[path] = origin
    return orphans


def _roots(
    candidates: Mapping[str, Claim],
    produced: Mapping[str, Sequence[TargetOrigin]],
    orphans: Mapping[str, TargetOrigin],
) -> dict[str, Claim]:
    """Return the claims that are not a translation of another candidate."""
    return {
        path: claim
        for path, claim in candidates.items()
        if path not in orphans and (claim.strong or not _is_translation(claim, produced.get(path, ())))
    }


def _is_translation(claim: Claim, origins: Sequence[TargetOrigin]) -> bool:
    if any(origin.source != claim.path for origin in origins):
        return True
    # A file that is its own translation matches by its locale, unless the target names none.
    target = claim.rule.target
    return bool(origins and target and target.locale_placeholders) and not multilingual(
        claim.rule, claim.path
    )


class _OriginFinder:
    """Goes back from a path to the source that it would be a translation of."""

    def __init__(self, rules: Sequence[ResourceRule]) -> None:
        self._targets = Index(_ways_back(rules))

    def origin(self, path: str, candidates: Mapping[str, Claim]) -> TargetOrigin | None:
        """Return what PATH is a translation of, in a locale of the manifest, with its source gone."""
        for generic, way in self._targets.near(path):
            if way.rule.excludes.match(path) or (not way.slashed and generic.match(path) is None):
                continue
            for form, spelling in way.forms.near(path):
                source = way.back(path, form, spelling.values)
                if source is not None and source != path and source not in candidates:
                    return TargetOrigin(way.rule, source, spelling.locale)
        return None

    def lookalike(self, claim: Claim, roots: Mapping[str, Claim]) -> TargetOrigin | None:
        """Return what a weakly claimed file seems to be a translation of, in a locale that nobody named."""
        if claim.strong:
            return None
        for name, locale, whole in _locales_in(claim.path):
            for generic, way in self._targets.near(claim.path):
                if generic.match(claim.path) is None or locales.same_locale(locale, way.rule.source_locale):
                    continue
                source = way.guess(claim.path, name, locale)
                if source is None or source == claim.path:
                    continue
                # `sign_in` is a name like others unless there is a `sign`; in `i18n/in` nothing is before it.
                if source in roots or whole or not locales.is_word(name):
                    return TargetOrigin(way.rule, source, locale)
        return None


def _ways_back(rules: Iterable[ResourceRule]) -> Iterator[tuple[SourcePattern, _Way]]:
    """Yield each target pattern with a locale, with the way from its matches to their sources."""
    for rule in rules:
        for inverse in rule.inverses:
            if inverse.generic is not None and inverse.template.locale_placeholders:
                yield inverse.generic, _Way(rule, inverse)


@dataclass(frozen=True)
class _Way:
    """From the targets of one source pattern of RULE back to the sources."""

    rule: ResourceRule
    inverse: Inverse

    @cached_property
    def slashed(self) -> bool:
        """Whether a local name has several parts, so that the generic form does not cover it."""
        return any("/" in spelling.name for spelling in self.rule.spellings)

    @cached_property
    def forms(self) -> Index[Spelling]:
        """The targets of each spelling, as a pattern."""
        made = ((self.inverse.form(spelling.values), spelling) for spelling in self.rule.spellings)
        return Index((form, spelling) for form, spelling in made if form is not None)

    def back(self, path: str, form: SourcePattern, values: Mapping[str, str]) -> str | None:
        """Return the source whose target for VALUES is PATH; checked by going there again."""
        source = self.inverse.source(path, form)
        if source is None or self.rule.excludes.match(source):
            return None
        captures = self.inverse.pattern.match(source)
        if captures is None:
            return None
        again = bake(self.inverse.template, captures, split(source)).fill(values)
        return source if again == path else None

    def guess(self, path: str, name: str, locale: str) -> str | None:
        """Return the source of PATH if NAME is its locale; empty if it has one that is not known."""
        target = self.inverse.template
        for placeholder in sorted(target.locale_placeholders):
            values = {**spelled(target, locale, name), placeholder: name}
            form = self.inverse.form(values) if all(values.values()) else None
            if form is None or form.match(path) is None:
                continue
            if self.inverse.source(path, form) is None:
                return ""
            found = self.back(path, form, values)
            if found is not None:
                return found
        return None


_WORD = re.compile(r"(?:b\+)?[A-Za-z]{2,3}(?:[-_+@.]+#?[A-Za-z0-9]{2,10})*")
_LAST = re.compile(r"[-_+@.]+#?[A-Za-z0-9]*\Z")
_BOUNDARY = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z])")


def _locales_in(path: str) -> Iterator[tuple[str, str, bool]]:
    """Yield every piece of PATH that looks like a locale: its text, its id, and if it begins a path part.

    At each place the longest comes first.
    """
    for boundary in _BOUNDARY.finditer(path):
        found = _WORD.match(path, boundary.start())
        text = found.group() if found else ""
        begins = path[: boundary.start()][-1:] in {"", "/"}
        while text:
            end = boundary.start() + len(text)
            whole = end == len(path) or not path[end].isalnum()
            guess = locales.guess_id(text) if whole else None
            if guess is not None:
                yield text, guess, begins
            text = _shorter(text)


def _shorter(text: str) -> str:
    """Return TEXT without its last subtag; empty if it has but one."""
    return _LAST.sub("", text) if _LAST.search(text) else ""
