"""What the pages show; nothing here changes anything."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

from l10nsync.sandbox.common import records
from l10nsync.sandbox.groups.estimates import rules as estimates
from l10nsync.sandbox.groups.files import downloads
from l10nsync.sandbox.groups.files import rules as files
from l10nsync.sandbox.groups.glossaries import rules as glossaries
from l10nsync.sandbox.groups.jobs import job_progress
from l10nsync.sandbox.groups.jobs import rules as jobs
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.groups.projects import workflows
from l10nsync.sandbox.groups.translators import desk
from l10nsync.sandbox.outgoing import Delivery
from l10nsync.sandbox.page import questions
from l10nsync.sandbox.page.render import Page, address, whole, within
from l10nsync.sandbox.refusal import not_found
from l10nsync.sandbox.replies import Reply, download
from l10nsync.sandbox.server_state import Server
from l10nsync.sandbox.smartmate import orders
from l10nsync.sandbox.testing import environment

Query = Mapping[str, str]
View = Callable[[Server, Mapping[str, str], Query], "Page | Reply | str"]
"""Server, names of the path, query; gives a page, a file, or the address to go to."""
LOG_PAGE = 200


def home(_server: Server, _path: Mapping[str, str], _query: Query) -> str:
    """Lead from the bare address to the page."""
    return "/sandbox/"


def icon(_server: Server, _path: Mapping[str, str], _query: Query) -> str:
    """Lead to the icon for browsers that ask for one by its old name."""
    return "/sandbox/static/icon.svg"


def all_projects(server: Server, _path: Mapping[str, str], _query: Query) -> Page:
    """Show every project."""
    values = {"projects": desk.all_projects(server.world), "locales": projects.DEFAULT_LOCALES}
    return Page("projects.html", "Projects", values)


def all_orders(server: Server, _path: Mapping[str, str], _query: Query) -> Page:
    """Show what was ordered through the WorkFlow API, by every account."""
    values = {"orders": orders.desk(server.world), "variables": environment("{url}", "sandbox00")}
    return Page("orders.html", "Orders", values)


def project(_server: Server, path: Mapping[str, str], _query: Query) -> str:
    """Lead from a project to its jobs."""
    return within(path["project"], "jobs")


def all_jobs(server: Server, path: Mapping[str, str], _query: Query) -> Page:
    """Show the jobs of a project."""
    found = desk.project(server.world, path["project"])
    values = {
        "jobs": desk.all_jobs(server.world, found.id),
        "variables": environment("{url}", found.id),
    }
    return Page("jobs.html", f"Jobs of {found.name}", values, found, "jobs")


def job(server: Server, path: Mapping[str, str], _query: Query) -> Page:
    """Show one job: what it holds, how far it is, what can be done."""
    world = server.world
    found = desk.project(world, path["project"])
    row = jobs.find(world, found.id, path["job"])
    report = job_progress.progress(world, row)
    values = {
        "job": desk.job(world, row, report),
        "progress": report["contentProgressReport"],
        "files": desk.all_files(world, found.id, row["uid"]),
        "batches": desk.batches_of(world, found.id, row["uid"]),
        "workflows": workflows.WORKFLOWS,
        "defaults": {locale: workflows.default(world, found.id, locale) for locale in jobs.locales_of(row)},
    }
    return Page("job.html", row["name"], values, found, "jobs")


def all_files(server: Server, path: Mapping[str, str], _query: Query) -> Page:
    """Show the files of a project with their progress."""
    found = desk.project(server.world, path["project"])
    return Page(
        "files.html",
        f"Files of {found.name}",
        {"files": desk.all_files(server.world, found.id)},
        found,
        "files",
    )


def file(server: Server, path: Mapping[str, str], query: Query) -> Page:
    """Show one file: how it was sent, how far each locale is, what can be downloaded."""
    world = server.world
    found = desk.project(world, path["project"])
    row = files.find(world, found.id, query.get("uri", ""))
    values = {
        "file": desk.file(world, row),
        "sent": json.loads(row["sent"]),
        "effective": json.loads(row["effective"]),
        "charset": row["charset"] or row["encoding"],
        "callback": row["callback"],
    }
    return Page("file.html", row["uri"], values, found, "files")


def content(server: Server, path: Mapping[str, str], query: Query) -> Reply:
    """Hand out a source, or a translation if a locale is named."""
    uri, locale = query.get("uri", ""), query.get("locale", "")
    if not locale:
        made = downloads.source(server.world, path["project"], uri)
    else:
        kind = query.get("retrievalType", "published")
        if kind not in downloads.RETRIEVAL_TYPES:
            raise not_found(f"There is no retrievalType {kind}")
        options = downloads.DeliveryOptions(kind)
        made = downloads.translated(server.world, path["project"], uri, [locale], options)
    return download(made.content, made.media, made.name)


def strings(server: Server, path: Mapping[str, str], query: Query) -> Page:
    """Show strings with their translations into one locale."""
    return strings_page(server, path["project"], query)


def strings_page(
    server: Server, ident: str, query: Query, *, typed: Mapping[str, str] | None = None, problem: str = ""
) -> Page:
    """Return the page of strings; TYPED are texts that could not be saved because of PROBLEM."""
    found = desk.project(server.world, ident)
    wanted = wanted_of(query, found)
    looked = desk.strings(server.world, ident, wanted)
    values = {
        "wanted": wanted,
        "found": looked,
        "pages": max(1, -(-looked.total // desk.PAGE)),
        "states": desk.STATES,
        "uris": desk.uris(server.world, ident),
        "jobs": jobs.listing(server.world, ident)[::-1],
        "typed": typed or {},
        "problem": problem,
        "here": strings_address(ident, wanted),
    }
    return Page(
        "strings.html", f"Strings of {found.name}", values, found, "strings", status=400 if problem else 200
    )


def wanted_of(query: Query, found: desk.ProjectRow) -> desk.StringFilter:
    """Return which strings an address asks for; without a locale the first of the project."""
    locale = query.get("locale", "")
    return desk.StringFilter(
        locale=locale if locale in found.locales else next(iter(found.locales), ""),
        job=query.get("job", ""),
        uri=query.get("uri", ""),
        state=query.get("state", "") if query.get("state") in desk.STATES else "",
        text=query.get("q", ""),
        page=max(1, whole(query.get("page", ""), 1)),
    )


def strings_address(ident: str, wanted: desk.StringFilter, **more: Any) -> str:
    """Return the address of a page of strings; MORE replaces parts of what is wanted."""
    parts = {
        "locale": wanted.locale,
        "job": wanted.job,
        "uri": wanted.uri,
        "state": wanted.state,
        "q": wanted.text,
        "page": wanted.page if wanted.page > 1 else "",
    }
    return within(ident, "strings", **{**parts, **more})


def workflows_page(server: Server, path: Mapping[str, str], _query: Query) -> Page:
    """Show the workflows, and which one each locale takes by default."""
    found = desk.project(server.world, path["project"])
    values = {
        "workflows": workflows.WORKFLOWS,
        "defaults": {locale: workflows.default(server.world, found.id, locale) for locale in found.locales},
    }
    return Page("workflows.html", f"Workflows of {found.name}", values, found, "workflows")


def all_glossaries(server: Server, path: Mapping[str, str], _query: Query) -> Page:
    """Show the glossaries of the project's account with their entries."""
    world, found = server.world, desk.project(server.world, path["project"])
    account = projects.find(world, found.id)["account"]
    listed = glossaries.search(world, account, {})
    values = {"glossaries": [(row, glossaries.entries(world, row["glossaryUid"])) for row in listed]}
    return Page("glossaries.html", f"Glossaries of {found.name}", values, found, "glossaries")


