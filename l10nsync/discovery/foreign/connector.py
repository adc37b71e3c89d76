"""smartling-config.json, the configuration of Smartling's repository connector."""

from __future__ import annotations

import json
import re

from l10nsync.discovery.draft import Draft, DraftResource
from l10nsync.discovery.facts import Read
from l10nsync.discovery.foreign.common import Entry, Keys, assembled, plain_path
from l10nsync.discovery.foreign.data import is_true, json_data, source_locale
from l10nsync.discovery.names import service_id
from l10nsync.paths import split

_GROOVY = {
    "originalFile.fullName": "{path}",
    "originalFile.path": "{dir}",
    "originalFile.name": "{name}",
    "originalFile.baseName": "{stem}",
    "originalFile.extension": "{ext}",
    "originalFile.pathWithoutExtension": "{dir}/{stem}",
    "locale": "{locale}",
}


def convert(text: str, files: list[str], read: Read) -> Draft:
    """Return the draft for a smartling-config.json."""
    data = Keys(json_data(text))
    names, listed = {}, data.each("locales")
    for each in listed:
        names[str(each.take("smartling"))] = str(each.take("application", "") or each.take("smartling"))
    sets = data.each("resourceSets")
    wanted = [is_true(each.take("authorizeContent", "true")) for each in sets]
    entries = [_entry(number, each, names) for number, each in enumerate(sets, 1)]
    usual = bool(wanted) and wanted.count(True) * 2 >= len(wanted)
    entries = [
        entry if said == usual else _with_job(entry, said)
        for entry, said in zip(entries, wanted, strict=True)
    ]
    sources = [path for entry in entries for path in files if entry.matches and entry.matches(path)]
    templates = [
        entry.target(path) for entry in entries for path in files if entry.matches and entry.matches(path)
    ]
    own = service_id(source_locale(sources, templates, files, read))
    notes = ["TODO: check `sourceLocale`; the old file does not say it.", *data.left()]
    notes += [note for each in listed for note in each.left()]
    return assembled(entries, files, Draft((), dict(names), own, authorize=usual, notes=tuple(notes)))


def _with_job(entry: Entry, said: bool) -> Entry:
    from dataclasses import replace

    return replace(entry, resource=replace(entry.resource, authorize=said))


def _entry(number: int, data: Keys, names: dict[str, str]) -> Entry:
    notes: list[str] = []
    regex = str(data.take("pathRegex")).removeprefix("/")
    pattern = glob_of(regex)
    if pattern is None:
        notes.append(f"TODO: write as globs: pathRegex {json.dumps(regex)}")
    expression = str(data.take("translationPathExpression", ""))
    target = re.sub(
        r"\$\{?([A-Za-z_.]+[A-Za-z0-9_]*)\}?", lambda found: _GROOVY.get(found[1], found[0]), expression
    )
    groups = set(re.findall(r"\(\?<([A-Za-z][A-Za-z0-9]*)>", regex))
    unknown = set(re.findall(r"\$\{?([A-Za-z_.]+[A-Za-z0-9_]*)\}?", target)) - groups
    if unknown:
        notes.append(f"TODO: write as a target: translationPathExpression {json.dumps(expression)}")
    own = {}
    for each in data.each("locales") if data.has("locales") else []:
        own[str(each.take("smartling"))] = str(each.take("application", "") or each.take("smartling"))
        notes += each.left()
    directives = {}
    for said in data.take("smartlingDirectives", []):
        key, _, value = str(said).partition("=" if "=" in str(said) else ":")
        directives[key.strip().removeprefix("smartling.")] = value.strip()
    kind = str(data.take("type", ""))
    is_plain = bool(expression) and not unknown and "$" not in target
    resource = DraftResource(
        f"{kind or 'set'}-{number}", (plain_path(pattern) if pattern else "TODO/*",),
        plain_path(target) if is_plain else None, (), kind, directives, notes=(*notes, *data.left()),
    )  # fmt: skip
    matched = re.compile(re.sub(r"\(\?<(?![=!])", "(?P<", regex))

    def place(path: str) -> str | None:
        found = matched.fullmatch(path)
        if not expression or unknown or not found:
            return None
        text = target
        for key, value in [*split(path)._asdict().items()]:
            text = text.replace(f"{{{key}}}", value)
        return plain_path(re.sub(r"\$\{?(\w+)\}?", lambda group: found[group[1]] or "", text))

    return Entry(
        resource, lambda path: matched.fullmatch(path) is not None, place, own or names, are_all=True
    )


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
