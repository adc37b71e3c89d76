"""A resource, compiled: its patterns, its templates and the spellings of its locales."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from l10nsync import locales
from l10nsync.errors import Diagnostic
from l10nsync.model import Manifest, Place, Resource
from l10nsync.paths import (
    Baked,
    Capture,
    Ignore,
    Inverse,
    PatternError,
    SourcePattern,
    Template,
    bake,
    bind,
    compile_source,
    compile_template,
    split,
)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Spelling:
    """One local name of one locale (empty for a copy of the source), as the placeholders write it."""

    locale: str
    name: str
    values: dict[str, str]


@dataclass(frozen=True)
class ResourceRule:
    """One resource, ready to be matched; its patterns see paths relative to the manifest's folder."""

    index: int
    resource: Resource
    source_locale: str
    sources: tuple[SourcePattern, ...]
    target: Template | None
    file_uri: Template
    namespace: Template
    excludes: Ignore
    includes: tuple[SourcePattern, ...]
    spellings: tuple[Spelling, ...]

    @cached_property
    def inverses(self) -> tuple[Inverse, ...]:
        """One per source pattern; none for upload-only resources."""
        return tuple(Inverse(self.target, pattern) for pattern in self.sources) if self.target else ()

    def includes_path(self, path: str) -> bool:
        """Say whether PATH is named by `include`."""
        return any(pattern.match(path) is not None for pattern in self.includes)


@dataclass(frozen=True, slots=True)
class Claim:
    """A file that a source pattern of a rule takes."""

    path: str
    """Relative to the manifest's folder."""
    rule: ResourceRule
    number: int
    """Which of the rule's source patterns."""
    captures: tuple[Capture, ...] = field(repr=False)
    strong: bool
    """Named by a pattern without wildcards or by `include`: never taken for a translation."""

    def baked(self) -> Baked | None:
        """Return the target but for the locale; None if the resource is upload only."""
        return bake(self.rule.target, self.captures, split(self.path)) if self.rule.target else None

    def targets(self) -> Iterator[tuple[Spelling, str]]:
        """Yield every spelling with the path that its translation is written to."""
        baked = self.baked()
        for spelling in self.rule.spellings if baked else ():
            yield spelling, baked.fill(spelling.values)  # type: ignore[union-attr]


def compile_rules(manifest: Manifest) -> tuple[tuple[ResourceRule, ...], list[Diagnostic]]:
    """Return the rules of MANIFEST that compile, and what is wrong with the others."""
    problems: list[Diagnostic] = []
    rules: list[ResourceRule] = []
    for index, resource in enumerate(manifest.resources):
        found: list[Diagnostic] = []
        rule = _compile(index, resource, manifest, found)
        problems += found
        if rule is not None and not any(problem.severity == "error" for problem in found):
            rules.append(rule)
    return tuple(rules), problems


def _compile(
    index: int, resource: Resource, manifest: Manifest, problems: list[Diagnostic]
) -> ResourceRule | None:
    def attempt(key: str, text: str, make: Callable[[], _T]) -> _T | None:
        try:
            return make()
        except PatternError as error:
            problems.append(pattern_problem("E201", error, resource, key, text))
            return None

    sources = _patterns(resource, "source", resource.sources, attempt)
    includes = _patterns(resource, "include", resource.includes, attempt)
    excludes = attempt("exclude", "", lambda: Ignore(resource.excludes))
    target_text, uri_text = resource.target, resource.file_uri
    target = (
        attempt("target", target_text, lambda: compile_template(target_text, "target"))
        if target_text
        else None
    )
    file_uri = attempt("fileUri", uri_text, lambda: compile_template(uri_text, "fileUri"))
    name_text = resource.namespace
    namespace = (
        file_uri
        if name_text is None
        else attempt("namespace", name_text, lambda: compile_template(name_text, "namespace"))
    )
    for key, template in (("target", target), ("fileUri", file_uri), ("namespace", namespace)):
        if template is not None and not (key == "namespace" and template is file_uri):
            problems += _misfits(resource, key, template, sources)
    source_locale = _source_locale(manifest, resource)
    problems += _locale_problems(resource, source_locale, target)
    if file_uri is None or namespace is None or excludes is None:
        return None
    spellings = _spellings(resource, target) if target else ()
    return ResourceRule(
        index, resource, source_locale, sources, target, file_uri, namespace, excludes, includes, spellings
    )


