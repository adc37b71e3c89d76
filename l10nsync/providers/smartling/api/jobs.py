"""The Jobs and Estimates APIs: jobs, what they hold, how far they are, what they would cost."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from l10nsync.model import JobSettings, JobState, ListedJob
from l10nsync.model.keys import sent_names
from l10nsync.providers.http import Answer, Call, uses_test_credentials
from l10nsync.providers.replies import (
    LONGEST_TEXT,
    JsonObject,
    explanations,
    items,
    moment,
    needed,
    records,
    text,
    texts,
    total,
)
from l10nsync.providers.smartling.api.service_calls import (
    ProjectApi,
    hashcode,
    page_of,
    process_of,
    segment,
    workflows_body,
)

JOBS_PAGE = 50
JOB_FILES_PAGE = 1000
JOB_STRINGS_PAGE = 1000
MOVED_STRINGS = 1000
"""Strings that one request adds to a job."""
SEARCH_URIS = 100
"""fileUris asked about in one job search."""
SEARCH_JOBS = 100
"""Jobs that one search answers at most; there are no further pages."""

AWAITING = JobState.AWAITING_AUTHORIZATION
OPEN_JOB = frozenset({JobState.DRAFT, AWAITING, JobState.IN_PROGRESS})
_JOB_STATES: Mapping[str, JobState] = {state.value: state for state in JobState}
"""The service's words for the states of a job, which are ours as well."""


