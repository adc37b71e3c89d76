"""Pictures and pages that show strings: plan what is sent, send it, list it, delete what is left over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Literal

from l10nsync.app.context_files import content_of, output_files
from l10nsync.app.links import Link, attributed, observe, requests
from l10nsync.app.prune_list import printed_list, require_no_fork
from l10nsync.app.push import in_flight
from l10nsync.app.push_facts import on_default
from l10nsync.app.repository import Repository
from l10nsync.errors import (
    ContextFileError,
    L10nSyncError,
    StalePlanError,
    UsageError,
    worst,
)
from l10nsync.formats import Document
from l10nsync.model import ContextOutcome, ContextTask, Question, RemoteState, Source, Submission
from l10nsync.plan.contexts import (
    ContextFacts,
    ContextPlan,
    ContextStep,
    OurContext,
    OutputFile,
    left_over,
    mark,
    ours,
    plan_contexts,
)
from l10nsync.plan.questions import read_sources

_LISTED = "context-prune"
"""The name of the list that the last prune printed."""
_AGAIN = "Run the same command without --apply and read the list again."
_SHOWN = 5
"""Paths that a message names."""


@dataclass(frozen=True, slots=True)
class ContextResult:
    """What became of one picture or page."""

    step: ContextStep
    status: Literal["planned", "sent", "matched", "bound", "unchanged", "failed"]
    uid: str = ""
    checked: int = 0
    bound: int = 0
    error: L10nSyncError | None = None


@dataclass(frozen=True, slots=True)
class ContextReport:
    """What a `context push` did, or would do."""

    results: tuple[ContextResult, ...]
    missing: tuple[str, ...] = ()
    """Sources that the service does not have."""
    dry_run: bool = False
    requests: Mapping[str, int] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0, or the worst of what failed."""
        return worst(result.error.exit_code for result in self.results if result.error)


@dataclass(frozen=True, slots=True)
class PreparedContexts:
    """A `context push`, ready to be carried out."""

    outputs: Mapping[str, OutputFile]
    """By path."""
    plans: Mapping[str, ContextPlan]
    """By project."""

    def planned(self) -> ContextReport:
        """Return what would be done."""
        steps = chain.from_iterable(plan.steps for plan in self.plans.values())
        results = (ContextResult(step, "unchanged" if step.action == "none" else "planned") for step in steps)
        return ContextReport(tuple(results), self.missing, dry_run=True)

    @property
    def missing(self) -> tuple[str, ...]:
        """Sources that the service does not have."""
        return tuple(chain.from_iterable(plan.missing for plan in self.plans.values()))


def showing_links(links: Mapping[str, Link]) -> dict[str, Link]:
    """Return the projects whose service takes pictures and pages; raise `UsageError` if none does."""
    found = {name: link for name, link in links.items() if link.provider.abilities.context}
    if not found:
        raise UsageError(
            "this service does not accept pictures or pages", hint="Smartling does (docs/context.md)."
        )
    return found


# --- push -------------------------------------------------------------------------------------------------


def prepare_context_push(repository: Repository, links: Mapping[str, Link]) -> PreparedContexts:
    """Read the files and ask the service what it has; sends nothing.

    Raises `UsageError` where the service does not have the strings yet.
    """
    showing = showing_links(links)
    outputs = output_files(repository)
    plans = {name: _plan(repository, link, outputs) for name, link in showing.items()}
    problems = list(chain.from_iterable(plan.problems for plan in plans.values()))
    waiting = list(chain.from_iterable(plan.waiting for plan in plans.values()))
    if waiting:
        shown = ", ".join(waiting[:_SHOWN]) + (
            f" and {len(waiting) - _SHOWN} more" if len(waiting) > _SHOWN else ""
        )
        raise UsageError(
            f"the service does not have the strings that these show yet: {shown}",
            hint="Send them first: `l10nsync push`. Then run this again.",
        )
    if problems:
        raise ContextFileError(problems)
    return PreparedContexts({output.path: output for output in outputs}, plans)


def _plan(repository: Repository, link: Link, outputs: tuple[OutputFile, ...]) -> ContextPlan:
    names = {resource.name for resource in repository.resources if resource.project == link.project.name}
    mine = tuple(
        replace(output, resources=output.resources & names) for output in outputs if output.resources & names
    )
    shown = set(chain.from_iterable(output.resources for output in mine))
    sources = tuple(source for source in repository.sources if source.resource in shown)
    facts = ContextFacts(
        project=link.project.name,
        repo=repository.workspace.owned_name(),
        outputs=mine,
        sources=sources,
        documents=_documents(repository, sources) if any(output.sidecar for output in mine) else {},
        unfinished=link.cache.in_flight,
    )
    before = Question()
    while isinstance(found := plan_contexts(facts), Question):
        if found == before:
            raise AssertionError(f"the planner asked again for what it was given: {found}")
        before = found
        facts = replace(facts, remote=observe(link, facts.remote, found))
    return found


