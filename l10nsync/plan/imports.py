"""Which translations of the repository go into the TMS. Pure.

A translation is imported string by string: what the TMS has already is left out, and so is what it
would refuse or spoil. What is left out is cut from the file that is sent, so that the service can do
nothing else than what the plan says, and a second import finds nothing to do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field, replace

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats import Document, Finding, Unit
from l10nsync.model import (
    Fetched,
    Import,
    ImportState,
    ListedFile,
    Question,
    RemoteState,
    Source,
    Target,
    Wanted,
    fold,
)
from l10nsync.plan import content
from l10nsync.plan.absent import why_never_sent
from l10nsync.plan.asking import Unknown, Wants, decide_all, need
from l10nsync.plan.pull import LocalTarget
from l10nsync.plan.reasons import Action, Awaits, Reason
from l10nsync.plan.strings import has_strings
from l10nsync.plan.values import ALL_LOCALES, Change, Plan, TargetChange

LIMIT = 10 * 1024 * 1024
"""Bytes of one imported file (Files API, import)."""
_HELD = ("placeholder-", "tag-", "message-format", "select-")
"""Rules whose violation the service answers by opening an issue instead of taking the translation."""
_UnitKey = tuple[str, str]
"""Key and plural category of a string."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How an import was asked for."""

    state: ImportState = "PUBLISHED"
    overwrite: bool = False
    equal: bool = False
    """Also import texts that are the same as their source."""
    only: Mapping[str, TargetChange] | None = None
    """Targets by path, with the strings that were corrected here: only these are imported; None: all."""


@dataclass(frozen=True, slots=True)
class ImportFacts:
    """All that is known about one project for an import."""

    sources: tuple[Source, ...]
    blobs: Mapping[str, str]
    """Path of a source to the blob id of its committed content."""
    contents: Mapping[str, bytes | None]
    """Blob id to content."""
    local: Mapping[str, LocalTarget]
    """Target path to what is there; absent where there is no file."""
    remote: RemoteState = field(default_factory=RemoteState)
    fetched: Mapping[Wanted, Fetched] = field(default_factory=dict)
    options: ImportOptions = field(default_factory=ImportOptions)
    committed: frozenset[str] | None = None
    """Paths that the commit has; None: not asked."""

    @property
    def files(self) -> Mapping[str, ListedFile]:
        """The files of the project, by `fold(fileUri)`."""
        if self.remote.files is None:
            raise Unknown(Wants(Question(project=True, files=True)))
        return self.remote.files

    def content(self, blob: str) -> bytes | None:
        """Return the content of a blob; None where the repository lacks it."""
        if blob not in self.contents:
            raise Unknown(Wants(blobs=frozenset({blob})))
        return self.contents[blob]

    def is_committed(self, path: str) -> bool:
        """Return whether the commit has a source: one that is only staged is not sent."""
        if self.committed is None:
            raise Unknown(Wants(committed=True))
        return path in self.committed

    def fetched_of(self, wanted: Wanted) -> Fetched:
        """Return what the TMS delivers of a translation."""
        self.require_fetched(wanted)
        return self.fetched[wanted]

    def require_fetched(self, wanted: Wanted) -> None:
        """Raise `Unknown` where it is not known what the TMS delivers of a translation."""
        if wanted not in self.fetched:
            raise Unknown(Wants(pairs=frozenset({wanted})))


@dataclass(frozen=True, slots=True)
class SortedStrings:
    """The strings of one translation, by what becomes of them."""

    new: tuple[Unit, ...] = ()
    """The TMS has no translation of them."""
    other: tuple[Unit, ...] = ()
    """The TMS has another translation."""
    present: int = 0
    """The TMS has just these."""
    equal: int = 0
    """Texts that are the same as their source."""
    unknown: tuple[Unit, ...] = ()
    """Strings without a source."""
    held: tuple[Finding, ...] = ()
    """Why strings are held back."""
    marked: int = 0
    """Texts that are marked as untranslated."""


