"""The layout of a manifest over a tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from types import MappingProxyType

from l10nsync.errors import Diagnostic
from l10nsync.layout import checks, join
from l10nsync.layout.causes import Surroundings
from l10nsync.layout.claims import Claims, claim_files
from l10nsync.layout.resource_rules import ResourceRule, compile_rules
from l10nsync.layout.sources import Situation, make_source, type_problems
from l10nsync.model import Manifest, Source
from l10nsync.paths import Ignore, PatternError


@dataclass(frozen=True, slots=True)
class TrackedTree:
    """What git tracks, and the branch of this run."""

    files: Sequence[str]
    """Regular files, POSIX paths from the git root, sorted."""
    specials: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Path to `symlink`, `submodule` or `lfs`."""
    ignore: str = ""
    """Text of the `.l10nignore` in the manifest's folder."""
    ignores: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The same by folder, where a run takes several manifests."""
    branch: str | None = None
    changed: frozenset[str] | None = None
    """Files that differ from the default branch; None if that is not known, so all may."""
    repo: str = ""
    """The name of the repository, from the address of `origin`; empty if there is none."""
    untracked: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Path of a file that git does not track here to why, a predicate: it may explain an empty pattern."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the manifest means for the tree."""

    sources: tuple[Source, ...]
    """By path."""
    orphans: tuple[str, ...]
    """Translations whose source is gone, from the git root, by path."""
    diagnostics: tuple[Diagnostic, ...]
    """By place in the manifest."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """The layout with all that led to it."""

    layout: Layout
    rules: tuple[ResourceRule, ...]
    claims: Claims
    situation: Situation


def lay_out(manifest: Manifest, tree: TrackedTree) -> Layout:
    """Return the sources of TREE with their targets, and every problem that depends on the files."""
    if not manifest.parts:
        return analyse(manifest, tree).layout
    layouts = [lay_out(part, seen_from(part, tree)) for part in manifest.parts]
    sources = sorted(
        chain.from_iterable(layout.sources for layout in layouts), key=lambda source: source.path
    )
    orphans = sorted(set(chain.from_iterable(layout.orphans for layout in layouts)))
    collisions = _first_of_each(join.collisions(manifest.parts, [layout.sources for layout in layouts]))
    problems = (*chain.from_iterable(layout.diagnostics for layout in layouts), *collisions)
    return Layout(tuple(sources), tuple(orphans), problems)


def seen_from(part: Manifest, tree: TrackedTree) -> TrackedTree:
    """Return TREE as one of several manifests sees it."""
    return replace(tree, ignore=tree.ignores.get(part.folder, ""))


def _first_of_each(problems: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return one of PROBLEMS for each pair of places, as there may be one per file."""
    found: dict[object, Diagnostic] = {}
    for problem in problems:
        others = tuple((other.file, other.line) for other in problem.related)
        found.setdefault((problem.code, problem.file, problem.line, others), problem)
    return tuple(found.values())


def analyse(manifest: Manifest, tree: TrackedTree) -> Analysis:
    """Return the layout together with the compiled rules and what became of every file."""
    situation = Situation(manifest, tree.branch, tree.changed, tree.repo)
    prefix = situation.prefix
    files = [path.removeprefix(prefix) for path in tree.files if path.startswith(prefix)]
    specials = {
        path.removeprefix(prefix): kind for path, kind in tree.specials.items() if path.startswith(prefix)
    }
    untracked = {
        path.removeprefix(prefix): reason
        for path, reason in tree.untracked.items()
        if path.startswith(prefix)
    }
    rules, problems = compile_rules(manifest)
    ignore, broken = read_ignore(tree.ignore, prefix)
    problems += broken
    claims = claim_files(rules, files, ignore.match)
    pairs = [(claim, make_source(claim, situation)) for claim in claims.sources]
    problems += checks.empty_patterns(rules, claims, Surroundings(files, specials, untracked))
    problems += checks.useless_includes(rules, files)
    problems += checks.skipped_specials(rules, specials)
    problems += checks.lookalikes(claims)
    problems += type_problems(claims.sources)
    problems += checks.branch_missing(rules, tree.branch)
    problems += checks.repo_missing(rules, tree.repo)
    problems += checks.uri_problems(pairs)
    problems += checks.target_problems(pairs, tree.files, tree.specials, manifest)
    problems += checks.types_of_no_use(pairs, manifest)
    problems.sort(key=lambda problem: (problem.file, problem.line, problem.column, problem.code))
    layout = Layout(
        tuple(source for _, source in pairs),
        tuple(prefix + path for path in claims.orphans),
        tuple(problems),
    )
    return Analysis(layout, rules, claims, situation)


def read_ignore(text: str, prefix: str = "") -> tuple[Ignore, list[Diagnostic]]:
    """Return what the text of a `.l10nignore` excludes, and its malformed lines."""
    lines: list[str] = []
    problems: list[Diagnostic] = []
    for number, line in enumerate(text.split("\n"), 1):
        plain = line.removesuffix("\r")
        try:
            Ignore([plain])
        except PatternError as error:
            place = Diagnostic("E201", error.message, file=f"{prefix}.l10nignore", line=number, column=1)
            problems.append(replace(place, end_column=len(plain) + 1, text=plain, help=error.hint))
        else:
            lines.append(plain)
    return Ignore(lines), problems
