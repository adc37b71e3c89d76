"""Which jobs are this manifest's, which one is meant, and what may be done with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from l10nsync.errors import RefusedError, UsageError
from l10nsync.model import (
    JOB_NAME_LIMIT,
    Cost,
    JobAction,
    JobDetails,
    JobSettings,
    JobState,
    JobUpdate,
    ListedJob,
    Source,
)
from l10nsync.model.keys import sent_texts
from l10nsync.plan.push.facts import AWAITING
from l10nsync.plan.push.jobs import is_form_of, job_name, lowest

CANCELLABLE = frozenset({JobState.DRAFT, AWAITING, JobState.IN_PROGRESS})
OPEN = CANCELLABLE
_VOLATILE = {"sha": r"[0-9a-f]*", "date": r"\d{4}-\d\d-\d\d", "user": r".*?", "pr": r"\d*"}
"""Placeholders that have another value in the next run, and what any of their values looks like."""
_MARK = "\0"


@dataclass(frozen=True, slots=True)
class OwnJobs:
    """The jobs that one name template of the manifest makes for this branch, in this run or another."""

    project: str
    template: str
    settings: JobSettings
    """Of the resources that fill the job, with the lowest of their limits."""
    words: Mapping[str, str]
    """Values of the placeholders."""

    @property
    def beginning(self) -> str:
        """What all their names begin with; the service can be asked for that."""
        fixed = self._filled().partition(_MARK)[0].rstrip()
        return fixed if len(fixed) < JOB_NAME_LIMIT - 20 else fixed[: JOB_NAME_LIMIT - 40]

    def include(self, name: str) -> bool:
        """Whether a job of that name is one of them: with any date, digest or number."""
        pattern = "".join(
            _VOLATILE[part[1:-1]] if part.startswith(_MARK) else re.escape(part)
            for part in re.split(f"({_MARK}[a-z]+{_MARK})", self._filled())
        )
        if re.fullmatch(rf"{pattern}( [0-9a-f]{{10}})?( \d+)?", name):
            return True
        return is_form_of(name, job_name(self.template, self.words), digest=not self.settings.reuse)

    def _filled(self) -> str:
        """Return the template with marks in the place of what changes from run to run."""
        marks = {word: f"{_MARK}{word}{_MARK}" for word in _VOLATILE}
        return job_name(self.template, {**self.words, **marks})


def own_jobs(sources: Iterable[Source], words: Mapping[str, str]) -> tuple[OwnJobs, ...]:
    """Return the jobs that SOURCES go to, one entry per project and template."""
    grouped: dict[tuple[str, str], list[JobSettings]] = {}
    for source in sources:
        if source.push:
            grouped.setdefault((source.project, source.job.name), []).append(source.job)
    return tuple(
        OwnJobs(project, template, with_lowest_limits(settings), words)
        for (project, template), settings in sorted(grouped.items())
    )


def with_lowest_limits(settings: Sequence[JobSettings]) -> JobSettings:
    """Return the first of SETTINGS with the lowest limits of all."""
    words = [setting.max_words for setting in settings if setting.max_words is not None]
    return replace(
        settings[0],
        max_words=min(words, default=None),
        max_cost=lowest(setting.max_cost for setting in settings),
    )


@dataclass(frozen=True, slots=True)
class FoundJob:
    """A job on the TMS with the manifest's settings for it."""

    project: str
    job: ListedJob
    own: bool
    settings: JobSettings
    """Of a job that is not ours, the strictest limits that the manifest has."""
    details: JobDetails | None = None
    cost: Cost | None = None


def find_jobs(
    project: str, listed: Iterable[ListedJob], owned: Sequence[OwnJobs], *, everything: bool
) -> list[FoundJob]:
    """Return the jobs of a project that are ours, or with EVERYTHING all of them; the newest first."""
    mine = [owned_job for owned_job in owned if owned_job.project == project]
    strict = with_lowest_limits([JobSettings(), *(owned_job.settings for owned_job in mine)])
    found = []
    for job in listed:
        match = next((owned_job for owned_job in mine if owned_job.include(job.name)), None)
        if match or everything:
            found.append(FoundJob(project, job, match is not None, match.settings if match else strict))
    return sorted(found, key=lambda found_job: (found_job.job.created, found_job.job.uid), reverse=True)


