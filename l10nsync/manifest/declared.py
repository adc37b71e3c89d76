"""The schema of the manifest and the tables of its reference page, made from the declared keys. Pure.

`make docs` writes both; the loader reads the written schema, as editors do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from l10nsync import services
from l10nsync.formats.quality_rules import TUNABLE
from l10nsync.manifest.frame import FORMS, SECTIONS, TOP
from l10nsync.model import (
    ContextRule,
    Gate,
    GlossarySettings,
    JobSettings,
    Project,
    PullSettings,
    Resource,
    ServiceDescription,
    SettingsSection,
    Threshold,
    Waiver,
)
from l10nsync.model.keys import KeyKind, ManifestKey, declared, spelled

SchemaPart = dict[str, Any]

_SETTINGS: Mapping[str, type] = {
    "job": JobSettings,
    "gate": Gate,
    "waiver": Waiver,
    "glossary": GlossarySettings,
    "contextRule": ContextRule,
    "pull": PullSettings,
}
_KINDS: Mapping[KeyKind, SchemaPart] = {
    "text": {"type": "string"},
    "flag": {"type": "boolean"},
    "number": {"type": "integer"},
    "choice": {"type": "string"},
    "texts": {"type": "array", "items": {"type": "string", "minLength": 1}},
    "values": {"type": "object"},
    "percent": {"anyOf": [{"$ref": "#/definitions/percent"}, {"$ref": "#/definitions/percents"}]},
}
_TEXT = {"type": "string", "minLength": 1}
_WIDTH = 110


def manifest_schema() -> SchemaPart:
    """Return the JSON schema of a manifest."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "l10nsync manifest",
        "description": "Which files of a repository are translated, what they are called on the translation"
        " management system, and where their translations go.",
        "examples": [
            {
                "version": 1,
                "locales": ["de-DE"],
                "resources": [{"source": "locales/en/*.json", "target": "locales/{locale}/*.json"}],
            }
        ],
        "type": "object",
        "additionalProperties": False,
        "required": ["version", "resources"],
        "properties": {**TOP, **{section.key: _reference(section.key) for section in _sections()}},
        "definitions": _definitions(),
    }


def extended(schema: Mapping[str, Any], others: Iterable[ServiceDescription]) -> SchemaPart:
    """Return SCHEMA with what OTHERS, services from elsewhere, bring: their names and their own settings.

    Each addition goes where it is used: the definitions, which the published schema also has, stay unchanged.
    """
    definitions = schema["definitions"]
    own: SchemaPart = {"provider": {**definitions["provider"], "enum": list(services.names())}}
    for other in others:
        if other.section:
            own[other.section.key] = section_schema(other.section.settings, _head(other.section))
    project = definitions["project"]
    projects = {
        **schema["properties"]["projects"],
        "additionalProperties": {**project, "properties": {**project["properties"], **own}},
    }
    return {**schema, "properties": {**schema["properties"], **own, "projects": projects}}


def section_schema(settings: type, head: Mapping[str, Any]) -> SchemaPart:
    """Return the schema of a mapping that is read into the class SETTINGS; HEAD has what explains it."""
    return _section(head, dict(_properties(settings)))


def _definitions() -> SchemaPart:
    definitions: SchemaPart = dict(FORMS)
    for _entry, key in declared(Project):
        if key.title and key.shared:
            definitions[key.shared] = key_schema(key)
    for name, settings in _SETTINGS.items():
        definitions[name] = section_schema(settings, SECTIONS[name])
    for section in _sections():
        definitions[section.key] = section_schema(section.settings, _head(section))
    definitions["rules"] = _section(
        SECTIONS["rules"], {rule: _rule(rule, about) for rule, about in TUNABLE.items()}
    )
    definitions |= {
        f"resource.{spelled(entry, key)}": key_schema(key)
        for entry, key in declared(Resource)
        if not key.shared
    }
    resource = {name: _of_resource(name, schema) for name, schema in _properties(Resource)}
    shareable = {name: schema for name, schema in resource.items() if name not in {"name", "source"}}
    definitions["resource"] = _section(SECTIONS["resource"], resource)
    definitions["defaults"] = _section(SECTIONS["defaults"], shareable)
    definitions["project"] = _section(
        SECTIONS["project"],
        {
            **dict(_properties(Project)),
            **{section.key: _reference(section.key) for section in _sections()},
            "job": _reference("job"),
        },
    )
    return definitions


def _sections() -> list[SettingsSection]:
    """Return the settings of a project that only some of our services have."""
    return [service.section for service in services.ours() if service.section]


def _head(section: SettingsSection) -> SchemaPart:
    return {
        "title": section.title,
        "description": section.description,
        "examples": list(section.examples),
    }


