"""smartling-config.json, the configuration of Smartling's repository connector."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping

from l10nsync.discovery.draft import Draft, DraftResource
from l10nsync.discovery.ecosystem import ReadFile
from l10nsync.discovery.foreign.common import UNWRITTEN, ForeignEntry, Keys, assembled, plain_path, source_of
from l10nsync.discovery.foreign.data import is_true, json_data
from l10nsync.discovery.names import service_id
from l10nsync.discovery.readings import PLACE
from l10nsync.paths import split

_GROOVY = {
    "originalFile.fullName": "{path}",
    "originalFile.path": "{dir}",
    "originalFile.name": "{name}",
    "originalFile.baseName": "{stem}",
    "originalFile.extension": "{ext}",
    "originalFile.pathWithoutExtension": "{dir}/{stem}",
    "locale": PLACE,
}
"""What a variable of the connector's expressions is here."""
_VARIABLE = re.compile(r"\$\{(?P<code>[^{}]*)\}|\$(?P<bare>[A-Za-z_]\w*(?:\.\w+)?)")
_CODE = re.compile(
    r"\s*(?P<name>originalFile\.\w+|\w+)"
    r"(?P<calls>(?:\.replace(?:All|First)?\(\s*(?:'[^']*'|\"[^\"]*\")\s*,[^()]*\))*)\s*"
)
_CALL = re.compile(
    r"\.(?P<method>replace\w*)\(\s*(?:'(?P<one>[^']*)'|\"(?P<two>[^\"]*)\")\s*,(?P<by>[^()]*)\)"
)


def convert(text: str, files: list[str], read: ReadFile) -> Draft:
    """Return the draft for a smartling-config.json."""
    data = Keys(json_data(text))
    names, notes = _locales(data)
    sets = data.each("resourceSets")
    wanted = [is_true(set_.take("authorizeContent", "true")) for set_ in sets]
    usual = bool(wanted) and wanted.count(True) * 2 >= len(wanted)
    entries = [
        _entry(number, set_, names, authorize=None if authorizes == usual else authorizes)
        for number, (set_, authorizes) in enumerate(zip(sets, wanted, strict=True), 1)
    ]
    own = service_id(source_of(entries, files, read))
    left = ("TODO: check `sourceLocale`; the old file does not set it.", *data.left(), *notes)
    return assembled(entries, files, Draft((), dict(names), own, authorize=usual, notes=left))


def _locales(data: Keys) -> tuple[dict[str, str], list[str]]:
    """Return id to local name, and a note for each key that was not taken."""
    names: dict[str, str] = {}
    notes: list[str] = []
    for listed in data.each("locales"):
        names[str(listed.take("smartling"))] = str(listed.take("application", "") or listed.take("smartling"))
        notes += listed.left()
    return names, notes


def _entry(number: int, data: Keys, names: dict[str, str], *, authorize: bool | None) -> ForeignEntry:
    regex = str(data.take("pathRegex")).removeprefix("/")
    try:
        matched = re.compile(re.sub(r"\(\?<(?![=!])", "(?P<", regex))
    except re.error as error:
        return _unreadable(number, data, f"pathRegex {json.dumps(regex)} cannot be read: {error}")
    pattern = glob_of(regex)
    expression = str(data.take("translationPathExpression", ""))
    is_known = all(_is_known(code, matched.groupindex) for code in _codes(expression))
    own, notes = _locales(data)
    if pattern is None:
        notes.append(
            f"TODO: no glob says pathRegex {json.dumps(regex)}; these are the files that it matches today"
        )
    if not is_known:
        notes.append(f"TODO: write as a target: translationPathExpression {json.dumps(expression)}")
    directives = {}
    for directive in data.take("smartlingDirectives", []):
        key, _, value = str(directive).partition("=" if "=" in str(directive) else ":")
        directives[key.strip().removeprefix("smartling.")] = value.strip()
    kind = str(data.take("type", ""))
    resource = DraftResource(
        f"{kind or 'set'}-{number}", (plain_path(pattern) if pattern else UNWRITTEN,),
        _template(expression), (), kind, directives, authorize=authorize, notes=(*notes, *data.left()),
    )  # fmt: skip

    def place(path: str) -> str | None:
        if not expression:
            return ""
        found = matched.fullmatch(path)
        if not is_known or not found:
            return None
        values = {**found.groupdict(""), **{name: _field(text, path) for name, text in _GROOVY.items()}}
        return plain_path(
            _VARIABLE.sub(lambda code: _value(code["code"] or code["bare"], values), expression)
        )

    return ForeignEntry(
        resource, lambda path: matched.fullmatch(path) is not None, place, own or names, are_all=True
    )


