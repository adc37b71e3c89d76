"""A prune: list what would be deleted, and delete exactly what was listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from l10nsync import layout
from l10nsync.app import execute
from l10nsync.app.links import Link, check_project, observe, requests, require_progress, with_blobs
from l10nsync.app.past import past_sources, sources_elsewhere
from l10nsync.app.prune_list import printed_list, require_no_fork
from l10nsync.app.push_facts import PushRequest, job_words, on_default
from l10nsync.app.repository import Repository
from l10nsync.app.saved_plans import check_saved
from l10nsync.errors import RefusedError, RepositoryError, UsageError
from l10nsync.model import Source, Wait, fold
from l10nsync.plan import Plan, Report, Wants, merge
from l10nsync.plan.elsewhere import BRANCH
from l10nsync.plan.lineage import contents_of
from l10nsync.plan.prune import BranchFacts, PruneFacts, doubt_of, over_limit, plan_prune

_LISTED = "prune"
"""The name of the list that the last prune printed."""


@dataclass(frozen=True, slots=True)
class PruneRequest:
    """What a prune was asked to do."""

    kinds: frozenset[str] = frozenset()
    """`merged`, `gone`; empty for orphans."""
    ours: frozenset[str] = frozenset()
    """Branches that were this repository's, although nothing here shows it."""
    heads: Mapping[str, str] | None = None
    """The branches that the remote has, with their commits; None: it is asked."""
    limit: int | None = None
    push: PushRequest = field(default_factory=PushRequest)


@dataclass(frozen=True)
class PreparedPrune:
    """A prune, ready to be carried out."""

    plan: Plan
    refusal: str = ""
    """Why nothing may be deleted; empty if it may."""
    remedy: str = ""
    """What to do about that."""


def prepare_prune(repository: Repository, links: Mapping[str, Link], request: PruneRequest) -> PreparedPrune:
    """List what would be deleted; sends only reading requests."""
    _require_place(repository, request)
    branches = _branches(repository, request) if request.kinds else None
    workspace = repository.workspace
    commits = workspace.commits(branches_tip(repository) if branches else "HEAD")
    held = contents_of(commits)
    plans: list[Plan] = []
    known: list[PruneFacts] = []
    for name, link in links.items():
        facts = PruneFacts(
            project=name,
            sources=tuple(source for source in repository.layout.sources if source.project == name),
            blobs=workspace.tree(),
            past=tuple(
                source for source in past_sources(repository, link.cache.sent) if source.project == name
            ),
            held=held,
            on_default=on_default(repository),
            branches=_of_project(branches, name),
            memory=link.cache.sent,
            abilities=link.provider.abilities,
            example=workspace.commit(),
            resources=frozenset(resource.name for resource in repository.resources)
            if repository.filtered
            else None,
        )
        facts, plan = _learn(repository, link, facts)
        known.append(facts)
        plans.append(plan)
    plan = merge(plans) if plans else Plan("prune")
    doubts = [doubt for facts in known if (doubt := doubt_of(facts))]
    if doubts:
        return PreparedPrune(plan, doubts[0], "push first, and check that this is the right project")
    return PreparedPrune(plan, over_limit(plan, known, request.limit), "--max-deletions N allows more files")


def _learn(repository: Repository, link: Link, facts: PruneFacts) -> tuple[PruneFacts, Plan]:
    """Ask the provider and git until the planner can decide."""
    before = Wants()
    while isinstance(found := plan_prune(facts), Wants):
        require_progress(before, found)
        before = found
        if found.question:
            facts = replace(facts, remote=observe(link, facts.remote, found.question))
            check_project(repository, link.project, facts.remote)
        if found.elsewhere and facts.branches:
            guesses = sources_elsewhere(repository, found.elsewhere)
            facts = replace(facts, branches=replace(facts.branches, guesses=guesses))
        facts = replace(facts, contents=with_blobs(repository.workspace, facts.contents, found))
    return facts, found


