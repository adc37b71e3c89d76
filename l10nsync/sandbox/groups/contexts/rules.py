"""Visual contexts: pictures, pages and films that show where a string appears, and their bindings to strings.

Pages are matched for real: a string is bound to each element whose text it is. Nothing here can read
pictures; the switch `context_recognition` says what a machine that can would have found.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Iterable, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from l10nsync.sandbox.clock import DAY, iso, parse_iso
from l10nsync.sandbox.common import records, waits
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.files import rules as files
from l10nsync.sandbox.groups.jobs import job_content
from l10nsync.sandbox.groups.jobs import rules as jobs
from l10nsync.sandbox.refusal import Refusal, invalid

KIND, BINDING, PROCESS = "context", "binding", "context process"
TYPES = ("IMAGE", "HTML", "VIDEO")
LIST_LIMIT = 100
BINDINGS_LIMIT = 150
BINDINGS_LIST_LIMIT = 5000
REMOVE_LIMIT = 100
SIZES = {"HTML": 20 * 2**20, "VIDEO": 500 * 2**20}
PROCESS_LIFE = DAY
"""How long the result of a match is kept; the service says only that it expires."""
_FILTERS = ("stringHashcodes", "contentFileUri", "contextUid", "bindingUids")
_MAGIC = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))


def wrong(world: World, message: str) -> Refusal:
    """Return the Context API's refusal of parameters."""
    return invalid(f"{message}, ref id: '{world.uuid()}'", "wrong_parameters")


def _unknown(world: World, kind: str) -> Refusal:
    text = f"{kind} not found, ref id: '{world.uuid()}'"
    return Refusal(404, "NOT_FOUND_ERROR", text, "not_found_error")


# --- contexts --------------------------------------------------------------------------------------------


def upload(world: World, project: str, name: str, content: bytes | None, media: str) -> dict[str, Any]:
    """Keep a context; its type follows from the media type, the name or the first bytes."""
    if content is None:
        if not name.startswith(("http://", "https://")):
            raise wrong(world, "content is required")
        kind, media, content = "VIDEO", "", b""
    else:
        media = _media(name, content, media)
        kind = _type(world, media, content)
        if len(content) > SIZES.get(kind, len(content)):
            raise wrong(world, f"content of type {kind} must not be larger than {SIZES[kind]} bytes")
    uid = world.uuid()
    context = {
        "contextUid": uid,
        "contextType": kind,
        "name": name or uid,
        "created": iso(world.now()),
        "_media": media,
        "_blob": world.store.put(content),
    }
    records.add(world, KIND, project, uid, context)
    return context


def _media(name: str, content: bytes, media: str) -> str:
    plain = media.partition(";")[0].strip().lower()
    if plain.startswith(("image/", "video/")) or plain == "text/html":
        return plain
    guessed = mimetypes.guess_type(name.partition("?")[0])[0] or ""
    if guessed.startswith(("image/", "video/")) or guessed == "text/html":
        return guessed
    by_bytes = next((kind for magic, kind in _MAGIC if content.startswith(magic)), "")
    head = content[:1024].lstrip().lower()
    return by_bytes or ("text/html" if head.startswith((b"<!doctype html", b"<html")) else plain)


def _type(world: World, media: str, content: bytes) -> str:
    if not content:
        raise wrong(world, "content is empty")
    if media == "text/html":
        return "HTML"
    found = media.partition("/")[0].upper()
    if found not in TYPES:
        raise wrong(world, f"content type {media or 'unknown'} is not supported")
    return found


def find(world: World, project: str, uid: str) -> dict[str, Any]:
    """Return a context; raise the API's own 404 if there is none."""
    try:
        return records.find(world, KIND, project, uid)
    except Refusal:
        raise _unknown(world, "Context") from None


