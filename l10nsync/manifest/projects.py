"""The projects of a manifest: the one at the top and those under `projects`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import cast

from l10nsync import services
from l10nsync.manifest import reading as read
from l10nsync.manifest.locale_lists import check_id
from l10nsync.manifest.problems import Problems, any_of
from l10nsync.manifest.sections import read_section
from l10nsync.manifest.shared import DEFAULT_PROJECT
from l10nsync.manifest.tree import ManifestNode, MappingItem
from l10nsync.model import Place, Project, ProjectSettings, ServiceDescription

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*_PROJECT_ID")
_PROJECT_ID = re.compile(r"[A-Za-z0-9._-]+")


def read_projects(
    root: ManifestNode, environ: Mapping[str, str], problems: Problems
) -> Mapping[str, Project]:
    """Return the projects by name; that of the top is called `default`."""
    entries = read.mapping(root.get("projects")).entries
    own = _project(DEFAULT_PROJECT, root, root.get("project"), root, environ, problems)
    _check_own_project(root.get("project"), entries, problems)
    others = {
        name: _project(
            name, read.mapping(entry.value), read.mapping(entry.value).get("id"), root, environ, problems
        )
        for name, entry in entries.items()
    }
    return {DEFAULT_PROJECT: own, **others}


def _check_own_project(
    node: ManifestNode | None, named: Mapping[str, MappingItem], problems: Problems
) -> None:
    name = read.text(node)
    if node is not None and name in named:
        problems.add(
            "E112",
            node.place,
            f"`project` at the top is an id, and `{name}` is the name of a project",
            help=f"Put `project: {name}` under `defaults:`.",
        )
    if DEFAULT_PROJECT in named:
        problems.add(
            "E112",
            named[DEFAULT_PROJECT].key.place,
            f"`{DEFAULT_PROJECT}` is the manifest's own project",
            help="Set its id with `project:` at the top.",
        )


def _project(
    name: str,
    node: ManifestNode,
    id_node: ManifestNode | None,
    root: ManifestNode,
    environ: Mapping[str, str],
    problems: Problems,
) -> Project:
    provider = read.text(node.get("provider")) or read.text(root.get("provider")) or services.USUAL
    credentials = read.text(node.get("credentials")) or ""
    found, variable = _project_id(id_node, _id_variable(name, provider, credentials), environ, problems)
    source_locale = node.get("sourceLocale") or root.get("sourceLocale")
    if read.text(source_locale):
        check_id(cast("ManifestNode", source_locale), problems)
    codes = read.mapping(node.get("locales")) if name != DEFAULT_PROJECT else read.EMPTY_MAP
    service = services.find(provider)
    return Project(
        name=name,
        id=found,
        id_variable=variable,
        provider=provider,
        credentials=credentials,
        source_locale=read.text(source_locale) or "en",
        locales=MappingProxyType(
            {key: v for key, entry in codes.entries.items() if (v := read.text(entry.value))}
        ),
        file_types=service.file_types if service else None,
        multilingual=service.multilingual if service else True,
        settings=_settings(node, root, service, problems),
    )


def _id_variable(name: str, provider: str, credentials: str) -> str:
    """Return the variable with the id of a project: `SMARTLING_PROJECT_ID`, `SMARTLING_DOCS_PROJECT_ID`.

    Its middle is the prefix of the credentials, else the name of the project.
    """
    scope = credentials or ("" if name == DEFAULT_PROJECT else _in_capitals(name))
    return "_".join(part for part in (_in_capitals(provider), scope, "PROJECT_ID") if part)


def _in_capitals(name: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", name.upper())


def _settings(
    node: ManifestNode, root: ManifestNode, service: ServiceDescription | None, problems: Problems
) -> ProjectSettings | None:
    """Return what the top and the project say for the project's service alone, per key the project first."""
    section = service.section if service else None
    if section is None:
        return None
    own = read.mapping(node.get(section.key))
    joined = read.join(read.mapping(root.get(section.key)), own)
    settings = read_section(section.settings, joined)
    for problem in settings.problems():
        entry = joined.get(problem.key)
        if entry is not None:
            problems.add(problem.code, entry.place, problem.message, help=problem.help)
    return settings


