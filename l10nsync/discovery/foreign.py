"""Reading the configuration of other tools. What cannot be carried over becomes a note, never a guess."""

from __future__ import annotations

import configparser
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from l10nsync.discovery.draft import Draft, DraftResource, service_id
from l10nsync.errors import UsageError

_SECRETS = ("secret", "token", "api_key", "api_token", "password")


def convert(name: str, content: bytes) -> Draft:
    """Return a draft from a configuration called NAME; raise `UsageError` if it cannot be read."""
    last = name.replace("\\", "/").rpartition("/")[2]
    reader = next((read for fits, read in KNOWN.items() if re.fullmatch(fits, last)), None)
    if reader is None:
        raise UsageError(
            f"{name}: no configuration that is known",
            hint="Known are smartling-config.json, smartling.yml, crowdin.yml and .tx/config.",
        )
    try:
        return reader(content.decode("utf-8-sig"))
    except (ValueError, TypeError, KeyError, AttributeError, configparser.Error, RecursionError) as error:
        raise UsageError(f"{name} cannot be read: {' '.join(str(error).split())}") from error


def _yaml(text: str) -> dict[str, Any]:
    import yaml

    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    if not isinstance(data, dict):
        raise TypeError("it is no mapping")
    return data


def _secret_note(data: Mapping[str, Any]) -> tuple[str, ...]:
    found = [key for key in data if any(word in str(key).lower() for word in _SECRETS) and data[key]]
    if not found:
        return ()
    return (f"TODO: the old file holds a secret (`{found[0]}`), which stayed there: revoke it.",)


# --- Smartling's repository connector -------------------------------------------------------------------


def _connector(text: str) -> Draft:
    data = json.loads(_plain_json(text))
    locales = {
        each["smartling"]: str(each.get("application") or each["smartling"]) for each in data["locales"]
    }
    resources = tuple(_connector_set(index, each) for index, each in enumerate(data["resourceSets"], 1))
    wanted = {str(each.get("authorizeContent", "true")).lower() != "false" for each in data["resourceSets"]}
    notes = ["TODO: check `sourceLocale`; the old file does not say it."]
    if len(wanted) > 1:
        notes.append("TODO: some resource sets were authorized and some not; give these a job of their own.")
    return Draft(resources, locales, authorize=wanted == {True}, notes=tuple(notes))


def _plain_json(text: str) -> str:
    """Return JSON without the comments and trailing commas that such files have; strings stay."""
    tokens = r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/'
    bare = re.sub(tokens, lambda found: found[0] if found[0].startswith('"') else " ", text, flags=re.DOTALL)
    return re.sub(
        r'("(?:\\.|[^"\\])*")|,(\s*[}\]])', lambda found: found[1] or found[2], bare, flags=re.DOTALL
    )


_GROOVY = {
    "originalFile.fullName": "{path}",
    "originalFile.path": "{dir}",
    "originalFile.name": "{name}",
    "originalFile.baseName": "{stem}",
    "originalFile.extension": "{ext}",
    "locale": "{locale}",
}


def _connector_set(number: int, data: Mapping[str, Any]) -> DraftResource:
    notes: list[str] = []
    regex = str(data["pathRegex"])
    pattern = glob_of(regex)
    if pattern is None:
        notes.append(f"TODO: write as globs: pathRegex {json.dumps(regex)}")
        pattern = "TODO/*"
    target = None
    expression = str(data.get("translationPathExpression") or "")
    if expression:
        target = re.sub(r"\$\{?([A-Za-z.]+)\}?", lambda found: _GROOVY.get(found[1], found[0]), expression)
        if "$" in target:
            notes.append(f"TODO: write as a target: translationPathExpression {json.dumps(expression)}")
            target = None
    if data.get("locales"):
        notes.append("TODO: this set had locales of its own; see `locales` of a resource.")
    directives = {}
    for each in data.get("smartlingDirectives") or ():
        key, _, value = str(each).partition("=" if "=" in str(each) else ":")
        directives[key.strip().removeprefix("smartling.")] = value.strip()
    kind = str(data.get("type") or "")
    return DraftResource(
        f"{kind or 'set'}-{number}", (pattern.lstrip("/"),), target.lstrip("/") if target else None, (), kind,
        directives, notes=tuple(notes),
    )  # fmt: skip