def _patterns(
    resource: Resource,
    key: str,
    texts: tuple[str, ...],
    attempt: Callable[[str, str, Callable[[], SourcePattern]], SourcePattern | None],
) -> tuple[SourcePattern, ...]:
    made = (
        attempt(item_key(resource, key, number), text, lambda text=text: compile_source(text))  # type: ignore[misc]
        for number, text in enumerate(texts)
    )
    return tuple(pattern for pattern in made if pattern is not None)


def _misfits(
    resource: Resource, key: str, template: Template, sources: tuple[SourcePattern, ...]
) -> Iterator[Diagnostic]:
    for pattern in sources:
        try:
            bind(template, pattern)
        except PatternError as error:
            yield pattern_problem("E202", error, resource, key, template.text)
            return


def _source_locale(manifest: Manifest, resource: Resource) -> str:
    project = manifest.projects.get(resource.project)
    return project.source_locale if project else "en"


def _locale_problems(resource: Resource, source_locale: str, target: Template | None) -> Iterator[Diagnostic]:
    for locale, names in resource.locales.names.items():
        key = f"locales.{locale}"
        if not locales.valid_id(locale):
            yield problem("E215", f"`{locale}` is not a locale id", resource, key)
        elif locale.casefold() == source_locale.casefold():
            yield problem(
                "E209",
                f"`{locale}` is the source locale, so it cannot be a target",
                resource,
                key,
                help="Leave it out, or use `copies` to write the source under another name.",
            )
        elif (
            target
            and "region" in target.placeholders
            and not locales.region(locale)
            and locale not in resource.locales.explicit
        ):
            yield problem("E217", f"`{locale}` has no region for `{{region}}`", resource, "target")
        for name in names:
            if not locales.valid_local_name(name):
                yield problem("E216", f"the local name {name!r} cannot be part of a path", resource, key)
    for number, name in enumerate(resource.copies):
        if not locales.valid_local_name(name):
            where = item_key(resource, "copies", number)
            yield problem("E216", f"the local name {name!r} cannot be part of a path", resource, where)


def _spellings(resource: Resource, target: Template) -> tuple[Spelling, ...]:
    made: list[Spelling] = []
    for locale, names in resource.locales.names.items():
        made += [Spelling(locale, name, spelled(target, locale, name, resource)) for name in names]
    made += [Spelling("", name, dict.fromkeys(target.locale_placeholders, name)) for name in resource.copies]
    return tuple(made)


def spelled(target: Template, locale: str, name: str, resource: Resource | None = None) -> dict[str, str]:
    """Return what each placeholder of TARGET writes for LOCALE, which the repository calls NAME."""
    if resource is not None and locale in resource.locales.explicit:
        return dict.fromkeys(target.locale_placeholders, name)
    return {placeholder: _spelled(placeholder, locale, name) for placeholder in target.locale_placeholders}


def _spelled(placeholder: str, locale: str, name: str) -> str:
    match placeholder.partition(":"):
        case ("language", _, _):
            return locales.language(locale)
        case ("region", _, _):
            return locales.region(locale)
        case (_, ":", style):
            return locales.spell(locale, style)
    return name


# --- problems with their places ---------------------------------------------------------------------------


def item_key(resource: Resource, key: str, number: int) -> str:
    """Return the dotted key of the NUMBER-th item of a list that may be written as a single text."""
    numbered = f"{key}.{number}"
    return numbered if numbered in resource.places else key


def place_of(resource: Resource, key: str) -> Place:
    """Return the place of the value of KEY; the nearest thing around it if that is not known."""
    while key:
        if key in resource.places:
            return resource.places[key]
        key = key.rpartition(".")[0]
    return resource.place


def problem(
    code: str,
    message: str,
    resource: Resource,
    key: str,
    *,
    severity: str = "error",
    help: str = "",  # noqa: A002 - the name of the field
    note: str = "",
    related: tuple[Diagnostic, ...] = (),
) -> Diagnostic:
    """Return a diagnostic that points at the value of KEY in RESOURCE."""
    place = place_of(resource, key)
    return Diagnostic(
        code,
        message,
        severity,
        place.file,
        place.line,
        place.column,
        place.end_column,
        place.text,
        note,
        help,
        related,
    )


def pattern_problem(code: str, error: PatternError, resource: Resource, key: str, text: str) -> Diagnostic:
    """Return a diagnostic that marks the malformed part of the pattern TEXT, if it is there unchanged."""
    whole = problem(code, error.message, resource, key, help=error.hint)
    start = whole.text.find(text, max(whole.column - 1, 0)) if text else -1
    if start < 0:
        return whole
    column = start + error.offset + 1
    return replace(whole, column=column, end_column=column + max(error.length, 1))
