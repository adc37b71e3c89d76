""".tx/config."""

from __future__ import annotations

import configparser
import re
from collections.abc import Mapping
from dataclasses import dataclass

from l10nsync.discovery.draft import Draft, DraftResource
from l10nsync.discovery.ecosystem import ReadFile
from l10nsync.discovery.foreign.common import ForeignEntry, Keys, assembled, plain_path
from l10nsync.discovery.names import service_id

_TYPES: Mapping[str, str] = {
    "ANDROID": "android", "STRINGS": "ios", "STRINGSDICT": "stringsdict", "PO": "gettext",
    "PROPERTIES": "javaProperties", "UNICODEPROPERTIES": "javaProperties", "KEYVALUEJSON": "json",
    "STRUCTURED_JSON": "json", "CHROME": "json", "YML": "yaml", "YAML_GENERIC": "yaml", "YML_KEY": "yaml",
    "QT": "qt", "RESX": "resx", "XLIFF": "xliff", "FLUTTER": "arb", "GITHUBMARKDOWN": "markdown",
    "GITHUBMARKDOWN_V2": "markdown", "SRT": "srt", "PHP_ARRAY": "phpResource", "FLUENT": "fluent",
    "HTML": "html", "TXT": "plainText",
}  # fmt: skip
_DIRECTIVES: Mapping[str, Mapping[str, str]] = {
    "CHROME": {"translate_paths": "*/message", "source_key_paths": "{*}/message"},
    "STRUCTURED_JSON": {"translate_paths": "*/string", "source_key_paths": "{*}/string"},
}


@dataclass(frozen=True, slots=True)
class _Usual:
    """What `[main]` says for all resources."""

    language: str
    kind: str
    names: Mapping[str, str]
    least: str
    """Percent; empty if there is no threshold."""


def convert(text: str, files: list[str], read: ReadFile) -> Draft:
    """Return the draft for a .tx/config."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text)
    main = Keys(dict(parser["main"]) if parser.has_section("main") else {}, "main.")
    sections = [(name, Keys(dict(parser[name]), f"{name}.")) for name in parser.sections() if name != "main"]
    usual = _Usual(
        str(main.take("source_lang", "en")), str(main.take("type", "")),
        _map(str(main.take("lang_map", ""))), str(main.take("minimum_perc", "")),
    )  # fmt: skip
    languages = [str(data.take("source_lang", usual.language)) for _name, data in sections]
    own = service_id(min(languages, key=lambda name: (-languages.count(name), name), default="en"))
    entries = [_entry(name, data, usual, own) for name, data in sections]
    notes = ("TODO: check `locales`; Transifex keeps them in the project.", *main.left())
    return assembled(entries, files, Draft((), source_locale=own, notes=notes), read)


def _map(text: str) -> dict[str, str]:
    pairs = (pair.partition(":") for pair in text.replace("\n", ",").split(",") if ":" in pair)
    return {service_id(theirs.strip()): local.strip() for theirs, _colon, local in pairs}


def _entry(name: str, data: Keys, usual: _Usual, own: str) -> ForeignEntry:
    language = str(data.take("source_lang", usual.language))
    target = plain_path(str(data.take("file_filter", ""))).replace("<lang>", "{locale}")
    source = plain_path(str(data.take("source_file", "")) or target.replace("{locale}", language))
    names = {**usual.names, **_map(str(data.take("lang_map", "")))}
    kind = str(data.take("type", usual.kind)).upper()
    percent = str(data.take("minimum_perc", "")) or usual.least
    notes = []
    for key in data.names():
        if not key.startswith("trans."):
            continue
        path = plain_path(str(data.take(key)))
        found = re.fullmatch(re.escape(target).replace(r"\{locale\}", "(.+)", 1), path)
        if found and "{locale}" not in path and found[1].count("/") == 0:
            names[service_id(key.removeprefix("trans."))] = found[1]
        else:
            notes.append(f"TODO key: {name}.{key}: {path} is a separate file for one locale")
    if service_id(language) != own:
        notes.append(f"TODO key: {name}.source_lang: {language}: give it a project with that source")
    if kind and kind not in _TYPES:
        notes.append(f"TODO key: {name}.type: {kind}")
    literal = re.sub(r"([\\*?\[])", r"\\\1", source)
    resource = DraftResource(
        name.rpartition(":")[2].rpartition(".")[2], (literal,), target or None, (), _file_type(kind, source),
        _DIRECTIVES.get(kind, {}), pull={"minCompletion": percent} if percent.strip("0").isdigit() else {},
        notes=(*notes, *data.left()),
    )  # fmt: skip
    return ForeignEntry(resource, lambda path: path == source, lambda _path: target or None, names)


def _file_type(kind: str, source: str) -> str:
    from l10nsync import formats

    wanted, detected = _TYPES.get(kind, ""), formats.detect(source)
    return "" if detected and detected.name == wanted else wanted