def glob_of(regex: str) -> str | None:
    """Return the glob that a regular expression for paths means; None where it says more than a glob."""
    text = regex.removeprefix("^").removesuffix("$")
    text = re.sub(r"\(\?<[A-Za-z0-9]+>((?:[^()\\]|\\.)*)\)", r"\1", text)
    text = re.sub(r"\((?:\?:)?((?:[^()|?*+\\]|\\.|\.[*+]|\[\^/\][*+])*)\)", r"\1", text)
    parts: list[str] = []
    position = 0
    tokens = re.compile(r"\.[*+]\??|\[\^/\][*+]\??|\\([.\-_/])|([A-Za-z0-9_\-/ @~])")
    while position < len(text):
        found = tokens.match(text, position)
        if found is None:
            return None
        if found[0].startswith("."):
            parts.append("\0")
        elif found[0].startswith("["):
            parts.append("*")
        else:
            parts.append(found[1] or found[2])
        position = found.end()
    made = "".join(parts)
    # `.*` crosses folders: a whole part is `**`, at the end of a path it is any file below.
    made = re.sub(r"(^|/)\0(/|$)", lambda found: f"{found[1]}**{found[2] or '/*'}", made)
    made = re.sub(r"(^|/)\0(?=[^/]*$)", r"\1**/*", made)
    # Within the last part it is taken for a star: what else it could match lies in folders of odd names.
    made = re.sub(r"\0(?=[^/]*$)", "*", made)
    return None if "\0" in made else made


# --- Smartling's command line ---------------------------------------------------------------------------


def _smartling_cli(text: str) -> Draft:
    data = _yaml(text)
    files = dict(data.get("files") or {})
    default = files.pop("default", None) or {}
    resources = tuple(
        _cli_file(number, str(pattern), {**default, **(each or {})}, default)
        for number, (pattern, each) in enumerate(files.items(), 1)
    )
    notes = ("TODO: check `sourceLocale` and `locales`; the old file does not say them.", *_secret_note(data))
    return Draft(resources, project=str(data.get("project_id") or ""), notes=notes)


def _cli_file(
    number: int, pattern: str, data: Mapping[str, Any], default: Mapping[str, Any]
) -> DraftResource:
    push = {**(default.get("push") or {}), **(data.get("push") or {})}
    pull = {**(default.get("pull") or {}), **(data.get("pull") or {})}
    shown = str(pull.get("format") or "{{name .FileURI}}{{with .Locale}}_{{.}}{{end}}{{ext .FileURI}}")
    target = go_template(shown)
    notes = () if target else (f"TODO: write as a target: format {json.dumps(shown)}",)
    directives = {
        str(key).removeprefix("smartling."): value if isinstance(value, str) else json.dumps(value)
        for key, value in (push.get("directives") or {}).items()
    }
    source = re.sub(r"(?<=[^/*])\*\*|\*\*(?=[^/*])", "*", pattern.removeprefix("./"))
    return DraftResource(
        f"files-{number}", (source,), target, (), str(push.get("type") or ""), directives, notes=notes
    )


def go_template(text: str) -> str | None:
    """Return the target that a template of Smartling's command line means; None where it is not known."""
    made = re.sub(r"\{\{-?\s*with \.Locale\s*-?\}\}(.*?)\{\{-?\s*end\s*-?\}\}", r"\1", text)
    for known, ours in (
        (r"name \.FileURI", "{dir}/{stem}"),
        (r"ext \.FileURI", ".{ext}"),
        (r"\.FileURI", "{path}"),
        (r"dir \.FileURI", "{dir}"),
        (r"base \.FileURI", "{name}"),
        (r"\.Locale", "{locale}"),
        (r"\.", "{locale}"),
    ):
        made = re.sub(rf"\{{\{{-?\s*{known}\s*-?\}}\}}", ours, made)
    return None if "{{" in made else made


# --- Crowdin --------------------------------------------------------------------------------------------

_CROWDIN = {
    "%original_file_name%": "{name}",
    "%file_name%": "{stem}",
    "%file_extension%": "{ext}",
    "%original_path%": "{dir}",
    "%two_letters_code%": "{locale}",
    "%three_letters_code%": "{locale}",
    "%locale%": "{locale}",
    "%language%": "{locale}",
    "%locale_with_underscore%": "{locale:posix}",
    "%android_code%": "{locale:android}",
    "%osx_locale%": "{locale:apple}",
    "%osx_code%": "{locale}.lproj",
}


