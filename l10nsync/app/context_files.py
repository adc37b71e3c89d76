"""The pictures and pages of the work tree that the manifest names, each with the file beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import Any

from l10nsync.app.repository import Repository
from l10nsync.errors import ContentError, ContextFileError, Diagnostic, UsageError
from l10nsync.layout.join import qualified
from l10nsync.model import CONTEXT_LIMIT, CONTEXT_MEDIA, Box, ContextRule, Manifest, Place
from l10nsync.paths import compile_source
from l10nsync.plan.contexts import OutputFile, Sidecar
from l10nsync.workspace import Workspace
from l10nsync.workspace.outputs import regular_files

_MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_EDGES = {"x": "left", "y": "top"}
"""What browsers call the edges of a box."""
_SIDECAR_LIMIT = 2**20
_BOX = 'A box is `{"top": 10, "left": 20, "width": 80, "height": 16}`, or with `x` and `y`, or `null`.'


def output_files(repository: Repository) -> tuple[OutputFile, ...]:
    """Return the pictures and pages for the resources that the filters leave, by path.

    Raises `UsageError` where the manifest names none, and `ContextFileError` with all that is wrong: patterns
    that match nothing, files that are not what their endings say, sidecars that cannot be read.
    """
    problems: list[Diagnostic] = []
    found: dict[str, frozenset[str]] = {}
    for part, rule, names in _rules(repository):
        paths = list(_matching(repository.workspace, part, rule))
        if not paths:
            problems.append(_nothing(rule))
        for path in paths:
            found[path] = found.get(path, frozenset()) | names
    outputs = [_read(repository.workspace, path, names, problems) for path, names in sorted(found.items())]
    if problems:
        raise ContextFileError(problems)
    return tuple(output for output in outputs if output)


def _rules(repository: Repository) -> list[tuple[Manifest, ContextRule, frozenset[str]]]:
    """Return the rules for pictures and pages, each with its manifest and the chosen resources it names."""
    chosen = {resource.name for resource in repository.resources}
    parts = repository.manifest.parts or (repository.manifest,)
    rules: list[tuple[Manifest, ContextRule, frozenset[str]]] = []
    for part in parts:
        named = ((part, rule, _names(part, rule) & chosen) for rule in part.context)
        rules += [(manifest, rule, names) for manifest, rule, names in named if names]
    if not rules:
        scope = "for these resources" if any(part.context for part in parts) else ""
        raise UsageError(
            f"the manifest names no pictures or pages {scope}".rstrip(),
            hint="`context: [{files: e2e/out/**/*.png}]` does (docs/context.md).",
        )
    return rules


def _names(part: Manifest, rule: ContextRule) -> frozenset[str]:
    """Return the names of the resources that a rule names; in its own manifest they may be shorter."""
    return frozenset(
        resource.name
        for resource in part.resources
        if not rule.resources
        or any(
            fnmatchcase(resource.name, name) or fnmatchcase(resource.name, qualified(part, name))
            for name in rule.resources
        )
    )


def _matching(workspace: Workspace, part: Manifest, rule: ContextRule) -> Iterator[str]:
    base = f"{part.folder}/" if part.folder else ""
    for text in rule.files:
        pattern = compile_source(text)
        folder = f"{base}{pattern.literal_prefix}".rpartition("/")[0]
        for path in regular_files(workspace.root, folder):
            local = path.removeprefix(base)
            if path.startswith(base) and _media(path) and pattern.match(local) is not None:
                yield path


def _media(path: str) -> str:
    return CONTEXT_MEDIA.get(path.rpartition(".")[2].casefold(), "")


def _nothing(rule: ContextRule) -> Diagnostic:
    named = ", ".join(rule.files)
    return rule.place.problem(
        "E406",
        f"there is no HTML, PNG or JPEG at {named}",
        help="Run what makes the files first, or correct the pattern; links are not followed.",
    )


def _read(
    workspace: Workspace, path: str, names: frozenset[str], problems: list[Diagnostic]
) -> OutputFile | None:
    content, media = workspace.read(path) or b"", _media(path)
    why = _unfit(content, media)
    if why:
        problems.append(
            Diagnostic("E407", f"{path} {why}", file=path, help="Make it again, or leave it out.")
        )
        return None
    sidecar = _sidecar(workspace, path, problems) if media.startswith("image/") else None
    return OutputFile(path, sha256(content).hexdigest(), media, names, sidecar)


def _unfit(content: bytes, media: str) -> str:
    """Return why the service would not take a file; empty if it does."""
    if not content:
        return "is empty"
    if len(content) > CONTEXT_LIMIT:
        return f"is larger than {CONTEXT_LIMIT // 2**20} MB, the most that the service takes"
    if media in _MAGIC and not content.startswith(_MAGIC[media]):
        return f"does not begin as a {media.rpartition('/')[2].upper()} file does"
    return (
        "is not HTML: it has bytes that do not occur in text"
        if media == "text/html" and b"\0" in content
        else ""
    )


def content_of(workspace: Workspace, output: OutputFile) -> bytes:
    """Return the content of a file; raise `ContentError` where it is another one than was planned for."""
    content = workspace.read(output.path) or b""
    if sha256(content).hexdigest() != output.digest:
        raise ContentError(f"{output.path} has changed since it was read: run the same command again")
    return content


# --- sidecars ---------------------------------------------------------------------------------------------


def _sidecar(workspace: Workspace, path: str, problems: list[Diagnostic]) -> Sidecar | None:
    """Return the content of the JSON file of the same name beside a picture; None if there is none."""
    file = f"{path.rpartition('.')[0]}.json"
    content = workspace.read(file)
    if content is None:
        return None
    try:
        text = content.decode("utf-8-sig")
        entries = json.loads(text) if len(content) <= _SIDECAR_LIMIT else None
    except UnicodeDecodeError:
        problems.append(Diagnostic("E405", f"{file} is not UTF-8", file=file))
        return None
    except RecursionError:
        entries = None
    except json.JSONDecodeError as error:
        line = text.split("\n")[error.lineno - 1].rstrip("\r")
        message = f"{file} is not JSON: {error.msg}"
        problems.append(
            Diagnostic(
                "E405", message, file=file, line=error.lineno, column=error.colno, text=line, help=_BOX
            )
        )
        return None
    if not isinstance(entries, dict):
        message = f"{file} is not a mapping of keys to boxes"
        problems.append(Diagnostic("E405", message, file=file, line=1, column=1, help=_BOX))
        return None
    places = {key: _place_of(file, text, key) for key in entries}
    boxes = {key: _box(entry) for key, entry in entries.items()}
    for key, box in boxes.items():
        if isinstance(box, str):
            problems.append(places[key].problem("E405", f"the box of `{key}` {box}", help=_BOX))
    return Sidecar(file, {key: box for key, box in boxes.items() if not isinstance(box, str)}, places)


def _place_of(file: str, text: str, key: str) -> Place:
    """Return the place of a key; the beginning of the file for one that is written with escapes."""
    at = max(text.find(json.dumps(key, ensure_ascii=False)), 0)
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return Place(file, line, column, column + len(key) + 2, text.split("\n")[line - 1].rstrip("\r"))


def _box(box: Any) -> Box | str | None:
    """Return the box in a value, None for no box, or what is wrong with it."""
    if box is None:
        return None
    if not isinstance(box, Mapping):
        return "is not a mapping"
    values: dict[str, Any] = {_EDGES.get(str(name), str(name)): value for name, value in box.items()}
    wanted = {"top", "left", "width", "height"}
    if values.keys() != wanted:
        odd = sorted(values.keys() ^ wanted)
        return f"has or lacks {', '.join(f'`{name}`' for name in odd)}"
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 2**31:
            return f"has a `{name}` that is not a number of pixels"
    return Box(**{name: round(value) for name, value in values.items()})
