"""Holds a tree of nodes against the schema, and says in our own words what does not fit.

The schema also gives the types: a scalar is text wherever the schema allows text, whatever YAML would
make of it. `jsonschema` finds what does not fit; its messages are not shown.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from l10nsync import services
from l10nsync.manifest.fitting import Schema, fits
from l10nsync.manifest.problems import Problems, any_of, nearest
from l10nsync.manifest.tree import ManifestNode

if TYPE_CHECKING:
    from jsonschema import Draft7Validator
    from jsonschema.exceptions import ValidationError

    from l10nsync.model import Place

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_BOOLEANS = {"true": True, "false": False}
_LOOKS_BOOLEAN = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false"})


def schema_text(name: str = "manifest") -> str:
    """Return the text of a published JSON schema: `manifest`, `plan` or `report`."""
    file = f"{name}.schema.json"
    packaged = resources.files("l10nsync") / "schemas" / file
    if packaged.is_file():
        return packaged.read_text("utf-8")
    return (Path(__file__).parents[2] / "schemas" / file).read_text("utf-8")


@functools.cache
def schema() -> Schema:
    """Return the schema as a value; nobody may change it."""
    loaded: Schema = json.loads(schema_text())
    return loaded


def validate(root: ManifestNode, problems: Problems) -> None:
    """Add to PROBLEMS whatever in ROOT does not fit the schema."""
    wanted = _schema_for(_other_providers(root))
    value = typed(root, wanted)
    if fits(value, wanted, wanted["definitions"]):
        return
    for error in _validator(wanted).iter_errors(value):
        for leaf in _leaves(error):
            _report(_misfit(leaf), root, problems)


def _other_providers(root: ManifestNode) -> frozenset[str]:
    """Return the providers that a manifest names, and that are not ours."""
    projects = root.get("projects")
    entries = projects.entries.values() if projects else ()
    holders = [root, *(entry.value for entry in entries)]
    nodes = [holder.get("provider") for holder in holders]
    named = {node.text for node in nodes if node and node.kind == "text" and not node.is_null}
    return frozenset(named - {service.name for service in services.ours()})


def _schema_for(others: frozenset[str]) -> Schema:
    """Return the schema that a manifest with the providers OTHERS has to fit."""
    if not others:
        return schema()
    from l10nsync.manifest.declared import extended

    return extended(schema(), [service for service in services.outside().values() if service.name in others])


def _validator(wanted: Schema) -> Draft7Validator:
    from jsonschema import Draft7Validator

    return Draft7Validator(wanted)


# --- nodes to plain values, as the schema types them ------------------------------------------------------


def typed(node: ManifestNode, wanted: Schema) -> Any:
    """Return the plain value of NODE, its scalars typed by what the schema WANTED allows."""
    branches = _branches(wanted)
    if node.kind == "text":
        return _scalar(node, set(chain.from_iterable(_types(branch) for branch in branches)))
    if node.kind == "list":
        items: Schema = next((branch["items"] for branch in branches if "items" in branch), {})
        return [typed(item, items) for item in node.items]
    branch = _object_branch(branches, node.entries)
    return {key: typed(entry.value, _property(branch, key)) for key, entry in node.entries.items()}


def untyped(node: ManifestNode) -> Any:
    """Return the plain value of NODE for JSON text: what has no quotes is null, boolean or a number."""
    if node.kind == "list":
        return [untyped(item) for item in node.items]
    if node.kind == "map":
        return {key: untyped(entry.value) for key, entry in node.entries.items()}
    return _scalar(node, {"null", "boolean", "integer"})


def _scalar(node: ManifestNode, types: set[str]) -> Any:
    """Return text if TYPES has it; a value that fits no type stays text, for the schema to refuse."""
    if node.is_null and ("null" in types or "string" in types):
        return None
    if node.plain and "string" not in types:
        if "boolean" in types and node.text in _BOOLEANS:
            return _BOOLEANS[node.text]
        if "integer" in types and _INTEGER.fullmatch(node.text):
            return int(node.text)
        return None if node.is_null else node.text
    return node.text


def _branches(wanted: Schema) -> list[Schema]:
    """Return the alternatives of a schema, references followed."""
    target = _resolve(wanted)
    if "anyOf" in target:
        return list(chain.from_iterable(_branches(option) for option in target["anyOf"]))
    return [target]


def _resolve(wanted: Schema) -> Schema:
    reference = wanted.get("$ref", "")
    if not reference:
        return wanted
    definition: Schema = schema()["definitions"][reference.removeprefix("#/definitions/")]
    return definition


def _types(branch: Schema) -> list[str]:
    types = branch.get("type", [])
    return [types] if isinstance(types, str) else list(types)


def _object_branch(branches: Sequence[Schema], keys: Iterable[str]) -> Schema:
    """Return the mapping among BRANCHES that names most of KEYS; the first open one if none names any."""
    mappings = [branch for branch in branches if "object" in _types(branch)]
    scored = [(len(set(keys) & set(branch.get("properties", {}))), branch) for branch in mappings]
    best = max((score for score, _ in scored), default=0)
    if best:
        return next(branch for score, branch in scored if score == best)
    return next(
        (mapping for mapping in mappings if "properties" not in mapping), mappings[0] if mappings else {}
    )


def _property(branch: Schema, key: str) -> Schema:
    found = branch.get("properties", {}).get(key, branch.get("additionalProperties"))
    return found if isinstance(found, Mapping) else {}


# --- errors in our words --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Misfit:
    """A value that does not fit the schema."""

    keyword: str
    """Of the schema: `type`, `enum`, `required`…"""
    wanted: Any
    """What the keyword says."""
    given: Any
    schema: Schema
    path: tuple[str | int, ...]
    of_a_key: bool
    """Whether the value is a key of the mapping at the path."""


def _misfit(error: ValidationError) -> _Misfit:
    rule = cast("Schema", error.schema)
    keys = "propertyNames" in error.absolute_schema_path
    return _Misfit(
        str(error.validator), error.validator_value, error.instance, rule, tuple(error.absolute_path), keys
    )


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Yield ERROR, or for alternatives the errors of the one that was meant."""
    index = _meant(error.instance, cast("Any", error.validator_value)) if error.validator == "anyOf" else None
    if index is None:
        yield error
        return
    for cause in error.context or ():
        if cause.relative_schema_path[0] == index:
            yield from _leaves(cause)


