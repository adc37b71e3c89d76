"""Strings that come one by one through the Strings API; together they are a virtual file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from l10nsync import formats
from l10nsync.sandbox.clock import iso
from l10nsync.sandbox.common import records, source_strings, waits
from l10nsync.sandbox.common.uris import FILE_URI_LIMIT, fold
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.files import rules as files
from l10nsync.sandbox.groups.jobs import job_content
from l10nsync.sandbox.groups.jobs import life as job_life
from l10nsync.sandbox.groups.jobs import rules as jobs
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.refusal import Refusal, invalid

KIND = "strings"
EXTRA = "string"
"""What records keep of a string beyond its text: raw text, limits, callback."""
NAMESPACE = "smartling.strings-api.default.namespace"
URI = "/Strings"
LIMIT, LENGTH = 100, 10_000
_FORMATS = ("html", "plain_text", "auto")
_PLACEHOLDERS: Mapping[str, str] = {
    "C": r"%(?:\d+\$)?[-+ 0#]*\d*(?:\.\d+)?(?:hh|h|ll|l|q|L|z|j|t)?[diouxXeEfFgGaAcspn@]",
    "IOS": r"%(?:\d+\$)?[-+ 0#]*\d*(?:\.\d+)?(?:hh|h|ll|l|q|L|z|j|t)?[diouxXeEfFgGaAcspn@]",
    "PYTHON": r"%(?:\(\w+\))?[-+ 0#]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa]",
    "QT": r"%L?\d+|%n",
    "JAVA": r"\{\d+(?:,[^{}]*)?\}",
    "YAML": r"%\{\w+\}",
    "RESX": r"\{\d+(?:[,:][^{}]*)?\}",
    "NONE": r"(?!)",
}


def receive(world: World, project: str, body: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """Take strings in; return the answer's data and whether they are there already."""
    given = _checked(world, project, body)
    uid, now = world.uuid(), iso(world.now())
    process = {
        "processUid": uid, "processState": "OPEN", "createdDate": now, "modifiedDate": now,
        "processStatistics": _statistics(len(given), 0), "_body": dict(body),
    }  # fmt: skip
    records.add(world, KIND, project, uid, process)
    if not waits.begin(world, project, KIND, f"{KIND} {uid}"):
        return {"processUid": uid}, False
    return {**_finish(world, project, uid), "processUid": uid}, True


def process(world: World, project: str, uid: str) -> dict[str, Any]:
    """Look at a process."""
    records.find(world, KIND, project, uid)
    if waits.look(world, f"{KIND} {uid}"):
        _finish(world, project, uid)
    found = records.find(world, KIND, project, uid)
    return {key: value for key, value in found.items() if not key.startswith("_")}


def settle(world: World, project: str) -> None:
    """Take in what has become due by the clock."""
    for row in waits.running(world, project, KIND):
        if waits.due(world, row["subject"]):
            _finish(world, project, row["subject"].removeprefix(f"{KIND} "))


def _finish(world: World, project: str, uid: str) -> dict[str, Any]:
    waits.finish(world, f"{KIND} {uid}")
    body = records.find(world, KIND, project, uid)["_body"]
    strings = body["strings"]
    now = iso(world.now())
    try:
        made = _taken_in(world, project, body)
    except Refusal:
        records.update(world, KIND, uid, processState="FAILED", modifiedDate=now)
        raise
    done = _statistics(len(strings), len(strings))
    records.update(world, KIND, uid, processState="CLOSED", modifiedDate=now, processStatistics=done)
    return made


def _statistics(requested: int, processed: int) -> dict[str, int]:
    """Return the counts of a process: numbers, as every official client reads them."""
    return {"requested": requested, "processed": processed, "errored": 0, "skipped": 0}


# --- checks ----------------------------------------------------------------------------------------------


