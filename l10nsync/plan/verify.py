"""Judges the targets that the repository has, with the rules that a pull applies. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from l10nsync import formats
from l10nsync.errors import EXIT_GATE, EXIT_OK, ContentError
from l10nsync.formats import Finding
from l10nsync.formats.tbx import TermEntry
from l10nsync.model import Source, Target
from l10nsync.plan import content
from l10nsync.plan.strings import has_strings
from l10nsync.plan.terms import term_findings
from l10nsync.plan.values import ALL_LOCALES

_LONGEST = 200
"""Characters of a line that is shown; a longer one says nothing to a reader."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A target and what is wrong with it."""

    resource: str
    source: str
    locale: str
    """Empty for a copy of the source, `*` for a file that holds all locales."""
    path: str
    findings: tuple[Finding, ...] = ()
    lines: Mapping[int, str] | None = None
    """The text of the lines that the findings name; those that are too long to show are left out."""

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(1 for finding in self.findings if finding.severity == "error")


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of a verification."""

    targets: tuple[Judged, ...] = ()
    """Every target that is there, by path."""
    missing: tuple[str, ...] = ()
    """Targets that are not there."""
    sources: tuple[Judged, ...] = ()
    """Every source that cannot be read: nothing is said of its targets."""
    no_strings: tuple[str, ...] = ()
    """Paths of sources without strings: nothing is asked of their targets."""

    @property
    def judged(self) -> tuple[Judged, ...]:
        """All files that were looked at, with what is wrong with them."""
        return (*self.sources, *self.targets)

    @property
    def errors(self) -> int:
        """Findings that keep the gate closed."""
        return sum(file.errors for file in self.judged)

    @property
    def warnings(self) -> int:
        """Findings that do not."""
        return sum(len(file.findings) for file in self.judged) - self.errors

    @property
    def failed(self) -> int:
        """Targets with errors."""
        return sum(1 for target in self.targets if target.errors)

    @property
    def passed(self) -> bool:
        """Whether the gate is open."""
        return not self.errors

    @property
    def exit_code(self) -> int:
        """The exit code that the verification earns."""
        return EXIT_OK if self.passed else EXIT_GATE


def verify(
    sources: tuple[Source, ...],
    originals: Mapping[str, bytes],
    present: Mapping[str, bytes],
    tracked: Container[str] = (),
    terms: Sequence[TermEntry] = (),
) -> Verification:
    """Judge every target that is there; ORIGINALS are by source path, PRESENT is by target path.

    A TRACKED source or target that is not there is an error: what cannot be read was not judged.
    """
    judged: list[Judged] = []
    missing: list[str] = []
    broken: list[Judged] = []
    no_strings: list[str] = []
    for source in sources:
        original = originals.get(source.path, b"")
        if source.path in tracked and source.path not in originals:
            broken.append(_lacking(source))
        elif error := _unreadable(source, original):
            broken.append(error)
        elif source.path in originals and not has_strings(source, original):
            no_strings.append(source.path)
        else:
            for target in _targets_of(source):
                translation = present.get(target.path)
                if translation is None and target.path in tracked:
                    judged.append(_hidden(source, target))
                elif translation is None:
                    missing.append(target.path)
                else:
                    judged.append(_judge(source, target, original, translation, terms))
    return Verification(
        tuple(sorted(judged, key=lambda file: file.path)),
        tuple(sorted(missing)),
        tuple(broken),
        tuple(no_strings),
    )


def _targets_of(source: Source) -> Iterator[Target]:
    """Yield the targets; a file for all locales once."""
    kind = formats.get(source.file_type)
    if not (kind and kind.multilingual):
        yield from source.targets
        return
    for path in dict.fromkeys(target.path for target in source.targets):
        yield Target(ALL_LOCALES, "", path)


def _unreadable(source: Source, original: bytes) -> Judged | None:
    """Return a source that cannot be read, with the reason; None for one that can."""
    try:
        if original.strip():
            formats.parse(source.file_type, original, source.directives, source.charset)
    except ContentError as error:
        message = f"does not parse as {source.file_type}: {error.message}"
        finding = Finding("source-unreadable", "error", message, line=error.line)
        lines = _lines(source, original, {error.line})
        return Judged(source.resource, source.path, ALL_LOCALES, source.path, (finding,), lines)
    return None


def _lacking(source: Source) -> Judged:
    finding = Finding("source-unreadable", "error", "git does not have its content here: fetch it")
    return Judged(source.resource, source.path, ALL_LOCALES, source.path, (finding,))


def _hidden(source: Source, target: Target) -> Judged:
    message = (
        "git tracks it, but neither the work tree nor git has its content here: check it out, then verify"
    )
    finding = Finding("unreadable", "error", message)
    return Judged(source.resource, source.path, target.locale, target.path, (finding,))


def _judge(
    source: Source, target: Target, original: bytes, translation: bytes, terms: Sequence[TermEntry]
) -> Judged:
    findings = content.findings(source, target, original, translation, marks=True)
    findings += formats.tuned(_terms(source, target, original, translation, terms), source.rules)
    lines = _lines(source, translation, {finding.line for finding in findings})
    return Judged(source.resource, source.path, target.locale, target.path, findings, lines)


def _terms(
    source: Source, target: Target, original: bytes, translation: bytes, terms: Sequence[TermEntry]
) -> tuple[Finding, ...]:
    """Return the glossary's findings for a translation; what cannot be read is left to other rules."""
    if not terms or not target.locale or target.locale == ALL_LOCALES:
        return ()
    reading = content.reading(source)
    try:
        before = formats.parse(source.file_type, original, reading, source.charset)
        after = formats.parse(source.file_type, translation, reading, source.charset)
    except ContentError:
        return ()
    if before is None or after is None:
        return ()
    return tuple(term_findings(terms, (source.source_locale, target.locale), before, after))


def _lines(source: Source, translation: bytes, numbers: set[int]) -> Mapping[int, str]:
    """Return the text of the lines that are short enough to show."""
    text = formats.decode(translation, source.file_type, source.charset) if numbers - {0} else None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if text else []
    found = {number: lines[number - 1] for number in numbers if 0 < number <= len(lines)}
    return {number: line for number, line in found.items() if len(line) <= _LONGEST}