def _meant(value: Any, schemas: Sequence[Schema]) -> int | None:
    """Return which of SCHEMAS a value of this kind was meant to fit; None if none is of its kind."""
    alternatives = [_branches(schema) for schema in schemas]
    if isinstance(value, dict):
        chosen = _object_branch(list(chain.from_iterable(alternatives)), value)
        return next(
            (
                at
                for at, alternative in enumerate(alternatives)
                if any(branch is chosen for branch in alternative)
            ),
            None,
        )
    kind = _kind(value)
    return next(
        (
            at
            for at, alternative in enumerate(alternatives)
            if any(kind in _types(branch) for branch in alternative)
        ),
        None,
    )


def _kind(value: Any) -> str:
    names = {dict: "object", list: "array", bool: "boolean", int: "integer", str: "string"}
    return names.get(type(value), "null")


def _report(error: _Misfit, root: ManifestNode, problems: Problems) -> None:
    node = _node_at(root, error.path)
    path = list(error.path)
    match error.keyword:
        case "additionalProperties":
            _unknown_keys(error, node, path, problems)
        case "required":
            _missing_keys(error, node, path, problems)
        case "type" | "anyOf":
            _wrong_kind(error, node, problems)
        case "const" if type(error.given) is not type(error.wanted):
            pass  # its type is reported
        case _:
            _not_allowed(error, node, path, problems)


def _node_at(root: ManifestNode, path: Iterable[str | int]) -> ManifestNode:
    node = root
    for step in path:
        node = node.items[step] if isinstance(step, int) else node.entries[step].value
    return node


def owner(path: Sequence[str | int]) -> str:
    """Return what the mapping at PATH is called in messages."""
    names = [step for step in path if isinstance(step, str)]
    if not names:
        return "the manifest"
    if names == ["resources"]:
        return "a resource"
    if names == ["context"]:
        return "an entry of `context`"
    if names[0] == "projects" and len(names) == 2:
        return "a project"
    return f"`{names[-1]}`"


