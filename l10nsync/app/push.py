"""A push: prepare it against the TMS, or against a revision; carry it out, and remember it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from threading import Lock

from l10nsync.app import execute
from l10nsync.app.fence import Head
from l10nsync.app.links import Link, check_project, observe, requests, require_progress, with_blobs
from l10nsync.app.push_facts import PushRequest, holds_back, local_sources, push_facts
from l10nsync.app.push_git import from_git, with_origins
from l10nsync.app.repository import Repository, require_own_branch
from l10nsync.app.translated import translated_here, waiting_here
from l10nsync.ci_variables import in_ci
from l10nsync.errors import (
    RefusedError,
    RepositoryError,
    TemporaryError,
    UnfinishedPushError,
    UsageError,
)
from l10nsync.model import Fence, InFlight, JobSettings, Sent, Source, Wait, fold
from l10nsync.plan import (
    Compared,
    Plan,
    PushFacts,
    Report,
    SourceChange,
    Wants,
    merge,
    plan_push,
    settings_digest,
)
from l10nsync.plan.already import with_translated
from l10nsync.plan.prices import own_prices
from l10nsync.plan.push.jobs import job_name
from l10nsync.plan.strings import has_strings
from l10nsync.plan.values import JobPlan

MOST_PLANS = 3
"""How often a push is planned, if other pushes leave files half-way."""
_PLANNED_ANEW = (
    "an interrupted push had sent other files; they were finished first, then this push was planned"
)


@dataclass(frozen=True)
class PreparedPush:
    """A push, ready to be carried out."""

    plan: Plan
    contents: Mapping[str, bytes]
    """Blob id to bytes of everything the plan uploads."""
    fence: Fence = field(default_factory=Fence)
    """Checks whether what the plan sends is still the newest."""


def prepare_push(repository: Repository, links: Mapping[str, Link], request: PushRequest) -> PreparedPush:
    """Make the plan of a push; sends only reading requests."""
    if repository.settings.locales:
        raise UsageError(
            "a push sends each file for all its locales: an omitted locale would not get the new strings",
            hint="Choose resources with -r; -l is for pull, list and check.",
        )
    if repository.deleted:
        gone = f"branch {repository.branch.name!r} was deleted by the event of this run: nothing is sent"
        return PreparedPush(Plan("push", notices=(gone,)), {})
    head = Head.of(repository, request.environ, worktree=request.worktree, head_of=request.head_of)
    local = local_sources(repository, request)
    plans: list[Plan] = []
    contents: dict[str, bytes] = {}
    for name, known in push_facts(repository, links, request, local).items():
        facts, plan = _planned(repository, links[name], request, known, head)
        plans.append(plan)
        contents |= _contents_to_send(repository, facts, plan)
    plan = merge(plans) if plans else Plan("push")
    _require_branch_of_remote(repository, request, plan)
    _require_job_names(plan, links)
    if holds_back(repository, request) and any(source.job.authorize for source in repository.sources):
        kept = "a pull request event does not authorize by itself; use --authorize"
        plan = replace(plan, notices=(kept, *plan.notices))
    plan = replace(plan, notices=(*local.notices, *plan.notices))
    plan = replace(plan, own_prices=own_prices(plan))
    return PreparedPush(plan, contents, head.fence(plan))


def _planned(
    repository: Repository, link: Link, request: PushRequest, known: PushFacts, head: Head
) -> tuple[PushFacts, Plan]:
    """Return the plan of a push into one project, and what is known then."""
    _require_same_settings(known.sources, known.words)
    # Offline nobody else's content can be replaced, so its origin is never asked for (None).
    start = known if request.offline else replace(known, origins={})
    likely_jobs: frozenset[str] = frozenset()
    # Without any memory nothing is likely: the first push of a project has more to ask than its job.
    if request.carried_out and start.memory and start.abilities.jobs:
        start = _with_changed(repository, start)
        likely_jobs = _likely_jobs(start)
    facts, plan = _facts_and_plan(repository, link, start, head, likely_jobs)
    if not request.offline and facts.abilities.imports:
        translated = translated_here(repository, facts, plan)
        plan = with_translated(plan, translated, waiting_here(repository, link, facts, plan.jobs))
    return facts, replace(plan, notices=(*plan.notices, *facts.remote.warnings))


def _contents_to_send(repository: Repository, facts: PushFacts, plan: Plan) -> dict[str, bytes]:
    """Return, by blob id, all that PLAN sends: sources, references, and what is parked."""
    along = {blob for _path, blob in chain.from_iterable(job.request.references for job in plan.jobs)}
    found = dict(repository.workspace.blobs(along))
    for change in plan.work:
        content = facts.contents.get(change.blob) if isinstance(change, SourceChange) else None
        if isinstance(change, SourceChange) and content is not None:
            found[change.blob] = content
    return {**found, **_parked(facts, plan)}


def _require_branch_of_remote(repository: Repository, request: PushRequest, plan: Plan) -> None:
    """Raise `RefusedError` if the remote has another branch of the same fileUris.

    A CI often clones one branch alone, and does not know the others.
    """
    branched = {source.path for source in repository.sources if source.branched and source.default_uri}
    if (
        request.offline
        or not in_ci(request.environ)
        or branched.isdisjoint(change.path for change in plan.work)
    ):
        return
    heads: Iterable[str] = ()
    with contextlib.suppress(RepositoryError):
        heads = repository.workspace.remote_heads()
    require_own_branch(repository, heads)


def _parked(facts: PushFacts, plan: Plan) -> Mapping[str, bytes]:
    """Return, by blob id, what is parked before it is overwritten: the TMS's own content."""
    copies = (change for change in plan.work if isinstance(change, SourceChange) and change.copy_of)
    found: dict[str, bytes] = {}
    for change in copies:
        listed = facts.listed(change.copy_of)
        if listed:
            found[change.blob] = facts.stored(listed)
    return found


