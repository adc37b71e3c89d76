"""The jobs of a manifest: find them, look at one, authorize or cancel it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain

from l10nsync.app import execute
from l10nsync.app.links import Link, observe, require_progress
from l10nsync.app.push import prepare_push
from l10nsync.app.push_facts import LocalSources, PushRequest, due_moment, job_words, push_facts, with_job
from l10nsync.app.push_git import from_git
from l10nsync.app.repository import Repository
from l10nsync.app.translated import waiting_here
from l10nsync.errors import RefusedError, ServiceError, TemporaryError, UsageError
from l10nsync.model import (
    Cost,
    JobAction,
    JobOutcome,
    ListedJob,
    Question,
    RemoteState,
    StringLocale,
    Submission,
    fold,
)
from l10nsync.plan import JobPlan, JobResult, Plan, Wants
from l10nsync.plan.already import with_translated
from l10nsync.plan.job_content import consent, described
from l10nsync.plan.jobs import (
    OPEN,
    FoundJob,
    OwnJobs,
    authorization,
    cancellation,
    choose,
    find_jobs,
    own_jobs,
    update_of_job,
)
from l10nsync.plan.open_jobs import OpenJobs, plan_open_jobs
from l10nsync.plan.push import AWAITING
from l10nsync.plan.values import JobEstimate


@dataclass(frozen=True, slots=True)
class JobsRequest:
    """Which jobs are meant, and what was let through."""

    wanted: str | None = None
    """Uid, number or name of a job; None for the one of this branch."""
    everything: bool = False
    """All jobs of the projects, not only those of this manifest and branch."""
    yes: bool = False
    cost: bool = False
    """Also ask what it costs."""
    push: PushRequest = field(default_factory=PushRequest)


def list_jobs(
    repository: Repository, links: Mapping[str, Link], request: JobsRequest
) -> tuple[FoundJob, ...]:
    """Return the jobs of this manifest and branch, or all of the projects; the newest first."""
    owned = _owned(repository, request)
    found: list[FoundJob] = []
    for name, link in links.items():
        _require_jobs(link)
        names = {owned_job.beginning for owned_job in owned if owned_job.project == name}
        listed = _listed(link, {""} if request.everything else names)
        found += find_jobs(name, listed, owned, everything=request.everything)
    return tuple(found)


def find_job(
    repository: Repository,
    links: Mapping[str, Link],
    request: JobsRequest,
    statuses: frozenset[str] = OPEN,
) -> FoundJob:
    """Return the job that is meant, with its content, and with its cost if that is asked for."""
    found = choose(_candidates(repository, links, request), request.wanted, statuses)
    link = links[found.project]
    uid = found.job.uid
    remote = observe(link, RemoteState(), Question(job_details=frozenset({uid})))
    found = replace(found, details=remote.job_details.get(uid))
    if not request.cost or not link.provider.abilities.costs:
        return found
    return replace(found, cost=_observed_cost(link, uid))


def estimates(
    repository: Repository, links: Mapping[str, Link], request: JobsRequest
) -> tuple[JobEstimate, ...]:
    """Return what the service estimates for our open jobs; authorizes nothing.

    Raise `UsageError` where no service of the projects estimates, `ServiceError` where an estimate fails.
    """
    able = {name: link for name, link in links.items() if link.provider.abilities.costs}
    if not able:
        raise UsageError(
            "this service does not report what a job costs", hint="`job.rates` calculates it here."
        )
    found = [job for job in list_jobs(repository, able, request) if job.own and job.job.status in OPEN]
    costs = {job.job.uid: _observed_cost(able[job.project], job.job.uid) for job in found}
    return tuple(
        JobEstimate(job.project, job.job.name, job.job.uid, cost)
        for job in found
        if (cost := costs[job.job.uid]) is not None
    )


def _observed_cost(link: Link, uid: str) -> Cost | None:
    remote = observe(link, RemoteState(), Question(job_costs=frozenset({uid})))
    return remote.job_costs.get(uid)


def _candidates(repository: Repository, links: Mapping[str, Link], request: JobsRequest) -> list[FoundJob]:
    """Return the jobs among which the wanted one is, asking as little as that takes."""
    if not request.wanted:
        return list(list_jobs(repository, links, request))
    owned = _owned(repository, request)
    for ask in (_by_name, _by_uid, _all):
        found: list[FoundJob] = []
        for name, link in links.items():
            _require_jobs(link)
            found += find_jobs(name, ask(link, request.wanted), owned, everything=True)
        if any(
            request.wanted in {found_job.job.uid, found_job.job.number, found_job.job.name}
            for found_job in found
        ):
            return found
    return []


def _by_name(link: Link, wanted: str) -> list[ListedJob]:
    return [job for job in _listed(link, {wanted}) if job.name == wanted]


def _by_uid(link: Link, wanted: str) -> list[ListedJob]:
    if not wanted.isalnum():
        return []
    remote = observe(link, RemoteState(), Question(job_details=frozenset({wanted})))
    return [details.job for details in remote.job_details.values()]


def _all(link: Link, _wanted: str) -> list[ListedJob]:
    return _listed(link, {""})


def _listed(link: Link, names: set[str]) -> list[ListedJob]:
    if not names:
        return []
    remote = observe(link, RemoteState(), Question(job_names=frozenset(names)))
    return list(remote.job_list or ())


def _require_jobs(link: Link) -> None:
    if not link.provider.abilities.jobs:
        raise UsageError(
            f"the provider of project {link.project.name!r} has no translation jobs",
            hint="Choose other projects with --project, or resources with -r.",
        )


def _owned(repository: Repository, request: JobsRequest) -> tuple[OwnJobs, ...]:
    """Return the jobs of the resources that the filters leave, with the limits of all that fill them."""
    words, push = job_words(repository, request.push), request.push
    chosen = own_jobs([with_job(source, repository, push) for source in repository.sources], words)
    names = {(owned_job.project, owned_job.template) for owned_job in chosen}
    everything = own_jobs([with_job(source, repository, push) for source in repository.layout.sources], words)
    return tuple(owned_job for owned_job in everything if (owned_job.project, owned_job.template) in names)


def authorize_job(repository: Repository, links: Mapping[str, Link], request: JobsRequest) -> JobResult:
    """Authorize the job that is meant, within the manifest's limits unless they are lifted.

    The job is compared with the manifest first, as a push does it: what no source asks for any more leaves
    it, and what waits in other jobs is taken over. Raise `RefusedError` for a branch that is gone: what is
    checked out does not say what its job should hold.
    """
    if repository.deleted and not request.yes:
        gone = f"branch {repository.branch.name!r} was deleted by the event of this run"
        raise RefusedError(f"{gone}: no job is authorized", hint="To authorize one all the same, use --yes.")
    if repository.limits and not request.yes:
        repository.limits.require()
    push = replace(request.push, authorize=True, yes=request.yes)
    able = {name: link for name, link in links.items() if link.provider.abilities.jobs}
    opened = {name: _opened(repository, link, push) for name, link in able.items()}
    try:
        found = find_job(repository, links, request, frozenset({AWAITING}))
    except UsageError:
        alone = None if request.wanted or repository.branch.fork else _only_elsewhere(opened)
        if alone is None:
            raise
        if not request.yes:
            _require_nothing_translated(repository, links[alone.project], opened[alone.project], alone)
        return _carry_out_plan(links[alone.project], alone)
    if not request.yes:
        _require_sent(repository, links[found.project], push, opened[found.project], found)
    return _authorize(repository, links[found.project], opened[found.project], found, yes=request.yes)


def _authorize(
    repository: Repository, link: Link, jobs: OpenJobs, found: FoundJob, *, yes: bool
) -> JobResult:
    plan = jobs.plan_for(found.job.uid)
    if not yes:
        _require_no_strangers(found, plan.strangers if plan else jobs.strangers_in(found.job.uid))
        if plan is not None:
            _require_nothing_translated(repository, link, jobs, plan)
        found = _with_cost(link, found)
    touched = plan if plan and (plan.leaving or plan.taken) else None
    words = touched.words if touched else None
    action = authorization(found, fork=repository.branch.fork, yes=yes, words=words)
    if touched:
        return _carry_out_plan(link, replace(touched, updates=()))
    return _carry_out(link, found, action)


def _only_elsewhere(opened: Mapping[str, OpenJobs]) -> JobPlan | None:
    """Return the plan that takes over what waits in jobs of others, if that is what there is to authorize."""
    plans = [plan for plan in chain.from_iterable(jobs.plans(()) for jobs in opened.values()) if plan.taken]
    return plans[0] if len(plans) == 1 else None


def _require_no_strangers(found: FoundJob, strangers: str) -> None:
    """Raise `RefusedError` for a job that holds what no source of this commit asks for."""
    if strangers:
        raise RefusedError(
            f'job "{found.job.name}" also holds {strangers} that no source of this commit needs',
            hint="To authorize it as it is, use --yes.",
        )


def _require_sent(
    repository: Repository, link: Link, request: PushRequest, jobs: OpenJobs, found: FoundJob
) -> None:
    """Raise `RefusedError` for a job with strings that sources had when they were sent, and have no longer.

    Only the plan of a push compares contents.
    """
    ours = jobs.plan_for(found.job.uid)
    if ours is None or repository.settings.locales:
        return
    plan = prepare_push(repository, {link.project.name: link}, request).plan
    unsent = _leaving(plan.jobs, found.job.uid) - _leaving([ours], found.job.uid)
    if unsent:
        strings = described(jobs.facts.remote.job_contents[found.job.uid], unsent)
        raise RefusedError(
            f'job "{found.job.name}" also holds {strings} that the sources of this commit no longer have',
            hint="Push first: that takes them out of the job. To authorize it as it is, use --yes.",
        )


def _leaving(plans: Iterable[JobPlan], uid: str) -> frozenset[StringLocale]:
    """Return what leaves a job by PLANS."""
    leaving = chain.from_iterable(plan.leaving for plan in plans)
    return frozenset(chain.from_iterable(strings.pairs for strings in leaving if strings.uid == uid))


def _with_cost(link: Link, found: FoundJob) -> FoundJob:
    """Return FOUND with what the service estimates, where a limit needs that and it is not known."""
    if not found.settings.max_cost or found.cost is not None:
        return found
    try:
        return replace(found, cost=_observed_cost(link, found.job.uid))
    except (ServiceError, TemporaryError):
        return found  # an unknown cost is not within the limit


def _require_nothing_translated(repository: Repository, link: Link, jobs: OpenJobs, plan: JobPlan) -> None:
    """Raise `RefusedError` where the repository has translations of what the job would pay for."""
    if not link.provider.abilities.imports:
        return
    found = waiting_here(repository, link, jobs.facts, [plan])
    whole = with_translated(Plan("push", jobs=(plan,)), {}, found)
    if number := whole.jobs[0].translated:
        strings = "1 string" if number == 1 else f"{number} strings"
        raise RefusedError(
            f'job "{plan.request.name}" would pay for {strings} × locales that are translated here',
            hint="Run `l10nsync import`, and authorize the rest; or override with --yes.",
        )


def _opened(repository: Repository, link: Link, request: PushRequest) -> OpenJobs:
    """Return the open jobs of a project, compared with what the sources of this commit ask for."""
    nothing = LocalSources({}, {}, ())
    facts = push_facts(repository, {link.project.name: link}, request, nothing)[link.project.name]
    before = Wants()
    while isinstance(found := plan_open_jobs(facts), Wants):
        require_progress(before, found)
        before = found
        if found.question:
            facts = replace(facts, remote=observe(link, facts.remote, found.question))
        facts = from_git(repository, facts, found)
    return found


def _carry_out_plan(link: Link, plan: JobPlan) -> JobResult:
    """Let go of what leaves a job, take over what waits elsewhere, and authorize it."""
    submission = Submission(plan.request, leaving=plan.leaving, taken=plan.taken)
    submission = replace(submission, consent=partial(consent, plan.stakes))
    result: JobResult | None = None
    left: list[str] = []
    for event in link.provider.submit(submission):
        if isinstance(event, JobOutcome):
            left += [event.changed] if event.changed else []
            if result is None or not result.error:
                result = execute.job_result(plan.project, event, plan.request.name)
    for uri in plan.left_by if left else ():
        link.cache.sent.pop(fold(uri), None)
    link.cache.save()
    if result is None:
        raise ServiceError(f'the result is not known for job "{plan.request.name}"')
    return replace(result, note="; ".join([*left, *([result.note] if result.note else [])]))


def cancel_job(
    repository: Repository, links: Mapping[str, Link], request: JobsRequest, reason: str
) -> JobResult:
    """Cancel the job that is meant, and forget its files: whether they are asked for is open again."""
    found = find_job(repository, links, request)
    link = links[found.project]
    done = _carry_out(link, found, cancellation(found, reason=reason, yes=request.yes))
    for uri in found.details.files if found.details and done.cancelled else ():
        link.cache.sent.pop(fold(uri), None)
    link.cache.save()
    return done


def update_job(
    repository: Repository,
    links: Mapping[str, Link],
    request: JobsRequest,
    fields: Mapping[str, str],
    custom_fields: Mapping[str, str],
) -> JobResult:
    """Let the job that is meant say FIELDS, by key of the manifest; all else of it stays as it is."""
    due = {"dueDate": due_moment(fields["dueDate"], request.push.now)} if fields.get("dueDate") else {}
    found = find_job(repository, links, request)
    update = update_of_job(found, {**fields, **due}, custom_fields)
    return _outcome(links[found.project], found, Submission(updates=(update,)))


def _carry_out(link: Link, found: FoundJob, action: JobAction) -> JobResult:
    return _outcome(link, found, Submission(actions=(action,)))


def _outcome(link: Link, found: FoundJob, submission: Submission) -> JobResult:
    for event in link.provider.submit(submission):
        if isinstance(event, JobOutcome):
            return replace(execute.job_result(found.project, event), cost=str(found.cost or ""))
    raise ServiceError(f'the result is not known for job "{found.job.name}"')
