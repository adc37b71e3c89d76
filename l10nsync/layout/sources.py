"""What a claimed file becomes: its fileUri, namespace, type and targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from l10nsync import formats
from l10nsync.errors import Diagnostic
from l10nsync.layout.resource_rules import Claim, ResourceRule, problem
from l10nsync.layout.uris import UriNames, render_uri
from l10nsync.model import Manifest, Source, Target
from l10nsync.paths import split


@dataclass(frozen=True, slots=True)
class Situation:
    """What is the same for all sources of a run."""

    manifest: Manifest
    branch: str | None
    changed: frozenset[str] | None
    repo: str = ""

    @property
    def prefix(self) -> str:
        """The prefix of every path of the manifest, from the git root."""
        return f"{self.manifest.folder}/" if self.manifest.folder else ""


def make_source(claim: Claim, situation: Situation) -> Source:
    """Return everything that the manifest sets for a claimed file."""
    resource = claim.rule.resource
    path = situation.prefix + claim.path
    uri, default_uri, sent = _uris(claim, path, situation)
    project = situation.manifest.projects.get(resource.project)
    return Source(
        path=path,
        resource=resource.name,
        project=resource.project,
        file_uri=uri,
        namespace=render_uri(claim.rule.namespace, claim, path, UriNames(repo=situation.repo)),
        file_type=file_type(claim.rule, claim.path) or resource.file_type or "",
        charset=resource.charset,
        directives=resource.directives,
        locales=tuple(resource.locales.names),
        targets=_targets(claim, situation.prefix),
        default_uri=default_uri,
        push=resource.push and sent,
        pull=resource.pull,
        rules=resource.rules,
        source_locale=project.source_locale if project else "",
        branched="branch" in claim.rule.file_uri.placeholders,
        named="repo" in claim.rule.file_uri.placeholders,
        job=resource.job,
    )


def _uris(claim: Claim, path: str, situation: Situation) -> tuple[str, str, bool]:
    """Return the fileUri, the default branch's where it differs, and whether this branch sends the file."""
    branch, default = situation.branch or "", situation.manifest.default_branch
    own = render_uri(claim.rule.file_uri, claim, path, UriNames(branch, situation.repo))
    if "branch" not in claim.rule.file_uri.placeholders or branch == default or not branch:
        return own, "", True
    theirs = render_uri(claim.rule.file_uri, claim, path, UriNames(default, situation.repo))
    if situation.changed is not None and path not in situation.changed:
        return theirs, "", False
    return own, theirs, True


def _targets(claim: Claim, prefix: str) -> tuple[Target, ...]:
    """Return the targets by locale and path; names that a style spells alike are one target."""
    found = {
        (spelling.locale, path): Target(spelling.locale, spelling.name, prefix + path, rank)
        for rank, (spelling, path) in reversed(list(enumerate(claim.targets())))
    }
    return tuple(found[key] for key in sorted(found))


def file_type(rule: ResourceRule, path: str) -> str | None:
    """Return the canonical type of a file; None if it is unknown or not recognizable."""
    named = rule.resource.file_type
    kind = formats.get(named) if named else formats.detect(path)
    return kind.name if kind else None


def type_problems(claims: tuple[Claim, ...]) -> Iterator[Diagnostic]:
    """Yield what is wrong with file types: once for each resource, or for each ending in it."""
    reported: set[tuple[int, str]] = set()
    for claim in claims:
        if file_type(claim.rule, claim.path) is not None:
            continue
        named = claim.rule.resource.file_type
        key = (claim.rule.index, "" if named else split(claim.path).ext)
        if key not in reported:
            reported.add(key)
            yield _unknown_type(claim.rule, named) if named else _untold_type(claim)


def _unknown_type(rule: ResourceRule, named: str) -> Diagnostic:
    known = {name.lower(): name for name in formats.TYPES}
    near = get_close_matches(named.lower().replace("_", ""), known, 1, 0.5)
    hint = (
        f"Did you mean `{known[near[0]]}`?" if near else f"Known types: {', '.join(sorted(formats.TYPES))}."
    )
    return problem("E210", f"unknown fileType `{named}`", rule.resource, "fileType", help=hint)


def _untold_type(claim: Claim) -> Diagnostic:
    kinds = formats.sharing(claim.path)
    perhaps = f" (`{'` or `'.join(kinds)}`, if it is one)" if kinds else ""
    return problem(
        "E211",
        f"the type of `{claim.path}` cannot be recognized from its name",
        claim.rule.resource,
        "source",
        help=f"Add `fileType` to the resource{perhaps}.",
    )