def check_sections(root: ManifestNode, projects: Mapping[str, Project], problems: Problems) -> None:
    """Refuse settings of a service that their project does not have; at the top, that no project has."""
    owners = _owners(projects.values())
    used = {project.provider for project in projects.values()}
    for key, names in owners.items():
        given = root.get(key)
        if given is not None and not used & set(names):
            problems.add(
                "E122",
                given.place,
                f"`{key}` has no effect: no project has {_provider_of(names)}",
                help=f"Set {_provider_of(names)}, or take `{key}` out.",
            )
    for name, entry in read.mapping(root.get("projects")).entries.items():
        _check_own_sections(entry.value, projects[name], owners, problems)


def _owners(projects: Iterable[Project]) -> dict[str, list[str]]:
    """Return the keys that only some services have, each with the names of these."""
    owners: dict[str, list[str]] = {}
    for service in services.with_ours(project.provider for project in projects):
        if service.section:
            owners.setdefault(service.section.key, []).append(service.name)
    return owners


def _check_own_sections(
    node: ManifestNode, project: Project, owners: Mapping[str, list[str]], problems: Problems
) -> None:
    codes = [service.name for service in services.with_ours([project.provider]) if service.own_codes]
    for key, names in {**owners, "locales": codes}.items():
        given = read.mapping(node).get(key)
        if given is not None and (given.entries or key != "locales") and project.provider not in names:
            problems.add(
                "E122",
                given.place,
                f"`{key}` of project `{project.name}` needs {_provider_of(names)}",
                help=f"Set {_provider_of(names)}, or take `{key}` out.",
            )


def _provider_of(names: Iterable[str]) -> str:
    return any_of(f"provider: {name}" for name in names)


def _project_id(
    node: ManifestNode | None, variable: str, environ: Mapping[str, str], problems: Problems
) -> tuple[str, str]:
    """Return the id (empty if the environment has none) and the variable that it may come from."""
    text = read.text(node)
    if node is None or text is None:
        return _from_environment(variable, environ, node.place if node else None, problems), variable
    named = _VARIABLE.fullmatch(text)
    if named and _VARIABLE_NAME.fullmatch(named[1]):
        return _from_environment(named[1], environ, node.place, problems), named[1]
    if "$" in text:
        _refuse_variable(node, text, problems)
    elif not _PROJECT_ID.fullmatch(text):
        problems.add(
            "E106",
            node.place,
            f"`{text}` cannot be a project id",
            help="It is the id that the service shows under Settings, API, such as `9f8e7d6c5`.",
        )
    return text, variable


def _refuse_variable(node: ManifestNode, text: str, problems: Problems) -> None:
    found = _VARIABLE.search(text)
    name = found[1] if found else ""
    place = node.part(found.start(), len(found[0])) if found else node.place
    good = _VARIABLE_NAME.fullmatch(name) is not None
    problems.add(
        "E111",
        place,
        "an environment variable must be the whole project id" if good else f"`{text}` is not expanded",
        help="Only a name that ends in `_PROJECT_ID` is expanded, such as `${SMARTLING_PROJECT_ID}`.",
    )


def _from_environment(
    variable: str, environ: Mapping[str, str], place: Place | None, problems: Problems
) -> str:
    value = environ.get(variable, "").strip()
    if value and not _PROJECT_ID.fullmatch(value):
        problems.add(
            "E106",
            place or read.NO_PLACE,
            f"the environment variable {variable} does not hold a project id",
            help="An id has letters, digits, `.`, `_` and `-` only.",
        )
        return ""
    return value
