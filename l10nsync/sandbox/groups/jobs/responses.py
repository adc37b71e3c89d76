"""Jobs v3."""

from __future__ import annotations

from typing import Any

from l10nsync.sandbox.groups.jobs import custom_fields, job_content, job_progress, life, processes, schedules
from l10nsync.sandbox.groups.jobs import rules as jobs
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.parsed_request import ParsedRequest, paged
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.replies import Reply, accepted, data, items
from l10nsync.sandbox.store import Row

_SORT = {"createdDate": "created", "jobName": "name", "dueDate": "due"}


def listing(call: ParsedRequest) -> Reply:
    """GET …/jobs."""
    found = _filtered(
        call, jobs.listing(call.server.world, call.project, call.text("jobName"), _statuses(call))
    )
    return paged(call, [jobs.listed(row) for row in _sorted(call, found)], 50)


def account_listing(call: ParsedRequest) -> Reply:
    """GET /jobs-api/v3/accounts/{account}/jobs."""
    world = call.server.world
    wanted = call.texts("projectIds") or [
        project["projectId"]
        for project in projects.of_account(world, call.path["account"], "", archived=False)
    ]
    found: list[dict[str, Any]] = []
    for project in wanted:
        rows = _filtered(call, jobs.listing(world, project, call.text("jobName"), _statuses(call)))
        found += [{**jobs.listed(row), "projectId": project, "priority": None} for row in rows]
    return paged(call, found, 50)


def _statuses(call: ParsedRequest) -> list[str]:
    given = call.texts("translationJobStatus")
    if unknown := [status for status in given if status not in jobs.STATUSES]:
        raise invalid(f"Unknown translationJobStatus {unknown[0]}", "translationJobStatus")
    return given


def _filtered(call: ParsedRequest, rows: list[Row]) -> list[Row]:
    number, uids = call.text("jobNumber"), call.texts("translationJobUids")
    return [
        row for row in rows if (not number or row["number"] == number) and (not uids or row["uid"] in uids)
    ]


def _sorted(call: ParsedRequest, rows: list[Row]) -> list[Row]:
    by = _SORT.get(call.text("sortBy", "createdDate"))
    if by is None:
        raise invalid(f"Unknown sortBy {call.text('sortBy')}", "sortBy")
    backwards = call.text("sortDirection").upper() == "DESC"
    if by == "due":
        return sorted(rows, key=lambda row: str(jobs.listed(row)["dueDate"] or ""), reverse=backwards)
    return sorted(rows, key=lambda row: row[by], reverse=backwards)


def create(call: ParsedRequest) -> Reply:
    """POST …/jobs."""
    world = call.server.world
    projects.find(world, call.project)
    return data(jobs.details(world, jobs.create(world, call.project, call.body), with_files=False))


def get(call: ParsedRequest) -> Reply:
    """GET …/jobs/{job}."""
    world = call.server.world
    return data(jobs.details(world, _job(call)))


def replace(call: ParsedRequest) -> Reply:
    """PUT …/jobs/{job}."""
    world = call.server.world
    return data(jobs.details(world, jobs.replace(world, call.project, call.path["job"], call.body)))


def delete(call: ParsedRequest) -> Reply:
    """DELETE …/jobs/{job}."""
    life.delete(call.server.world, call.project, call.path["job"])
    return data()


def search(call: ParsedRequest) -> Reply:
    """POST …/jobs/search."""
    world = call.server.world
    uris, hashes, uids = (call.array(key) for key in ("fileUris", "hashcodes", "translationJobUids"))
    if not (uris or hashes or uids):
        raise invalid("At least one of fileUris, hashcodes, translationJobUids must be specified", "fileUris")
    found = job_content.search(world, call.project, uris, hashes, uids)[
        : int(world.switch(call.project, "search_limit"))
    ]
    return items([jobs.listed(row) for row in found])


def find_by_strings(call: ParsedRequest) -> Reply:
    """POST …/jobs/find-jobs-by-strings."""
    world = call.server.world
    hashes, locales = call.array("hashcodes"), call.array("localeIds")
    if len(hashes) * max(1, len(locales)) > 20_000:
        raise invalid("hashcodes by localeIds must not exceed 20000", "hashcodes")
    return items(job_content.by_strings(world, call.project, hashes, locales))


def authorize(call: ParsedRequest) -> Reply:
    """POST …/jobs/{job}/authorize; a body is required, `{}` for the defaults."""
    if call.json is None:
        raise invalid("The request body is required")
    life.authorize(call.server.world, call.project, call.path["job"], call.array("localeWorkflows"))
    return data()


def close(call: ParsedRequest) -> Reply:
    """POST …/jobs/{job}/close."""
    life.close(call.server.world, call.project, call.path["job"])
    return data()


def cancel(call: ParsedRequest) -> Reply:
    """POST …/jobs/{job}/cancel."""
    row = _job(call)
    if row["status"] not in jobs.OPEN:
        raise invalid(f"Cannot cancel a job in status {row['status']}")
    return _changed(call, "cancel", {})


def file_add(call: ParsedRequest) -> Reply:
    """POST …/jobs/{job}/file/add."""
    from l10nsync.sandbox.groups.files import rules as files

    uri = _uri(call)
    row = files.lookup(call.server.world, call.project, uri)
    if row is None or row["pending"] == "new":
        raise invalid(f"File not found: {uri}")
    if files.is_held(call.server.world, call.project, uri):
        # The same status as of the Files API, but with the code of this one.
        raise invalid(f"The file {uri} is being processed. Please try again later.", status=423)
    return _changed(
        call, "file/add", {"fileUri": uri, "targetLocaleIds": call.array("targetLocaleIds") or None}
    )