def _section(head: Mapping[str, Any], properties: SchemaPart) -> SchemaPart:
    explained = {name: head[name] for name in ("title", "description")}
    rest = {name: value for name, value in head.items() if name not in explained and name != "examples"}
    return {
        **explained,
        "type": "object",
        "additionalProperties": False,
        **rest,
        "properties": properties,
        "examples": head["examples"],
    }


def _properties(settings: type) -> Iterator[tuple[str, SchemaPart]]:
    for entry, key in declared(settings):
        yield spelled(entry, key), _reference(key.shared) if key.shared else key_schema(key)


def _of_resource(name: str, schema: SchemaPart) -> SchemaPart:
    """Return a reference to a key of a resource, which `defaults` shares."""
    return schema if "$ref" in schema else _reference(f"resource.{name}")


def _reference(name: str) -> SchemaPart:
    return {"$ref": f"#/definitions/{name}"}


def key_schema(key: ManifestKey) -> SchemaPart:
    """Return what the schema says about one key."""
    usual = _usual(key)
    description = f"{key.description} Default: {usual}." if usual else key.description
    schema = {"title": key.title, "description": description, **_form(key)}
    if isinstance(key.default, bool) or (isinstance(key.default, str) and key.default):
        schema["default"] = key.default
    return {**schema, "examples": list(key.examples)}


def _form(key: ManifestKey) -> SchemaPart:
    """Return what a value of KEY has to look like."""
    if key.kind == "one or more":
        return {"anyOf": [_TEXT, {"type": "array", **key.limits, "items": _TEXT}]}
    options = {"enum": list(key.options)} if key.options else {}
    return {**_KINDS.get(key.kind, {}), **options, **key.limits}


def _usual(key: ManifestKey) -> str:
    """Return what holds where KEY is not given, in words; empty if nothing does."""
    match key.default:
        case _ if key.usual:
            return key.usual
        case bool():
            return "true" if key.default else "false"
        case str() if key.default:
            return f"`{key.default}`"
        case Threshold():
            return str(key.default.percent)
        case _:
            return ""


def _rule(rule: str, about: str) -> SchemaPart:
    return {
        "title": f"Rule {rule}",
        "description": about,
        "type": "string",
        "enum": ["error", "warning", "ignore"],
        "examples": ["warning"],
    }


# --- the reference page -----------------------------------------------------------------------------------


def table(name: str) -> str:
    """Return a table of the reference page: of `top`, a key at the top, or a definition of the schema."""
    schema = manifest_schema()
    section = {"top": schema, **schema["properties"], **schema["definitions"]}[name]
    return "\n".join(rows(section, schema["definitions"]))


def rows(section: SchemaPart, definitions: SchemaPart) -> list[str]:
    """Return the lines of a table with the keys of SECTION; DEFINITIONS has what it refers to."""
    lines = ["| key | meaning | example |", "|---|---|---|"]
    for key, value in section["properties"].items():
        reference = value.get("$ref", "").rpartition("/")[2]
        explained = definitions[reference] if reference else value
        meaning = explained["description"].replace("|", "\\|")
        lines.append(f"| `{key}` | {meaning} | `{_example(explained['examples'][0])}` |")
    return lines


def _example(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# --- the file ---------------------------------------------------------------------------------------------


def schema_file() -> str:
    """Return the text of `manifest.schema.json`: what fits on one line is written on one."""
    return laid_out(manifest_schema())


def laid_out(schema: SchemaPart) -> str:
    """Return the text of a schema."""
    return f"{_laid_out(schema, 0, 0)}\n"


def _laid_out(value: Any, indent: int, before: int) -> str:
    """Return VALUE as JSON, lines after the first indented by INDENT; BEFORE characters come before it."""
    short = json.dumps(value, ensure_ascii=False)
    explained = isinstance(value, dict) and ("title" in value or "properties" in value)
    nested = isinstance(value, dict) and any(
        isinstance(part, dict) and "title" in part for part in value.values()
    )
    if not isinstance(value, (dict, list)) or (not explained and not nested and before + len(short) < _WIDTH):
        return short
    inner = indent + 2
    if isinstance(value, list):
        lines = [_laid_out(part, inner, inner) for part in value]
        return _bracketed("[", lines, "]", indent)
    lines = []
    for name, part in value.items():
        start = f"{json.dumps(name, ensure_ascii=False)}: "
        lines.append(start + _laid_out(part, inner, inner + len(start)))
    return _bracketed("{", lines, "}", indent)


def _bracketed(opening: str, lines: Sequence[str], closing: str, indent: int) -> str:
    outer, inner = " " * indent, " " * (indent + 2)
    body = ",\n".join(f"{inner}{line}" for line in lines)
    return f"{opening}\n{body}\n{outer}{closing}"
