"""Which strings a push would pay for although the repository has their translations. Pure.

They are there where a project is new on the TMS, or a locale is new in a project; `import` takes them in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.model import FileStatus, JobContent, Source, fold
from l10nsync.plan.reasons import Action, Reason
from l10nsync.plan.strings import known_strings
from l10nsync.plan.uploads import uploads_of
from l10nsync.plan.values import JobPlan, Plan, SourceChange

Translated = Mapping[str, Mapping[str, int]]
"""Path of a source to path of a target to the strings that are translated there."""
_REASONS = frozenset({Reason.NEW, Reason.LOCALE_ADDED, Reason.NAMESPACE_CHANGED})


def may_be_translated(plan: Plan) -> tuple[SourceChange, ...]:
    """Return the uploads of PLAN that bring strings to a locale for the first time."""
    sent = (each for each in plan.changes if isinstance(each, SourceChange) and each.action is Action.UPLOAD)
    return tuple(each for each in sent if each.words_to_translate and each.reason in _REASONS)


def translated(
    change: SourceChange, source: Source, content: bytes, targets: Mapping[str, bytes]
) -> dict[str, int]:
    """Return how many strings that CHANGE would pay for are translated in each of TARGETS, by path.

    CONTENT is the source's. Of several files of one locale the first is the one that `import` takes.
    """
    kind = formats.get(source.file_type)
    if kind is None or not kind.imports or kind.multilingual:
        return {}
    strings = known_strings(source, content)
    texts = {(key, plural): text for key, plural, text in strings if (key, plural) in change.fresh}
    found: dict[str, int] = {}
    taken: set[str] = set()
    for target in sorted(source.targets, key=lambda each: each.rank):
        if target.locale not in change.fresh_locales or target.locale in taken or target.path not in targets:
            continue
        taken.add(target.locale)
        if number := _translations(source, texts, targets[target.path]):
            found[target.path] = number
    return found


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
class Waiting:
    """A file of which strings wait in a job that is to be authorized."""

    source: Source
    texts: Mapping[str, tuple[str, ...]]
    """By locale, the text of each string that waits; two strings may have one text."""


def waiting_files(
    job: JobPlan, contents: Mapping[str, JobContent], sources: Iterable[Source]
) -> tuple[Waiting, ...]:
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
        Waiting(here[uri], {locale: tuple(texts) for locale, texts in locales.items()})
        for uri, locales in sorted(found.items())
    )


def waiting_translated(
    file: Waiting,
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
    kind = formats.get(source.file_type)
    if kind is None or not kind.imports or kind.multilingual:
        return {}
    known = {locale for locale, each in (status.locales if status else {}).items() if each.completed_strings}
    keys: dict[str, list[tuple[str, str]]] = {}
    for key, plural, text in known_strings(source, content):
        keys.setdefault(text, []).append((key, plural))
    found: dict[str, int] = {}
    taken: set[str] = set(known)
    for target in sorted(source.targets, key=lambda each: each.rank):
        if target.locale in taken or target.locale not in file.texts or target.path not in targets:
            continue
        taken.add(target.locale)
        values = _values(source, targets[target.path])
        then = known_strings(source, earlier[target.path]) if target.path in earlier else None
        number = sum(
            any(
                values.get((key, plural), text) != text and (then is None or (key, plural, text) in then)
                for key, plural in keys.get(text, ())
            )
            for text in file.texts[target.locale]
        )
        if number:
            found[target.path] = number
    return found


def with_translated(plan: Plan, found: Translated, waiting: Mapping[str, Translated] | None = None) -> Plan:
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
        *(targets for files in (waiting or {}).values() for targets in files.values()),
    ]
    paths = sorted({path for targets in everything for path in targets})
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
    return replace(job, translated=started + sum(numbers.get(each.path, 0) for each in uploads))