def _require_place(repository: Repository, request: PruneRequest) -> None:
    """Raise where a prune would see files of others as its own."""
    if not repository.workspace.commit():
        raise RepositoryError(
            "there are no commits yet", hint="Nothing can be an orphan before the first commit."
        )
    if repository.settings.locales:
        raise UsageError("a prune deletes files with all their locales", hint="Leave -l out.")
    branched = any("{branch}" in resource.file_uri for resource in repository.manifest.resources)
    if request.kinds and not branched:
        raise UsageError(
            "no `fileUri` of the manifest has {branch}: branches have no files of their own",
            hint="Orphans are listed without --branches.",
        )
    if request.kinds or on_default(repository) or (branched and repository.branch.name):
        return
    raise UsageError(
        f"orphans are listed on the default branch {repository.manifest.default_branch!r} only;"
        f" this is {repository.branch.name or 'a detached HEAD'!r}",
        hint="On another branch, a path that is gone may still be in use. `branch.default` names the default"
        " branch.",
    )


# --- branches -------------------------------------------------------------------------------------------


def branches_tip(repository: Repository) -> str:
    """Return the commit of the default branch; raise `RepositoryError` if it is not here."""
    default = repository.manifest.default_branch
    tip = repository.workspace.default_tip(default)
    if not tip:
        raise RepositoryError(
            f"there is no branch {default!r} to compare with",
            hint="`branch.default` in the manifest names the default branch; in CI, fetch it.",
        )
    return tip


def _branches(repository: Repository, request: PruneRequest) -> BranchFacts:
    workspace = repository.workspace
    if workspace.is_shallow():
        raise RepositoryError(
            "in a shallow clone, merged branches are not known",
            hint="Fetch the whole history (in GitHub Actions: fetch-depth: 0).",
        )
    tip = branches_tip(repository)
    default = repository.manifest.default_branch
    living = _living(repository, request)
    own = {default, repository.branch.name}
    paths, merged = _merged(
        repository, tip, {name: commits for name, commits in living.items() if name not in own}
    )
    tree = workspace.tree(tip)
    patterns = _sources_of(repository, paths, BRANCH)
    return BranchFacts(
        kinds=request.kinds,
        default=default,
        living=frozenset({repository.branch.name, *living} - {""}) - merged,
        merged=merged,
        known=workspace.merged_names(tip) | request.ours,
        ours=request.ours,
        patterns=tuple(source for source in patterns if source.push),
        defaults={
            source.path: (source, tree[source.path]) for source in _sources_of(repository, tree, default)
        },
        job_names=_job_names(repository, request),
    )


def _living(repository: Repository, request: PruneRequest) -> dict[str, frozenset[str]]:
    """Return the branches that there are, here or on the remote, with their commits."""
    here = repository.workspace.heads()
    there = request.heads if request.heads is not None else repository.workspace.remote_heads()
    names = here.keys() | there.keys()
    return {name: frozenset({here.get(name, ""), there.get(name, "")} - {""}) for name in names}


def _sources_of(repository: Repository, paths: Iterable[str], branch: str) -> tuple[Source, ...]:
    """Return what the manifest makes of PATHS on a branch."""
    tree = replace(repository.tree, files=sorted(paths), branch=branch, changed=None)
    return layout.lay_out(repository.manifest, tree).sources


def _job_names(repository: Repository, request: PruneRequest) -> tuple[str, ...]:
    """Return the templates of the names of branches' jobs; what a run cannot know is any text, `{*}`."""
    words = dict.fromkeys(("sha", "date", "user", "pr"), "{*}")
    words |= {"repo": job_words(repository, request.push)["repo"]}
    templates = {resource.job.name for resource in repository.manifest.resources}
    ours = (template for template in sorted(templates) if "{repo}" in template and "{branch}" in template)
    return tuple(_filled(template, words) for template in ours)


