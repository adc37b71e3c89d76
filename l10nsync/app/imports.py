"""An import of the translations that the work tree holds: prepare it, carry it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from l10nsync import execute, formats
from l10nsync.app.links import Link, check_project, observe, requests, with_blobs
from l10nsync.app.pull import fetch, local_targets
from l10nsync.app.repository import Repository
from l10nsync.errors import ContentError, RefusedError, UsageError
from l10nsync.model import Import, Source
from l10nsync.plan import Plan, Report, Result, TargetChange, merge
from l10nsync.plan.imports import ImportFacts, ImportOptions, plan_import, to_import, wants_import


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What an import was asked to do."""

    options: ImportOptions = field(default_factory=ImportOptions)
    yes: bool = False
    """Replace translations of the TMS."""


@dataclass(frozen=True)
class PreparedImport:
    """An import, ready to be carried out."""

    plan: Plan
    imports: Mapping[str, Import]
    """By path of the translation."""
    sources: Mapping[str, Source]
    """By path of the source."""


def prepare_import(
    repository: Repository, links: Mapping[str, Link], request: ImportRequest
) -> PreparedImport:
    """Make the plan of an import; sends only reading requests."""
    sources = repository.sources
    local = local_targets(repository, sources)
    plans: list[Plan] = []
    imports: dict[str, Import] = {}
    by_path = {each.path: each for each in sources}
    for name, link in links.items():
        if not link.provider.abilities.imports:
            raise UsageError(
                f"the provider of project {name!r} cannot import translations",
                hint="Choose other projects with --project, or resources with -r.",
            )
        facts = ImportFacts(
            sources=tuple(each for each in sources if each.project == name),
            blobs=repository.tracked.files,
            contents={},
            local=local,
            options=request.options,
        )
        plan, found = plan_import(_learn(repository, link, facts))
        plans.append(plan)
        for change in plan.work:
            if isinstance(change, TargetChange):
                made = found[change.path]
                imports[change.path] = to_import(change, by_path[change.source], made, request.options)
    return PreparedImport(merge(plans) if plans else Plan("import"), imports, by_path)


def _learn(repository: Repository, link: Link, facts: ImportFacts) -> ImportFacts:
    while wants := wants_import(facts):
        if wants.question:
            facts = replace(facts, remote=observe(link, facts.remote, wants.question))
            check_project(repository, link.project, facts.remote)
        facts = replace(facts, contents=with_blobs(repository.workspace, facts.contents, wants))
        if wants.pairs:
            facts = replace(facts, fetched={**facts.fetched, **fetch(link, wants.pairs)})
    return facts


def check_import_allowed(repository: Repository, plan: Plan, request: ImportRequest) -> None:
    """Raise `RefusedError` for what only a person may let through: a fork's branch, replaced translations."""
    if repository.branch.fork and plan.has_work:
        raise RefusedError(f"branch {repository.branch.name!r} belongs to a fork: nothing of it is imported")
    replaced = sum(each.replaced for each in plan.work if isinstance(each, TargetChange))
    if replaced and not request.yes:
        raise RefusedError(
            f"{replaced} translation{'' if replaced == 1 else 's'} of the TMS would be replaced",
            hint="Look at them with --dry-run; --yes replaces them.",
        )


def carry_out_import(
    repository: Repository,
    links: Mapping[str, Link],
    prepared: PreparedImport,
    *,
    watch: execute.Watch = lambda _change, _state: None,
) -> Report:
    """Send what the plan says."""
    providers = {name: link.provider for name, link in links.items()}
    report = execute.import_(prepared.plan, providers, prepared.imports, watch=watch)
    results = tuple(_with_lines(repository, prepared, each) for each in report.results)
    return replace(report, results=results, requests=requests(links))


def _with_lines(repository: Repository, prepared: PreparedImport, result: Result) -> Result:
    """Return RESULT with the lines of the strings that the service did not take."""
    change = result.change
    if not result.findings or not isinstance(change, TargetChange):
        return result
    source = prepared.sources[change.source]
    try:
        content = repository.workspace.read(change.path) or b""
        document = formats.parse(source.file_type, content, source.directives, source.charset)
    except ContentError:
        return result
    lines = {unit.key: unit.line for unit in document.units} if document else {}
    found = tuple(replace(each, line=lines.get(each.key, 0)) for each in result.findings)
    return replace(result, findings=found)