def plan_import(facts: ImportFacts, contents: MutableMapping[str, bytes]) -> Plan | Wants:
    """Return what an import into one project does; CONTENTS gets what is sent, by path of the translation.

    Or return what has to be known before that can be decided.
    """
    try:
        return _plan(facts, contents)
    except Unknown as unknown:
        return unknown.wants


def _plan(facts: ImportFacts, contents: MutableMapping[str, bytes]) -> Plan:
    need(lambda: facts.files)
    judges = list(_judges(facts))
    # What is in no file of the TMS, or in no commit, is not worth a download.
    refusals = decide_all(lambda judge: judge.refusal(), judges)
    asked = [judge for judge, refusal in zip(judges, refusals, strict=True) if refusal is None]
    decide_all(lambda judge: facts.require_fetched(judge.wanted), asked)
    changes: list[Change] = []
    for judge in judges:
        change, made = judge.change()
        changes.append(change)
        if made is not None:
            contents[change.path] = made
    changes.sort(key=lambda change: (change.project, change.path))
    return Plan("import", tuple(changes), notices=_notices(facts, changes))


def _notices(facts: ImportFacts, changes: Iterable[Change]) -> tuple[str, ...]:
    """Return a notice for each resource whose strings the service may not find by key."""
    sending = {change.resource for change in changes if change.action is Action.IMPORT}
    doubtful = {
        (source.resource, source.file_type)
        for source in facts.sources
        if source.resource in sending
        and _has_keys_by_path(source.file_type)
        and "source_key_paths" not in source.directives
    }
    return tuple(
        f"{resource}: the service finds strings of {file_type} files by key only if the source was sent with"
        " the directive `source_key_paths`"
        for resource, file_type in sorted(doubtful)
    )


def to_import(change: TargetChange, source: Source, made: bytes, options: ImportOptions) -> Import:
    """Return what is sent for CHANGE."""
    return Import(
        uri=change.uri,
        file_type=source.file_type,
        locale=change.locale,
        content=made,
        state=options.state,
        overwrite=options.overwrite,
        directives=source.directives,
        charset=source.charset,
    )


def wanted_of(source: Source, locale: str) -> Wanted:
    """Return the translation that shows what the TMS has, published or on its way to that."""
    return Wanted(source.file_uri, locale, "pending", "empty")


def _judges(facts: ImportFacts) -> Iterator[_Judge]:
    """Yield one judge for each translation that is there; of several files of one locale the first."""
    for source in facts.sources:
        seen: dict[str, Target] = {}
        for target in sorted(source.targets, key=lambda target: target.rank):
            if target.path not in facts.local:
                continue
            if facts.options.only is not None and target.path not in facts.options.only:
                continue
            first = seen.setdefault(target.locale, target)
            yield _Judge(facts, source, target, first if first is not target else None)


