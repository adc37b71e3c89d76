"""Pictures and pages that show strings: list them, send them, let their strings be found, bind, delete."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from l10nsync.errors import CredentialsError, L10nSyncError, ServiceError
from l10nsync.model import (
    Binding,
    Box,
    ContextOutcome,
    ContextTask,
    ListedContext,
    Submission,
)
from l10nsync.providers.http import Call, Unanswered
from l10nsync.providers.multipart import FilePart
from l10nsync.providers.replies import (
    LONGEST_TEXT,
    JsonObject,
    count,
    items,
    moment,
    needed,
    nonsense,
    record,
    text,
    words,
)
from l10nsync.providers.smartling.api import LONGEST_LIST, SmartlingApi, absent_as_none, segment
from l10nsync.providers.smartling.pace import PollingPace
from l10nsync.providers.workers import each

BINDINGS = 150
"""Bindings that one request makes."""
REMOVED = 100
"""Contexts that one request deletes."""
OLDER_THAN_DAYS = 1
"""A new picture takes the place of one that is at least so old (the least that the service takes)."""
_SERVICE = "context-api/v2"
_AGAIN = "Run the same command again: it continues where this one stopped."
_TRIES = 3


# --- what is there ----------------------------------------------------------------------------------------


def listed(api: SmartlingApi, name: str) -> tuple[ListedContext, ...]:
    """Return the contexts whose names hold NAME, the newest first."""
    path = api.path(_SERVICE, "/contexts")

    def page(cursor: str) -> JsonObject:
        params = (("nameFilter", name), *((("offset", cursor),) if cursor else ()))
        return api.client.send(Call("list the contexts", "GET", path, params=params)).record

    found = (
        ListedContext(
            needed(row, "contextUid"),
            text(row, "name", LONGEST_TEXT),
            text(row, "contextType"),
            moment(row, "created"),
        )
        for row in chain.from_iterable(_pages(page))
    )
    return tuple({context.uid: context for context in found}.values())


def bindings(api: SmartlingApi, chosen: Mapping[str, object]) -> tuple[Binding, ...]:
    """Return the bindings of what CHOSEN names: one filter of the service's, as `contentFileUri`."""
    path = api.path(_SERVICE, "/bindings/list")

    def page(cursor: str) -> JsonObject:
        params = (("offset", cursor),) if cursor else ()
        body = {**chosen, "offset": cursor} if cursor else dict(chosen)
        return api.client.send(Call("list the bindings", "POST", path, params=params, json=body)).record

    return tuple(_binding(row) for row in chain.from_iterable(_pages(page)))


def _pages(page: Callable[[str], JsonObject]) -> Iterator[list[JsonObject]]:
    """Yield the rows of each page; a page names the next one by a text, the last one by none."""
    cursor, seen, number = "", {""}, 0
    while True:
        found = page(cursor)
        rows = items(found)
        yield rows
        number += len(rows)
        cursor = text(found, "offset", LONGEST_TEXT)
        if not cursor:
            return
        if cursor in seen or number > LONGEST_LIST:
            raise nonsense(found, "its pages do not end")
        seen.add(cursor)


def _binding(row: JsonObject) -> Binding:
    return Binding(
        needed(row, "bindingUid"), needed(row, "contextUid"), needed(row, "stringHashcode"), _box(row)
    )


def _box(row: JsonObject) -> Box | None:
    """Return the place of a string; the service gives width and height, or right and bottom."""
    place = record(row, "coordinates")
    if not place:
        return None
    top, left = count(place, "top"), count(place, "left")
    width = count(place, "width") if "width" in place else max(count(place, "right") - left, 0)
    height = count(place, "height") if "height" in place else max(count(place, "bottom") - top, 0)
    return Box(top, left, width, height)


# --- sending ----------------------------------------------------------------------------------------------


def send_contexts(api: SmartlingApi, submission: Submission, pace: PollingPace) -> Iterator[ContextOutcome]:
    """Carry out the tasks of SUBMISSION: send all that is new, then find and bind the strings of each.

    A task whose strings are still to be found is kept in `in_flight`, by the uid of its context.
    """
    ready: list[ContextTask] = [task for task in submission.contexts if task.uid]
    new = [task for task in submission.contexts if not task.uid]
    for task, sent in each(lambda task: _sent(api, task), new, api.client.threads):
        if isinstance(sent, Exception):
            yield _failed(task, sent)
            continue
        submission.in_flight.begin(frozenset({sent}))
        yield ContextOutcome(task.path, "sent", sent)
        ready.append(replace(task, uid=sent))
    for task, done in each(lambda task: _shown(api, task, pace), ready, api.client.threads):
        if isinstance(done, Exception):
            yield _failed(task, done)
            continue
        submission.in_flight.end(frozenset({task.uid}))
        yield done


def _failed(task: ContextTask, error: Exception) -> ContextOutcome:
    """Return the outcome of a task that failed; raise what ends the whole run."""
    if isinstance(error, CredentialsError) or not isinstance(error, L10nSyncError):
        raise error
    return ContextOutcome(task.path, "failed", task.uid, error=error)


