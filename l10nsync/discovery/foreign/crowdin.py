"""crowdin.yml."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain

from l10nsync.discovery.draft import Draft, DraftResource
from l10nsync.discovery.ecosystem import ReadFile
from l10nsync.discovery.foreign.common import (
    ForeignEntry,
    Keys,
    assembled,
    braces,
    codes,
    glob_regex,
    ours,
    plain_path,
    source_of,
    texts,
)
from l10nsync.discovery.foreign.data import is_true, yaml_data
from l10nsync.discovery.names import meaning, service_id
from l10nsync.locales import language, spell
from l10nsync.paths import split

_FILE = {
    "%original_file_name%": "{name}",
    "%file_name%": "{stem}",
    "%file_extension%": "{ext}",
    "%original_path%": "{dir}",
}
"""Placeholders of Crowdin for parts of a file name, and ours."""
_STYLES = {
    "two_letters_code": "",
    "three_letters_code": "",
    "locale": ":bcp47",
    "language": "",
    "language_id": "",
    "locale_with_underscore": ":posix",
    "android_code": ":android",
    "osx_locale": ":apple",
    "osx_code": "",
}
"""How a placeholder of a language is spelled, if one path has two."""
_UNSPELLED = frozenset({"three_letters_code", "language"})
"""Placeholders whose texts only Crowdin's own table of languages has."""
_TYPES = {
    "android": "android", "json": "json", "properties": "javaProperties", "gettext": "gettext",
    "macosx": "ios",
    "yaml": "yaml", "resx": "resx", "qt": "qt", "xliff": "xliff", "chrome": "json", "arb": "arb",
    "md": "markdown",
}  # fmt: skip


def convert(text: str, files: list[str], read: ReadFile) -> Draft:
    """Return the draft for a crowdin.yml."""
    data = Keys(yaml_data(text))
    base = plain_path(str(data.take("base_path", "")))
    base = "" if base.startswith("..") or re.match(r"\$|/", str(data.take("base_path", ""))) else base
    general = data.take("languages_mapping", {}) if data.has("languages_mapping") else {}
    languages = list(texts(data.take("export_languages", [])))
    entries = [
        _entry(number, file, base, general, languages) for number, file in enumerate(data.each("files"), 1)
    ]
    own = source_of(entries, files, read)
    notes = ("TODO: check `sourceLocale` and `locales`; Crowdin keeps them in the project.", *data.left())
    return assembled(entries, files, Draft((), source_locale=service_id(own), notes=notes), read)


def _entry(
    number: int, data: Keys, base: str, general: Mapping[str, object], languages: Sequence[str]
) -> ForeignEntry:
    prefix = f"{base}/" if base else ""
    pattern = prefix + plain_path(str(data.take("source")))
    written = str(data.take("translation"))
    translation = written if written.startswith("/") or "/" in written else f"%original_path%/{written}"
    ignored = [prefix + plain_path(text) for text in texts(data.take("ignore", []))]
    mapping = {**general, **(data.take("languages_mapping", {}))}
    kinds = [kind for kind in re.findall(r"%([a-z_]+)%", translation) if kind in _STYLES]
    target = _target(prefix + plain_path(translation), pattern)
    unknown = re.findall(r"%[a-z_]+%", target)
    notes = (f"TODO: write as a target: translation {json.dumps(written)}",) if unknown else ()
    pull, carried = _pull(data)
    kind, kinds_note = _type(number, data)
    excluded = list(texts(data.take("excluded_target_languages", [])))
    named = [f"carried over: excluded_target_languages: {', '.join(excluded)}"] if excluded else []
    resource = DraftResource(
        f"files-{number}", tuple(chain.from_iterable(map(ours, braces(pattern)))),
        None if unknown else target, tuple(_anchored(pattern) for pattern in ignored if "%" not in pattern),
        kind, pull=pull, notes=(*notes, *kinds_note, *carried, *named, *data.left()),
    )  # fmt: skip
    source, skipped = glob_regex(pattern), [_ignored(text, set(mapped_names(mapping))) for text in ignored]

    def matches(path: str) -> bool:
        return source.fullmatch(path) is not None and not any(is_ignored(path) for is_ignored in skipped)

    def place(path: str) -> str | None:
        return None if unknown else _place(target, pattern, path)

    names = _names(mapping, "".join(kinds[:1]))
    exported = _exported(languages, names, kinds)
    return ForeignEntry(
        resource, matches, place, exported or names, are_all=bool(exported), excluded=codes(excluded)
    )


def _exported(languages: Sequence[str], names: Mapping[str, str], kinds: Sequence[str]) -> dict[str, str]:
    """Return id to local name of the LANGUAGES that Crowdin exports; nothing where it cannot be said."""
    if not languages or not kinds or kinds[0] in _UNSPELLED:
        return {}
    own = {service_id(code): _spelled(code, kinds[0]) for code in languages}
    return {key: names.get(key, name) for key, name in own.items()}