def _unreadable(number: int, data: Keys, problem: str) -> ForeignEntry:
    """Return a set whose files are not known, with all that it says as notes."""
    kind = str(data.take("type", ""))
    notes = (f"TODO: {problem}", *data.left())
    resource = DraftResource(f"{kind or 'set'}-{number}", (UNWRITTEN,), None, file_type=kind, notes=notes)
    return ForeignEntry(resource, None, are_all=True)


def _codes(expression: str) -> list[str]:
    """Return the names in `${…}` and after `$`."""
    return [found["code"] or found["bare"] for found in _VARIABLE.finditer(expression)]


def _is_known(code: str, groups: Collection[str]) -> bool:
    found = _CODE.fullmatch(code)
    return found is not None and (found["name"] in groups or found["name"] in _GROOVY)


def _template(expression: str) -> str | None:
    """Return an expression as a target; None where a file's target is computed, or takes named groups."""
    if not expression or any(code.strip() not in _GROOVY for code in _codes(expression)):
        return None
    return plain_path(_VARIABLE.sub(lambda code: _GROOVY[(code["code"] or code["bare"]).strip()], expression))


def _field(text: str, path: str) -> str:
    """Return a template of fields filled for a path."""
    for key, value in split(path)._asdict().items():
        text = text.replace(f"{{{key}}}", value)
    return text


def _value(code: str, values: Mapping[str, str]) -> str:
    """Return what an expression of the connector is for one file: a variable, with its replacements."""
    found = _CODE.fullmatch(code)
    if found is None:
        raise ValueError(f"`{code}` is not a known expression")
    text = values[found["name"]]
    for call in _CALL.finditer(found["calls"]):
        old, by = call["one"] or call["two"] or "", _joined(call["by"], values)
        if call["method"] == "replace":
            text = text.replace(old, by)
        else:
            text = re.sub(old, by.replace("\\", r"\\"), text, count=int(call["method"] == "replaceFirst"))
    return text


def _joined(code: str, values: Mapping[str, str]) -> str:
    """Return texts and variables that `+` puts together."""
    parts = (part.strip() for part in code.split("+"))
    return "".join(part[1:-1] if part[:1] in "'\"" else values.get(part, part) for part in parts)


def glob_of(regex: str) -> str | None:
    """Return the glob that a regular expression for paths means; None where it says more than a glob."""
    text = regex.removeprefix("^").removesuffix("$").replace(".*.\\/", ".+\\/").replace(".*./", ".+/")
    text = re.sub(r"\(\?<[A-Za-z0-9]+>((?:[^()\\]|\\.)*)\)", r"\1", text)
    text = re.sub(r"\((?:\?:)?((?:[^()|?*+\\]|\\.|\.[*+]|\[\^/\][*+])*)\)", r"\1", text)
    parts: list[str] = []
    position = 0
    # A dot alone is meant as a dot: the files are compared with what the expression matches.
    tokens = re.compile(r"\.[*+]\??|\[\^/\][*+]\??|\\([.\-_/])|([A-Za-z0-9_\-/ @~.])")
    while position < len(text):
        found = tokens.match(text, position)
        if found is None:
            return None
        if found[0].startswith(".") and found[0] != ".":
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