def _sent(api: SmartlingApi, task: ContextTask) -> str:
    """Send a picture or page, and return its uid; after a lost answer it is looked for first."""
    part = FilePart("content", task.path.rpartition("/")[2], task.read(), task.media)
    call = Call(
        "send the context",
        "POST",
        api.path(_SERVICE, "/contexts"),
        form=(("name", task.name),),
        files=(part,),
        repeatable=False,
    )
    for attempt in range(_TRIES):
        try:
            return needed(api.client.send(call).record, "contextUid")
        except Unanswered:
            there = [context.uid for context in listed(api, task.name) if context.name == task.name]
            if there:
                return there[0]
            if attempt + 1 == _TRIES:
                raise
    raise AssertionError("a loop without tries")


def _shown(api: SmartlingApi, task: ContextTask, pace: PollingPace) -> ContextOutcome:
    """Let the service look for strings in a context, and bind those that are named."""
    if task.unbind:
        body = {"bindingUids": list(task.unbind)}
        path = api.path(_SERVICE, "/bindings/remove")
        api.client.send(Call("remove the bindings", "POST", path, json=body))
    bound = sum(
        _bound(api, task.uid, task.bind[at : at + BINDINGS]) for at in range(0, len(task.bind), BINDINGS)
    )
    checked = 0
    begun = [_match(api, task.uid, uri) for uri in task.match]
    for process in begun:
        result = _result(api, process, pace)
        checked += count(result, "checkedStringsCount")
        bound += len({text(row, "stringHashcode") for row in items(result, "bindings")})
    return ContextOutcome(task.path, "done", task.uid, checked, bound)


def _match(api: SmartlingApi, uid: str, uri: str) -> str:
    """Begin to look for the strings of a file in a context; return the process."""
    path = api.path(_SERVICE, f"/contexts/{segment(uid)}/match/async")
    body = {"contentFileUri": uri, "overrideContextOlderThanDays": OLDER_THAN_DAYS}
    answer = api.client.send(Call("look for strings in the context", "POST", path, json=body))
    return needed(answer.record, "processUid")


def _result(api: SmartlingApi, process: str, pace: PollingPace) -> JsonObject:
    """Follow a process to its end; return what came of it."""
    path = api.path(_SERVICE, f"/processes/{segment(process)}")
    look = 0
    while True:
        found = api.client.send(Call("watch the context", "GET", path)).record
        state = text(found, "processState")
        if state == "COMPLETED":
            return record(found, "result")
        if state == "FAILED":
            reason = words(found, "errorMessage") or "the service gives no reason"
            raise ServiceError(f"strings were not found: {reason}", hint=_AGAIN)
        api.client.pause(pace.wait(look))
        look += 1


def _bound(api: SmartlingApi, uid: str, wanted: Sequence[tuple[str, Box | None]]) -> int:
    """Bind strings to a context, and return how many; after a lost answer only what is not bound."""
    path = api.path(_SERVICE, "/bindings")
    left = list(wanted)
    for attempt in range(_TRIES):
        body = {"bindings": [_wanted(uid, hashcode, box) for hashcode, box in left]}
        try:
            answer = api.client.send(
                Call("bind the strings", "POST", path, json=body, repeatable=False)
            ).record
        except Unanswered:
            if attempt + 1 == _TRIES:
                raise
            there = {binding.hashcode for binding in bindings(api, {"contextUid": uid})}
            left = [pair for pair in left if pair[0] not in there]
            if not left:
                break
            continue
        errors = items(record(answer, "errors"))
        if errors:
            reason = words(errors[0], "message") or "the service gives no reason"
            raise ServiceError(f"{len(errors)} of {len(left)} strings were not bound: {reason}", hint=_AGAIN)
        break
    return len(wanted)


def _wanted(uid: str, hashcode: str, box: Box | None) -> dict[str, object]:
    place = {"top": box.top, "left": box.left, "width": box.width, "height": box.height} if box else None
    found: dict[str, object] = {"contextUid": uid, "stringHashcode": hashcode}
    return {**found, "coordinates": place} if place else found


# --- deleting ---------------------------------------------------------------------------------------------


def delete_contexts(api: SmartlingApi, uids: Sequence[str], pace: PollingPace) -> Iterator[ContextOutcome]:
    """Delete contexts, and read back that they are gone; one that was gone already counts as deleted."""
    path = api.path(_SERVICE, "/contexts/remove/async")
    for at in range(0, len(uids), REMOVED):
        part = list(uids[at : at + REMOVED])
        failure: L10nSyncError | None = None
        try:
            call = Call("delete the contexts", "POST", path, json={"contextUids": part})
            _result(api, needed(api.client.send(call).record, "processUid"), pace)
        except ServiceError as error:
            failure = error
        for uid in part:
            there = failure is not None and _is_there(api, uid)
            yield ContextOutcome(uid, "failed" if there else "deleted", uid, error=failure if there else None)


def _is_there(api: SmartlingApi, uid: str) -> bool:
    path = api.path(_SERVICE, f"/contexts/{segment(uid)}")
    return absent_as_none(lambda: api.client.send(Call("look at the context", "GET", path))) is not None