def _type(number: int, data: Keys) -> tuple[str, list[str]]:
    """Return the type that an entry says, and a note if it is none that is here."""
    written = str(data.take("type", ""))
    if written in {"", "auto"} or written in _TYPES:
        return _TYPES.get(written, ""), []
    return "", [f"TODO key: files[{number - 1}].type: {written}"]


def mapped_names(mapping: Mapping[str, object]) -> Iterator[str]:
    """Yield every local name that language mappings say."""
    for names in mapping.values():
        if isinstance(names, Mapping):
            yield from map(str, names.values())


def _ignored(pattern: str, names: Collection[str]) -> Callable[[str], bool]:
    """Return whether a path is ignored: a placeholder of a language stands for every language there is."""
    marked = glob_regex(re.sub(r"%[a-z_]+%", "\x01", pattern)).pattern
    regex = re.compile(marked.replace(re.escape("\x01"), "([^/]+)"))

    def is_ignored(path: str) -> bool:
        found = regex.fullmatch(path)
        return found is not None and all(name in names or meaning(name) for name in found.groups() if name)

    return is_ignored


def _anchored(pattern: str) -> str:
    """Return a pattern from the top as a gitignore pattern."""
    return pattern if pattern.startswith("**/") else f"/{pattern}"


def _target(translation: str, pattern: str) -> str:
    """Return the target that a translation path means; what is not known stays in it."""
    kinds = list(dict.fromkeys(kind for kind in re.findall(r"%([a-z_]+)%", translation) if kind in _STYLES))
    text = re.sub(r"%[a-z_]+%", lambda found: _FILE.get(found[0], found[0]), translation)
    for index, kind in enumerate(kinds):
        place = "{locale}" if index == 0 else f"{{locale{_STYLES[kind]}}}"
        text = text.replace(f"%{kind}%", f"{place}.lproj" if kind == "osx_code" else place)
    # A part that is not a wildcard of the source is part of a name: `**` takes what it matched there.
    return text if "**" in pattern or "**" not in text else text.replace("**/", "")


def _place(target: str, pattern: str, path: str) -> str:
    """Return where the translations of PATH lie, by the old tool's rules alone."""
    parts = split(path)
    text = target
    if "**" in text:
        before, _, after = pattern.partition("**")
        tail = re.compile(f"{re.escape(before)}(.*?/)?{glob_regex(after.lstrip('/')).pattern}")
        found = tail.fullmatch(path)
        text = text.replace("**/", (found[1] or "") if found else "", 1).replace("**", "")
    for key, value in parts._asdict().items():
        text = text.replace(f"{{{key}}}", value)
    if "*" in text:
        regex = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "([^/]*)")
        found = re.fullmatch(regex, path)
        for star in found.groups() if found else ():
            text = text.replace("*", star, 1)
    return re.sub(r"\{locale:[a-z0-9]+\}", "{locale}", plain_path(text))


def _names(mapping: Mapping[str, object], kind: str) -> dict[str, str]:
    """Return id to local name for the placeholder of this path; other placeholders' maps are not its own."""
    own = mapping.get(kind, {})
    if not isinstance(own, Mapping):
        return {}
    found = {service_id(str(code)): str(name) for code, name in own.items()}
    return {key: name.removesuffix(".lproj") if kind == "osx_code" else name for key, name in found.items()}


def _spelled(code: str, kind: str) -> str:
    """Return what a placeholder of this KIND stands for where the language is Crowdin's CODE."""
    if kind == "two_letters_code":
        return language(code)
    if kind == "language_id":
        return code
    if kind in {"osx_code", "osx_locale"}:
        return {"zh-CN": "zh-Hans", "zh-TW": "zh-Hant"}.get(code, code)
    return spell(service_id(code), _STYLES[kind].removeprefix(":"))


def _pull(data: Keys) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return what decides about unfinished translations, and a line for each key that it comes from."""
    pull: dict[str, str] = {}
    notes = []
    for key in (
        "skip_untranslated_strings",
        "skip_untranslated_files",
        "export_only_approved",
        "export_approved_only",
    ):
        if not data.has(key):
            continue
        is_set = is_true(data.take(key))
        if is_set and key == "skip_untranslated_strings":
            pull.setdefault("incomplete", "empty")
        elif is_set and key == "skip_untranslated_files":
            pull["incomplete"] = "skip"
        elif is_set:
            pull["retrievalType"] = "published"
        notes.append(f"carried over: {key}: {str(is_set).lower()}")
    return pull, tuple(notes)