class _Judge:
    """Decides about one translation of the work tree."""

    def __init__(self, facts: ImportFacts, source: Source, target: Target, twin: Target | None) -> None:
        self.facts = facts
        self.source = source
        self.target = target
        self.twin = twin
        """An earlier file of the same locale, which is imported instead of this one."""
        self.blob = facts.blobs.get(source.path, "")
        self.wanted = wanted_of(source, target.locale)

    @property
    def local(self) -> LocalTarget:
        """What is there; its content is in memory only for as long as it is looked at."""
        return self.facts.local[self.target.path]

    def refusal(self) -> TargetChange | None:
        """Return why this file is not looked into at all; None if it is."""
        kind = formats.get(self.source.file_type)
        if not self.target.locale:
            return self._kept(Reason.COPY)
        if kind and kind.multilingual:
            return self._kept(Reason.MULTILINGUAL)
        if kind is None or not kind.imports:
            return self._kept(Reason.NO_IMPORT, self.source.file_type)
        if self.twin:
            same = self.facts.local[self.twin.path].content == self.local.content
            return self._kept(Reason.TWIN, "" if same else f"differs from {self.twin.path}, which is taken")
        return self._refused_source()

    def _refused_source(self) -> TargetChange | None:
        """Return why nothing can be imported for the source; None if it can."""
        original = self.facts.content(self.blob) if self.blob else None
        if original is not None and not has_strings(self.source, original):
            return self._kept(Reason.NO_STRINGS)
        if fold(self.source.file_uri) not in self.facts.files:
            committed = self.facts.is_committed(self.source.path)
            never = why_never_sent(self.source, committed=committed)
            if never:
                return self._kept(never[0], awaits=never[1])
            return self._kept(Reason.NOT_UPLOADED, "push the source first", Awaits.UPLOAD)
        if not self.blob:
            return self._kept(Reason.NOT_COMMITTED, self.source.path, Awaits.COMMIT)
        return None

    def _kept(self, reason: Reason, detail: str = "", awaits: Awaits = Awaits.NOTHING) -> TargetChange:
        return replace(self._change(Action.KEEP, reason, detail), awaits=awaits)

    def change(self) -> tuple[TargetChange, bytes | None]:
        """Return what happens to this translation, why, and the bytes to send."""
        if refusal := self.refusal():
            return refusal, None
        answer = self.facts.fetched_of(self.wanted)
        if answer.error is not None and answer.content is None:
            return self._change(Action.HOLD, Reason.UNAVAILABLE, str(answer.error)), None
        original = self.facts.content(self.blob) or b""
        try:
            before, ours = self._read(original), self._read(self.local.content)
            theirs = self._read(answer.content) if answer.content else None
        except ContentError as error:
            return self._change(Action.HOLD, Reason.UNREADABLE, str(error)), None
        if before is None or ours is None:
            return self._change(Action.KEEP, Reason.NO_IMPORT, self.source.file_type), None
        return self._sorted(before, ours, theirs, self._held(original))

    def _sorted(
        self, before: Document, ours: Document, theirs: Document | None, held: tuple[Finding, ...]
    ) -> tuple[TargetChange, bytes | None]:
        """Return what happens to the strings of a translation, or to those that were corrected here alone."""
        equal = self.facts.options.equal
        corrected = (self.facts.options.only or {}).get(self.target.path)
        if corrected is None:
            return self._decided(ours, sort_strings(before, ours, theirs, held, equal=equal))
        chosen = _only_corrected(ours, corrected)
        keys = {unit.key for unit in chosen.units}
        held = tuple(finding for finding in held if finding.key in keys)
        change, made = self._decided(ours, sort_strings(before, chosen, theirs, held, equal=equal))
        return replace(change, overrides=corrected.overrides), made

    def _held(self, original: bytes) -> tuple[Finding, ...]:
        """Return why strings are held back."""
        found = content.findings(self.source, self.target, original, self.local.content)
        errors = (finding for finding in found if finding.severity == "error")
        return tuple(finding for finding in errors if finding.rule.startswith(_HELD))

    def _decided(self, ours: Document, strings: SortedStrings) -> tuple[TargetChange, bytes | None]:
        chosen = [*strings.new, *(strings.other if self.facts.options.overwrite else ())]
        findings = (*strings.held, *map(_without_source, strings.unknown))
        detail = _detail(strings, overwrite=self.facts.options.overwrite)
        if not chosen and strings.held:
            change = self._change(Action.HOLD, Reason.INVALID, detail)
            return replace(change, findings=findings), None
        if not chosen:
            return replace(self._change(Action.KEEP, Reason.UNCHANGED, detail), findings=findings), None
        kept = set(map(id, chosen))
        left_out = {index: None for index, unit in enumerate(ours.units) if id(unit) not in kept}
        made = self._named(ours.replace(left_out))
        if len(made) > LIMIT:
            size = f"{len(made) / 1024 / 1024:.1f} MB; the service accepts 10 MB"
            return self._change(Action.HOLD, Reason.TOO_LARGE, size), None
        reason = Reason.NEW if strings.new else Reason.REPLACED
        return (
            replace(
                self._change(Action.IMPORT, reason, detail),
                findings=findings,
                strings=len(chosen),
                replaced=len(chosen) - len(strings.new),
                digest=hashlib.sha256(made).hexdigest(),
            ),
            made,
        )

    def _named(self, made: bytes) -> bytes:
        """Return a file with the service's id where it names its language: the service has no local names."""
        original = self.facts.content(self.blob) or b""
        directives = content.reading(self.source)
        # What the service could read as a source it can read as a translation.
        made = formats.recast(self.source.file_type, made, original, directives, self.source.charset)
        return formats.named(
            self.source.file_type,
            made,
            content.service_language(self.source, self.target),
            directives,
            self.source.charset,
            present=made,
            source=original,
        )

    def _read(self, data: bytes) -> Document | None:
        return formats.parse(self.source.file_type, data, content.reading(self.source), self.source.charset)

    def _change(self, action: Action, reason: Reason, detail: str = "") -> TargetChange:
        source = self.source
        return TargetChange(
            action, reason, source.project, source.resource, source.path, source.file_uri,
            self.target.locale or ALL_LOCALES, self.target.path, detail, before=self.local.digest,
        )  # fmt: skip