def file_remove(call: ParsedRequest) -> Reply:
    """POST …/jobs/{job}/file/remove."""
    return _changed(call, "file/remove", {"fileUri": _uri(call)})


def strings_add(call: ParsedRequest) -> Reply:
    """POST …/jobs/{job}/strings/add."""
    given = {
        "hashcodes": call.array("hashcodes", 1000),
        "targetLocaleIds": call.array("targetLocaleIds") or None,
        "moveEnabled": bool(call.body.get("moveEnabled")),
    }
    return _changed(call, "strings/add", given)


def strings_remove(call: ParsedRequest) -> Reply:
    """POST …/jobs/{job}/strings/remove."""
    given = {"hashcodes": call.array("hashcodes"), "localeIds": call.array("localeIds") or None}
    return _changed(call, "strings/remove", given)


def locale_add(call: ParsedRequest) -> Reply:
    """POST …/jobs/{job}/locales/{locale}; the body may be missing."""
    sync = call.body.get("syncContent", True)
    return _changed(call, "locale/add", {"locale": call.path["locale"], "syncContent": sync})


def locale_remove(call: ParsedRequest) -> Reply:
    """DELETE …/jobs/{job}/locales/{locale}."""
    return _changed(call, "locale/remove", {"locale": call.path["locale"]})


def files(call: ParsedRequest) -> Reply:
    """GET …/jobs/{job}/files."""
    return paged(call, jobs.files_of(call.server.world, _job(call)["uid"]), 1000)


def strings(call: ParsedRequest) -> Reply:
    """GET …/jobs/{job}/strings."""
    found = job_content.strings(call.server.world, _job(call)["uid"], call.text("targetLocaleId"))
    return paged(call, found, 1000)


def progress(call: ParsedRequest) -> Reply:
    """GET …/jobs/{job}/progress."""
    return data(job_progress.progress(call.server.world, _job(call), call.text("targetLocaleId")))


def file_progress(call: ParsedRequest) -> Reply:
    """GET …/jobs/{job}/file/progress."""
    row = _job(call)
    if not call.text("fileUri"):
        raise invalid("fileUri is required", "fileUri")
    return data(
        job_progress.progress(call.server.world, row, call.text("targetLocaleId"), call.text("fileUri"))
    )


def completions(call: ParsedRequest) -> Reply:
    """GET …/jobs/{job}/locales-completion-dates."""
    return items(life.completions(call.server.world, _job(call)["uid"]))


def process(call: ParsedRequest) -> Reply:
    """GET …/jobs/{job}/processes/{process}."""
    return data(processes.process(call.server.world, call.project, call.path["job"], call.path["process"]))


def schedule(call: ParsedRequest) -> Reply:
    """GET …/jobs/{job}/schedule."""
    return items(schedules.listing(call.server.world, call.project, call.path["job"]))


def set_schedule(call: ParsedRequest) -> Reply:
    """POST …/jobs/{job}/schedule."""
    wanted = call.array("schedules")
    return items(schedules.change(call.server.world, call.project, call.path["job"], wanted))


# --- custom fields ---------------------------------------------------------------------------------------


def account_fields(call: ParsedRequest) -> Reply:
    """GET …/accounts/{account}/custom-fields."""
    found = custom_fields.of_account(
        call.server.world,
        call.path["account"],
        searchable=call.flag("searchableOnly", default=False),
        enabled=call.flag("enabledOnly", default=False),
    )
    return items(found)


def create_field(call: ParsedRequest) -> Reply:
    """POST …/accounts/{account}/custom-fields."""
    return data(custom_fields.create(call.server.world, call.path["account"], call.body))


def change_field(call: ParsedRequest) -> Reply:
    """PUT …/accounts/{account}/custom-fields/{field}."""
    account, uid = call.path["account"], call.path["field"]
    return data(custom_fields.change(call.server.world, account, uid, call.body))


def project_fields(call: ParsedRequest) -> Reply:
    """GET …/projects/{project}/custom-fields."""
    return items(custom_fields.of_project(call.server.world, call.project))


def assign_fields(call: ParsedRequest) -> Reply:
    """POST …/projects/{project}/custom-fields: the body is a list."""
    given = call.json
    if type(given) is not list or not all(isinstance(item, dict) for item in given):
        raise invalid("The request body must be an array of objects with a fieldUid")
    custom_fields.assign(call.server.world, call.project, [str(item.get("fieldUid")) for item in given])
    return data()


def _job(call: ParsedRequest) -> Row:
    return jobs.find(call.server.world, call.project, call.path["job"])


def _uri(call: ParsedRequest) -> str:
    uri = call.body.get("fileUri")
    if not isinstance(uri, str) or not uri:
        raise invalid("fileUri is required", "fileUri", {"field": "fileUri"})
    return uri


def _changed(call: ParsedRequest, name: str, given: dict[str, Any]) -> Reply:
    """Carry out a change of content: 200 with counts, or 202 with a process to poll and no uid of it."""
    uid = call.path["job"]
    done = processes.run(call.server.world, call.project, uid, name, given)
    if isinstance(done, str):
        url = f"/jobs-api/v3/projects/{call.project}/jobs/{uid}/processes/{done}"
        return accepted({"message": "The operation is being processed", "url": url})
    return data(done)