def listing(world: World, project: str, name: str = "", kind: str = "") -> list[dict[str, Any]]:
    """Return the contexts whose name holds NAME, newest first."""
    if kind and kind not in TYPES:
        raise wrong(world, f"type must be one of {', '.join(TYPES)}")
    found = reversed(records.listing(world, KIND, project))
    return [
        context
        for context in found
        if name.casefold() in context["name"].casefold() and (not kind or context["contextType"] == kind)
    ]


def shown(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a context or binding as the API shows it."""
    return {key: value for key, value in record.items() if not key.startswith("_")}


def content(world: World, project: str, uid: str) -> tuple[bytes, str]:
    """Return what was uploaded, and its media type."""
    context = find(world, project, uid)
    return world.store.get(context["_blob"]), context["_media"] or "application/octet-stream"


def delete(world: World, project: str, uid: str) -> None:
    """Forget a context and its bindings."""
    find(world, project, uid)
    records.remove(world, KIND, project, uid)
    for binding in records.listing(world, BINDING, project):
        if binding["contextUid"] == uid:
            records.remove(world, BINDING, project, binding["bindingUid"])


# --- bindings --------------------------------------------------------------------------------------------


def bind(world: World, project: str, wanted: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Bind strings to contexts; what cannot be bound comes back as errors of a success."""
    if not wanted or len(wanted) > BINDINGS_LIMIT:
        raise wrong(world, f"bindings must have 1 to {BINDINGS_LIMIT} elements")
    created, errors = [], []
    known = _project_hashes(world, project)
    for binding in wanted:
        uid, ident = str(binding.get("contextUid") or ""), str(binding.get("stringHashcode") or "")
        try:
            find(world, project, uid)
        except Refusal:
            errors.append({"message": f"Context {uid} not found"})
            continue
        if ident not in known:
            errors.append({"message": f"String {ident} not found"})
            continue
        created.append(shown(_bind(world, project, uid, ident, binding)))
    return {
        "created": {"items": created, "totalCount": len(created)},
        "errors": {"items": errors, "totalCount": len(errors)},
    }


def _bind(world: World, project: str, uid: str, ident: str, more: Mapping[str, Any]) -> dict[str, Any]:
    binding_uid = world.uuid()
    binding: dict[str, Any] = {"bindingUid": binding_uid, "contextUid": uid, "stringHashcode": ident}
    for name in ("coordinates", "timecode", "contextPosition"):
        if more.get(name) is not None:
            binding[name] = more[name]
    anchors = (more.get("selector") or {}).get("anchors")
    if anchors:
        binding["anchors"] = anchors
    return records.add(world, BINDING, project, binding_uid, {**binding, "_created": iso(world.now())})


def bindings(world: World, project: str, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the bindings of the strings, the file, the context or the uids given: one of these."""
    given = [name for name in _FILTERS if wanted.get(name)]
    if len(given) != 1:
        raise wrong(world, f"exactly one of {', '.join(_FILTERS)} must be specified")
    name, value = given[0], wanted[given[0]]
    found = records.listing(world, BINDING, project)
    if name == "contextUid":
        return [binding for binding in found if binding["contextUid"] == value]
    if name == "bindingUids":
        return [binding for binding in found if binding["bindingUid"] in set(value)]
    hashes = set(value) if name == "stringHashcodes" else _file_hashes(world, project, str(value))
    return [binding for binding in found if binding["stringHashcode"] in hashes]


def unbind(world: World, project: str, wanted: Mapping[str, Any]) -> None:
    """Forget the bindings that `bindings` returns."""
    for binding in bindings(world, project, wanted):
        records.remove(world, BINDING, project, binding["bindingUid"])


# --- matching --------------------------------------------------------------------------------------------


def match(world: World, project: str, uid: str, given: Mapping[str, Any], *, fresh: bool = False) -> str:
    """Begin to look for strings in a context; return the process to poll. FRESH: uploaded for this."""
    find(world, project, uid)
    _check_match(world, given)
    return _begin(world, project, "MATCH_CONTEXT", {"context": uid, "given": dict(given), "fresh": fresh})


def _check_match(world: World, given: Mapping[str, Any]) -> None:
    chosen = [name for name in ("contentFileUri", "stringHashcodes", "translationJobUids") if given.get(name)]
    if len(chosen) > 1:
        raise wrong(world, f"{' and '.join(chosen)} are mutually exclusive")
    if len(given.get("translationJobUids") or ()) > 1:
        raise wrong(world, "translationJobUids must have one element")
    days = given.get("overrideContextOlderThanDays")
    # An official client that does not use the parameter sends zero.
    if days is not None and not (isinstance(days, int) and not isinstance(days, bool) and days >= 0):
        raise wrong(world, "overrideContextOlderThanDays must be a number of at least 1")


def remove_later(world: World, project: str, uids: Sequence[str]) -> str:
    """Begin to delete contexts; return the process to poll."""
    if not uids or len(uids) > REMOVE_LIMIT:
        raise wrong(world, f"contextUids must have 1 to {REMOVE_LIMIT} elements")
    return _begin(world, project, "DELETE_CONTEXTS", {"contexts": list(uids)})


def _begin(world: World, project: str, kind: str, action: Mapping[str, Any]) -> str:
    uid, now = world.uuid(), iso(world.now())
    process = {
        "processUid": uid, "processState": "IN_PROGRESS", "processType": kind, "createdDate": now,
        "modifiedDate": now, "_action": dict(action),
    }  # fmt: skip
    records.add(world, PROCESS, project, uid, process)
    if waits.begin(world, project, KIND, f"{KIND} {uid}"):
        _finish(world, project, uid)
    return uid


def process(world: World, project: str, uid: str, kind: str = "Asynchronous process") -> dict[str, Any]:
    """Look at a process; raise a 404 if there is none or its result has expired."""
    try:
        found = records.find(world, PROCESS, project, uid)
    except Refusal:
        found = None
    if found is None or world.now() - parse_iso(found["createdDate"]) > PROCESS_LIFE:
        raise Refusal(404, "NOT_FOUND_ERROR", f"{kind} not found", "not_found")
    if waits.look(world, f"{KIND} {uid}"):
        _finish(world, project, uid)
    return records.find(world, PROCESS, project, uid)


def settle(world: World, project: str) -> None:
    """Finish the processes that have become due by the clock."""
    for row in waits.running(world, project, KIND):
        if waits.due(world, row["subject"]):
            _finish(world, project, row["subject"].removeprefix(f"{KIND} "))


def _finish(world: World, project: str, uid: str) -> None:
    waits.finish(world, f"{KIND} {uid}")
    action = records.find(world, PROCESS, project, uid)["_action"]
    fields: dict[str, Any] = {"processState": "COMPLETED", "result": {}}
    try:
        if "contexts" in action:
            for context in action["contexts"]:
                delete(world, project, context)
        else:
            fields["result"] = _matched(world, project, action)
    except Refusal as refusal:
        fields = {"processState": "FAILED", "errorMessage": str(refusal)}
    records.update(world, PROCESS, uid, modifiedDate=iso(world.now()), **fields)


def _matched(world: World, project: str, action: Mapping[str, Any]) -> dict[str, Any]:
    context = find(world, project, action["context"])
    wanted = _unbound(world, project, action["given"], _wanted(world, project, action["given"]))
    made = [
        shown(_bind(world, project, context["contextUid"], ident, place))
        for ident, place in _places(world, project, context, wanted)
    ]
    dropped = action["fresh"] and not made and world.switch(project, "unmatched_context_dropped")
    if dropped:
        records.remove(world, KIND, project, context["contextUid"])
    result = {"checkedStringsCount": len(wanted), "bindings": made}
    return result if dropped else {"contextUid": context["contextUid"], **result}


def _wanted(world: World, project: str, given: Mapping[str, Any]) -> set[str]:
    """Return the strings to look for; all of the project if the request names none."""
    if given.get("contentFileUri"):
        return _file_hashes(world, project, given["contentFileUri"])
    if given.get("stringHashcodes"):
        return set(given["stringHashcodes"]) & _project_hashes(world, project)
    if given.get("translationJobUids"):
        row = jobs.find(world, project, given["translationJobUids"][0])
        return {string["hashcode"] for string in job_content.strings(world, row["uid"], None)}
    return _project_hashes(world, project)


def _unbound(world: World, project: str, given: Mapping[str, Any], hashes: set[str]) -> set[str]:
    """Leave out what has context already; with `overrideContextOlderThanDays` only newer context counts."""
    days = given.get("overrideContextOlderThanDays")
    since = world.now() - days * DAY if days else 0.0
    bound = {
        binding["stringHashcode"]
        for binding in records.listing(world, BINDING, project)
        if parse_iso(binding["_created"]) >= since
    }
    return hashes - bound


def _places(
    world: World, project: str, context: Mapping[str, Any], hashes: set[str]
) -> Iterable[tuple[str, dict[str, Any]]]:
    """Return the places of the strings in a context: hashcode and the details of a binding."""
    texts = {
        row["hash"]: row["text"]
        for row in world.store.rows(
            "select hash, text from strings where project = ? and hash in (select value from json_each(?))",
            project,
            json.dumps(sorted(hashes)),
        )
    }
    if context["contextType"] == "HTML":
        page = PageTexts(world.store.get(context["_blob"]).decode("utf-8", "replace"))
        found: list[tuple[str, dict[str, Any]]] = []
        for ident, text in texts.items():
            found += [(ident, place) for place in page.places(text)]
        return found
    if world.switch(project, "context_recognition") == "all":
        box = {"top": 0, "left": 0, "width": 0, "height": 0}
        return [(ident, {"coordinates": box}) for ident in texts]
    return []


class PageTexts(HTMLParser):
    """The texts of a page by element, each with its anchor and position."""

    _VOID = frozenset(
        {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
    )

    def __init__(self, markup: str) -> None:
        super().__init__()
        self._open: list[tuple[str, str, int, list[str]]] = []
        self._found: dict[str, list[dict[str, Any]]] = {}
        self._number = 0
        self.feed(markup)
        self.close()
        while self._open:
            self._end()

    def places(self, text: str) -> list[dict[str, Any]]:
        """Return the elements whose text this is, inner ones only; markup in it does not matter."""
        inner = PlainText(text).joined
        return self._found.get(inner, []) if inner else []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        self._number += 1
        anchor = next((value or "" for name, value in attrs if name == "data-sl-anchor"), "")
        if tag not in self._VOID:
            self._open.append((tag, anchor, self._number, []))

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and what was left open in it."""
        if any(element[0] == tag for element in self._open):
            while self._open[-1][0] != tag:
                self._end()
            self._end()

    def handle_data(self, data: str) -> None:
        """Add text to every open element."""
        for element in self._open:
            element[3].append(data)

    def _end(self) -> None:
        _, anchor, number, parts = self._open.pop()
        text = " ".join("".join(parts).split())
        place: dict[str, Any] = {"contextPosition": number}
        if anchor:
            place["selector"] = {"anchors": [anchor]}
        # Inner elements end first: an outer one with the same text alone says nothing more.
        if text and not any(number < old["contextPosition"] for old in self._found.get(text, ())):
            self._found.setdefault(text, []).append(place)


class PlainText(HTMLParser):
    """The text of a string without its markup."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._parts: list[str] = []
        self.feed(text)
        self.close()

    @property
    def joined(self) -> str:
        """The text with single spaces."""
        return " ".join("".join(self._parts).split())

    def handle_data(self, data: str) -> None:
        """Add text."""
        self._parts.append(data)


def _project_hashes(world: World, project: str) -> set[str]:
    sql = "select distinct fs.hash from file_strings fs join files f on f.id = fs.file where f.project = ?"
    return {row[0] for row in world.store.rows(sql, project)}


def _file_hashes(world: World, project: str, uri: str) -> set[str]:
    row = files.find(world, project, uri)
    return {held[0] for held in world.store.rows("select hash from file_strings where file = ?", row["id"])}