def _checked(world: World, project: str, body: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    given: Sequence[Mapping[str, Any]] = body.get("strings") or ()
    if not 1 <= len(given) <= LIMIT:
        raise invalid(f"strings must have 1 to {LIMIT} elements", "strings")
    for number, string in enumerate(given):
        _check_string(string, f"strings[{number}]")
    if not 1 <= len(str(body.get("uri") or URI)) <= FILE_URI_LIMIT:
        raise invalid(f"uri must have 1 to {FILE_URI_LIMIT} characters", "uri")
    row = files.lookup(world, project, str(body.get("uri") or URI))
    if row is not None and row["type"] != files.VIRTUAL:
        raise invalid(f"{row['uri']} is the URI of an uploaded file", "uri")
    placeholders(body)
    _check_authorization(world, project, body.get("authorization") or {})
    return given


def _check_string(string: Mapping[str, Any], where: str) -> None:
    text = string.get("stringText")
    if not isinstance(text, str) or not text.strip() or len(text) > LENGTH:
        raise invalid(f"stringText must have 1 to {LENGTH} characters", f"{where}.stringText")
    if string.get("format") is not None and string["format"] not in _FORMATS:
        raise invalid(f"format must be one of {', '.join(_FORMATS)}", f"{where}.format")
    if string.get("callbackMethod") is not None and string["callbackMethod"] not in {"GET", "POST"}:
        raise invalid("callbackMethod must be GET or POST", f"{where}.callbackMethod")


def _check_authorization(world: World, project: str, given: Mapping[str, Any]) -> None:
    for workflow in given.get("localeWorkflows") or ():
        if not workflow.get("targetLocaleId") or not workflow.get("workflowUid"):
            raise invalid("targetLocaleId and workflowUid are required", "authorization.localeWorkflows")
        projects.require_locales(
            world, project, [workflow["targetLocaleId"]], "authorization.localeWorkflows"
        )
    if given.get("translationJobUid"):
        row = jobs.find(world, project, given["translationJobUid"])
        if row["status"] not in jobs.EDITABLE:
            raise invalid(f"A job in status {row['status']} takes no content", "authorization")


def placeholders(body: Mapping[str, Any]) -> re.Pattern[str]:
    """Return what is a placeholder in the strings of a request; raise a refusal for a bad expression."""
    custom = body.get("placeholderFormatCustom")
    name = str(body.get("placeholderFormat") or "NONE").upper()
    if name not in _PLACEHOLDERS:
        raise invalid(f"placeholderFormat must be one of {', '.join(_PLACEHOLDERS)}", "placeholderFormat")
    try:
        return re.compile(str(custom)) if custom else re.compile(_PLACEHOLDERS[name])
    except re.error as error:
        text = f"placeholderFormatCustom is not a regular expression: {error}"
        raise invalid(text, "placeholderFormatCustom") from None


def parsed(text: str, pattern: re.Pattern[str]) -> str:
    """Return the text that identifies a string: placeholders are numbered."""
    seen: list[str] = []

    def number(match: re.Match[str]) -> str:
        if not match[0]:
            return ""
        if match[0] not in seen:
            seen.append(match[0])
        return f"{{{seen.index(match[0])}}}"

    return pattern.sub(number, text)


# --- taking in -------------------------------------------------------------------------------------------


def _taken_in(world: World, project: str, body: Mapping[str, Any]) -> dict[str, Any]:
    namespace = body.get("namespace", NAMESPACE)
    file = _file(world, project, str(body.get("uri") or URI), namespace)
    pattern = placeholders(body)
    known = {row[0] for row in world.store.rows("select hash from file_strings where file = ?", file)}
    position = len(known)
    items, words = [], {}
    for string in body["strings"]:
        text, variant = parsed(string["stringText"], pattern), str(string.get("variant") or "")
        ident = source_strings.identity(text, variant, "", namespace)
        words[ident] = formats.words(text)
        items.append({
            "hashcode": ident, "stringText": string["stringText"], "parsedStringText": text,
            "variant": variant or None, "overWritten": str(ident in known).lower(),
        })  # fmt: skip
        if ident not in known:
            world.store.run("insert or ignore into strings values (?, ?, ?, ?, ?, ?)",
                            project, ident, text, variant, namespace, words[ident])  # fmt: skip
            note = str(string.get("instruction") or "")
            world.store.run("insert into file_strings values (?, ?, ?, ?, ?, ?)",
                            file, position, ident, "", "", note)  # fmt: skip
            known.add(ident)
            position += 1
        _keep_extra(world, project, ident, string)
    _authorize(world, project, body.get("authorization") or {}, list(words))
    return {"items": items, "stringCount": len(words), "wordCount": sum(words.values())}


def _file(world: World, project: str, uri: str, namespace: str | None) -> int:
    row = files.lookup(world, project, uri)
    now = world.now()
    if row is not None:
        world.store.run("update files set uploaded = ? where id = ?", now, row["id"])
        return int(row["id"])
    return world.store.insert(
        "files", project=project, uri=uri, folded=fold(uri), type=files.VIRTUAL, charset=None, encoding="",
        namespace=namespace, sent="{}", effective="{}", created=now, uploaded=now, blob=world.store.put(b""),
        callback=None, uid=world.uid(), pending=None,
    )  # fmt: skip


def _keep_extra(world: World, project: str, ident: str, given: Mapping[str, Any]) -> None:
    names = ("stringText", "maxLength", "format", "callbackUrl", "callbackMethod")
    uid = f"{project} {ident}"
    body = {name: given.get(name) for name in names}
    try:
        records.change(world, EXTRA, project, uid, **body)
    except Refusal:
        records.add(world, EXTRA, project, uid, {"hashcode": ident, **body})


def kept(world: World, project: str, ident: str) -> Mapping[str, Any]:
    """Return what was sent with a string beyond its text; nothing for strings of files."""
    try:
        return records.find(world, EXTRA, project, f"{project} {ident}")
    except Refusal:
        return {}


def _authorize(world: World, project: str, given: Mapping[str, Any], hashes: Sequence[str]) -> None:
    chosen = job_life.ways(given.get("localeWorkflows") or ())
    locales = list(chosen)
    job = given.get("translationJobUid")
    if job:
        job_content.add_strings(world, project, job, hashes, locales or None, move=False)
        if locales:
            job_life.release(world, jobs.find(world, project, job), chosen)
        return
    for locale in locales:
        world.store.many(
            """insert into translations (project, hash, locale, state, modified)
               values (?, ?, ?, 'authorized', ?)
               on conflict (project, hash, locale) do update set state = 'authorized' where state = 'new'""",
            ((project, hash_, locale, world.now()) for hash_ in hashes),
        )
