"""Words that were translated in a span of days, as in the word count report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.projects import rules as projects


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """The filters of a report; an empty list means all."""

    account: str
    begin: float
    end: float
    projects: Sequence[str] = ()
    jobs: Sequence[str] = ()
    locales: Sequence[str] = ()
    steps: Sequence[str] = ()


def report(world: World, wanted: ReportFilter) -> list[dict[str, Any]]:
    """Return one line per project, locale and job with the words translated in that time."""
    if wanted.steps and "TRANSLATION" not in wanted.steps:
        return []
    sql = """select p.id, p.name, t.locale, j.uid, j.name as job, j.number,
                    json_extract(j.fields, '$.referenceNumber') as reference,
                    sum(s.words) as words, sum(length(s.text)) as characters
             from translations t join projects p on p.id = t.project
             join strings s on s.project = t.project and s.hash = t.hash
             left join job_strings js on js.project = t.project and js.hash = t.hash and js.locale = t.locale
             left join jobs j on j.uid = js.job
             where p.account = ? and t.state in ('translated', 'published')
               and t.modified >= ? and t.modified < ?
             group by p.id, t.locale, j.uid order by p.rowid, t.locale, j.uid"""
    rows = world.store.rows(sql, wanted.account, wanted.begin, wanted.end)
    return [
        {
            "accountUid": wanted.account,
            "accountName": "Sandbox",
            "projectId": row["id"],
            "projectName": row["name"],
            "targetLocaleId": row["locale"],
            "targetLocale": projects.describe(row["locale"]),
            "jobUid": row["uid"],
            "jobName": row["job"],
            "jobReferenceNumber": row["reference"],
            "jobNumber": row["number"],
            "translationResourceUid": "sandboxuser1",
            "translationResourceName": "Sandbox translator",
            "agencyUid": None,
            "agencyName": None,
            "workflowStepType": "TRANSLATION",
            "workflowStepUid": "sandboxstep1",
            "workflowStepName": "Translation",
            "fuzzyProfileName": None,
            "fuzzyTier": None,
            "wordCount": row["words"],
            "characterCount": row["characters"],
            "weightedWordCount": row["words"],
        }
        for row in rows
        if (not wanted.projects or row["id"] in wanted.projects)
        and (not wanted.jobs or row["uid"] in wanted.jobs)
        and (not wanted.locales or row["locale"] in wanted.locales)
    ]