def _only_corrected(ours: Document, corrected: TargetChange) -> Document:
    """Return a translation with just the strings that were corrected in it."""
    spots = {(key, plural) for _locale, key, plural, _number in corrected.spots}
    return replace(ours, units=tuple(unit for unit in ours.units if (unit.key, unit.plural) in spots))


def sort_strings(
    before: Document, ours: Document, theirs: Document | None, held: Iterable[Finding], *, equal: bool
) -> SortedStrings:
    """Return what becomes of each string of a translation; blank and unfinished ones are passed over."""
    sources = {(unit.key, unit.plural): unit.text for unit in before.units}
    plural_sources = {unit.key for unit in before.units if unit.plural}
    known = {(unit.key, unit.plural): unit.value for unit in theirs.units} if theirs else {}
    why = {finding.key: finding for finding in held}

    def place(unit: Unit) -> str:
        key: _UnitKey = (unit.key, unit.plural)
        # A language may need plural categories that the source's does not have.
        if key not in sources and not (unit.plural and unit.key in plural_sources):
            return "unknown"
        return "held" if unit.key in why else _place(unit, sources.get(key), known.get(key), equal=equal)

    translated = [unit for unit in ours.units if unit.value.strip()]
    found: dict[str, list[Unit]] = {}
    for unit in translated:
        if not unit.unfinished:
            found.setdefault(place(unit), []).append(unit)
    return SortedStrings(
        new=tuple(found.get("new", ())),
        other=tuple(found.get("other", ())),
        present=len(found.get("present", ())),
        equal=len(found.get("equal", ())),
        unknown=tuple(found.get("unknown", ())),
        held=tuple({unit.key: why[unit.key] for unit in found.get("held", ())}.values()),
        marked=sum(1 for unit in translated if unit.unfinished),
    )


def _place(unit: Unit, source: str | None, known: str | None, *, equal: bool) -> str:
    if known == unit.value and known != source:
        return "present"
    if unit.value == source and not equal:
        return "equal"
    # A type that cannot leave out what is not translated shows the source's text in its place.
    return "new" if not (known or "").strip() or known == source else "other"


def _without_source(unit: Unit) -> Finding:
    return Finding("key-extra", "warning", f"`{unit.key}` has no source", unit.key, unit.line)


def _detail(strings: SortedStrings, *, overwrite: bool) -> str:
    """Return the figures of one translation."""
    kept = "replaced" if overwrite else "differ, kept (--overwrite replaces)"
    parts = (
        (len(strings.new), "new"),
        (len(strings.other), kept),
        (strings.present, "already there"),
        (strings.equal, "equal to the source, left out"),
        (strings.marked, "marked as untranslated, left out"),
        (len(strings.unknown), "without a source"),
        (len(strings.held), "held back"),
    )
    return ", ".join(f"{number} {words}" for number, words in parts if number)


def _has_keys_by_path(file_type: str) -> bool:
    kind = formats.get(file_type)
    return bool(kind and kind.keys_by_path)