def all_estimates(server: Server, path: Mapping[str, str], _query: Query) -> Page:
    """Show what jobs were estimated to cost, and the prices of words here."""
    world, found = server.world, desk.project(server.world, path["project"])
    values = {
        "reports": estimates.all_with_lines(world, found.id),
        "names": {row["uid"]: row["name"] for row in jobs.listing(world, found.id)},
        "prices": world.switch(found.id, "price_list"),
        "weights": estimates.WEIGHTS,
    }
    return Page("estimates.html", f"Estimates of {found.name}", values, found, "estimates")


def requests(server: Server, _path: Mapping[str, str], query: Query) -> Page:
    """Show the API requests, newest first."""
    chosen = query.get("project", "")
    kept = [
        record
        for record in reversed(server.recorder.records)
        if not chosen or record.project in {chosen, ""}
        if query.get("only") != "problems" or record.status >= 400 or not record.status or record.fault
    ]
    values = {
        "requests": kept[:LOG_PAGE],
        "faults": [rule for rule in server.faults.rules if not chosen or rule.project in {chosen, ""}],
        "total": len(kept),
        "projects": [project.id for project in desk.all_projects(server.world)],
        "chosen": chosen,
        "only": query.get("only", ""),
        "live": query.get("live") == "1",
        "refresh": address("/sandbox/requests", project=chosen, only=query.get("only", ""), live="1"),
    }
    return Page("requests.html", "Requests", values)


def messages(server: Server, _path: Mapping[str, str], query: Query) -> Page:
    """Show the callbacks and webhooks that were sent, newest first, and who asked for them."""
    accounts = sorted({row["account"] for row in server.world.store.rows("select account from projects")})
    subscriptions = list(
        chain.from_iterable(records.listing(server.world, "subscription", account) for account in accounts)
    )
    values = {
        "deliveries": [_sent(delivery) for delivery in server.postman.deliveries[: -LOG_PAGE - 1 : -1]],
        "subscriptions": subscriptions,
        "live": query.get("live") == "1",
        "refresh": "/sandbox/messages?live=1",
    }
    return Page("messages.html", "Messages", values)


def _sent(delivery: Delivery) -> dict[str, Any]:
    """Return a message with what it is about, and its body so that it can be read."""
    body = delivery.message.body.decode("utf-8", "replace")
    about = f"{delivery.message.kind} callback"
    if delivery.message.event:
        payload = json.loads(body)
        about, body = payload["eventType"], json.dumps(payload, indent=2, ensure_ascii=False)
    return {
        "message": delivery.message,
        "statuses": delivery.statuses,
        "taken": delivery.taken,
        "about": about,
        "body": body,
    }


_PROJECT = "/sandbox/projects/{project}"
VIEWS: Mapping[str, View] = {
    "/": home,
    "/sandbox": home,
    "/favicon.ico": icon,
    "/sandbox/": all_projects,
    "/sandbox/orders": all_orders,
    "/sandbox/requests": requests,
    "/sandbox/messages": messages,
    _PROJECT: project,
    f"{_PROJECT}/jobs": all_jobs,
    f"{_PROJECT}/jobs/{{job}}": job,
    f"{_PROJECT}/files": all_files,
    f"{_PROJECT}/file": file,
    f"{_PROJECT}/content": content,
    f"{_PROJECT}/strings": strings,
    f"{_PROJECT}/questions": questions.all_questions,
    f"{_PROJECT}/ask": questions.question_form,
    f"{_PROJECT}/glossaries": all_glossaries,
    f"{_PROJECT}/estimates": all_estimates,
    f"{_PROJECT}/workflows": workflows_page,
}
"""Address to what answers a GET there."""
