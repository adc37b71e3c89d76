"""The service's own notifications: callbacks of files and jobs, and webhook subscriptions."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from itertools import product
from typing import Any
from urllib.parse import urlencode

from l10nsync.sandbox.clock import iso
from l10nsync.sandbox.common import records
from l10nsync.sandbox.common.world import OutgoingRequest, World
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.store import Row

_ISSUE = ("created", "updated", "deleted", "comment.created", "comment.updated", "comment.deleted")
TYPES = (
    "file.published",
    *(f"translationJob.{name}" for name in ("created", "updated", "completed", "canceled")),
    *(f"{kind}.{name}" for kind, name in product(("sourceIssue", "translationIssue"), _ISSUE)),
    "integrations.platform.asset.exported",
)
"""What a subscription may ask for; no operation of the sandbox causes the last one or deletes an issue."""
SIGNATURE = "X-Smartling-Signature"
"""Name and algorithm of webhook signatures are not documented; this is our choice."""


def file_published(world: World, row: Row, locale: str) -> None:
    """Notify that all authorized strings of a file are published in a locale."""
    if row["callback"]:
        query = urlencode({"locale": locale, "fileUri": row["uri"]})
        _send(world, row["project"], "file", "GET", _with_query(row["callback"], query))
    published = {
        "fileUid": row["uid"],
        "fileUri": row["uri"],
        "fileType": row["type"],
        "publishedLocale": {"localeId": locale, "description": projects.describe(locale)},
        "createdDate": iso(row["created"]),
        "lastUploadedDate": iso(row["uploaded"]),
        "publishDate": iso(world.now()),
        "namespace": row["namespace"],
        "callbackUrl": row["callback"],
    }
    emit(world, row["project"], "file.published", {"publishedFile": published})


def job_locale_completed(world: World, row: Row, locale: str) -> None:
    """Notify that a job is complete in one locale."""
    _job_callback(world, row, {"type": "job.localeCompleted", "localeId": locale})


def job_completed(world: World, row: Row) -> None:
    """Notify that a job is complete."""
    _job_callback(world, row, {"type": "job.completed"})
    emit(world, row["project"], "translationJob.completed", {"translationJob": _job(row, "COMPLETED")})


def job_created(world: World, row: Row) -> None:
    """Notify that a job was created; only subscriptions get it."""
    emit(world, row["project"], "translationJob.created", {"translationJob": _job(row, row["status"])})


def job_cancelled(world: World, row: Row) -> None:
    """Notify that a job was cancelled."""
    _job_callback(world, row, {"type": "job.cancelled", "ts": str(int(world.now() * 1000))})
    emit(world, row["project"], "translationJob.canceled", {"translationJob": _job(row, "CANCELLED")})


def job_updated(world: World, row: Row) -> None:
    """Notify that a job was changed; only subscriptions get it."""
    emit(world, row["project"], "translationJob.updated", {"translationJob": _job(row, row["status"])})


def issue(
    world: World, fields: Mapping[str, Any], change: str, comment: Mapping[str, Any] | None = None
) -> None:
    """Notify of a change of an issue or of a comment on it; the service leaves its number out."""
    kind = "sourceIssue" if fields["issueTypeCode"] == "SOURCE" else "translationIssue"
    content = {key: value for key, value in fields.items() if key != "issueNumber"}
    if comment is not None:
        content["comment"] = dict(comment)
    emit(world, fields["projectId"], f"{kind}.{change}", {kind: content})


def string_published(world: World, project: str, given: Mapping[str, Any], locale: str, text: str) -> None:
    """Notify that a string of the Strings API is published in a locale, if an address was given with it."""
    if not given.get("callbackUrl"):
        return
    fields = {"hashcode": given["hashcode"], "localeId": locale, "type": "string.localeCompleted"}
    if given.get("callbackMethod") == "POST":
        made = {"translation": text, "pluralForm": None, "modifiedDate": iso(world.now())}
        body = json.dumps({"projectId": project, **fields, "translations": [made]}).encode()
        _send(
            world, project, "string", "POST", given["callbackUrl"], body, {"Content-Type": "application/json"}
        )
    else:
        # The service spells it so in the query.
        query = urlencode({"projectID": project, **fields})
        _send(world, project, "string", "GET", _with_query(given["callbackUrl"], query))


def emit(world: World, project: str, kind: str, content: Mapping[str, Any]) -> None:
    """Notify every subscription to events of this kind in this project."""
    account = projects.find(world, project)["account"]
    for subscription in records.listing(world, "subscription", account):
        if subscription["enabled"] and _wants(subscription, project, kind):
            _to_subscription(world, project, subscription, kind, content)


def try_out(world: World, project: str, subscription: Mapping[str, Any]) -> None:
    """Send an event of the first kind that a subscription wants, without anything having happened."""
    _to_subscription(world, project, subscription, str(subscription["events"][0]["type"]), {})


def signature(secret: str, body: bytes) -> str:
    """Return the signature of a webhook body: HMAC-SHA256 over the raw bytes, in base64."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def _wants(subscription: Mapping[str, Any], project: str, kind: str) -> bool:
    wanted = subscription.get("projectUids") or [project]
    return project in wanted and any(event.get("type") == kind for event in subscription["events"])


