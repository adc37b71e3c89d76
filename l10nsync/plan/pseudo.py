"""What `pseudo` does with every target: it takes the committed source, accented and longer. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.model import Source, Target
from l10nsync.plan import content
from l10nsync.plan.pull import LocalTarget
from l10nsync.plan.reasons import Action, Awaits, Reason
from l10nsync.plan.values import ALL_LOCALES, Plan, TargetChange

PseudoDecision = tuple[TargetChange, bytes | None]
Findings = tuple[formats.Finding, ...]


@dataclass(frozen=True, slots=True)
class PseudoFacts:
    """All that is known for a run of `pseudo`."""

    sources: tuple[Source, ...]
    blobs: Mapping[str, str]
    """Path of a source to the blob id of its committed content."""
    contents: Mapping[str, bytes]
    """Blob id to content."""
    present: Mapping[str, LocalTarget]
    """Target path to what is in the place that is written to; absent where there is no file."""
    models: Mapping[str, bytes]
    """Target path to the repository's file, whose layout is kept; absent where there is none."""
    edited: frozenset[str] = frozenset()
    """Paths with uncommitted changes."""
    inflation: int | None = None
    """Percent by which texts grow; None: what the directives say."""
    force: bool = False


def plan_pseudo(facts: PseudoFacts) -> tuple[Plan, dict[str, bytes]]:
    """Return what a run of `pseudo` does, and the bytes to write by path."""
    decisions = list(_decisions(facts))
    contents = {change.path: made for change, made in decisions if made is not None}
    changes = sorted((change for change, _ in decisions), key=lambda change: (change.project, change.path))
    notices = tuple(
        f"{source.path}: uncommitted changes are not used (commit them first)"
        for source in facts.sources
        if source.path in facts.edited and source.targets
    )
    return Plan("pseudo", tuple(changes), notices=notices), contents


def _decisions(facts: PseudoFacts) -> Iterator[PseudoDecision]:
    for source in facts.sources:
        for target in _targets_of(source):
            yield _decide(facts, source, target)


def _targets_of(source: Source) -> Iterator[Target]:
    """Yield the targets; a file for all locales once."""
    if not _is_multilingual(source):
        yield from source.targets
        return
    for path in dict.fromkeys(target.path for target in source.targets):
        yield Target(ALL_LOCALES, "", path)


def _is_multilingual(source: Source) -> bool:
    kind = formats.get(source.file_type)
    return bool(kind and kind.multilingual)


def _has_text(source: Source) -> bool:
    """Whether strings of this type can be separated from their surroundings, and so be changed."""
    kind = formats.get(source.file_type)
    return bool(kind and kind.parse and not kind.whole)


def _decide(facts: PseudoFacts, source: Source, target: Target) -> PseudoDecision:
    """Return what happens to one target, why, and the bytes to write."""
    if target.locale == ALL_LOCALES:
        return _change(source, target, Action.KEEP, Reason.MULTILINGUAL), None
    if not target.locale:
        return _change(source, target, Action.KEEP, Reason.COPY), None
    if not _has_text(source):
        return _change(source, target, Action.KEEP, Reason.NO_TEXT), None
    original = facts.contents.get(facts.blobs.get(source.path, ""))
    if original is None and source.path in facts.blobs:
        detail = f"git does not have the content of {source.path} here"
        return _change(source, target, Action.HOLD, Reason.UNREADABLE, detail), None
    if original is None:
        change = _change(source, target, Action.KEEP, Reason.NOT_COMMITTED)
        return replace(change, awaits=Awaits.COMMIT), None
    if not original.strip():
        return _change(source, target, Action.KEEP, Reason.NO_STRINGS), None
    try:
        made, findings = _made(facts, source, target, original)
    except ContentError as error:
        # Either the source is broken, or its encoding cannot hold the accents.
        reason = Reason.INVALID if _read(source, original) else Reason.UNREADABLE
        return _change(source, target, Action.HOLD, reason, f"{source.path}: {error}"), None
    return _judged(facts, source, target, made, findings)


def _judged(
    facts: PseudoFacts, source: Source, target: Target, made: bytes, findings: Findings
) -> PseudoDecision:
    if errors := _errors(findings):
        detail = f"{errors[0].rule}: {errors[0].message}"
        return replace(_change(source, target, Action.HOLD, Reason.INVALID, detail), findings=findings), None
    digest = hashlib.sha256(made).hexdigest()
    present = facts.present.get(target.path)
    if present and present.content == made:
        return replace(
            _change(source, target, Action.KEEP, Reason.UNCHANGED), current=True, digest=digest
        ), None
    if present and present.uncommitted and not facts.force:
        detail = "uncommitted changes would be lost; commit them, or use --force"
        return _change(source, target, Action.BLOCK, Reason.EDITED, detail), None
    reason = Reason.PSEUDO if present else Reason.NEW
    change = replace(
        _change(source, target, Action.WRITE, reason),
        new=present is None,
        digest=digest,
        before=present.digest if present else "",
        findings=findings,
    )
    return change, made


# --- the content --------------------------------------------------------------------------------------


def _made(facts: PseudoFacts, source: Source, target: Target, original: bytes) -> tuple[bytes, Findings]:
    """Return the source with every string pseudo-localized, as the target's file would hold it, judged."""
    made = formats.pseudo(
        source.file_type, original, source.directives, source.charset, inflation=facts.inflation
    )
    model = facts.models.get(target.path)
    if model and (named := _with_plural_forms_of(source, made, model)):
        styled = content.styled(source, target, named, original, model, named)
        findings = content.findings(source, target, original, styled)
        # A gettext header may promise more plural forms than the source has: then the source's header stays.
        if not _errors(findings):
            return styled, findings
    styled = content.styled(source, target, made, original, model, made)
    return styled, content.findings(source, target, original, styled)


def _errors(findings: Findings) -> Findings:
    return tuple(finding for finding in findings if finding.severity == "error")


def _read(source: Source, data: bytes) -> formats.Document | None:
    try:
        return formats.parse(source.file_type, data, source.directives, source.charset)
    except ContentError:
        return None


def _with_plural_forms_of(source: Source, made: bytes, model: bytes) -> bytes | None:
    """Return MADE with the plural forms that MODEL names; None where the two name them in different ways."""
    ours, theirs = _read(source, made), _read(source, model)
    if ours is None or theirs is None or len(ours.labels) != len(theirs.labels):
        return None
    pairs = zip(ours.labels, theirs.labels, strict=True)
    return ours.splice([(new.start, new.end, theirs.text[old.start : old.end]) for new, old in pairs])


def _change(source: Source, target: Target, action: Action, reason: Reason, detail: str = "") -> TargetChange:
    return TargetChange(
        action=action,
        reason=reason,
        project=source.project,
        resource=source.resource,
        source=source.path,
        uri=source.file_uri,
        locale=target.locale,
        path=target.path,
        detail=detail,
    )