def _with_changed(repository: Repository, facts: PushFacts) -> PushFacts:
    """Add the contents of the sources that are not as they were sent last: the planner reads them all."""
    blobs = frozenset(facts.blobs[source.path] for source in _changed(facts))
    contents = with_blobs(repository.workspace, facts.contents, Wants(blobs=blobs - facts.contents.keys()))
    return replace(facts, contents=contents)


def _changed(facts: PushFacts) -> Iterator[Source]:
    """Yield the sources that a push sends and that are not as they were sent last."""
    for source in facts.sources:
        if not source.push or source.path not in facts.blobs:
            continue
        # A file that holds all locales changes with every pull, its source text does not.
        if any(target.path == source.path for target in source.targets):
            continue
        sent = facts.memory.get(fold(source.file_uri))
        if sent is None or sent.blob != facts.blobs[source.path]:
            yield source


def _likely_jobs(facts: PushFacts) -> frozenset[str]:
    """Return the names of the jobs that are likely to be filled: those of changed sources with strings."""
    return frozenset(
        job_name(source.job.name, facts.words)
        for source in _changed(facts)
        if has_strings(source, facts.contents.get(facts.blobs[source.path]) or b"")
    )


def _facts_and_plan(
    repository: Repository, link: Link, facts: PushFacts, head: Head, likely_jobs: frozenset[str]
) -> tuple[PushFacts, Plan]:
    """Ask the provider and git until the planner can decide; return what is known then, and the plan.

    LIKELY_JOBS are asked about with the first question: the push will probably fill them.
    """
    compared: Compared = {}
    before = Wants()
    while isinstance(found := plan_push(facts, compared), Wants):
        require_progress(before, found)
        before = found
        if found.question:
            listed = facts.remote.files
            question, likely_jobs = replace(found.question, filled=likely_jobs), frozenset()
            facts = replace(facts, remote=observe(link, facts.remote, question))
            check_project(repository, link.project, facts.remote)
            if facts.remote.files is not listed:
                # A file may have gone from the list since: what was compared with it no longer counts.
                compared.clear()
        facts = from_git(repository, with_origins(facts, found, head), found)
    return facts, found


def _require_same_settings(sources: Sequence[Source], words: Mapping[str, str]) -> None:
    """Raise `UsageError` if resources fill one job with different settings."""
    first_of_job: dict[tuple[str, str], Source] = {}
    for source in sources:
        if not source.push:
            continue
        name = job_name(source.job.name, words)
        first = first_of_job.setdefault((source.project, name), source)
        if _without_limits(source.job) != _without_limits(first.job):
            raise UsageError(
                f"resources {first.resource!r} and {source.resource!r} fill one job, {name!r}, with"
                " different settings",
                hint="A job is authorized as a whole: give one of them a `job.name` of its own.",
            )


