"""Estimates v2, and the word count reports v3."""

from __future__ import annotations

import csv
import io
from typing import Any

from l10nsync.sandbox.clock import DAY, moment, parse_iso
from l10nsync.sandbox.common import records
from l10nsync.sandbox.groups.estimates import rules as estimates
from l10nsync.sandbox.groups.estimates import word_counts
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.parsed_request import ParsedRequest, paged
from l10nsync.sandbox.refusal import Refusal, invalid
from l10nsync.sandbox.replies import Reply, data, download

WORDS_LIMIT = 10_000


def generate_fuzzy(call: ParsedRequest) -> Reply:
    """POST …/jobs/{job}/reports/fuzzy."""
    return _generated(call, "FUZZY")


def generate_cost(call: ParsedRequest) -> Reply:
    """POST …/jobs/{job}/reports/cost."""
    return _generated(call, "COST")


def _generated(call: ParsedRequest, kind: str) -> Reply:
    made = estimates.generate(call.server.world, call.project, call.path["job"], kind, call.body)
    return data({key: made[key] for key in ("reportUid", "reportType", "reportStatus")})


def fuzzy_listing(call: ParsedRequest) -> Reply:
    """GET …/jobs/{job}/reports/fuzzy."""
    return _listed(call, "FUZZY")


def cost_listing(call: ParsedRequest) -> Reply:
    """GET …/jobs/{job}/reports/cost."""
    return _listed(call, "COST")


def _listed(call: ParsedRequest, kind: str) -> Reply:
    status, tags = call.text("reportStatus"), set(call.texts("tags"))
    if status and status not in estimates.STATUSES:
        raise invalid(f"Unknown reportStatus {status}", "reportStatus")
    wanted = {
        "reportStatus": {status} - {""},
        "contentCoverage": {call.text("contentCoverage")} - {""},
        "creatorUserUid": set(call.texts("creatorUserUids")),
        "_content": set(call.texts("translationJobSchemaContents")),
    }
    after, before = call.moment("createdFrom"), call.moment("createdTo")
    found = [
        report
        for report in estimates.listing(call.server.world, call.project, call.path["job"], kind)
        if all(not values or report[name] in values for name, values in wanted.items())
        and (not tags or tags & set(report["tags"]))
        and (after is None or parse_iso(report["createdDate"]) >= after)
        and (before is None or parse_iso(report["createdDate"]) <= before)
    ]
    return paged(call, found, None, show=estimates.shown)


def status(call: ParsedRequest) -> Reply:
    """GET …/reports/{report}/status; an unknown report has a status of its own."""
    try:
        report = estimates.look(call.server.world, call.project, call.path["report"])
    except Refusal:
        if call.server.world.switch(call.project, "unknown_report_refused"):
            raise
        report = {"reportUid": call.path["report"], "reportStatus": "NOT_FOUND"}
    percent = {"COMPLETED": 100, "PROCESSING": 50}.get(report["reportStatus"], 0)
    names = ("reportUid", "reportStatus", "totalStrings", "reportType", "createdDate")
    return data({**{name: report[name] for name in names if name in report}, "percentComplete": percent})


def get(call: ParsedRequest) -> Reply:
    """GET …/reports/{report}."""
    return data(estimates.shown(estimates.look(call.server.world, call.project, call.path["report"])))


def delete(call: ParsedRequest) -> Reply:
    """DELETE …/reports/{report}."""
    records.remove(call.server.world, estimates.KIND, call.project, call.path["report"])
    return data()


def set_tags(call: ParsedRequest) -> Reply:
    """PUT …/reports/{report}/tags: the new ones replace the old."""
    tags = call.array("tags")
    records.change(call.server.world, estimates.KIND, call.project, call.path["report"], tags=tags)
    return data({"tags": tags})


def export(call: ParsedRequest) -> Reply:
    """GET …/reports/{report}/download: CSV and nothing else."""
    if call.text("format").lower() != "csv":
        raise invalid("format must be csv", "format")
    world = call.server.world
    report = records.find(world, estimates.KIND, call.project, call.path["report"])
    if report["reportStatus"] != "COMPLETED":
        raise invalid(f"The report is {report['reportStatus']}", "reportStatus")
    text = estimates.as_csv(world, call.project, report)
    return download(text.encode(), "application/octet-stream", f"{report['reportUid']}.csv")


# --- words that were translated --------------------------------------------------------------------------


def word_count(call: ParsedRequest) -> Reply:
    """GET /reports-api/v3/word-count."""
    found = _words(call)
    limit = call.number("limit", WORDS_LIMIT, WORDS_LIMIT)
    offset = call.number("offset", 0)
    return data({"resultsTruncated": offset + limit < len(found), "items": found[offset : offset + limit]})


def word_count_csv(call: ParsedRequest) -> Reply:
    """GET /reports-api/v3/word-count/csv."""
    found = _words(call)
    names = [name for name in call.text("fields").split(",") if name] or list(_FIELDS)
    if unknown := [name for name in names if name not in _FIELDS]:
        raise invalid(f"Unknown field {unknown[0]}", "fields")
    out = io.StringIO()
    writer = csv.DictWriter(out, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return download(out.getvalue().encode(), "text/csv;charset=UTF-8", "word-count.csv")


def step_types(_call: ParsedRequest) -> Reply:
    """GET /reports-api/v3/word-count/dictionary/step-types."""
    return data({"resultsTruncated": False, "items": [{"workflowStepType": step} for step in _STEPS]})


_STEPS = ("TRANSLATION", "PUBLISH")
_FIELDS = (
    "accountUid", "accountName", "projectId", "projectName", "targetLocaleId", "targetLocale", "jobUid",
    "jobName", "jobReferenceNumber", "jobNumber", "translationResourceUid", "translationResourceName",
    "agencyUid", "agencyName", "workflowStepType", "workflowStepUid", "workflowStepName", "fuzzyProfileName",
    "fuzzyTier", "wordCount", "characterCount", "weightedWordCount",
)  # fmt: skip


def _words(call: ParsedRequest) -> list[dict[str, Any]]:
    for name in ("accountUid", "startDate", "endDate"):
        if not call.text(name):
            raise invalid(f"{name} is required", name)
    projects.require_account(call.server.world, call.text("accountUid"))
    wanted = word_counts.ReportFilter(
        account=call.text("accountUid"),
        begin=moment("startDate", call.text("startDate")),
        end=moment("endDate", call.text("endDate")) + DAY,
        projects=call.texts("projectIds"),
        jobs=call.texts("jobUids"),
        locales=call.texts("targetLocaleIds"),
        steps=call.texts("workflowStepTypes"),
    )
    return word_counts.report(call.server.world, wanted)
