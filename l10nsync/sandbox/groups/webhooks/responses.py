"""Webhooks v2: subscriptions, their events, and the attempts to deliver them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from l10nsync.sandbox.clock import iso, parse_iso
from l10nsync.sandbox.common import records
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.groups.webhooks import rules as events
from l10nsync.sandbox.parsed_request import ParsedRequest
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.replies import Reply, data, items

LIMIT = 20
_PATCHED = ("subscriptionName", "description", "requestHeaders", "events", "projectUids")


def create(call: ParsedRequest) -> Reply:
    """POST …/subscriptions."""
    world, account, body = call.server.world, call.path["account"], call.body
    _check(body, ("subscriptionName", "subscriptionUrl", "events"))
    if len(records.listing(world, "subscription", account)) >= LIMIT:
        raise invalid(f"An account has {LIMIT} subscriptions at most")
    uid = world.uid()
    subscription = {
        "subscriptionUid": uid,
        "subscriptionName": body["subscriptionName"],
        "subscriptionUrl": body["subscriptionUrl"],
        "accountUid": account,
        "enabled": True,
        "userUid": "sandboxuser1",
        "description": body.get("description") or "",
        "createdDate": iso(world.now()),
        "requestHeaders": body.get("requestHeaders") or [],
        "events": body["events"],
        "projectUids": body.get("projectUids") or [],
        "payloadSecret": body.get("payloadSecret"),
    }
    return data(_shown(records.add(world, "subscription", account, uid, subscription)))


def listing(call: ParsedRequest) -> Reply:
    """GET …/subscriptions."""
    found = records.listing(call.server.world, "subscription", call.path["account"])
    return items([_shown(row) for row in found])


def get(call: ParsedRequest) -> Reply:
    """GET …/subscriptions/{subscription}."""
    return data(_shown(_find(call)))


def delete(call: ParsedRequest) -> Reply:
    """DELETE …/subscriptions/{subscription}."""
    records.remove(call.server.world, "subscription", call.path["account"], call.path["subscription"])
    return data()


def patch(call: ParsedRequest) -> Reply:
    """POST …/patch: anything but the URL."""
    given = {name: call.body[name] for name in _PATCHED if call.body.get(name) is not None}
    _check({"events": [{"type": events.TYPES[0]}], **given}, ("events",))
    return data(_shown(_change(call, **given)))


def replace(call: ParsedRequest) -> Reply:
    """PUT …/subscriptions/{subscription}: not in the description; an official client changes all at once."""
    _check({"events": [{"type": events.TYPES[0]}], **call.body}, ("events",))
    names = (*_PATCHED, "subscriptionUrl", "payloadSecret", "enabled")
    return data(_shown(_change(call, **{name: call.body[name] for name in names if name in call.body})))


def test(call: ParsedRequest) -> Reply:
    """POST …/subscriptions/{subscription}/test: send an event of the first kind that it wants."""
    wanted = _find(call)
    account = call.path["account"]
    project = (
        wanted["projectUids"] or [project["projectId"] for project in _projects(call, account)] or [""]
    )[0]
    events.try_out(call.server.world, project, wanted)
    return data()


def _projects(call: ParsedRequest, account: str) -> list[dict[str, Any]]:
    return projects.of_account(call.server.world, account, "", archived=False)


def enable(call: ParsedRequest) -> Reply:
    """POST …/enable."""
    _change(call, enabled=True)
    return data()


def disable(call: ParsedRequest) -> Reply:
    """POST …/disable."""
    _change(call, enabled=False)
    return data()


def secret(call: ParsedRequest) -> Reply:
    """GET …/secret."""
    return data({"payloadSecret": _find(call)["payloadSecret"]})


def set_secret(call: ParsedRequest) -> Reply:
    """PUT …/secret."""
    _change(call, payloadSecret=call.body.get("payloadSecret"))
    return data()


def statistics(call: ParsedRequest) -> Reply:
    """GET …/statistics."""
    _find(call)
    states = [event["lastAttemptStatus"] for event in _events(call)]
    names = {
        "successEvents": "SUCCESS",
        "failEvents": "FAIL",
        "pendingEvents": "PENDING",
        "sendingEvents": "SENDING",
    }
    return data({name: states.count(state) for name, state in names.items()})


def event_types(_call: ParsedRequest) -> Reply:
    """GET …/available-event-types: the total is a text there."""
    kinds = [{"eventType": type_, "description": type_, "schema": {}} for type_ in events.TYPES]
    return data({"totalCount": str(len(kinds)), "items": kinds})


def event_list(call: ParsedRequest) -> Reply:
    """GET …/events: newest first, `scrollId` for the next page."""
    _find(call)
    limit = call.number("limit", 100, 100)
    start = call.number("scrollId", 0)
    found = [event for event in reversed(_events(call)) if _fits(call, event)]
    page = [
        {key: value for key, value in event.items() if key != "payload"}
        for event in found[start : start + limit]
    ]
    more = start + limit < len(found)
    return data({"items": page, "hasMore": more, "scrollId": str(start + limit) if more else None})


def event(call: ParsedRequest) -> Reply:
    """GET …/events/{event}."""
    return data(_event(call))


def attempts(call: ParsedRequest) -> Reply:
    """GET …/events/{event}/attempts."""
    _event(call)
    return items(records.listing(call.server.world, "attempt", call.path["event"]))


def send(call: ParsedRequest) -> Reply:
    """POST …/events/{event}/send: once more, by hand."""
    wanted = _find(call)
    found = _event(call)
    project = str(found["payload"]["project"]["projectUid"])
    events.resend(call.server.world, project, wanted, found)
    return data()


def _check(body: Mapping[str, Any], required: tuple[str, ...]) -> None:
    for name in required:
        if not body.get(name):
            raise invalid(f"{name} is required", name)
    if unknown := [event.get("type") for event in body["events"] if event.get("type") not in events.TYPES]:
        raise invalid(f"Unknown event type {unknown[0]}", "events")


def _shown(subscription: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in subscription.items() if key != "payloadSecret"}


def _find(call: ParsedRequest) -> dict[str, Any]:
    return records.find(call.server.world, "subscription", call.path["account"], call.path["subscription"])


def _change(call: ParsedRequest, **fields: Any) -> dict[str, Any]:
    account, uid = call.path["account"], call.path["subscription"]
    return records.change(call.server.world, "subscription", account, uid, **fields)


def _events(call: ParsedRequest) -> list[dict[str, Any]]:
    return records.listing(call.server.world, "event", call.path["subscription"])


def _event(call: ParsedRequest) -> dict[str, Any]:
    return records.find(call.server.world, "event", call.path["subscription"], call.path["event"])


def _fits(call: ParsedRequest, found: Mapping[str, Any]) -> bool:
    status, kinds = call.text("attemptStatus"), call.texts("eventTypes")
    after, before = call.moment("createdDateAfter"), call.moment("createdDateBefore")
    created = parse_iso(str(found["createdDate"]))
    return (
        (not status or found["lastAttemptStatus"] == status)
        and (not kinds or found["eventType"] in kinds)
        and (after is None or created >= after)
        and (before is None or created <= before)
    )