def _require_job_names(plan: Plan, links: Mapping[str, Link]) -> None:
    """Raise `UsageError` for a job without a name: every part of its template may be empty."""
    for job in plan.jobs:
        if links[job.project].provider.abilities.jobs and not job.request.name:
            raise UsageError(
                "the job name is empty: none of its placeholders has a value here",
                hint="Outside a pull request, `{pr}` is empty. Add a word that is always there, such as"
                " `{repo}`, to `job.name`, or give a name with --job.",
            )


def _without_limits(job: JobSettings) -> JobSettings:
    """Return the settings that have to be the same for all of a job; of limits the lowest counts."""
    return replace(job, name="", max_words=None, max_cost="")


_STRANGERS = "Send it with --no-authorize, or authorize the rest of the job as well with --yes."
_UNFILTERED = "A push of all sources takes out what is ours; --no-authorize or --yes leaves it in the job."


def check_allowed(repository: Repository, plan: Plan) -> None:
    """Raise `RefusedError` for what only a person may allow: a fork's branch, too many words."""
    if repository.branch.fork and plan.has_work:
        raise RefusedError(
            f"branch {repository.branch.name!r} belongs to a fork: its files are never sent",
            hint="`plan --offline` shows what it would change.",
        )
    for job in plan.jobs:
        if job.strangers and not job.stakes.yes:
            name, strangers = job.request.name, job.strangers
            raise RefusedError(
                f'job "{name}" also holds {strangers} that no source of this commit needs: they belong to'
                " somebody else, or a newer commit supersedes this one",
                hint=_STRANGERS if job.stakes.whole else _UNFILTERED,
            )
        if job.translated and job.request.authorize and not job.stakes.yes:
            strings = "1 string" if job.translated == 1 else f"{job.translated} strings"
            raise RefusedError(
                f'job "{job.request.name}" would pay for {strings} × locales that are translated here',
                hint="Push with --no-authorize, run `l10nsync import`, push again; or override with --yes.",
            )
        _require_few_words(job)


def _require_few_words(job: JobPlan) -> None:
    """Raise `RefusedError` for a job that is authorized with more words than `maxWords` allows."""
    if job.request.max_words is None or not job.request.authorize:
        return
    if job.uncounted:
        raise RefusedError(
            f"the words of {job.uncounted[0]} cannot be counted here, and `maxWords` is set",
            hint="Send it with --no-authorize, or override with --yes.",
        )
    if job.words > job.request.max_words:
        raise RefusedError(
            f'job "{job.request.name}" would authorize {job.words} words × locales,'
            f" more than `maxWords: {job.request.max_words}`",
            hint="Send it with --no-authorize, or override with --yes.",
        )


def carry_out_push(
    repository: Repository,
    links: Mapping[str, Link],
    prepared: PreparedPush,
    *,
    callback_url: str,
    wait: Wait = "processed",
    watch: execute.Watch = lambda _change, _state: None,
    again: Callable[[], PreparedPush] | None = None,
) -> Report:
    """Do what the plan says, and remember what was confirmed.

    Without CALLBACK_URL the files that are sent lose the one that they have. Where an interrupted push had
    sent what PREPARED does not know, AGAIN makes another one; without it, `UnfinishedPushError` is raised.
    """
    for _ in range(MOST_PLANS):
        try:
            report = _carry_out(links, prepared, callback_url=callback_url, wait=wait, watch=watch)
            break
        except UnfinishedPushError:
            if again is None:
                raise
            prepared = again()
            plan = replace(prepared.plan, notices=(_PLANNED_ANEW, *prepared.plan.notices))
            prepared = replace(prepared, plan=plan)
    else:
        raise TemporaryError("other pushes keep sending files into the job", hint="Run push again later.")
    for name, link in links.items():
        _remember_push(link, name, report)
        link.cache.commit = repository.workspace.commit()
        link.cache.save()
    return replace(report, requests=requests(links))


def _carry_out(
    links: Mapping[str, Link], prepared: PreparedPush, *, callback_url: str, wait: Wait, watch: execute.Watch
) -> Report:
    _require_costs(links, prepared.plan)
    providers = {name: link.provider for name, link in links.items()}
    return execute.push(
        prepared.plan,
        providers,
        prepared.contents,
        wait=wait,
        callback_url=callback_url,
        fence=prepared.fence,
        in_flight={name: in_flight(link) for name, link in links.items()},
        watch=watch,
    )


