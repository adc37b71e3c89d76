"""Which strings a push would pay for although the repository has their translations. Pure.

They are there where a project is new on the TMS, or a locale is new in a project; `import` takes them in.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.model import FileStatus, JobContent, Source, Target, fold
from l10nsync.plan.reasons import Action, Brings
from l10nsync.plan.strings import Strings, known_strings
from l10nsync.plan.uploads import uploads_of
from l10nsync.plan.values import JobPlan, Plan, SourceChange

TranslatedCounts = Mapping[str, Mapping[str, int]]
"""Path of a source to path of a target to the strings that are translated there."""
_TextPlace = tuple[str, str]
"""Key and plural category."""
_FOR_THE_FIRST_TIME = frozenset({Brings.FILE, Brings.LOCALES, Brings.NAMESPACE})


def may_be_translated(plan: Plan) -> tuple[SourceChange, ...]:
    """Return the uploads of PLAN that bring strings to a locale for the first time."""
    sent = (
        change
        for change in plan.changes
        if isinstance(change, SourceChange) and change.action is Action.UPLOAD
    )
    return tuple(
        change for change in sent if change.words_to_translate and change.brings in _FOR_THE_FIRST_TIME
    )


def translated(
    change: SourceChange, source: Source, content: bytes, targets: Mapping[str, bytes]
) -> dict[str, int]:
    """Return how many strings that CHANGE would pay for are translated in each of TARGETS, by path.

    CONTENT is the source's. Of several files of one locale the first is the one that `import` takes.
    """
    if not _can_import(source):
        return {}
    strings = known_strings(source, content)
    texts = {(key, plural): text for key, plural, text in strings if (key, plural) in change.fresh}
    first = _first_of(source, change.fresh_locales, targets)
    numbers = {target.path: _translations(source, texts, targets[target.path]) for target in first}
    return {path: number for path, number in numbers.items() if number}


def _can_import(source: Source) -> bool:
    """Whether `import` takes translations of a source at all."""
    kind = formats.get(source.file_type)
    return kind is not None and kind.imports and not kind.multilingual


def _first_of(source: Source, locales: Container[str], there: Container[str]) -> Iterator[Target]:
    """Yield, of each of LOCALES, the target that an import takes: the first one that is THERE."""
    taken: set[str] = set()
    for target in sorted(source.targets, key=lambda target: target.rank):
        if target.locale in locales and target.locale not in taken and target.path in there:
            taken.add(target.locale)
            yield target


def _translations(source: Source, texts: Mapping[tuple[str, str], str], target: bytes) -> int:
    """Return how many of TEXTS have another text in a target."""
    values = _values(source, target)
    return sum(texts.get(place, value) != value for place, value in values.items())


def _values(source: Source, target: bytes) -> dict[tuple[str, str], str]:
    """Return what a target says, by key and plural category; nothing of one that is broken.

    As in an import, what is marked as unfinished does not count.
    """
    try:
        document = formats.parse(source.file_type, target, source.directives, source.charset)
    except ContentError:
        return {}
    units = document.units if document else ()
    done = (unit for unit in units if unit.value.strip() and not unit.unfinished)
    return {(unit.key, unit.plural): unit.value for unit in done}


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file with strings that wait in a job that is to be authorized."""

    source: Source
    texts: Mapping[str, tuple[str, ...]]
    """By locale, the text of each string that waits; two strings may have one text."""


def waiting_files(
    job: JobPlan, contents: Mapping[str, JobContent], sources: Iterable[Source]
) -> tuple[WaitingFile, ...]:
    """Return the files of SOURCES whose strings wait in open jobs and start with JOB; CONTENTS are by uid."""
    if not job.request.authorize:
        return ()
    here = {fold(source.file_uri): source for source in sources if source.push and source.targets}
    found: dict[str, dict[str, list[str]]] = {}
    for some in (*job.starts, *job.taken):
        strings = contents[some.uid].strings
        for code, locale in sorted(some.pairs):
            holders = sorted({fold(uri) for uri, _key in strings[code].holders} & here.keys())
            asking = [uri for uri in holders if locale in here[uri].locales]
            if asking:  # it is paid for once, whoever holds it
                found.setdefault(asking[0], {}).setdefault(locale, []).append(strings[code].text)
    return tuple(
        WaitingFile(here[uri], {locale: tuple(texts) for locale, texts in locales.items()})
        for uri, locales in sorted(found.items())
    )


def waiting_translated(
    file: WaitingFile,
    content: bytes,
    targets: Mapping[str, bytes],
    earlier: Mapping[str, bytes],
    status: FileStatus | None = None,
) -> dict[str, int]:
    """Return how many of the strings that wait are translated in each of TARGETS, by path.

    CONTENT is the source's; EARLIER is what it was when a target was changed last, by the target's path: what
    a target says of a text that came later belongs to another one. For the same reason a locale is left out
    in which the TMS has translations of the file.
    """
    source = file.source
    if not _can_import(source):
        return {}
    counted = status.locales if status else {}
    known = {locale for locale, counts in counted.items() if counts.completed_strings}
    places: dict[str, list[_TextPlace]] = {}
    for key, plural, text in known_strings(source, content):
        places.setdefault(text, []).append((key, plural))
    found: dict[str, int] = {}
    for target in _first_of(source, file.texts.keys() - known, targets):
        values = _values(source, targets[target.path])
        then = known_strings(source, earlier[target.path]) if target.path in earlier else None
        texts = file.texts[target.locale]
        number = sum(_is_translated(text, places.get(text, ()), values, then) for text in texts)
        if number:
            found[target.path] = number
    return found


def _is_translated(
    text: str, places: Iterable[_TextPlace], values: Mapping[_TextPlace, str], then: Strings | None
) -> bool:
    """Whether a target has another text for TEXT, which the source had at one of its PLACES THEN already."""
    return any(
        values.get(place, text) != text and (then is None or (*place, text) in then) for place in places
    )


def with_translated(
    plan: Plan, found: TranslatedCounts, waiting: Mapping[str, TranslatedCounts] | None = None
) -> Plan:
    """Return PLAN with what is translated here already: what is sent, and by job what is WAITING."""
    numbers = {path: sum(targets.values()) for path, targets in found.items()}
    started = {
        name: sum(sum(targets.values()) for targets in files.values())
        for name, files in (waiting or {}).items()
    }
    total = sum(numbers.values()) + sum(started.values())
    if not total:
        return plan
    everything = [
        *found.values(),
        *(chain.from_iterable(files.values() for files in (waiting or {}).values())),
    ]
    paths = sorted(set(chain.from_iterable(everything)))
    where = paths[0] if len(paths) == 1 else f"{len(paths)} files such as {paths[0]}"
    strings = "1 string" if total == 1 else f"{total} strings"
    notice = (
        f"{strings} × locales would be paid for although their translations are in {where}: push with"
        " --no-authorize, run `l10nsync import`, and authorize what is left"
    )
    jobs = tuple(_with_number(plan, job, numbers, started.get(job.request.name, 0)) for job in plan.jobs)
    return replace(plan, jobs=jobs, notices=(*plan.notices, notice))


def _with_number(plan: Plan, job: JobPlan, numbers: Mapping[str, int], started: int) -> JobPlan:
    """Return JOB with the strings of its own uploads, and those that have STARTED to wait before."""
    uploads = uploads_of(plan, job.request.name, job.project)
    return replace(job, translated=started + sum(numbers.get(upload.path, 0) for upload in uploads))
