"""Turns a tree of nodes into the nouns of `model`, checking what needs no repository.

Every reader here takes what has the right kind and passes over the rest, which the schema has already
reported; so one run finds all problems.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Literal, TypeVar, cast

from l10nsync import locales, paths
from l10nsync.manifest.problems import Problems, any_of, nearest, other_side
from l10nsync.manifest.tree import Entry, Node
from l10nsync.manifest.validate import untyped
from l10nsync.model import (
    Gate,
    Incomplete,
    JobSettings,
    LocaleRule,
    Manifest,
    OrderSettings,
    Place,
    Project,
    PullSettings,
    Resource,
    RetrievalType,
    Style,
    Threshold,
    Waiver,
)

DEFAULT_PROJECT = "default"
DEFAULT_LOCALE = "default"
"""Stands for every locale that a threshold does not name."""
ORDERING = "smartmate"
"""The provider that works by orders."""
JOB_PLACEHOLDERS = ("repo", "branch", "sha", "date", "user", "pr")
_RULE_KEYS = ("only", "except", "map")
_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*_PROJECT_ID")
_PROJECT_ID = re.compile(r"[A-Za-z0-9._-]+")
_BRACE = re.compile(r"\{([^{}]*)\}|[{}]")

_Spellings = Mapping[str, tuple[str, ...]]
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class _Locales:
    """Locales with their spellings and the place of each."""

    names: _Spellings
    places: Mapping[str, Place]
    explicit: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Context:
    """What resources share."""

    root: Node
    defaults: Node
    locales: _Locales
    projects: Mapping[str, Project]
    environ: Mapping[str, str]
    problems: Problems


def build(root: Node, *, file: str, folder: str, environ: Mapping[str, str], problems: Problems) -> Manifest:
    """Return the manifest that ROOT says; what is wrong with it is added to PROBLEMS."""
    shared = _read_locales(root.get("locales"), problems)
    projects = _projects(root, environ, problems)
    context = _Context(root, _map(root.get("defaults")), shared, projects, environ, problems)
    resources = tuple(_resource(node, context) for node in _items(root.get("resources")))
    _check_names(resources, problems)
    gates = {
        entry.key.text: _gate(entry, resources, context) for entry in _map(root.get("gates")).entries.values()
    }
    used = {resource.project for resource in resources}
    return Manifest(
        file=file,
        folder=folder,
        projects=MappingProxyType(
            {n: p for n, p in projects.items() if n != DEFAULT_PROJECT or n in used or root.get("project")}
        ),
        resources=resources,
        gates=MappingProxyType(gates),
        default_branch=_text(_map(root.get("branch")).get("default")) or "main",
    )


# --- reading nodes ----------------------------------------------------------------------------------

_NO_PLACE = Place("")
_EMPTY_MAP = Node("map", _NO_PLACE)


def _text(node: Node | None) -> str | None:
    return node.text if node is not None and node.kind == "text" and not node.is_null else None


def _flag(node: Node | None, default: bool) -> bool:
    return {"true": True, "false": False}.get(_text(node) or "", default)


def _number(node: Node | None) -> int | None:
    text = _text(node)
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _one_of(node: Node | None, default: _Value, allowed: Iterable[_Value]) -> _Value:
    text = _text(node)
    return next((each for each in allowed if each == text), default)


def _map(node: Node | None) -> Node:
    return node if node is not None and node.kind == "map" else _EMPTY_MAP


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if node is not None and node.kind == "list" else ()


def _text_nodes(node: Node | None) -> tuple[Node, ...]:
    """Return the texts of a list, or the text that stands for a list of one."""
    if node is None:
        return ()
    return tuple(each for each in (node, *node.items) if _text(each))


def _texts(node: Node | None) -> tuple[str, ...]:
    return tuple(each.text for each in _text_nodes(node))


def _values(node: Node | None) -> dict[str, str]:
    """Return the texts of a mapping by their keys."""
    return {key: text for key, entry in _map(node).entries.items() if (text := _text(entry.value))}


def _join(base: Node, over: Node) -> Node:
    """Return OVER laid over BASE: mappings key by key, anything else replaces."""
    if base.kind != "map" or over.kind != "map":
        return over
    entries = dict(base.entries)
    for key, entry in over.entries.items():
        old = entries.get(key)
        value = _join_value(key, old.value, entry.value) if old else entry.value
        entries[key] = Entry(entry.key, value)
    return replace(over, entries=entries)


def _join_value(key: str, base: Node, over: Node) -> Node:
    """Join two values of KEY; of `locales` only two choices (`only`, `except`, `map`) can be joined."""
    if key == "locales" and not (_is_choice(base) and _is_choice(over)):
        return over
    return _join(base, over)


def _is_choice(node: Node) -> bool:
    return node.kind == "map" and any(key in node.entries for key in _RULE_KEYS)


# --- locales ----------------------------------------------------------------------------------------


def _read_locales(node: Node | None, problems: Problems) -> _Locales:
    """Read a list of ids, or a mapping of ids to local names."""
    if node is None or node.kind == "text":
        return _Locales({}, {})
    names: dict[str, tuple[str, ...]] = {}
    places: dict[str, Place] = {}
    for key, value in _spelled(node):
        _check_id(key, problems)
        names[key.text] = _local_names(value, problems) or (key.text,)
        places[key.text] = key.place if value is None or value.is_null else value.place
    explicit = frozenset(key.text for key, value in _spelled(node) if value and not value.is_null)
    return _Locales(names, places, explicit)


def _spelled(node: Node) -> Iterator[tuple[Node, Node | None]]:
    if node.kind == "list":
        yield from ((each, None) for each in _text_nodes(node))
    else:
        yield from node.entries.values()


def _check_id(key: Node, problems: Problems) -> None:
    if not locales.valid_id(key.text):
        problems.add(
            "E114",
            key.place,
            f"`{key.text}` cannot be a locale id",
            note="no locale id",
            help="the service's id comes first, such as `de-DE: de`",
        )


def _local_names(node: Node | None, problems: Problems) -> tuple[str, ...]:
    nodes = _text_nodes(node)
    for each in nodes:
        if not locales.valid_local_name(each.text):
            problems.add(
                "E115",
                each.place,
                f"`{each.text}` cannot be a local name",
                note="no legal part of a path",
                help="a local name stands in paths, such as `de` or `zh-Hans`",
            )
    return tuple(each.text for each in nodes)


def _resource_locales(node: Node | None, shared: _Locales, problems: Problems) -> _Locales:
    """Return the locales of a resource: the shared ones, changed or replaced by its own `locales`."""
    if node is None or node.is_null:
        return replace(shared, explicit=frozenset())
    if node.kind == "map" and not _is_choice(node):
        _check_misspelt_choice(node, shared, problems)
    if not _is_choice(node):
        return _read_locales(node, problems)
    return _chosen(node, shared, problems)


def _chosen(node: Node, shared: _Locales, problems: Problems) -> _Locales:
    own = _read_locales(_map(node.get("map")), problems)
    only = _text_nodes(node.get("only"))
    dropped = _text_nodes(node.get("except"))
    for each in only:
        _check_id(each, problems)
    known = {*shared.names, *(each.text for each in only)}
    for each in (*dropped, *(entry.key for entry in _map(node.get("map")).entries.values())):
        _check_known_locale(each, known, problems)
    ids = [each.text for each in only] or list(shared.names)
    kept = [each for each in dict.fromkeys(ids) if each not in {no.text for no in dropped}]
    only_places = {each.text: each.place for each in only}
    return _Locales(
        {each: own.names.get(each) or shared.names.get(each) or (each,) for each in kept},
        {each: ({**shared.places, **only_places, **own.places})[each] for each in kept},
        own.explicit & set(kept),
    )


def _check_known_locale(node: Node, known: Iterable[str], problems: Problems) -> None:
    if node.text in known:
        return
    near = nearest(node.text, known)
    problems.add(
        "E121",
        node.place,
        f"`{node.text}` is not among the locales",
        help=f"did you mean `{near}`?" if near else "name it under `locales:` first",
    )


def _check_misspelt_choice(node: Node, shared: _Locales, problems: Problems) -> None:
    """Refuse `onyl: [de]`, which would else be a locale of that name."""
    for key, entry in node.entries.items():
        near = nearest(key, _RULE_KEYS)
        odd = key not in shared.names and not locales.looks_like_locale(key)
        if near and odd and "-" not in key:
            problems.add("E103", entry.key.place, f"unknown key `{key}`", help=f"did you mean `{near}`?")


# --- gates ------------------------------------------------------------------------------------------


def _gate(entry: Entry, resources: Sequence[Resource], context: _Context) -> Gate:
    node, name = _map(entry.value), entry.key.text
    usual = Gate(name)
    known = {locale for resource in resources for locale in resource.locales.names}
    for each in _text_nodes(node.get("locales")):
        _check_known_locale(each, known, context.problems)
    for each in _text_nodes(node.get("resources")):
        _check_known_resource(each, resources, context.problems)
    complete = node.get("complete")
    for threshold in _map(complete).entries.values():
        _check_known_locale(threshold.key, known | {DEFAULT_LOCALE}, context.problems)
    return Gate(
        name,
        complete=usual.complete if complete is None else _threshold(complete, usual.complete.percent),
        fresh=_flag(node.get("fresh"), usual.fresh),
        valid=_flag(node.get("valid"), usual.valid),
        resources=_texts(node.get("resources")),
        locales=_texts(node.get("locales")),
        baseline=_baseline(node.get("baseline"), context.problems),
        allow=tuple(_waiver(_map(each), known, resources, context) for each in _items(node.get("allow"))),
    )


def _baseline(node: Node | None, problems: Problems) -> str:
    path = _text(node) or ""
    why = paths.unsafe(path) if path else None
    if node is not None and why:
        problems.add(
            "E106", node.place, f"`{path}` cannot be written: {why}", help="name a file beside the manifest"
        )
    return path


def _waiver(node: Node, known: Iterable[str], resources: Sequence[Resource], context: _Context) -> Waiver:
    locale, resource, until = node.get("locale"), node.get("resource"), node.get("until")
    if locale is not None and _text(locale):
        _check_known_locale(locale, known, context.problems)
    if resource is not None and _text(resource):
        _check_known_resource(resource, resources, context.problems)
    if until is not None and _text(until):
        try:
            date.fromisoformat(until.text)
        except ValueError:
            context.problems.add("E106", until.place, f"`{until.text}` is no day", help="write `2026-12-31`")
    checks: tuple[Literal["", "complete", "fresh", "valid"], ...] = ("", "complete", "fresh", "valid")
    return Waiver(
        locale=_text(locale) or "",
        resource=_text(resource) or "",
        check=_one_of(node.get("check"), checks[0], checks),
        until=_text(until) or "",
        reason=_text(node.get("reason")) or "",
        place=node.place,
    )


def _check_known_resource(node: Node, resources: Sequence[Resource], problems: Problems) -> None:
    names = [each.name for each in resources]
    if any(fnmatchcase(name, node.text) for name in names):
        return
    near = nearest(node.text, names)
    help_ = f"did you mean `{near}`?" if near else f"there are: {', '.join(names)}"
    problems.add("E106", node.place, f"there is no resource `{node.text}`", help=help_)


# --- projects ---------------------------------------------------------------------------------------


def _projects(root: Node, environ: Mapping[str, str], problems: Problems) -> Mapping[str, Project]:
    entries = _map(root.get("projects")).entries
    own = _project(DEFAULT_PROJECT, root, root.get("project"), root, environ, problems)
    _check_own_project(root.get("project"), entries, problems)
    others = {
        name: _project(name, _map(entry.value), _map(entry.value).get("id"), root, environ, problems)
        for name, entry in entries.items()
    }
    return {DEFAULT_PROJECT: own, **others}


def _check_own_project(node: Node | None, named: Mapping[str, Entry], problems: Problems) -> None:
    name = _text(node)
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
    provider = _text(node.get("provider")) or _text(root.get("provider")) or "smartling"
    credentials = _text(node.get("credentials")) or ""
    scope = credentials or ("" if name == DEFAULT_PROJECT else re.sub(r"[^A-Z0-9]+", "_", name.upper()))
    variable = "_".join(part for part in (provider.upper(), scope, "PROJECT_ID") if part)
    found, variable = _project_id(id_node, variable, environ, problems)
    source_locale = node.get("sourceLocale") or root.get("sourceLocale")
    if _text(source_locale):
        _check_id(cast("Node", source_locale), problems)
    codes = _map(node.get("locales")) if name != DEFAULT_PROJECT else _EMPTY_MAP
    order = _order(_join(_map(root.get("order")), _map(node.get("order"))))
    _check_order(name, node, provider, codes, order, problems)
    return Project(
        name=name,
        id=found,
        id_variable=variable,
        provider=provider,
        credentials=credentials,
        source_locale=_text(source_locale) or "en",
        locales=MappingProxyType({k: v for k, e in codes.entries.items() if (v := _text(e.value))}),
        order=order,
    )


def _order(node: Node) -> OrderSettings:
    usual = OrderSettings()
    languages: tuple[Literal["one"], tuple[Literal["one", "all"], ...]] = ("one", ("one", "all"))
    return OrderSettings(
        customer=_text(node.get("customer")) or "",
        contact=_text(node.get("contact")) or "",
        delivery_date=_text(node.get("deliveryDate")) or "",
        time_zone=_text(node.get("timeZone")) or usual.time_zone,
        purchase_order=_text(node.get("purchaseOrder")) or "",
        note=_text(node.get("note")) or "",
        references=_texts(node.get("references")),
        tags=_texts(node.get("tags")),
        languages_per_request=_one_of(node.get("languagesPerRequest"), *languages),
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
    zone = _map(node.get("order")).get("timeZone")
    if zone is not None and not _is_zone(order.time_zone):
        problems.add(
            "E123",
            zone.place,
            f"there is no time zone `{order.time_zone}`",
            help="write an IANA name such as `Europe/London`, or `UTC`",
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
    text = _text(node)
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
            place or _NO_PLACE,
            f"the environment variable {variable} does not hold a project id",
            help="an id has letters, digits, `.`, `_` and `-` only",
        )
        return ""
    return value


# --- resources --------------------------------------------------------------------------------------


def _resource(entry: Node, context: _Context) -> Resource:
    if entry.kind != "map":
        return Resource("", DEFAULT_PROJECT, (), None, place=entry.place)
    node = _join(context.defaults, entry)
    project = _text(node.get("project")) or DEFAULT_PROJECT
    own = _resource_locales(node.get("locales"), context.locales, context.problems)
    job = _job_node(node, project, context.root)
    sources = _texts(node.get("source"))
    resource = Resource(
        name=_text(node.get("name")) or (sources[0] if sources else ""),
        project=project,
        sources=sources,
        target=_text(node.get("target")),
        excludes=_texts(node.get("exclude")),
        includes=_texts(node.get("include")),
        file_uri=_text(node.get("fileUri")) or "{path}",
        namespace=_text(node.get("namespace")),
        file_type=_text(node.get("fileType")),
        charset=_text(node.get("charset")),
        directives=MappingProxyType(_directives(node.get("directives"))),
        locales=LocaleRule(MappingProxyType(dict(own.names)), own.explicit),
        copies=_local_names(node.get("copies"), context.problems),
        push=_flag(node.get("push"), default=True),
        optional=_flag(node.get("optional"), default=False),
        pull=_pull(_map(node.get("pull"))),
        rules=MappingProxyType(_rules(node.get("rules"))),
        job=_job(job),
        place=entry.place,
        places=MappingProxyType(_places(node, job, own, context)),
    )
    _check_resource(resource, entry, node, job, own, context)
    return resource


def _job_node(node: Node, project: str, root: Node) -> Node:
    """Return the job settings that hold: the top's, the defaults', the project's, the resource's own."""
    named = _map(_map(root.get("projects")).get(project))
    layers = (root, _map(root.get("defaults")), named)
    joined = _EMPTY_MAP
    for layer in layers:
        joined = _join(joined, _map(layer.get("job")))
    # NODE already has the defaults in it: what it says otherwise than they do is its own
    defaults = _map(_map(root.get("defaults")).get("job")).entries
    own = {k: e for k, e in _map(node.get("job")).entries.items() if defaults.get(k) is not e}
    return _join(joined, replace(_EMPTY_MAP, entries=own))


def _directives(node: Node | None) -> dict[str, str]:
    return {
        name: entry.value.text
        if entry.value.kind == "text"
        else json.dumps(untyped(entry.value), ensure_ascii=False)
        for name, entry in _map(node).entries.items()
        if not entry.value.is_null
    }


def _pull(node: Node) -> PullSettings:
    retrieval: tuple[RetrievalType, ...] = ("published", "pending", "pseudo")
    incomplete: tuple[Incomplete, ...] = ("source", "empty", "skip")
    style: tuple[Style, ...] = ("repo", "smartling")
    return PullSettings(
        retrieval_type=_one_of(node.get("retrievalType"), retrieval[0], retrieval),
        incomplete=_one_of(node.get("incomplete"), incomplete[0], incomplete),
        min_completion=_threshold(node.get("minCompletion")),
        style=_one_of(node.get("style"), style[0], style),
    )


def _threshold(node: Node | None, usual: int = 0) -> Threshold:
    """Return a percentage, or a mapping of locales to percentages with `default` for all others."""
    each = {locale: _number(entry.value) or 0 for locale, entry in _map(node).entries.items()}
    percent = each.pop(DEFAULT_LOCALE, usual if each else 0)
    return Threshold(_number(node) or percent, MappingProxyType(each))


def _rules(node: Node | None) -> dict[str, str]:
    return {rule: entry.value.text for rule, entry in _map(node).entries.items() if not entry.value.is_null}


def _job(node: Node) -> JobSettings:
    usual = JobSettings()
    return JobSettings(
        name=_text(node.get("name")) or usual.name,
        reuse=_flag(node.get("reuse"), usual.reuse),
        authorize=_flag(node.get("authorize"), usual.authorize),
        description=_text(node.get("description")) or "",
        due_date=_text(node.get("dueDate")) or "",
        reference_number=_text(node.get("referenceNumber")) or "",
        locale_workflows=MappingProxyType(_values(node.get("localeWorkflows"))),
        custom_fields=MappingProxyType(_values(node.get("customFields"))),
        max_words=_number(node.get("maxWords")),
        max_cost=_text(node.get("maxCost")) or "",
        rush=_flag(node.get("rush"), usual.rush),
    )


def _places(node: Node, job: Node, own: _Locales, context: _Context) -> dict[str, Place]:
    """Return the place of each value by its dotted key, and of each locale as `locales.ID`."""
    places = {f"locales.{locale}": place for locale, place in own.places.items()}
    named = _map(_map(context.root.get("projects")).get(_text(node.get("project")) or ""))
    for name, holders in (
        ("locales", (context.root,)),
        ("project", (context.root,)),
        ("sourceLocale", (named, context.root)),
    ):
        found = next((value for holder in holders if (value := holder.get(name))), None)
        if found is not None:
            places[name] = found.place
    places.update(_flat("", node))
    places.update(_flat("job.", job))
    return places


def _flat(prefix: str, node: Node) -> Iterator[tuple[str, Place]]:
    steps = [(key, entry.value) for key, entry in node.entries.items()]
    steps += [(str(index), item) for index, item in enumerate(node.items)]
    for key, value in steps:
        yield f"{prefix}{key}", value.place
        yield from _flat(f"{prefix}{key}.", value)


# --- what a resource must keep to -------------------------------------------------------------------


def _check_resource(
    resource: Resource, entry: Node, node: Node, job: Node, own: _Locales, context: _Context
) -> None:
    problems = context.problems
    if node.get("target") is None:
        problems.add(
            "E104",
            entry.place,
            f"the resource `{resource.name}` needs `target`",
            help="say where translations go, or `target: null` to upload only",
        )
    _check_project(resource, node, context)
    _check_locales(resource, entry, own, context)
    _check_patterns(resource, node, problems)
    _check_charset(node.get("charset"), problems)
    _check_job_name(job.get("name"), problems)
    _check_workflows(job.get("localeWorkflows"), own, context)
    _check_threshold(_map(node.get("pull")).get("minCompletion"), own, context)


def _check_project(resource: Resource, node: Node, context: _Context) -> None:
    named = node.get("project")
    if named is not None and _text(named) and resource.project not in context.projects:
        near = nearest(resource.project, context.projects)
        context.problems.add(
            "E112",
            named.place,
            f"there is no project `{resource.project}`",
            help=f"did you mean `{near}`?" if near else "name it under `projects:`",
        )


def _check_locales(resource: Resource, entry: Node, own: _Locales, context: _Context) -> None:
    if not own.names and not resource.copies:
        context.problems.add(
            "E104",
            entry.place,
            f"the resource `{resource.name}` has no locale",
            help="name the locales to translate into under `locales:`, at the top or here",
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
                help="remove it, or correct `sourceLocale`; `copies` writes the source under further names",
            )


def _check_patterns(resource: Resource, node: Node, problems: Problems) -> None:
    """Compile every pattern, and hold each template against each source pattern."""
    sources = [pattern for each in _text_nodes(node.get("source")) if (pattern := _source(each, problems))]
    for key in ("exclude", "include"):
        for each in _text_nodes(node.get(key)):
            _ignore(each, problems)
    for kind in _TEMPLATES:
        template = node.get(kind)
        if template is not None and _text(template):
            _check_template(template, kind, sources, problems)
    target = node.get("target")
    if target is not None and resource.target and _overwrites_itself(resource):
        count = len(resource.locales.names)
        problems.add(
            "E118",
            target.place,
            f"the target has no locale in it, but the resource has {count} locales",
            note="every translation would overwrite the one before",
            help="put `{locale}` where the locale belongs",
        )


_TEMPLATES: tuple[paths.TemplateKind, ...] = ("target", "fileUri", "namespace")


def _source(node: Node, problems: Problems) -> paths.SourcePattern | None:
    try:
        return paths.compile_source(node.text)
    except paths.PatternError as error:
        _pattern_problem(node, error, problems)
        return None


def _ignore(node: Node, problems: Problems) -> None:
    try:
        paths.Ignore((node.text,))
    except paths.PatternError as error:
        _pattern_problem(node, error, problems)


def _check_template(
    node: Node, kind: paths.TemplateKind, sources: Iterable[paths.SourcePattern], problems: Problems
) -> None:
    try:
        template = paths.compile_template(node.text, kind)
        for source in sources:
            paths.bind(template, source)
    except paths.PatternError as error:
        _pattern_problem(node, error, problems)


def _pattern_problem(node: Node, error: paths.PatternError, problems: Problems) -> None:
    marked = node.text[error.offset : error.offset + error.length]
    code = (
        "E117" if marked.startswith("{") and marked.endswith("}") and not marked[1:-1].isdigit() else "E116"
    )
    problems.add(code, node.part(error.offset, error.length), error.message, help=_as_help(error.hint))


def _as_help(hint: str) -> str:
    """Return HINT as the diagnostics write theirs: small at the beginning, no full stop."""
    return (hint[:1].lower() + hint[1:]).removesuffix(".")


def _overwrites_itself(resource: Resource) -> bool:
    names = {name for each in resource.locales.names.values() for name in each}
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


def _check_charset(node: Node | None, problems: Problems) -> None:
    name = _text(node)
    if node is None or name is None:
        return
    try:
        "".encode(name)
    except (LookupError, ValueError):
        problems.add(
            "E106", node.place, f"`{name}` is no character set", help="for example `UTF-8` or `ISO-8859-1`"
        )


def _check_job_name(node: Node | None, problems: Problems) -> None:
    text = _text(node)
    if node is None or text is None:
        return
    for match in _BRACE.finditer(text):
        name = match[1]
        if name in JOB_PLACEHOLDERS:
            continue
        place = node.part(match.start(), len(match[0]))
        near = nearest(name or "", JOB_PLACEHOLDERS)
        message = f"unknown placeholder `{match[0]}`" if name is not None else f"`{match[0]}` stands alone"
        known = any_of(f"{{{each}}}" for each in JOB_PLACEHOLDERS)
        problems.add(
            "E117", place, message, help=f"did you mean `{{{near}}}`?" if near else f"known: {known}"
        )


def _check_workflows(node: Node | None, own: _Locales, context: _Context) -> None:
    """Refuse workflows for some locales only: the service wants all of a request or none."""
    entries = _map(node).entries
    if node is None or not entries:
        return
    known = {*context.locales.names, *own.names}
    for entry in entries.values():
        _check_known_locale(entry.key, known, context.problems)
    missing = [locale for locale in own.names if locale not in entries]
    if missing:
        context.problems.add(
            "E119",
            node.place,
            f"`localeWorkflows` has no workflow for {', '.join(missing)}",
            note="all locales or none",
            help="name a workflow for every locale of the resource, or remove `localeWorkflows`",
        )


def _check_threshold(node: Node | None, own: _Locales, context: _Context) -> None:
    known = {*context.locales.names, *own.names, DEFAULT_LOCALE}
    for entry in _map(node).entries.values():
        _check_known_locale(entry.key, known, context.problems)


def _check_names(resources: Iterable[Resource], problems: Problems) -> None:
    first: dict[str, Place] = {}
    for resource in resources:
        place = resource.places.get("name") or resource.places.get("source") or resource.place
        if resource.name and resource.name in first:
            problems.add(
                "E113",
                place,
                f"two resources are called `{resource.name}`",
                note=f"first in line {first[resource.name].line}",
                help="give each a `name` of its own",
                related=(other_side(first[resource.name], "first used here"),),
            )
        first.setdefault(resource.name, place)