def choose(found: Sequence[FoundJob], wanted: str | None, statuses: frozenset[str] = OPEN) -> FoundJob:
    """Return the job that is meant: by uid, number or name, else the only one of ours in STATUSES.

    Raise `UsageError` where there is none, or more than one.
    """
    fits = _named(found, wanted) if wanted else _ours(found, statuses)
    if len(fits) > 1:
        named = ", ".join(f"{fit.job.uid} ({fit.job.name})" for fit in fits[:5])
        raise UsageError(f"{len(fits)} jobs fit: {named}", hint="Name one by its uid.")
    return fits[0]


def _named(found: Sequence[FoundJob], wanted: str) -> list[FoundJob]:
    """Return the jobs of that uid or number, else of that name; raise `UsageError` if there is none."""
    fits = [candidate for candidate in found if wanted in {candidate.job.uid, candidate.job.number}]
    fits = fits or [candidate for candidate in found if candidate.job.name == wanted]
    if not fits:
        raise UsageError(f"there is no job {wanted!r}", hint="`l10nsync job list --all` lists them.")
    return fits


def _ours(found: Sequence[FoundJob], statuses: frozenset[str]) -> list[FoundJob]:
    """Return our jobs in STATUSES; raise `UsageError` if there is none."""
    fits = [candidate for candidate in found if candidate.own and candidate.job.status in statuses]
    if not fits:
        states = " or ".join(sorted(status.lower().replace("_", " ") for status in statuses))
        raise UsageError(
            f"no job of this branch is {states}", hint="`l10nsync job list --all` lists all jobs."
        )
    return fits


def authorization(found: FoundJob, *, fork: bool, yes: bool, words: int | None = None) -> JobAction:
    """Return the action that authorizes a job; raise `RefusedError` where only a person may allow it.

    WORDS is what it would authorize, where that is not all that the service counts.
    """
    job = found.job
    if job.status != AWAITING:
        raise UsageError(
            f'job "{job.name}" is {job.status}', hint=f"Only a job in status {AWAITING} can be authorized."
        )
    if fork:
        raise RefusedError("a fork's branch authorizes no job")
    if not yes:
        counted = found.details.unauthorized_words if found.details else None
        _require_within_limits(found, counted if words is None else words)
    workflows = found.settings.locale_workflows
    return JobAction(
        "authorize", job.uid, {locale: uid for locale, uid in workflows.items() if locale in job.locales}
    )


def _require_within_limits(found: FoundJob, words: int | None) -> None:
    """Raise `RefusedError` for a job that is larger or dearer than the manifest allows, or may be."""
    name, limits, cost = found.job.name, found.settings, found.cost
    if limits.max_words is not None and (words is None or words > limits.max_words):
        number = "an unknown number of" if words is None else words
        raise RefusedError(
            f'job "{name}" would authorize {number} words × locales,'
            f" more than `maxWords: {limits.max_words}`",
            hint="To override, use --yes.",
        )
    if limits.max_cost and (cost is None or cost.exceeds(limits.max_cost)):
        excess = f"would cost {cost}, more than" if cost else "has no known cost, and there is"
        raise RefusedError(
            f'job "{name}" {excess} `maxCost: {limits.max_cost}`', hint="To override, use --yes."
        )


def update_of_job(found: FoundJob, fields: Mapping[str, str], custom_fields: Mapping[str, str]) -> JobUpdate:
    """Return the change of an open job; raise `UsageError` for a key that the manifest sets for it."""
    job = found.job
    if job.status not in OPEN:
        raise UsageError(f'job "{job.name}" is {job.status}, which cannot be changed')
    declared = sent_texts(found.settings).keys() if found.own else frozenset[str]()
    named = [name for name in fields if name in declared]
    if found.own:
        named += [f"customFields.{uid}" for uid in custom_fields if uid in found.settings.custom_fields]
    if named:
        raise UsageError(
            f"the manifest sets {', '.join(named)} of this job",
            hint="Change it there: the next push updates the job.",
        )
    return JobUpdate(job.uid, job.name, fields, custom_fields)


def cancellation(found: FoundJob, *, reason: str, yes: bool) -> JobAction:
    """Return the action that cancels a job; its content needs the user's word."""
    job = found.job
    if job.status not in CANCELLABLE:
        raise UsageError(f'job "{job.name}" is {job.status}, which cannot be cancelled')
    content = found.details.words if found.details else 0
    if content and not yes:
        raise RefusedError(
            f'job "{job.name}" ({job.status}) has {content} words in it; cancelling withdraws them from'
            " translation and loses work in progress",
            hint="To cancel it, use --yes.",
        )
    return JobAction("cancel", job.uid, reason=reason)
