"""Faults on request: which requests are hit, and what happens to them.

A rule matches by operation name or path (globs) and project, skips `nth` - 1 matches, and then hits
`count` requests (0: all from then on). The first rule that hits a request decides; what a request itself asks
for in its header goes before all rules.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

HEADER = "X-Sandbox-Fault"
BEFORE = frozenset({"status", "close_before", "html", "empty", "hold_before", "stop_before"})
"""Actions after which the request was not carried out (`html` and `empty`: unless `apply` is set)."""
ACTIONS = BEFORE | {
    "close_middle", "close_after", "drop_after", "delay", "wrong_length", "wrong_charset", "truncate_gzip",
    "cut_zip", "source_text", "lie", "hold", "stop",
}  # fmt: skip
STOPPED = 86
"""Exit code of a server that a rule has stopped."""
_ANSWERS: Mapping[int, tuple[str, str, str]] = {
    401: ("AUTHENTICATION_ERROR", "invalid_token", "Invalid token"),
    423: (
        "RESOURCE_LOCKED",
        "resource.locked",
        "The file is locked by another operation. Please try again later.",
    ),
    429: (
        "MAX_OPERATIONS_LIMIT_EXCEEDED",
        "too.many.requests",
        "The limit of 10 concurrent Smartling file API operations for this project has been exceeded.",
    ),
    503: ("MAINTENANCE_MODE_ERROR", "maintenance", "The service is in maintenance"),
}
"""What the service answers with a status: code, key and message; other statuses are a GENERAL_ERROR."""
_known: set[str] = set()


def know(operations: Iterable[str]) -> None:
    """Add names that the operation of a rule may match: a rule that can never hit is refused."""
    _known.update(operations)


@dataclass(slots=True)
class FaultRule:
    """One fault.

    status         answer `status` with `code`, `key`, `message` (by default what the service says with that
                   status), or `body` (text), and `headers`; change nothing
    html           answer an HTML page with `status` (200)
    empty          answer 200 without a body
    close_before   close the connection before anything is done
    drop_after     do what is asked, then close without an answer
    close_middle   answer half of the body, then close
    close_after    answer, then close the connection that was to stay open
    wrong_length   declare one byte more than is sent, then close
    wrong_charset  answer in `charset` and declare the right one
    truncate_gzip  answer with half of a gzip stream
    cut_zip        answer with the first half of the body as if it were all
    source_text    answer a download with the source file
    lie            answer as if it were done, but do nothing
    delay          wait `seconds` of real time, then go on as usual
    hold           do what is asked, then answer only after a release
    hold_before    wait for a release, then do what is asked
    stop           do what is asked, then end the whole server without an answer
    stop_before    end the whole server before anything is done
    """

    action: str
    operation: str = "*"
    path: str = "*"
    project: str = ""
    nth: int = 1
    count: int = 1
    status: int = 0
    code: str = ""
    key: str = ""
    message: str = ""
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    charset: str = "iso-8859-1"
    seconds: float = 0.0
    apply: bool = False
    seen: int = 0
    """Requests that matched so far."""
    hits: int = 0

    def due(self, operation: str, path: str, project: str) -> bool:
        """Whether this request is to be hit; counts it if it matches."""
        if not (fnmatchcase(operation, self.operation) and fnmatchcase(path, self.path)):
            return False
        if self.project and project != self.project:
            return False
        self.seen += 1
        return self.seen >= self.nth and not (self.count and self.hits >= self.count)

    def reply(self) -> tuple[str, str, str]:
        """Return code, key and message of the answer."""
        usual = _ANSWERS.get(self.status, ("GENERAL_ERROR", "general_error", "Unexpected server error"))
        given = (self.code, self.key, self.message)
        return tuple(mine or other for mine, other in zip(given, usual, strict=True))  # type: ignore[return-value]


_FIELDS = {field.name: field for field in fields(FaultRule) if field.name not in {"seen", "hits"}}
_KINDS: Mapping[str, tuple[type, ...]] = {
    "nth": (int,), "count": (int,), "status": (int,), "seconds": (int, float), "apply": (bool,),
    "headers": (dict,), "body": (str, type(None)),
}  # fmt: skip


def rule_from(values: Any) -> FaultRule:
    """Read a rule; raise ValueError for an unknown action, field or operation, or a wrong kind of value."""
    if not isinstance(values, Mapping):
        raise ValueError("a rule is a mapping with an action")  # noqa: TRY004 - all mistakes are one kind
    if unknown := sorted(set(values) - set(_FIELDS)):
        raise ValueError(f"unknown fields {unknown}; there are {', '.join(_FIELDS)}")
    if values.get("action") not in ACTIONS:
        raise ValueError(f"unknown action {values.get('action')!r}; there are {', '.join(sorted(ACTIONS))}")
    for name, value in values.items():
        kinds = _KINDS.get(name, (str,))
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise ValueError(f"{name} must be a {kinds[0].__name__}, not {value!r}")
    rule = FaultRule(**values)
    if _known and not any(fnmatchcase(name, rule.operation) for name in _known):
        near = get_close_matches(rule.operation, _known, 1)
        hint = f"; do you mean {near[0]}?" if near else ""
        raise ValueError(f"unknown operation {rule.operation!r}{hint}")
    return rule


def read_file(path: Path) -> list[FaultRule]:
    """Read the rules of a YAML or JSON file: a list, or a mapping with `rules`.

    Raises ValueError that names file, line and column.
    """
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise ValueError(_told(path, text, error.problem_mark, error.problem)) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error
    if isinstance(tree, yaml.MappingNode):
        tree = next((value for key, value in tree.value if key.value == "rules"), tree)
    if not isinstance(tree, yaml.SequenceNode):
        raise ValueError(f"{path}: a list of rules is expected, each with an action")  # noqa: TRY004
    return [_rule_of(path, text, node) for node in tree.value]


def _rule_of(path: Path, text: str, node: yaml.Node) -> FaultRule:
    loader = yaml.SafeLoader("")
    try:
        return rule_from(loader.construct_document(node))
    except (ValueError, yaml.YAMLError) as error:
        raise ValueError(_told(path, text, node.start_mark, error)) from error
    finally:
        loader.dispose()


def _told(path: Path, text: str, mark: Any, reason: object) -> str:
    """Return the message about a file of rules: its place, and the line with a caret below."""
    if mark is None:
        return f"{path}: {reason}"
    line = next(iter(text.splitlines()[mark.line :]), "")
    return f"{path}:{mark.line + 1}:{mark.column + 1}: {reason}\n  {line}\n  {' ' * mark.column}^"


def rule_of_header(text: str) -> FaultRule:
    """Read what a request asks for itself: `ACTION`, then `; field=value` as often as needed."""
    action, *rest = (word.strip() for word in text.split(";"))
    values: dict[str, Any] = {"action": action, "count": 0}
    for word in rest:
        name, found, value = word.partition("=")
        if not found:
            raise ValueError(f"{word!r} is not of the form field=value")
        kinds = _KINDS.get(name.strip(), (str,))
        values[name.strip()] = value.strip() if str in kinds else yaml.safe_load(value)
    return rule_from(values)


@dataclass(slots=True)
class Faults:
    """The rules in force, and the requests that wait for a release."""

    rules: list[FaultRule] = field(default_factory=list)
    held: list[dict[str, Any]] = field(default_factory=list)
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, operation: str, path: str, project: str, header: str = "") -> FaultRule | None:
        """Return the rule that hits a request, or None; every rule counts its matches.

        Raises ValueError for a HEADER that is not a rule.
        """
        asked = rule_of_header(header) if header else None
        due = [rule for rule in self.rules if rule.due(operation, path, project)]
        if asked is not None:
            return asked
        for rule in due[:1]:
            rule.hits += 1
        return due[0] if due else None

    async def hold(self, request: dict[str, Any]) -> None:
        """Wait until somebody releases what is held."""
        self.held.append(request)
        released = self._released
        try:
            await released.wait()
        finally:
            self.held.remove(request)

    def release(self) -> int:
        """Let every held request go on; return how many there were."""
        number = len(self.held)
        self._released.set()
        self._released = asyncio.Event()
        return number

    def clear(self, project: str = "") -> None:
        """Forget the rules of a project, or all; a full clear also releases what is held."""
        self.rules = [rule for rule in self.rules if project and rule.project != project]
        if not project:
            self.release()

    def shown(self) -> dict[str, Any]:
        """Return the rules with their counts, and what is held."""
        return {"rules": [asdict(rule) for rule in self.rules], "held": list(self.held)}
