"""What the open jobs of the TMS hold of a file. Each function answers, or raises `Unknown`."""

from __future__ import annotations

from l10nsync.model import OpenJob, Question, fold
from l10nsync.plan.asking import Unknown, Wants
from l10nsync.plan.push.facts import AWAITING, PushFacts


def jobs_with(facts: PushFacts, uri: str) -> list[OpenJob]:
    """Return the open jobs that hold a file, or its name."""
    if facts.abilities.direct:
        return []
    key = fold(uri)
    if key not in facts.remote.jobs_asked:
        raise Unknown(Wants(Question(jobs=frozenset({uri}))))
    return [job for job in facts.remote.jobs or () if any(fold(name) == key for name in job.files)]


def need_waiting_with(facts: PushFacts, uri: str) -> None:
    """Raise `Unknown` unless the strings of every open job are known that may hold some of a file.

    A job that waits may have got them from another file of the namespace; of those in translation, the ones
    that hold the file itself.
    """
    remote = facts.remote
    unread = {job.uid: job for job in remote.job_list or () if job.uid not in remote.job_contents}
    waiting = {uid for uid, job in unread.items() if job.status == AWAITING}
    holding = {job.uid for job in jobs_with(facts, uri)} & unread.keys() if unread else set()
    if waiting or holding:
        raise Unknown(Wants(Question(job_contents=frozenset(waiting | holding))))


def are_jobs_known(facts: PushFacts) -> bool:
    """Whether the open jobs, and the strings of those that wait and concern a source, are known."""
    listed, concerned = facts.remote.job_list, facts.remote.jobs_of
    return listed is not None and all(
        job.uid in facts.remote.job_contents or (concerned is not None and job.uid not in concerned)
        for job in listed
        if job.status == AWAITING
    )


def waiting_in_jobs(facts: PushFacts, uri: str, locale: str) -> int:
    """Return how many strings of a file wait in any job; one that the file has twice counts twice."""
    key = fold(uri)
    number = 0
    for content in facts.remote.job_contents.values():
        for code, place in content.waiting:
            if place == locale:
                number += [fold(holder) for holder, _key in content.strings[code].holders].count(key)
    return number
