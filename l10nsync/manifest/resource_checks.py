"""What a resource must keep to that needs no repository."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

from l10nsync import paths
from l10nsync.manifest import reading as read
from l10nsync.manifest.locale_lists import check_known_locale
from l10nsync.manifest.problems import Problems, any_of, nearest, other_side
from l10nsync.manifest.shared import DEFAULT_LOCALE, ManifestContext, ManifestLocales
from l10nsync.manifest.tree import ManifestNode
from l10nsync.model import Place, Resource

JOB_PLACEHOLDERS = ("repo", "branch", "sha", "date", "user", "pr")
_BRACE = re.compile(r"\{([^{}]*)\}|[{}]")


def check_resource(
    resource: Resource,
    entry: ManifestNode,
    node: ManifestNode,
    job: ManifestNode,
    own: ManifestLocales,
    context: ManifestContext,
) -> None:
    """Hold a resource, joined with its defaults as NODE, against all that can be known without files."""
    problems = context.problems
    if node.get("target") is None:
        problems.add(
            "E104",
            entry.place,
            f"the resource `{resource.name}` needs `target`",
            help="Set where translations go, or `target: null` to only upload.",
        )
    _check_project(resource, node, context)
    _check_locales(resource, entry, own, context)
    _check_patterns(resource, node, problems)
    _check_charset(node.get("charset"), problems)
    _check_job_name(job.get("name"), problems)
    _check_workflows(job.get("localeWorkflows"), own, context)
    _check_threshold(read.mapping(node.get("pull")).get("minCompletion"), own, context)


def _check_project(resource: Resource, node: ManifestNode, context: ManifestContext) -> None:
    named = node.get("project")
    if named is not None and read.text(named) and resource.project not in context.projects:
        near = nearest(resource.project, context.projects)
        context.problems.add(
            "E112",
            named.place,
            f"there is no project `{resource.project}`",
            help=f"Did you mean `{near}`?" if near else "Name it under `projects:`.",
        )


def _check_locales(
    resource: Resource, entry: ManifestNode, own: ManifestLocales, context: ManifestContext
) -> None:
    if not own.names and not resource.copies:
        context.problems.add(
            "E104",
            entry.place,
            f"the resource `{resource.name}` has no locale",
            help="Name the locales to translate into under `locales:`, at the top or here.",
        )
    project = context.projects.get(resource.project)
    folded = project.source_locale.casefold() if project else ""
    for locale, place in own.places.items():
        if locale.casefold() == folded:
            context.problems.add(
                "E120",
                place,
                f"`{locale}` is the source locale",
                note="cannot also be translated into",
                help="Remove it, or correct `sourceLocale`; `copies` writes the source under further names.",
            )


def _check_patterns(resource: Resource, node: ManifestNode, problems: Problems) -> None:
    """Compile every pattern, and hold each template against each source pattern."""
    sources = [
        pattern
        for pattern_node in read.text_nodes(node.get("source"))
        if (pattern := check_source_pattern(pattern_node, problems))
    ]
    for key in ("exclude", "include"):
        for pattern_node in read.text_nodes(node.get(key)):
            _ignore(pattern_node, problems)
    for kind in _TEMPLATES:
        template = node.get(kind)
        if template is not None and read.text(template):
            _check_template(template, kind, sources, problems)
    target = node.get("target")
    if target is not None and resource.target and _overwrites_itself(resource):
        count = len(resource.locales.names)
        problems.add(
            "E118",
            target.place,
            f"the target has no locale in it, but the resource has {count} locales",
            note="every translation would overwrite the one before",
            help=paths.backslash_hint(target.text) or "Put `{locale}` where the locale belongs.",
        )


_TEMPLATES: tuple[paths.TemplateKind, ...] = ("target", "fileUri", "namespace")


def check_source_pattern(node: ManifestNode, problems: Problems) -> paths.SourcePattern | None:
    """Return the pattern that NODE holds; None for one that is malformed, which is reported."""
    try:
        return paths.compile_source(node.text)
    except paths.PatternError as error:
        _pattern_problem(node, error, problems)
        return None


def _ignore(node: ManifestNode, problems: Problems) -> None:
    try:
        paths.Ignore((node.text,))
    except paths.PatternError as error:
        _pattern_problem(node, error, problems)


def _check_template(
    node: ManifestNode, kind: paths.TemplateKind, sources: Iterable[paths.SourcePattern], problems: Problems
) -> None:
    try:
        template = paths.compile_template(node.text, kind)
        for source in sources:
            paths.bind(template, source)
    except paths.PatternError as error:
        _pattern_problem(node, error, problems)


def _pattern_problem(node: ManifestNode, error: paths.PatternError, problems: Problems) -> None:
    marked = node.text[error.offset : error.offset + error.length]
    code = "E117" if _is_named_placeholder(marked) else "E116"
    problems.add(code, node.part(error.offset, error.length), error.message, help=error.hint)


def _is_named_placeholder(text: str) -> bool:
    """Whether TEXT is a placeholder such as `{locale}`, and not a numbered wildcard such as `{2}`."""
    return text.startswith("{") and text.endswith("}") and not text[1:-1].isdigit()


def _overwrites_itself(resource: Resource) -> bool:
    names = set(chain.from_iterable(resource.locales.names.values()))
    if len(names) < 2 or resource.target is None or resource.target in resource.sources:
        return False
    try:
        return not paths.compile_template(
            resource.target, "target"
        ).locale_placeholders and not _multilingual(resource.file_type)
    except paths.PatternError:
        return False


def _multilingual(file_type: str | None) -> bool:
    if not file_type:
        return False
    from l10nsync import formats

    found = formats.get(file_type)
    return found is not None and found.multilingual


def _check_charset(node: ManifestNode | None, problems: Problems) -> None:
    name = read.text(node)
    if node is None or name is None:
        return
    try:
        "".encode(name)
    except (LookupError, ValueError):
        problems.add(
            "E106",
            node.place,
            f"`{name}` is not a character set",
            help="For example `UTF-8` or `ISO-8859-1`.",
        )


def _check_job_name(node: ManifestNode | None, problems: Problems) -> None:
    text = read.text(node)
    if node is None or text is None:
        return
    for match in _BRACE.finditer(text):
        name = match[1]
        if name in JOB_PLACEHOLDERS:
            continue
        place = node.part(match.start(), len(match[0]))
        near = nearest(name or "", JOB_PLACEHOLDERS)
        message = f"unknown placeholder `{match[0]}`" if name is not None else f"`{match[0]}` is unpaired"
        known = any_of(f"{{{placeholder}}}" for placeholder in JOB_PLACEHOLDERS)
        problems.add(
            "E117", place, message, help=f"Did you mean `{{{near}}}`?" if near else f"Known: {known}."
        )


def _check_workflows(node: ManifestNode | None, own: ManifestLocales, context: ManifestContext) -> None:
    """Refuse workflows for some locales only: the service wants all of a request or none."""
    entries = read.mapping(node).entries
    if node is None or not entries:
        return
    known = {*context.locales.names, *own.names}
    for entry in entries.values():
        check_known_locale(entry.key, known, context.problems)
    missing = [locale for locale in own.names if locale not in entries]
    if missing:
        context.problems.add(
            "E119",
            node.place,
            f"`localeWorkflows` has no workflow for {', '.join(missing)}",
            note="all locales or none",
            help="Name a workflow for every locale of the resource, or remove `localeWorkflows`.",
        )


def _check_threshold(node: ManifestNode | None, own: ManifestLocales, context: ManifestContext) -> None:
    known = {*context.locales.names, *own.names, DEFAULT_LOCALE}
    for entry in read.mapping(node).entries.values():
        check_known_locale(entry.key, known, context.problems)


def check_names(resources: Iterable[Resource], problems: Problems) -> None:
    """Refuse two resources of one name."""
    first: dict[str, Place] = {}
    for resource in resources:
        place = resource.places.get("name") or resource.places.get("source") or resource.place
        if resource.name and resource.name in first:
            problems.add(
                "E113",
                place,
                f"two resources are called `{resource.name}`",
                note=f"first in line {first[resource.name].line}",
                help="Give each a `name` of its own.",
                related=(other_side(first[resource.name], "first used here"),),
            )
        first.setdefault(resource.name, place)