@dataclass(frozen=True, slots=True)
class JobsApi(ProjectApi):
    """The translation jobs of a project."""

    # --- finding and reading ---

    def jobs_like(self, name: str) -> list[ListedJob]:
        """Return all jobs whose name contains NAME, the oldest first."""
        found = self.all_pages(lambda at: self._job_page(at, name), JOBS_PAGE, _job_uid)
        return [self._job(row) for row in found]

    def open_jobs(self) -> list[ListedJob]:
        """Return all jobs that still take content, the oldest first."""
        found = self.all_pages(lambda at: self._job_page(at, "", OPEN_JOB), JOBS_PAGE, _job_uid)
        return [self._job(row) for row in found]

    def jobs_by_uid(self, uids: Collection[str]) -> list[ListedJob]:
        """Return those of at most `JOBS_PAGE` jobs that still exist, whatever state each is in."""
        rows, _total = self._job_page(0, "", (), uids)
        return [self._job(row) for row in rows]

    def _job_page(
        self, offset: int, name: str, statuses: Iterable[str] = (), uids: Iterable[str] = ()
    ) -> tuple[list[JsonObject], int]:
        params = (
            *((("jobName", name),) if name else ()),
            *(("translationJobUids", uid) for uid in sorted(uids)),
            *(("translationJobStatus", status) for status in sorted(statuses)),
            ("limit", str(JOBS_PAGE)),
            ("offset", str(offset)),
            ("sortBy", "createdDate"),
            ("sortDirection", "ASC"),
        )
        return page_of(self.get("find the job", self._jobs(), *params))

    def jobs_with(self, uris: Iterable[str]) -> list[ListedJob]:
        """Return the jobs that hold any of URIS; at most `SEARCH_JOBS` are answered."""
        operation = "find jobs of files"
        data = self.post(operation, self._jobs("/search"), {"fileUris": list(uris)}).record
        return [self._job(row) for row in items(data)]

    def jobs_with_strings(self, hashcodes: Sequence[str]) -> list[ListedJob]:
        """Return the jobs that hold any of some strings; at most `SEARCH_JOBS` are answered."""
        data = self.post("find jobs of strings", self._jobs("/search"), {"hashcodes": list(hashcodes)}).record
        return [self._job(row) for row in items(data)]

    def job(self, uid: str) -> ListedJob:
        """Return one job."""
        return self._job(self.job_record(uid))

    def job_record(self, uid: str) -> JsonObject:
        """Return a job as the service describes it, with all its fields."""
        return self.get("read the job", self._jobs(f"/{segment(uid)}"))

    def job_page(self, uid: str) -> str:
        """Return the page of a job: in the dashboard, or in the sandbox if that is the service."""
        project, job = segment(self.project), segment(uid)
        if uses_test_credentials(self.client.connection):
            return f"{self.client.base_url}/sandbox/projects/{project}/jobs/{job}"
        return f"https://dashboard.smartling.com/app/projects/{project}/account-jobs/{project}:{job}"

    def _job(self, row: JsonObject, created: Mapping[str, object] | None = None) -> ListedJob:
        """Return a job; CREATED is what it was made with, where an answer may be shorter."""
        uid = _job_uid(row)
        status = text(row, "jobStatus") if created is not None else needed(row, "jobStatus")
        return ListedJob(
            uid=uid,
            name=text(row, "jobName") if created is not None else needed(row, "jobName"),
            number=text(row, "jobNumber"),
            status=_JOB_STATES.get(status, JobState.UNKNOWN),
            locales=texts(row, "targetLocaleIds"),
            sent={name: _sent_text(row, name) for name in sent_names(JobSettings)},
            created=moment(row, "createdDate"),
            url=self.job_page(uid),
        )

    # --- what they hold ---

    def job_files(self, uid: str) -> dict[str, tuple[str, ...]]:
        """Return the fileUris of a job with the locales it holds them for."""
        found = self.all_pages(
            lambda at: self._job_file_page(uid, at), JOB_FILES_PAGE, lambda row: needed(row, "uri")
        )
        return {needed(row, "uri"): texts(row, "localeIds") for row in found}

    def _job_file_page(self, uid: str, offset: int) -> tuple[list[JsonObject], int]:
        path = self._jobs(f"/{segment(uid)}/files")
        params = (("limit", str(JOB_FILES_PAGE)), ("offset", str(offset)))
        return page_of(self.get("list the job's files", path, *params))

    def job_strings(self, uid: str) -> frozenset[str]:
        """Return the hashcodes of the strings of a job."""
        found = self.all_pages(lambda at: self._job_string_page(uid, at), JOB_STRINGS_PAGE, _string_of_job)
        return frozenset(hashcode(row) for row in found)

    def job_pairs(self, uid: str) -> frozenset[tuple[str, str]]:
        """Return hashcode and locale of the strings of a job."""
        found = self.all_pages(lambda at: self._job_string_page(uid, at), JOB_STRINGS_PAGE, _string_of_job)
        return frozenset((hashcode(row), needed(row, "targetLocaleId")) for row in found)

    def _job_string_page(self, uid: str, offset: int) -> tuple[list[JsonObject], int]:
        path = self._jobs(f"/{segment(uid)}/strings")
        params = (("limit", str(JOB_STRINGS_PAGE)), ("offset", str(offset)))
        return page_of(self.get("list the job's strings", path, *params))

    def holds_strings(self, uid: str) -> bool:
        """Whether any string is in a job."""
        path = self._jobs(f"/{segment(uid)}/strings")
        data = self.get("list the job's strings", path, ("limit", "1"), ("offset", "0"))
        return bool(total(data) or items(data))

    def holds_strings_of(self, uid: str, uri: str) -> bool:
        """Whether any string of a file is in a job; a job may list a file and hold none of its strings."""
        operation = "read the file's progress in the job"
        found = self.get(operation, self._jobs(f"/{segment(uid)}/file/progress"), ("fileUri", uri))
        return bool(found.get("progress"))

    def progress(self, uid: str) -> JsonObject:
        """Return a job's progress report as the service gives it."""
        return self.get("read the job's progress", self._jobs(f"/{segment(uid)}/progress"))

    # --- changing them ---

    def create_job(self, fields: Mapping[str, object]) -> ListedJob:
        """Create a job; `Unanswered` and a refused name both mean: look again."""
        operation = "create the job"
        call = Call(operation, "POST", self._jobs(), json=dict(fields), repeatable=False)
        return self._job(self.client.send(call).record, created=fields)

    def replace_job(self, uid: str, fields: Mapping[str, object]) -> None:
        """Set all fields of a job; those left out are blanked."""
        path = self._jobs(f"/{segment(uid)}")
        self.client.send(Call("update the job", "PUT", path, json=dict(fields)))

    def authorize(self, uid: str, workflows: Mapping[str, str]) -> None:
        """Authorize a job; WORKFLOWS maps locales to workflow uids, empty for the defaults."""
        self.post("authorize the job", self._jobs(f"/{segment(uid)}/authorize"), workflows_body(workflows))

    def cancel_job(self, uid: str, reason: str) -> str:
        """Cancel a job: its content becomes unauthorized, its name free.

        Return the uid of the process to wait for; empty if it is done.
        """
        return process_of(
            self.post("cancel the job", self._jobs(f"/{segment(uid)}/cancel"), {"reason": reason})
        )

    def close_job(self, uid: str) -> None:
        """Close a completed job; it holds nothing afterwards."""
        self.post("close the job", self._jobs(f"/{segment(uid)}/close"), {})

    def delete_job(self, uid: str) -> None:
        """Delete a cancelled job."""
        self.client.send(Call("delete the job", "DELETE", self._jobs(f"/{segment(uid)}")))

    def process_state(self, uid: str, process: str) -> str:
        """Return how far a change of a job is: `IN_PROGRESS`, `COMPLETED` or `FAILED`."""
        path = self._jobs(f"/{segment(uid)}/processes/{segment(process)}")
        return needed(self.get("watch a change of the job", path), "processState")

    def move_strings(self, job: str, hashcodes: Sequence[str], locales: Sequence[str]) -> Iterator[str]:
        """Move strings into a job, out of the one that holds them; yield the processes to wait for."""
        path = self._jobs(f"/{segment(job)}/strings/add")
        for start in range(0, len(hashcodes), MOVED_STRINGS):
            some = list(hashcodes[start : start + MOVED_STRINGS])
            body = {"hashcodes": some, "targetLocaleIds": list(locales), "moveEnabled": True}
            if process := process_of(self.post("move strings into the job", path, body)):
                yield process

    def remove_strings(self, job: str, hashcodes: Sequence[str], locale: str) -> Iterator[str]:
        """Take strings out of a job, in one locale; yield the processes to wait for."""
        path = self._jobs(f"/{segment(job)}/strings/remove")
        for start in range(0, len(hashcodes), MOVED_STRINGS):
            body = {"hashcodes": list(hashcodes[start : start + MOVED_STRINGS]), "localeIds": [locale]}
            if process := process_of(self.post("take strings out of the job", path, body)):
                yield process

    # --- what they cost ---

    def begin_cost_report(self, uid: str, workflows: Mapping[str, str]) -> JsonObject:
        """Let the service estimate what authorizing a job costs; return the report as it begins."""
        body: dict[str, object] = {"contentType": "UNAUTHORIZED", **workflows_body(workflows)}
        path = self.path("estimates-api/v2", f"/jobs/{segment(uid)}/reports/cost")
        found = _report(self.post("estimate the cost", path, body))
        needed(found, "reportUid")
        return found

    def report_status(self, report: str) -> JsonObject:
        """Return how far an estimate is."""
        path = self.path("estimates-api/v2", f"/reports/{segment(report)}/status")
        return _report(self.client.send(Call("watch the estimate of the cost", "GET", path)), report)

    def report(self, report: str) -> JsonObject:
        """Return a finished estimate."""
        path = self.path("estimates-api/v2", f"/reports/{segment(report)}")
        return _report(self.client.send(Call("read the estimate of the cost", "GET", path)), report)

    def report_table(self, report: str) -> bytes:
        """Return a finished estimate as a table (CSV): one line for each locale and kind of match."""
        path = self.path("estimates-api/v2", f"/reports/{segment(report)}/download")
        call = Call("read the table of the estimate", "GET", path, (("format", "csv"),), accept_file=True)
        return self.client.send(call).body

    def _jobs(self, rest: str = "") -> str:
        return self.path("jobs-api/v3", f"/jobs{rest}")


def _job_uid(row: JsonObject) -> str:
    return needed(row, "translationJobUid")


def _sent_text(row: JsonObject, name: str) -> str:
    """Return the text of a field that a manifest or a command can set."""
    return moment(row, name) if name == "dueDate" else text(row, name, LONGEST_TEXT)


def _string_of_job(row: JsonObject) -> str:
    return f"{needed(row, 'targetLocaleId')} {hashcode(row)}"


def _report(answer: Answer, uid: str = "") -> JsonObject:
    """Return one report of an answer, which by the API's description is a list, by its examples not."""
    data = answer.data
    found = explanations(data) if isinstance(data, list) else records(answer.record, "items")
    found = found or [answer.record]
    return next((row for row in found if text(row, "reportUid") == uid), found[0])