def _documents(repository: Repository, sources: tuple[Source, ...]) -> dict[str, Document]:
    tracked = repository.tracked.files
    here = [source for source in sources if source.path in tracked]
    contents = repository.workspace.blobs(tracked[source.path] for source in here)
    by_path = {
        source.path: contents[tracked[source.path]] for source in here if tracked[source.path] in contents
    }
    return read_sources(here, by_path)


def carry_out_context_push(
    repository: Repository, links: Mapping[str, Link], prepared: PreparedContexts
) -> ContextReport:
    """Send, look through and bind what was planned."""
    results: list[ContextResult] = []
    for name, plan in prepared.plans.items():
        results += _carry_out(repository, links[name], prepared, plan)
    return ContextReport(tuple(results), prepared.missing, requests=requests(links))


def _carry_out(
    repository: Repository, link: Link, prepared: PreparedContexts, plan: ContextPlan
) -> Iterator[ContextResult]:
    """Yield a result for each step of a project, in the order of the plan."""
    work = {step.path: step for step in plan.steps if step.action != "none"}
    tasks = tuple(_task(repository, prepared.outputs[path], step) for path, step in work.items())
    done: dict[str, ContextOutcome] = {}
    failure: L10nSyncError | None = None
    try:
        with attributed(link):
            submission = Submission(contexts=tasks, in_flight=in_flight(link))
            for event in link.provider.submit(submission) if tasks else ():
                if isinstance(event, ContextOutcome):
                    done[event.path] = event
    except L10nSyncError as error:
        failure = error
    for step in plan.steps:
        yield _result(step, done.get(step.path), failure)


def _task(repository: Repository, output: OutputFile, step: ContextStep) -> ContextTask:
    return ContextTask(
        path=step.path,
        name=step.name,
        media=step.media,
        uid=step.uid,
        read=lambda: content_of(repository.workspace, output),
        match=step.match,
        bind=step.bind,
        unbind=step.unbind,
    )


_STATUSES: Mapping[str, Literal["sent", "matched", "bound"]] = {
    "send": "sent", "match": "matched", "bind": "bound",
}  # fmt: skip


def _result(
    step: ContextStep, outcome: ContextOutcome | None, failure: L10nSyncError | None
) -> ContextResult:
    if step.action == "none":
        return ContextResult(step, "unchanged", step.uid)
    if outcome is None or outcome.state != "done":
        error = (outcome.error if outcome else None) or failure
        return ContextResult(step, "failed", outcome.uid if outcome else step.uid, error=error)
    return ContextResult(step, _STATUSES[step.action], outcome.uid, outcome.checked, outcome.bound)


# --- list and prune ---------------------------------------------------------------------------------------


def list_contexts(repository: Repository, links: Mapping[str, Link]) -> tuple[OurContext, ...]:
    """Return the contexts that this repository has sent, by path."""
    found: list[OurContext] = []
    for name, link in showing_links(links).items():
        found += _listed(repository, name, link)
    return tuple(sorted(found, key=lambda context: (context.path, context.context.uid)))


def _listed(repository: Repository, name: str, link: Link) -> Iterator[OurContext]:
    repo = repository.workspace.owned_name()
    remote = observe(link, RemoteState(), Question(contexts=mark(repo)))
    return ours(name, repo, remote.contexts or ())


def prepare_context_prune(repository: Repository, links: Mapping[str, Link]) -> tuple[OurContext, ...]:
    """Return the contexts of this repository whose content its output no longer has."""
    if repository.filtered:
        raise UsageError(
            "a prune looks at everything that the repository has sent", hint="Leave the filters out."
        )
    if not on_default(repository):
        raise UsageError(
            f"leftover contexts are listed on the default branch {repository.manifest.default_branch!r} only",
            hint="On another branch, a picture that is gone may still be in use on the default branch.",
        )
    return left_over(list_contexts(repository, links), output_files(repository))


def remember_contexts(repository: Repository, found: tuple[OurContext, ...]) -> None:
    """Keep what was listed, so that `--apply` can check that it is still the same."""
    printed_list(repository, _LISTED).remember(sorted(context.context.uid for context in found))


def check_context_prune(repository: Repository, found: tuple[OurContext, ...]) -> None:
    """Raise `RefusedError` unless the list is the one that was read."""
    require_no_fork(repository)
    listed = printed_list(repository, _LISTED).recall(list)
    if listed != sorted(context.context.uid for context in found):
        raise StalePlanError("the list has changed since", hint=_AGAIN)


def carry_out_context_prune(
    repository: Repository, links: Mapping[str, Link], found: tuple[OurContext, ...]
) -> dict[str, ContextOutcome]:
    """Delete what was listed, and forget the list; return what became of each, by uid."""
    done: dict[str, ContextOutcome] = {}
    for name, link in showing_links(links).items():
        uids = tuple(context.context.uid for context in found if context.project == name)
        with attributed(link):
            for event in link.provider.submit(Submission(context_deletions=uids)) if uids else ():
                if isinstance(event, ContextOutcome):
                    done[event.uid] = event
    printed_list(repository, _LISTED).forget()
    return done
