"""The jobs of a push: their names, what they hold, and which of those left waiting are ours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from itertools import chain

from l10nsync.model import JOB_NAME_LIMIT, JobRequest, JobSettings, Source, fold
from l10nsync.plan.push.facts import AWAITING, PushFacts
from l10nsync.plan.reasons import Action
from l10nsync.plan.strings import strings_or_none, words_of
from l10nsync.plan.values import JobPlan, SourceChange, digest_of


def jobs_of(facts: PushFacts, changes: Sequence[SourceChange]) -> dict[str, list[Source]]:
    """Return the sources by the name of their job, for all sources that are pushed from here.

    If the service has no jobs, all of them are under the empty name.
    """
    uploads = sorted(f"{change.uri}\0{change.blob}" for change in changes if change.action is Action.UPLOAD)
    suffix = digest_of(uploads)[:10]
    jobs: dict[str, list[Source]] = {}
    for source in facts.sources:
        if source.push:
            jobs.setdefault(_name_for(facts, source, suffix), []).append(source)
    return jobs


def _name_for(facts: PushFacts, source: Source, suffix: str) -> str:
    """Return the name of the job that SOURCE goes into; empty where the service has none."""
    if facts.abilities.direct:
        return ""
    return job_name(source.job.name, facts.words, "" if source.job.reuse else suffix)


def job_name(template: str, words: Mapping[str, str], suffix: str = "") -> str:
    """Return a job's name: placeholders filled in, braces of their values dropped, 170 characters at most."""
    name = template
    for word, value in words.items():
        name = name.replace(f"{{{word}}}", value.replace("{", "(").replace("}", ")"))
    name = " ".join(name.split())
    tail = f" {suffix}" if suffix else ""
    return name[: JOB_NAME_LIMIT - len(tail)].rstrip() + tail


def _job_request(facts: PushFacts, name: str, sources: Sequence[Source]) -> JobRequest:
    job = sources[0].job
    declared = {key.name: getattr(job, key.name) for key in fields(job)}
    judged = {
        "name": name,
        "authorize": (job.authorize or facts.abilities.orders) and not facts.abilities.direct,
        "due_date": facts.due.get(job.due_date or ""),
        "max_words": min(
            (source.job.max_words for source in sources if source.job.max_words is not None), default=None
        ),
        "max_cost": lowest(source.job.max_cost for source in sources),
    }
    return JobRequest(**{**declared, **judged}, references=facts.references)


def lowest(limits: Iterable[str]) -> str:
    """Return the lowest of some limits of cost; an empty one does not limit."""
    return min((limit for limit in limits if limit), key=Decimal, default="")


def job_plan(
    facts: PushFacts, name: str, sources: Sequence[Source], changes: Sequence[SourceChange]
) -> JobPlan:
    """Return the plan of job NAME, which takes those of CHANGES that name it."""
    waiting = _waiting(facts, name, sources)
    sent = [change for change in changes if change.job == name]
    left = _left_in_job(sources, waiting, changes)
    return JobPlan(
        project=sources[0].project,
        request=_job_request(facts, name, sources),
        waiting=waiting,
        words=sum(change.words_to_translate for change in sent)
        + sum(_waiting_words(facts, source) for source in left),
        new_words=sum(change.new_words for change in sent),
        uncounted=tuple(change.path for change in sent if not change.words),
        settings=_settings_of([source.job for source in sources], facts.references),
    )


def _left_in_job(
    sources: Sequence[Source], waiting: Iterable[str], changes: Iterable[SourceChange]
) -> list[Source]:
    """Return those of SOURCES that are WAITING in a job and are not sent again."""
    keys = frozenset(map(fold, waiting))
    sent = {change.path for change in changes if change.job and change.action is Action.UPLOAD}
    return [source for source in sources if fold(source.file_uri) in keys and source.path not in sent]


def _waiting_words(facts: PushFacts, source: Source) -> int:
    """Return what authorizing a file costs at most: all its words in all its locales."""
    content = facts.content(facts.blobs[source.path]) or b""
    return words_of(strings_or_none(source, content)) * len(source.locales)


def _settings_of(jobs: Sequence[JobSettings], references: Sequence[tuple[str, str]]) -> str:
    """Return a digest of what a job is made from, as the manifest writes it: a due date may be `+5d`."""
    settings = {
        json.dumps([_plain(getattr(job, field.name)) for field in fields(job) if field.name != "name"])
        for job in jobs
    }
    return digest_of([sorted(settings), references])[:16]


def _plain(value: object) -> object:
    return sorted(value.items()) if isinstance(value, Mapping) else value


def _waiting(facts: PushFacts, name: str, sources: Sequence[Source]) -> tuple[str, ...]:
    """Return our files in job NAME that wait for an authorization that the manifest asks for."""
    ours = {fold(source.file_uri) for source in sources if source.job.authorize}
    jobs = (job for job in facts.remote.jobs or () if (job.name, job.status) == (name, AWAITING))
    return tuple(sorted({uri for uri in chain.from_iterable(job.files for job in jobs) if fold(uri) in ours}))


def left_waiting(
    facts: PushFacts, jobs: Mapping[str, Sequence[Source]], planned: set[str]
) -> tuple[list[JobPlan], list[str]]:
    """Return the jobs that an interrupted push left to be authorized, and a notice for those of others.

    A job is ours if its name is one that this manifest gives here, numbered or with the digest of
    another plan; a branch's job, say, is somebody else's: its other files are not ours to pay for.
    """
    plans: dict[str, JobPlan] = {}
    notices: list[str] = []
    for left in facts.remote.jobs or ():
        if left.status != AWAITING or left.name in planned:
            continue
        for sources in jobs.values():
            waiting = _waiting(facts, left.name, sources)
            if not waiting:
                continue
            base = job_name(sources[0].job.name, facts.words)
            if is_form_of(left.name, base, digest=not sources[0].job.reuse):
                plans[left.name] = job_plan(facts, left.name, sources, ())
            else:
                notices.append(
                    f"{_files(waiting)} for authorization in job"
                    f" {left.name!r}, which this push does not authorize"
                    f" (`push --job {left.name!r} --authorize` does)"
                )
    return list(plans.values()), notices


def _files(uris: Sequence[str]) -> str:
    return f"{uris[0]} waits" if len(uris) == 1 else f"{len(uris)} files, such as {uris[0]}, wait"


def is_form_of(name: str, base: str, *, digest: bool) -> bool:
    """Whether NAME is BASE with a digest (where jobs are not reused) or a number, cut or not."""
    if name == base and not digest:  # a base may itself end in a number
        return True
    tail = r"( [0-9a-f]{10})( \d+)?" if digest else r"( \d+)?"
    found = re.fullmatch(f"(.*?){tail}", name, re.DOTALL)
    head = name[: found.end(1)] if found else name
    return head == base or (len(name) >= JOB_NAME_LIMIT - 8 and base.startswith(head[: JOB_NAME_LIMIT - 40]))