def _to_subscription(
    world: World, project: str, subscription: Mapping[str, Any], kind: str, content: Mapping[str, Any]
) -> None:
    details = projects.details(world, project)
    payload = {
        "schemaVersion": "1.0",
        "eventId": world.uuid(),
        "eventType": kind,
        "account": {"accountUid": details["accountUid"], "accountName": "Sandbox"},
        "project": {
            "projectUid": project,
            "projectName": details["projectName"],
            "projectTypeCode": details["projectTypeCode"],
            "sourceLocale": {
                "localeId": details["sourceLocaleId"],
                "description": details["sourceLocaleDescription"],
            },
            "targetLocales": [
                {"localeId": locale["localeId"], "description": locale["description"]}
                for locale in details["targetLocales"]
            ],
        },
        **content,
    }
    owner = str(subscription["subscriptionUid"])
    event = {
        "eventId": payload["eventId"],
        "eventType": kind,
        "createdDate": iso(world.now()),
        "lastAttemptStatus": "PENDING",
        "payload": payload,
    }
    records.add(world, "event", owner, str(payload["eventId"]), event)
    resend(world, project, subscription, event)


def resend(world: World, project: str, subscription: Mapping[str, Any], event: Mapping[str, Any]) -> None:
    """Send an event to its subscription, for the first time or again."""
    body = json.dumps(event["payload"]).encode()
    headers = {
        header["headerName"]: header["headerValue"] for header in subscription.get("requestHeaders") or ()
    }
    headers["Content-Type"] = "application/json"
    if secret := subscription.get("payloadSecret"):
        headers[SIGNATURE] = signature(secret, body)
    url, ident = str(subscription["subscriptionUrl"]), str(event["eventId"])
    owner = str(subscription["subscriptionUid"])
    world.outbox.append(
        OutgoingRequest(project, "webhook", "POST", url, body, headers, event=ident, owner=owner)
    )


def _job(row: Row, status: str) -> dict[str, Any]:
    fields = json.loads(row["fields"])
    return {
        "jobUid": row["uid"],
        "jobName": row["name"],
        "jobNumber": row["number"],
        "jobStatus": status,
        "jobDueDate": fields.get("dueDate"),
        "targetLocales": [
            {"localeId": locale, "description": projects.describe(locale)}
            for locale in json.loads(row["locales"])
        ],
    }


def _job_callback(world: World, row: Row, values: Mapping[str, str]) -> None:
    fields = json.loads(row["fields"])
    if not fields.get("callbackUrl"):
        return
    query = urlencode({"translationJobUid": row["uid"], **values})
    if fields.get("callbackMethod") == "POST":
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        _send(world, row["project"], "job", "POST", fields["callbackUrl"], query.encode(), kind)
    else:
        _send(world, row["project"], "job", "GET", _with_query(fields["callbackUrl"], query))


def _with_query(url: str, query: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{query}"


def _send(
    world: World,
    project: str,
    kind: str,
    method: str,
    url: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> None:
    world.outbox.append(OutgoingRequest(project, kind, method, url, body, dict(headers or {})))