def _filled(template: str, words: Mapping[str, str]) -> str:
    for word, value in words.items():
        template = template.replace(f"{{{word}}}", value)
    return template


def _merged(
    repository: Repository, tip: str, candidates: Mapping[str, frozenset[str]]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return every path that may be a source, and the branches that the default branch has taken in.

    A merge takes a branch in; so does a squash, after which the default branch has held all that the
    branch's sources hold.
    """
    workspace = repository.workspace
    paths = set(repository.tracked.files) | workspace.past_paths() | workspace.tree(tip).keys()
    for commits in candidates.values():
        for commit in commits & workspace.present(commits):
            paths |= workspace.tree(commit).keys() | workspace.past_paths(commit, f"^{tip}")
    sources = {source.path for source in _sources_of(repository, paths, BRANCH)}
    held = contents_of(workspace.commits(tip))
    merged: set[str] = set()
    for name, commits in candidates.items():
        if workspace.present(commits) == commits and all(
            workspace.is_ancestor(commit, tip) or _is_squashed(repository, tip, commit, sources, held)
            for commit in commits
        ):
            merged.add(name)
    return frozenset(paths), frozenset(merged)


def _is_squashed(
    repository: Repository, tip: str, commit: str, sources: set[str], held: Mapping[str, frozenset[str]]
) -> bool:
    changed = {
        path: blob
        for path, blob in repository.workspace.changed_blobs(tip, commit).items()
        if path in sources
    }
    now = repository.workspace.tree(tip) if changed else {}
    return bool(changed) and all(
        blob in held.get(path, ()) if blob else path not in now for path, blob in changed.items()
    )


def _of_project(branches: BranchFacts | None, project: str) -> BranchFacts | None:
    if branches is None:
        return None
    return replace(
        branches,
        patterns=tuple(past for past in branches.patterns if past.project == project),
        defaults={path: pair for path, pair in branches.defaults.items() if pair[0].project == project},
    )


# --- the list that was read -------------------------------------------------------------------------------


def remember_list(repository: Repository, plan: Plan) -> None:
    """Keep what was listed, so that `--apply` can check that it is still the same."""
    printed_list(repository, _LISTED).remember(plan.as_data())


def listed_before(repository: Repository) -> Mapping[str, Any]:
    """Return what the last prune listed; raise `RefusedError` if none did."""
    return printed_list(repository, _LISTED).recall(dict)


def with_refusal(prepared: PreparedPrune) -> Plan:
    """Return the plan with what --apply would say against it."""
    plan = prepared.plan
    if not prepared.refusal or prepared.refusal in plan.notices or not plan.work:
        return plan
    return replace(
        plan,
        notices=(*plan.notices, f"--apply refuses this: {prepared.refusal} ({prepared.remedy})"),
    )


def check_prune(repository: Repository, prepared: PreparedPrune, saved: Mapping[str, Any]) -> None:
    """Raise `RefusedError` unless the list is the one that was read, and may be deleted."""
    require_no_fork(repository)
    check_saved(prepared.plan, saved, hint="Run the same command without --apply and read the list again.")
    if prepared.refusal:
        raise RefusedError(prepared.refusal, hint=f"Nothing was deleted: {prepared.remedy}.")


def carry_out_prune(
    repository: Repository,
    links: Mapping[str, Link],
    prepared: PreparedPrune,
    *,
    wait: Wait = "processed",
    watch: execute.Watch = lambda _change, _state: None,
) -> Report:
    """Delete what was listed, and forget it."""
    providers = {name: link.provider for name, link in links.items()}
    report = execute.prune(prepared.plan, providers, wait=wait, watch=watch)
    for result in report.results:
        if result.status != "failed":
            links[result.change.project].cache.sent.pop(fold(result.change.uri), None)
    for link in links.values():
        link.cache.save()
    printed_list(repository, _LISTED).forget()
    return replace(report, requests=requests(links))