def _unknown_keys(error: _Misfit, node: ManifestNode, path: Sequence[str | int], problems: Problems) -> None:
    known = list(error.schema.get("properties", {}))
    for key in (key for key in error.given if key not in known):
        place = node.entries[key].key.place
        refused = "" if _is_slip(key, known) else refusal(key)
        if refused:
            problems.add("E110", place, f"`{key}` is not allowed in a manifest", help=refused)
            continue
        problems.add(
            "E103",
            place,
            f"unknown key `{key}`",
            note=f"{owner(path)} has no such key",
            help=_hint_for_key(key, known, path),
        )


def _is_slip(key: str, known: Sequence[str]) -> bool:
    """Whether KEY is just misspelt or misplaced, however much it sounds like something refused."""
    near = nearest(key, known)
    slip = bool(near) and near[:3] == key[:3] and abs(len(near) - len(key)) <= 1
    return slip or any(key in keys for _, keys in _homes())


def _hint_for_key(key: str, known: Sequence[str], path: Sequence[str | int]) -> str:
    near = nearest(key, known)
    if near:
        return f"Did you mean `{near}`?"
    homes = [name for name, keys in _homes() if key in keys and name != owner(path)]
    if homes:
        return f"`{key}` belongs in {' or '.join(homes)}."
    return f"Known here: {', '.join(known)}."


@functools.cache
def _homes() -> tuple[tuple[str, frozenset[str]], ...]:
    definitions = schema()["definitions"]
    named = (
        ("a resource", definitions["resource"]),
        ("`pull`", definitions["pull"]),
        ("`rules`", definitions["rules"]),
        ("`job`", definitions["job"]),
        ("`locales` of a resource", definitions["localeChoice"]),
        ("a project", definitions["project"]),
        ("the top of the manifest", schema()),
    )
    return tuple((name, frozenset(schema["properties"])) for name, schema in named)


def _missing_keys(error: _Misfit, node: ManifestNode, path: Sequence[str | int], problems: Problems) -> None:
    known = error.schema["properties"]
    misspelt = {nearest(key, known) for key in error.given if key not in known}
    for key in (key for key in error.wanted if key not in error.given and key not in misspelt):
        message = f"{owner(path)} needs `{key}`"
        problems.add("E104", node.place, message, help=f"For example `{key}: {_example(known[key])}`.")


def _example(wanted: Schema) -> str:
    examples = _resolve(wanted).get("examples", [""])
    return json.dumps(examples[0], ensure_ascii=False)


def _wrong_kind(error: _Misfit, node: ManifestNode, problems: Problems) -> None:
    wanted = error.schema
    types = set(chain.from_iterable(_types(branch) for branch in _branches(wanted)))
    problems.add(
        "E105",
        node.place,
        f"expected {_wanted(types)}, found {_given(node)}",
        help=_hint_for_kind(node, types, wanted),
    )


_KIND_NAMES = {
    "string": "a string",
    "integer": "a whole number",
    "boolean": "`true` or `false`",
    "array": "a list",
    "object": "a mapping",
}


def _wanted(types: Iterable[str]) -> str:
    names = [name for kind, name in _KIND_NAMES.items() if kind in types]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _given(node: ManifestNode) -> str:
    if node.kind == "list":
        return "a list"
    if node.kind == "map":
        return "a mapping"
    if node.is_null:
        return "nothing"
    return f"`{node.text}`" if node.plain else "a string"


def _hint_for_kind(node: ManifestNode, types: set[str], wanted: Schema) -> str:
    if "version" in wanted.get("properties", ()):
        return "Begin with `version: 1` and `resources:`."
    if node.is_null:
        return _hint_for_nothing(node, types, wanted)
    if node.kind != "text" and "string" in types and _begins(node) in {"{", "["}:
        return f"A string that begins with `{_begins(node)}` needs quotes."
    if "boolean" in types and node.kind == "text" and node.text.casefold() in _LOOKS_BOOLEAN:
        return "A boolean is written `true` or `false`, in lower case and without quotes."
    if "integer" in types and node.kind == "text":
        return "Write it with digits only, without quotes."
    return f"For example {_example(wanted)}" if "examples" in _resolve(wanted) else ""


