"""The projects of a manifest: the one at the top and those under `projects`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from l10nsync.manifest import reading as read
from l10nsync.manifest.context import DEFAULT_PROJECT
from l10nsync.manifest.locale_lists import check_id
from l10nsync.manifest.problems import Problems
from l10nsync.manifest.sections import read_section
from l10nsync.manifest.tree import Entry, Node
from l10nsync.model import OrderSettings, Place, Project

ORDERING = "smartmate"
"""The provider that works by orders."""
_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*_PROJECT_ID")
_PROJECT_ID = re.compile(r"[A-Za-z0-9._-]+")


def read_projects(root: Node, environ: Mapping[str, str], problems: Problems) -> Mapping[str, Project]:
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


def _check_own_project(node: Node | None, named: Mapping[str, Entry], problems: Problems) -> None:
    name = read.text(node)
    if node is not None and name in named:
        problems.add(
            "E112",
            node.place,
            f"`project` at the top is an id, and `{name}` is the name of a project",
            help=f"put `project: {name}` under `defaults:`",
        )
    if DEFAULT_PROJECT in named:
        problems.add(
            "E112",
            named[DEFAULT_PROJECT].key.place,
            f"`{DEFAULT_PROJECT}` is the manifest's own project",
            help="say its id with `project:` at the top",
        )


def _project(
    name: str, node: Node, id_node: Node | None, root: Node, environ: Mapping[str, str], problems: Problems
) -> Project:
    provider = read.text(node.get("provider")) or read.text(root.get("provider")) or "smartling"
    credentials = read.text(node.get("credentials")) or ""
    scope = credentials or ("" if name == DEFAULT_PROJECT else re.sub(r"[^A-Z0-9]+", "_", name.upper()))
    variable = "_".join(part for part in (provider.upper(), scope, "PROJECT_ID") if part)
    found, variable = _project_id(id_node, variable, environ, problems)
    source_locale = node.get("sourceLocale") or root.get("sourceLocale")
    if read.text(source_locale):
        check_id(cast("Node", source_locale), problems)
    codes = read.mapping(node.get("locales")) if name != DEFAULT_PROJECT else read.EMPTY_MAP
    order = read_section(
        OrderSettings, read.join(read.mapping(root.get("order")), read.mapping(node.get("order")))
    )
    _check_order(name, node, provider, codes, order, problems)
    return Project(
        name=name,
        id=found,
        id_variable=variable,
        provider=provider,
        credentials=credentials,
        source_locale=read.text(source_locale) or "en",
        locales=MappingProxyType({k: v for k, e in codes.entries.items() if (v := read.text(e.value))}),
        order=order,
    )


def _check_order(
    name: str, node: Node, provider: str, codes: Node, order: OrderSettings, problems: Problems
) -> None:
    """Refuse order settings without a service that works by orders, and a time zone that nobody knows."""
    own = node.get("order") if name != DEFAULT_PROJECT or provider == ORDERING else None
    for key, given in (("order", own), ("locales", codes if codes.entries else None)):
        if given is not None and provider != ORDERING:
            problems.add(
                "E122",
                given.place,
                f"`{key}` of project `{name}` needs `provider: {ORDERING}`",
                help=f"say `provider: {ORDERING}`, or take `{key}` out",
            )
    zone = read.mapping(node.get("order")).get("timeZone")
    if zone is not None and not _is_zone(order.time_zone):
        problems.add(
            "E123",
            zone.place,
            f"there is no time zone `{order.time_zone}`",
            help="write an IANA name such as `Europe/London`, or `UTC`",
        )


def check_shared_order(root: Node, projects: Mapping[str, Project], problems: Problems) -> None:
    """Refuse an `order` at the top where no project works by orders."""
    given = root.get("order")
    if given is not None and all(each.provider != ORDERING for each in projects.values()):
        problems.add(
            "E122",
            given.place,
            f"`order` has no effect: no project has `provider: {ORDERING}`",
            help=f"say `provider: {ORDERING}`, or take `order` out",
        )


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


def _project_id(
    node: Node | None, variable: str, environ: Mapping[str, str], problems: Problems
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
            help="it is the id that the service shows under Settings, API, such as `9f8e7d6c5`",
        )
    return text, variable


def _refuse_variable(node: Node, text: str, problems: Problems) -> None:
    found = _VARIABLE.search(text)
    name = found[1] if found else ""
    place = node.part(found.start(), len(found[0])) if found else node.place
    good = _VARIABLE_NAME.fullmatch(name) is not None
    problems.add(
        "E111",
        place,
        "an environment name must be the whole project id" if good else f"`{text}` is not expanded",
        help="only a name that ends in `_PROJECT_ID` is, as in `${SMARTLING_PROJECT_ID}`",
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
            help="an id has letters, digits, `.`, `_` and `-` only",
        )
        return ""
    return value