def _crowdin(text: str) -> Draft:
    data = _yaml(text)
    resources = tuple(_crowdin_file(number, each) for number, each in enumerate(data["files"], 1))
    notes = (
        "TODO: check `sourceLocale` and `locales`; Crowdin keeps them in the project.",
        *_secret_note(data),
    )
    mapped = {
        str(name)
        for each in data["files"]
        for mapping in (each.get("languages_mapping") or {}).values()
        for name in mapping.values()
    }
    return Draft(resources, {service_id(name): name for name in sorted(mapped)}, notes=notes)


def _crowdin_file(number: int, data: Mapping[str, Any]) -> DraftResource:
    translation = str(data["translation"]).lstrip("/")
    target = re.sub(r"%[a-z_]+%", lambda found: _CROWDIN.get(found[0], found[0]), translation)
    notes: tuple[str, ...] = ()
    if "%" in target:
        notes = (f"TODO: write as a target: translation {json.dumps(translation)}",)
    return DraftResource(
        f"files-{number}",
        (str(data["source"]).lstrip("/"),),
        None if notes else target,
        tuple(str(each).lstrip("/") for each in data.get("ignore") or () if "%" not in str(each)),
        notes=notes,
    )


# --- Transifex ------------------------------------------------------------------------------------------


def _transifex(text: str) -> Draft:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read_string(text)
    main = parser["main"] if parser.has_section("main") else {}
    sections = [parser[name] for name in parser.sections() if name != "main"]
    resources = tuple(_tx_resource(each.name, each) for each in sections)
    locales: dict[str, str] = {}
    for each in (main, *sections):
        for pair in filter(None, map(str.strip, str(each.get("lang_map", "")).split(","))):
            theirs, _, ours = (part.strip() for part in pair.partition(":"))
            locales[service_id(theirs)] = ours
    languages = {each.get("source_lang", "en") for each in sections}
    notes = ("TODO: check `locales`; Transifex keeps them in the project.",)
    return Draft(resources, locales, service_id(min(languages, default="en")), notes=notes)


def _tx_resource(name: str, data: Mapping[str, str]) -> DraftResource:
    notes = tuple(
        f"TODO: `{key}` = {value} is a file for one locale of its own"
        for key, value in data.items()
        if key.startswith("trans.")
    )
    target = data.get("file_filter", "").removeprefix("./").replace("<lang>", "{locale}")
    source = data.get("source_file") or target.replace("{locale}", data.get("source_lang", "en"))
    return DraftResource(name.rpartition(":")[2], (source.removeprefix("./"),), target or None, notes=notes)


def local_names(draft: Draft, files: Iterator[str] | list[str]) -> set[str]:
    """Return what stands in the place of the locale in FILES that the targets of DRAFT mean."""
    found: set[str] = set()
    paths = list(files)
    for resource in draft.resources:
        for source in resource.sources:
            pattern = _target_regex(resource.target or "", source)
            matches = [pattern.fullmatch(path) for path in paths] if pattern else []
            found |= {match["locale"] for match in matches if match}
    return found


def _target_regex(target: str, source: str) -> re.Pattern[str] | None:
    if "{locale" not in target:
        return None
    folder, _, name = source.rpartition("/")
    values = {
        "dir": folder,
        "name": name,
        "stem": name.rpartition(".")[0],
        "ext": name.rpartition(".")[2],
        "path": source,
    }
    text = re.sub(r"\{(dir|name|stem|ext|path)\}", lambda found: values[found[1]], target)
    parts: list[str] = []
    seen = False
    for token in re.split(r"(\{locale[^}]*\}|\*\*/|\*)", text):
        if token.startswith("{locale"):
            parts.append(r"(?P=locale)" if seen else r"(?P<locale>[^/]+)")
            seen = True
        else:
            parts.append({"**/": "(?:[^/]+/)*", "*": "[^/]*"}.get(token, re.escape(token)))
    return re.compile("".join(parts))


KNOWN: Mapping[str, Callable[[str], Draft]] = {
    r"smartling-config\.json": _connector,
    r"smartling\.ya?ml": _smartling_cli,
    r"crowdin\.ya?ml": _crowdin,
    r"config": _transifex,
}
"""Name of a configuration, as a regular expression, to what reads it."""
