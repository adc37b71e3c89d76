"""The manifest around the keys that the model declares: its top, and forms that several keys share.

The values are JSON Schema. `declared` joins them with the declared keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_LOCALE_IDS: Mapping[str, Any] = {
    "type": "array",
    "uniqueItems": True,
    "items": {"type": "string", "minLength": 1},
}
_SOME_LOCALE_IDS: Mapping[str, Any] = {
    "type": "array",
    "minItems": 1,
    "maxItems": 400,
    **_LOCALE_IDS,
    "examples": [["de-DE", "fr-FR"]],
}
"""A list of locale ids that is not empty."""
TOP: Mapping[str, Any] = {
    "version": {
        "title": "Version of the manifest's format",
        "description": "Always 1.",
        "type": "integer",
        "const": 1,
        "examples": [1],
    },
    "project": {"$ref": "#/definitions/projectId"},
    "credentials": {"$ref": "#/definitions/credentials"},
    "provider": {"$ref": "#/definitions/provider"},
    "sourceLocale": {"$ref": "#/definitions/sourceLocale"},
    "locales": {
        "title": "Locales",
        "description": "The locales to translate into: each id of the service with its local name, or a list"
        " of ids that are spelled the same in the repository.",
        "anyOf": [{"$ref": "#/definitions/localeMap"}, {"$ref": "#/definitions/localeList"}],
        "examples": [{"de-DE": "de", "fr-FR": "fr", "es-ES": ["es-ES", "es-MX"]}, ["de-DE", "fr-FR"]],
    },
    "branch": {
        "title": "Branches",
        "description": "How branches are handled if a fileUri names the branch.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "default": {
                "title": "Default branch",
                "description": "The branch whose files a new branch shares namespaces and translations with."
                " Default: `main`.",
                "type": "string",
                "minLength": 1,
                "examples": ["main"],
            }
        },
        "examples": [{"default": "main"}],
    },
    "job": {"$ref": "#/definitions/job"},
    "gates": {
        "title": "Release gates",
        "description": "Release requirements, by name; `verify --gate NAME` checks them. Default: the gate"
        " `release`, or the only one. Without any gate, everything must be complete, fresh and valid.",
        "type": "object",
        "additionalProperties": {"$ref": "#/definitions/gate"},
        "examples": [{"release": {"complete": {"default": 100, "ja-JP": 90}}}],
    },
    "glossary": {"$ref": "#/definitions/glossary"},
    "context": {
        "title": "Visual context",
        "description": "Pictures and pages, for example from end-to-end tests, that show translators where"
        " strings appear; `context push` sends them.",
        "type": "array",
        "minItems": 1,
        "maxItems": 200,
        "items": {"$ref": "#/definitions/contextRule"},
        "examples": [[{"files": "e2e/out/**/*.png", "resources": ["web"]}]],
    },
    "defaults": {"$ref": "#/definitions/defaults"},
    "resources": {
        "title": "Resources",
        "description": "What is translated. A file belongs to the first resource that matches it.",
        "type": "array",
        "minItems": 1,
        "maxItems": 1000,
        "items": {"$ref": "#/definitions/resource"},
        "examples": [[{"source": "locales/en/*.json", "target": "locales/{locale}/*.json"}]],
    },
    "projects": {
        "title": "Further projects",
        "description": "Projects by name, if one is not enough; a resource selects one with `project`.",
        "type": "object",
        "propertyNames": {"pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$"},
        "maxProperties": 200,
        "additionalProperties": {"$ref": "#/definitions/project"},
        "examples": [{"marketing": {"id": "9f8e7d6c5", "credentials": "MARKETING"}}],
    },
}
"""The keys at the top."""

FORMS: Mapping[str, Any] = {
    "localName": {
        "title": "Local name",
        "description": "The locale's name in the repository: any string that is a valid part of a path, or"
        " several parts.",
        "type": "string",
        "minLength": 1,
        "examples": ["de", "zh-Hans", "fr-rFR"],
    },
    "localNames": {
        "title": "Local names of a locale",
        "description": "One local name, a list of them (one translation, several files), or nothing if the"
        " repository uses the id.",
        "anyOf": [
            {"$ref": "#/definitions/localName"},
            {
                "type": "array",
                "items": {"$ref": "#/definitions/localName"},
                "minItems": 1,
                "uniqueItems": True,
            },
            {"type": "null"},
        ],
        "examples": ["de", ["es-ES", "es-MX"], None],
    },
    "localeMap": {
        "title": "Locales with their local names",
        "description": "Each locale id of the service with its local name.",
        "type": "object",
        "minProperties": 1,
        "maxProperties": 400,
        "additionalProperties": {"$ref": "#/definitions/localNames"},
        "examples": [{"de-DE": "de", "fr-FR": None}],
    },
    "localeList": {
        "title": "List of locales",
        "description": "Locale ids of the service, spelled the same in the repository.",
        **_SOME_LOCALE_IDS,
    },
    "localeChoice": {
        "title": "Choice among the locales",
        "description": "Changes the manifest's locales for this resource.",
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {
            "only": {
                "title": "Only these locales",
                "description": "The locales of this resource; may name ids that the manifest's own list"
                " lacks.",
                **_SOME_LOCALE_IDS,
            },
            "except": {
                "title": "Without these locales",
                "description": "Locales of the manifest that this resource does not have.",
                **_LOCALE_IDS,
                "examples": [["zh-CN"]],
            },
            "map": {
                "title": "Spellings of this resource",
                "description": "Local names that differ from the manifest's; a name given here is used"
                " unchanged, even by `{locale:android}` and the other styles.",
                "type": "object",
                "additionalProperties": {"$ref": "#/definitions/localNames"},
                "examples": [{"fr-FR": "fr-rFR"}],
            },
        },
        "examples": [{"only": ["de-DE", "fr-FR"], "map": {"fr-FR": "fr-rFR"}}],
    },
    "percent": {
        "title": "Percent",
        "description": "A whole number from 0 to 100.",
        "type": "integer",
        "minimum": 0,
        "maximum": 100,
        "examples": [80],
    },
    "percents": {
        "title": "Percent of each locale",
        "description": "Locale id to percent; `default` for the locales that are not named.",
        "type": "object",
        "additionalProperties": {"$ref": "#/definitions/percent"},
        "examples": [{"default": 80, "ja-JP": 95}],
    },
}
"""Definitions that are not sections."""

SECTIONS: Mapping[str, Mapping[str, Any]] = {
    "job": {
        "title": "Translation job",
        "description": "The job that receives what a push sends. Allowed at the top, in `defaults`, in a"
        " project and in a resource; per key, the last of these wins.",
        "examples": [{"name": "{repo} {branch}", "authorize": False, "dueDate": "+5d"}],
    },
    "gate": {
        "title": "Release gate",
        "description": "Requirements for a release.",
        "examples": [{"complete": {"default": 100, "ja-JP": 90}, "baseline": "l10n-baseline.json"}],
    },
    "glossary": {
        "title": "Glossary",
        "description": "Terms with fixed translations; `verify` warns if a translation uses another one.",
        "required": ["name", "file"],
        "examples": [{"name": "Shop", "file": "l10n/glossary.tbx"}],
    },
    "waiver": {
        "title": "Waiver",
        "description": "Something that a gate allows until a date.",
        "required": ["until", "reason"],
        "examples": [{"locale": "ja-JP", "until": "2026-12-15", "reason": "the agency is late"}],
    },
    "contextRule": {
        "title": "Files that show strings",
        "description": "Pictures and pages, and the resources whose strings they show.",
        "required": ["files"],
        "examples": [{"files": "e2e/out/**/*.png", "resources": ["web"]}],
    },
    "pull": {
        "title": "How translations are taken",
        "description": "Settings of `pull` for this resource.",
        "examples": [{"retrievalType": "published", "incomplete": "source"}],
    },
    "rules": {
        "title": "Rules of verification",
        "description": "The severity of each rule in this resource, for `verify` and `pull`: `error` (the"
        " file is not written), `warning`, or `ignore`. A file that is not a translation at all (an HTML"
        " page, a cut file) is always an error.",
        "examples": [{"placeholder-missing": "warning"}],
    },
    "resource": {
        "title": "Resource",
        "description": "Source files with the same settings, and where their translations go.",
        "required": ["source"],
        "examples": [{"name": "web", "source": "locales/en/*.json", "target": "locales/{locale}/*.json"}],
    },
    "defaults": {
        "title": "Defaults",
        "description": "Keys of a resource (all but `name` and `source`) that apply unless a resource sets"
        " its own. Mappings are joined key by key, lists are replaced.",
        "examples": [{"pull": {"incomplete": "skip"}}],
    },
    "project": {
        "title": "Project",
        "description": "One project of a translation management system.",
        "examples": [{"id": "9f8e7d6c5", "credentials": "MARKETING", "sourceLocale": "en-GB"}],
    },
}
"""The schema of each section, but for its keys."""