def _hint_for_nothing(node: ManifestNode, types: set[str], wanted: Schema) -> str:
    """Return what to write in place of a null, be it `null`, `~` or nothing at all."""
    if node.text and "string" in types:
        return f'Write "{node.text}" in quotes if you mean the string.'
    return f"Give it a value, such as {_example(wanted)}, or remove the key." if "examples" in wanted else ""


def _begins(node: ManifestNode) -> str:
    return node.place.text[node.place.column - 1 : node.place.column]


def _not_allowed(error: _Misfit, node: ManifestNode, path: Sequence[str | int], problems: Problems) -> None:
    limit = error.wanted
    key = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    if error.of_a_key:
        node = node.entries[error.given].key
    shown = f"`{node.text}`" if node.kind == "text" else f"this {_kind_word(node)}"
    message, help_text = _limit_words(error, key, shown, limit)
    problems.add("E106", _duplicate_place(error, node), message, help=help_text)


def _kind_word(node: ManifestNode) -> str:
    return "list" if node.kind == "list" else "mapping"


def _limit_words(error: _Misfit, key: str, shown: str, limit: Any) -> tuple[str, str]:
    match error.keyword:
        case "enum":
            near = nearest(str(error.given), limit)
            return f"{shown} is not one of {any_of(limit)}", f"Did you mean `{near}`?" if near else ""
        case "minimum":
            return f"{shown} is below {limit}, the smallest value of `{key}`", ""
        case "maximum":
            return f"{shown} is above {limit}, the largest value of `{key}`", ""
        case "maxItems" | "maxProperties":
            return f"`{key}` has more than {limit:,} entries", ""
        case "minItems" | "minProperties" | "minLength":
            return f"`{key}` is empty", "Give it a value, or remove the key."
        case "maxLength":
            return f"`{key}` has {len(error.given)} characters; at most {limit} are allowed", ""
        case "uniqueItems":
            return f"`{key}` has an entry twice", "Remove one of the two."
        case _:
            return f"{shown} is not allowed here", _form(error)


def _form(error: _Misfit) -> str:
    examples = error.schema.get("examples")
    if examples:
        return f"For example {any_of(str(example) for example in examples)}"
    return "Letters, digits, `_`, `.` and `-` are allowed."


def _duplicate_place(error: _Misfit, node: ManifestNode) -> Place:
    if error.keyword == "uniqueItems":
        seen: set[str] = set()
        for item, value in zip(node.items, error.given, strict=True):
            shown = json.dumps(value, sort_keys=True)
            if shown in seen:
                return item.place
            seen.add(shown)
    return node.place


# --- what a manifest never holds ----------------------------------------------------------------------------

_ENVIRONMENT = (
    "Credentials come from the environment (SMARTLING_USER_IDENTIFIER, SMARTLING_USER_SECRET), never from a"
    " file of the repository; revoke a secret that was committed."
)
_REFUSALS = (
    (r"callback", "Callback URLs come from L10NSYNC_CALLBACK_URL."),
    (r"secret|token|passw|apikey|useridentifier|userid|accountuid|credentials?$|auth$", _ENVIRONMENT),
    (r"proxy", "Proxies come from HTTPS_PROXY and NO_PROXY in the environment."),
    (r"cabundle|certificate|insecure|verifyssl|tlsverify", "Certificates come from SSL_CERT_FILE."),
    (
        r"url$|^uri$|host$|hostname|endpoint|^server$|^api",
        "The service's address comes from SMARTLING_API_URL.",
    ),
    (
        r"command|script|hook|exec|^run$|^(pre|post|before|after)(push|pull|step|run|process|sync|build)|plugin",
        "A manifest runs nothing: run it in your pipeline, before or after l10nsync.",
    ),
)


def refusal(key: str) -> str:
    """Return why a manifest never has KEY; empty if it is just unknown."""
    folded = re.sub(r"[^a-z]", "", key.casefold())
    return next((reason for pattern, reason in _REFUSALS if re.search(pattern, folded)), "")