def in_flight(link: Link) -> InFlight:
    """Return what keeps orders in the cache from before they are sent until their answer is there."""
    lock = Lock()

    def keep(change: Callable[[frozenset[str]], frozenset[str]]) -> None:
        with lock:
            link.cache.in_flight = change(link.cache.in_flight)
            link.cache.save()

    return InFlight(
        known=link.cache.in_flight,
        begin=lambda keys: keep(lambda known: known | keys),
        end=lambda keys: keep(lambda known: known - keys),
    )


def _require_costs(links: Mapping[str, Link], plan: Plan) -> None:
    """Raise `RefusedError` if a limit of cost is set but the cost of a job is not known."""
    for job in plan.jobs:
        limited = job.request.authorize and job.request.max_cost
        if limited and not links[job.project].provider.abilities.costs:
            raise RefusedError(
                f"the provider of project {job.project!r} does not report what a job costs, and `maxCost` is"
                " set",
                hint="Send it with --no-authorize, or override with --yes.",
            )


def _sent(change: SourceChange, last_uploaded: str) -> Sent:
    return Sent(
        uri=change.uri,
        last_uploaded=last_uploaded,
        blob=change.blob,
        namespace=change.namespace,
        locales=tuple(sorted(change.locales)),
        settings=settings_digest(change.directives),
        path=change.path,
    )


def _remember_push(link: Link, name: str, report: Report) -> None:
    """Remember what the push of project NAME confirmed, and forget what is open again."""
    authorized, uids = _authorized_jobs(report, name), _uids_of_jobs(report, name)
    _remember_what_stays(link, name, report, {planned: uids.get(planned, ()) for planned in authorized})
    for result in report.results:
        change = result.change
        if not isinstance(change, SourceChange) or change.project != name:
            continue
        if result.status == "done" and result.last_uploaded:
            sent = _sent(change, result.last_uploaded)
            sent = replace(sent, authorized=change.job in authorized, jobs=uids.get(change.job, ()))
            link.cache.sent[fold(change.uri)] = sent
        else:
            link.cache.sent.pop(fold(change.uri), None)
    _forget_what_left_jobs(link, name, report)


def _authorized_jobs(report: Report, project: str) -> set[str]:
    """Return the planned names of the jobs that are authorized.

    One planned job may have become several on the service: it counts only if all of them are authorized.
    """
    outcomes = [job for job in report.jobs if job.project == project and not job.changed]
    refused = {job.planned for job in outcomes if not job.authorized}
    return {job.planned for job in outcomes} - refused


def _uids_of_jobs(report: Report, project: str) -> dict[str, tuple[str, ...]]:
    """Return the uids of the jobs by their planned names."""
    found: dict[str, list[str]] = {}
    for job in report.jobs:
        if job.project == project and job.uid:
            found.setdefault(job.planned, []).append(job.uid)
    return {planned: tuple(sorted(set(uids))) for planned, uids in found.items()}


def _remember_what_stays(
    link: Link, name: str, report: Report, authorized: Mapping[str, tuple[str, ...]]
) -> None:
    """Remember the files that need nothing, and those that waited in a job that is AUTHORIZED now.

    AUTHORIZED has the uids of these jobs by their planned names.
    """
    waiting: dict[str, tuple[str, ...]] = {}
    for job in report.plan.jobs:
        if job.project == name and job.request.name in authorized:
            waiting |= dict.fromkeys(map(fold, job.waiting), authorized[job.request.name])
    for change in report.plan.changes:
        if isinstance(change, SourceChange) and change.project == name and change.remember:
            key, kept = fold(change.uri), change.remember
            if key in waiting:
                kept = replace(kept, authorized=True, jobs=waiting[key])
            link.cache.sent[key] = kept


def _forget_what_left_jobs(link: Link, name: str, report: Report) -> None:
    """Forget what was sent of files whose strings have left a job: what is asked for is open again."""
    if not any(job.taken_out for job in report.jobs if job.project == name):
        return
    jobs = (job for job in report.plan.jobs if job.project == name)
    for uri in chain.from_iterable(job.left_by for job in jobs):
        link.cache.sent.pop(fold(uri), None)
