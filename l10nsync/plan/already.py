"""Which strings a push would pay for although the repository has their translations. Pure.

They are there where a project is new on the TMS, or a locale is new in a project; `import` takes them in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.model import Source
from l10nsync.plan.strings import known_strings
from l10nsync.plan.uploads import uploads_of
from l10nsync.plan.values import Action, JobPlan, Plan, Reason, SourceChange

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
    """Return how many of TEXTS have another text in a target; as in an import, marked ones do not count."""
    try:
        document = formats.parse(source.file_type, target, source.directives, source.charset)
    except ContentError:
        return 0
    units = document.units if document else ()
    done = (unit for unit in units if unit.value.strip() and not unit.unfinished)
    filled = ((unit.key, unit.plural, unit.value) for unit in done)
    return sum(1 for key, plural, value in filled if texts.get((key, plural), value) != value)


def with_translated(plan: Plan, found: Mapping[str, Mapping[str, int]]) -> Plan:
    """Return PLAN with what is translated here already: by source, then by target."""
    numbers = {path: sum(targets.values()) for path, targets in found.items()}
    total = sum(numbers.values())
    if not total:
        return plan
    paths = sorted({path for targets in found.values() for path in targets})
    where = paths[0] if len(paths) == 1 else f"{len(paths)} files such as {paths[0]}"
    strings = "1 string" if total == 1 else f"{total} strings"
    notice = (
        f"{strings} × locales would be paid for although their translations are in {where}: push with"
        " --no-authorize, run `l10nsync import`, and authorize what is left"
    )
    jobs = tuple(_with_number(plan, job, numbers) for job in plan.jobs)
    return replace(plan, jobs=jobs, notices=(*plan.notices, notice))


def _with_number(plan: Plan, job: JobPlan, numbers: Mapping[str, int]) -> JobPlan:
    """Return JOB with the strings of its own uploads."""
    uploads = uploads_of(plan, job.request.name, job.project)
    return replace(job, translated=sum(numbers.get(each.path, 0) for each in uploads))
