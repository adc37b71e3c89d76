"""The endpoints of Smartling's REST API that we use, each as one typed function of a project.

The rules (limits, pages, spellings) are those of the public API reference; `docs/` names them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import IO, TypeVar
from urllib.parse import quote

from l10nsync.errors import ServiceError, ServiceReply, TemporaryError
from l10nsync.model import (
    FileStatus,
    HeldString,
    Import,
    JobSettings,
    JobState,
    ListedFile,
    ListedJob,
    LocaleCounts,
    ProjectDetails,
    PublishedPair,
    Translated,
    Upload,
    fold,
)
from l10nsync.model.keys import sent_names
from l10nsync.providers.http import Answer, Call, Client, uses_test_credentials
from l10nsync.providers.replies import (
    LONGEST_TEXT,
    JsonObject,
    as_json,
    count,
    explanations,
    flag,
    items,
    moment,
    needed,
    nonsense,
    record,
    records,
    text,
    texts,
    total,
    words,
)
from l10nsync.providers.workers import gather

T = TypeVar("T")

LIST_PAGE = 100
"""Files in a page of `files/list`: default and maximum."""
JOBS_PAGE = 50
JOB_FILES_PAGE = 1000
JOB_STRINGS_PAGE = 1000
FILE_STRINGS_PAGE = 500
TRANSLATIONS_PAGE = 10_000
_TO_SECONDS = len("2026-01-01T00:00:00")
MOVED_STRINGS = 1000
"""Strings that one request adds to a job."""
SEARCH_URIS = 100
"""fileUris asked about in one job search."""
SEARCH_JOBS = 100
"""Jobs that one search answers at most; there are no further pages."""
WHOLE_LIST = 128 * 1024 * 1024
"""Bytes of a list that has no pages."""
ZIP_LIMIT = 512 * 1024 * 1024
"""Bytes of an archive."""
LONGEST_LIST = 1_000_000
"""Rows; a list that claims more is not believed."""
FEW_ROUNDS = 3
"""How often a list is read again when it changes under our hands."""
LOCALES_FIELD = "localeIdsToAuthorize[]"
CLIENT_LIB = json.dumps({"client": "l10nsync", "version": "1"})

AWAITING = JobState.AWAITING_AUTHORIZATION
OPEN_JOB = frozenset({JobState.DRAFT, AWAITING, JobState.IN_PROGRESS})
_JOB_STATES: Mapping[str, JobState] = {state.value: state for state in JobState}
"""The service's words for the states of a job, which are ours as well."""
NOT_UPLOADED = frozenset({"DRAFT"})
"""What a file of a batch is before its bytes are sent."""

_HTML_NAMES = (".html", ".htm", ".xhtml", ".md", ".mdx", ".markdown")


@dataclass(frozen=True, slots=True)
class BatchFile:
    """One file registered in a batch."""

    uri: str
    status: str
    error: ServiceReply | None
    strings: int
    updated: str


@dataclass(frozen=True, slots=True)
class Batch:
    """A job batch with its files."""

    uid: str
    status: str
    authorized: bool
    errors: ServiceReply | None
    files: Mapping[str, BatchFile]
    """By `fold(fileUri)`."""
    updated: str

    @property
    def uploaded(self) -> frozenset[str]:
        """Files, folded, whose bytes it has taken: nobody can take them back."""
        return frozenset(
            key
            for key, file in self.files.items()
            if not (file.status in NOT_UPLOADED or cancelled(file.status) or failed(file.status))
        )


def failed(status: str) -> bool:
    """Whether a status of a batch or of a file in it means failure, known or not."""
    return "FAIL" in status or "ERROR" in status


def cancelled(status: str) -> bool:
    """Whether a status means cancelled; both spellings occur."""
    return status.startswith("CANCEL")


def terminal(status: str) -> bool:
    """Whether nothing more will happen; an unknown status is not the end."""
    return status == "COMPLETED" or cancelled(status) or failed(status)


def read_error(value: object) -> ServiceReply | None:
    """Return what the `errors` text of a batch or file says; None for its many ways to say nothing."""
    parsed = _parsed(value)
    if parsed in (None, "", {}, [], "null"):
        return None
    found = explanations(parsed)
    if not found:
        return ServiceReply(message=parsed if isinstance(parsed, str) else as_json(parsed))
    first: JsonObject = found[0]
    inner = explanations(first.get("errors"))
    first = inner[0] if inner else first
    said = words(first, "message") or as_json(first)
    return ServiceReply(code=words(first, "code"), key=words(first, "key"), message=said)


def _parsed(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        parsed: object = json.loads(value)
    except (ValueError, RecursionError):
        return value.strip()
    return parsed


def segment(text: str) -> str:
    """Return TEXT as one part of a path."""
    return _segment(text)


def _segment(value: str) -> str:
    return quote(value, safe="")


@dataclass(frozen=True, slots=True)
class SmartlingApi:
    """One project of Smartling, by its endpoints."""

    client: Client
    project: str

    def path(self, service: str, rest: str) -> str:
        """Return the path of something in the project, quoted apart from REST."""
        return self._path(service, rest)

    def _path(self, service: str, rest: str) -> str:
        return f"/{service}/projects/{_segment(self.project)}{rest}"

    def _files(self, rest: str) -> str:
        return self._path("files-api/v2", rest)

    def _jobs(self, rest: str = "") -> str:
        return self._path("jobs-api/v3", f"/jobs{rest}")

    def _batches(self, rest: str = "") -> str:
        return self._path("job-batches-api/v2", f"/batches{rest}")

    def _get(self, operation: str, path: str, *params: tuple[str, str], limit: int = 0) -> JsonObject:
        return self.client.send(Call(operation, "GET", path, params=params, limit=limit)).record

    def _post(self, operation: str, path: str, body: object) -> Answer:
        return self.client.send(Call(operation, "POST", path, json=body))

    # --- project ---

    def details(self) -> ProjectDetails:
        """Return the project with its enabled locales."""
        data = self._get("read the project", self._path("projects-api/v2", ""))
        locales = items(data, "targetLocales")
        return ProjectDetails(
            id=text(data, "projectId") or self.project,
            name=text(data, "projectName"),
            account=text(data, "accountUid"),
            source_locale=text(data, "sourceLocaleId"),
            locales=tuple(
                needed(locale, "localeId") for locale in locales if flag(locale, "enabled", absent=True)
            ),
        )

    # --- files ---

    def list_files(self) -> dict[str, ListedFile]:
        """Return all files of the project by `fold(fileUri)`."""
        found = self._all_pages(lambda offset: self._file_page(offset, "fileUri"), LIST_PAGE, _folded_uri)
        return {_folded_uri(row): _listed(row) for row in found}

    def newest_files(self, offset: int) -> tuple[list[ListedFile], int]:
        """Return one page of files, the last uploaded first, and how many there are in all."""
        found, number = self._file_page(offset, "lastUploaded_desc")
        return [_listed(row) for row in found], number

    def _file_page(self, offset: int, order: str) -> tuple[list[JsonObject], int]:
        params = (("orderBy", order), ("limit", str(LIST_PAGE)), ("offset", str(offset)))
        return _page(self._get("list files", self._files("/files/list"), *params))

    def _all_pages(
        self,
        page: Callable[[int], tuple[list[JsonObject], int]],
        size: int,
        key: Callable[[JsonObject], str],
    ) -> list[JsonObject]:
        """Return everything a list holds; it is read again if it changed in between."""
        for _ in range(FEW_ROUNDS):
            first, number = page(0)
            if number > LONGEST_LIST:
                raise ServiceError(f"a list of the service claims to have {number} rows")
            if len(first) < min(size, number):
                continue  # a page that is not full is the last one, whatever else is claimed
            rest = gather(page, range(size, number, size), self.client.threads)
            found = {key(row): row for row in chain(first, *(later for later, _ in rest))}
            if len(found) >= number and all(later == number for _, later in rest):
                return list(found.values())
        raise TemporaryError(
            "a list of the service kept changing while it was read", hint="run the same command again"
        )

    def status(self, uri: str) -> FileStatus | None:
        """Return a file's status over all locales; None if there is no such file."""
        path = self._files("/file/status")
        data = absent_as_none(lambda: self._get("read a file's status", path, ("fileUri", uri)))
        return None if data is None else _file_status(data, uri)

    def original(self, uri: str) -> bytes | None:
        """Return the source file as it is stored; None if there is no such file."""
        call = Call(
            "download a source",
            "GET",
            self._files("/file"),
            params=(("fileUri", uri),),
            accept_file=True,
            may_be_html=may_be_html(uri),
        )
        answer = absent_as_none(lambda: self.client.send(call))
        return answer.body if answer else None

    def translated(self, uri: str, locale: str, retrieval_type: str, *, originals: bool) -> bytes:
        """Return one translated file; LOCALE `all` gives one file with all locales."""
        params = (
            ("fileUri", uri),
            ("retrievalType", retrieval_type),
            ("includeOriginalStrings", str(originals).lower()),
        )
        path = self._files(f"/locales/{_segment(locale)}/file")
        call = Call(
            "download a translation",
            "GET",
            path,
            params=params,
            accept_file=True,
            may_be_html=may_be_html(uri),
        )
        return self.client.send(call).body

    def matched(
        self, content: bytes, uri: str, locale: str, retrieval_type: str, *, originals: bool
    ) -> bytes:
        """Return CONTENT, which is not stored, translated with the strings and settings of the file URI."""
        form = (
            ("fileUri", uri),
            ("retrievalType", retrieval_type),
            ("includeOriginalStrings", str(originals).lower()),
        )
        path = self._files(f"/locales/{_segment(locale)}/file/get-translations")
        call = Call(
            "translate a file that is not stored",
            "POST",
            path,
            form=form,
            file=content,
            accept_file=True,
            may_be_html=may_be_html(uri),
        )
        return self.client.send(call).body

    def archive(
        self,
        wanted: Mapping[str, Iterable[str]],
        retrieval_type: str,
        *,
        originals: bool,
        published_only: bool,
    ) -> IO[bytes] | None:
        """Return a zip of translations (fileUri to locales, 500 pairs at most); None if nothing is left."""
        body = {
            "files": [{"fileUri": uri, "localeIds": list(locales)} for uri, locales in wanted.items()],
            "retrievalType": retrieval_type,
            "includeOriginalStrings": originals,
            "fileFilter": "PUBLISHED_FILES_ONLY" if published_only else "ALL_FILES",
        }
        call = Call(
            "download translations",
            "POST",
            self._files("/files/zip"),
            json=body,
            accept_file=True,
            on_disk=True,
            timeout=180.0,
            limit=ZIP_LIMIT,
        )
        answer = self.client.send(call)
        return None if answer.status == 204 else answer.file

    def published_since(self, since: str) -> tuple[PublishedPair, ...]:
        """Return what was published since an ISO time, 14 days back at most."""
        path = self._path("published-files-api/v2", "/files/list/recently-published")
        found = self._get("list what was published", path, ("publishedAfter", since), limit=WHOLE_LIST)
        return tuple(
            PublishedPair(needed(row, "fileUri"), needed(row, "localeId"), moment(row, "publishDate"))
            for row in items(found)
        )

    def modified_since(self, uri: str, since: str) -> frozenset[str]:
        """Return the locales in which a file changed after an ISO time; none for a file that is not there."""
        operation = "read when translations changed"
        params = (("fileUri", uri), ("lastModifiedAfter", since))
        data = absent_as_none(lambda: self._get(operation, self._files("/file/last-modified"), *params))
        return frozenset() if data is None else frozenset(needed(row, "localeId") for row in items(data))

    def import_file(self, one: Import) -> JsonObject:
        """Take an existing translation into a file; return counts and errors by string."""
        path = self._files(f"/locales/{_segment(one.locale)}/file/import")
        form = [("fileUri", one.uri), ("fileType", one.file_type), ("translationState", one.state)]
        form.append(("overwrite", str(one.overwrite).lower()))
        if one.charset:
            form.append(("smartling.file_charset", one.charset))
        form += [(f"smartling.{name}", value) for name, value in one.directives.items()]
        timeout = 60.0 + len(one.content) / 50_000
        call = Call("import a translation", "POST", path, form=tuple(form), file=one.content, timeout=timeout)
        return self.client.send(call).record

    def delete(self, uri: str) -> None:
        """Delete a file; the service takes minutes until the URI is free again."""
        self.client.send(Call("delete a file", "POST", self._files("/file/delete"), form=(("fileUri", uri),)))

    # --- jobs ---

    def jobs_like(self, name: str) -> list[ListedJob]:
        """Return all jobs whose name contains NAME, the oldest first."""
        found = self._all_pages(lambda at: self._job_page(at, name), JOBS_PAGE, _job_uid)
        return [self._job(row) for row in found]

    def open_jobs(self) -> list[ListedJob]:
        """Return all jobs that still take content, the oldest first."""
        found = self._all_pages(lambda at: self._job_page(at, "", OPEN_JOB), JOBS_PAGE, _job_uid)
        return [self._job(row) for row in found]

    def _job_page(self, offset: int, name: str, statuses: Iterable[str] = ()) -> tuple[list[JsonObject], int]:
        params = (
            *((("jobName", name),) if name else ()),
            *(("translationJobStatus", status) for status in sorted(statuses)),
            ("limit", str(JOBS_PAGE)),
            ("offset", str(offset)),
            ("sortBy", "createdDate"),
            ("sortDirection", "ASC"),
        )
        return _page(self._get("find the job", self._jobs(), *params))

    def jobs_with(self, uris: Iterable[str]) -> list[ListedJob]:
        """Return the jobs that hold any of URIS; at most `SEARCH_JOBS` are answered."""
        operation = "find jobs of files"
        data = self._post(operation, self._jobs("/search"), {"fileUris": list(uris)}).record
        return [self._job(row) for row in items(data)]

    def job_files(self, uid: str) -> dict[str, tuple[str, ...]]:
        """Return the fileUris of a job with the locales it holds them for."""
        found = self._all_pages(
            lambda at: self._job_file_page(uid, at), JOB_FILES_PAGE, lambda row: needed(row, "uri")
        )
        return {needed(row, "uri"): texts(row, "localeIds") for row in found}

    def _job_file_page(self, uid: str, offset: int) -> tuple[list[JsonObject], int]:
        path = self._jobs(f"/{_segment(uid)}/files")
        params = (("limit", str(JOB_FILES_PAGE)), ("offset", str(offset)))
        return _page(self._get("list the job's files", path, *params))

    def create_job(self, fields: Mapping[str, object]) -> ListedJob:
        """Create a job; `Unanswered` and a refused name both mean: look again."""
        operation = "create the job"
        call = Call(operation, "POST", self._jobs(), json=dict(fields), repeatable=False)
        return self._job(self.client.send(call).record, created=fields)

    def job(self, uid: str) -> ListedJob:
        """Return one job."""
        return self._job(self.job_record(uid))

    def progress(self, uid: str) -> JsonObject:
        """Return a job's progress report as the service gives it."""
        return self._get("read the job's progress", self._jobs(f"/{_segment(uid)}/progress"))

    def holds_strings_of(self, uid: str, uri: str) -> bool:
        """Whether any string of a file is in a job; a job may list a file and hold none of its strings."""
        operation = "read the file's progress in the job"
        found = self._get(operation, self._jobs(f"/{_segment(uid)}/file/progress"), ("fileUri", uri))
        return bool(found.get("progress"))

    def holds_strings(self, uid: str) -> bool:
        """Whether any string is in a job."""
        path = self._jobs(f"/{_segment(uid)}/strings")
        data = self._get("list the job's strings", path, ("limit", "1"), ("offset", "0"))
        return bool(total(data) or items(data))

    def authorize(self, uid: str, workflows: Mapping[str, str]) -> None:
        """Authorize a job; WORKFLOWS maps locales to workflow uids, empty for the defaults."""
        self._post("authorize the job", self._jobs(f"/{_segment(uid)}/authorize"), _workflows(workflows))

    def cancel_job(self, uid: str, reason: str) -> str:
        """Cancel a job: its content becomes unauthorized, its name free.

        Return the uid of the process to wait for; empty if it is done.
        """
        return _process(
            self._post("cancel the job", self._jobs(f"/{_segment(uid)}/cancel"), {"reason": reason})
        )

    def process_state(self, uid: str, process: str) -> str:
        """Return how far a change of a job is: `IN_PROGRESS`, `COMPLETED` or `FAILED`."""
        path = self._jobs(f"/{_segment(uid)}/processes/{_segment(process)}")
        return needed(self._get("watch a change of the job", path), "processState")

    def close_job(self, uid: str) -> None:
        """Close a completed job; it holds nothing afterwards."""
        self._post("close the job", self._jobs(f"/{_segment(uid)}/close"), {})

    def job_strings(self, uid: str) -> frozenset[str]:
        """Return the hashcodes of the strings of a job."""
        found = self._all_pages(lambda at: self._job_string_page(uid, at), JOB_STRINGS_PAGE, _string_of_job)
        return frozenset(_hashcode(row) for row in found)

    def job_pairs(self, uid: str) -> frozenset[tuple[str, str]]:
        """Return hashcode and locale of the strings of a job."""
        found = self._all_pages(lambda at: self._job_string_page(uid, at), JOB_STRINGS_PAGE, _string_of_job)
        return frozenset((_hashcode(row), needed(row, "targetLocaleId")) for row in found)

    def _job_string_page(self, uid: str, offset: int) -> tuple[list[JsonObject], int]:
        path = self._jobs(f"/{_segment(uid)}/strings")
        params = (("limit", str(JOB_STRINGS_PAGE)), ("offset", str(offset)))
        return _page(self._get("list the job's strings", path, *params))

    def file_strings(self, uri: str) -> frozenset[str]:
        """Return the hashcodes of the strings of a file."""
        return frozenset(_hashcode(row) for row in self.file_string_rows(uri))

    def file_string_rows(self, uri: str) -> list[JsonObject]:
        """Return the strings of a file as the service describes them."""

        def page(offset: int) -> tuple[list[JsonObject], int]:
            data = self._get(
                "list the file's strings",
                self._path("strings-api/v2", "/source-strings"),
                ("fileUri", uri),
                ("limit", str(FILE_STRINGS_PAGE)),
                ("offset", str(offset)),
            )
            return _page(data)

        return self._all_pages(page, FILE_STRINGS_PAGE, _hashcode)

    def source_strings(self, hashcodes: Sequence[str]) -> dict[str, HeldString]:
        """Return those of some strings, `FILE_STRINGS_PAGE` at most, that files hold."""
        operation = "look for strings"
        body = {"hashcodes": list(hashcodes), "limit": FILE_STRINGS_PAGE, "offset": 0}
        answer = self._post(operation, self._path("strings-api/v2", "/source-strings"), body)
        return {_hashcode(row): _held_string(row) for row in items(answer.record)}

    def authorized_strings(self, hashcodes: Sequence[str], locale: str) -> frozenset[str]:
        """Return those of some strings, `FILE_STRINGS_PAGE` at most, that are authorized in LOCALE."""
        return frozenset(self.translated_strings(hashcodes, locale, "pending"))

    def translated_strings(self, hashcodes: Sequence[str], locale: str, retrieval: str) -> dict[str, bool]:
        """Return those of some strings that are authorized in LOCALE, with whether each has a text there."""
        body = {
            "hashcodes": list(hashcodes), "targetLocaleId": locale, "retrievalType": retrieval,
            "limit": FILE_STRINGS_PAGE, "offset": 0,
        }  # fmt: skip
        path = self._path("strings-api/v2", "/translations")
        rows = items(self._post("look for translations", path, body).record)
        return {_hashcode(row): any(_texts_of(row)) for row in rows}

    def jobs_with_strings(self, hashcodes: Sequence[str]) -> list[ListedJob]:
        """Return the jobs that hold any of some strings; at most `SEARCH_JOBS` are answered."""
        data = self._post(
            "find jobs of strings", self._jobs("/search"), {"hashcodes": list(hashcodes)}
        ).record
        return [self._job(row) for row in items(data)]

    def translations(self, uri: str, locale: str, retrieval: str) -> tuple[Translated, ...]:
        """Return the translations of a file, and when each was changed last."""
        operation = "look for translations"
        path = self._path("strings-api/v2", "/translations")
        body = {"fileUri": uri, "targetLocaleId": locale, "retrievalType": retrieval}

        def page(offset: int) -> tuple[list[JsonObject], int]:
            answer = self._post(operation, path, {**body, "limit": TRANSLATIONS_PAGE, "offset": offset})
            return _page(answer.record)

        found = self._all_pages(page, TRANSLATIONS_PAGE, _hashcode)
        return tuple(chain.from_iterable(_translated(row, uri) for row in found))

    def remove_strings(self, job: str, hashcodes: Sequence[str], locale: str) -> Iterator[str]:
        """Take strings out of a job, in one locale; yield the processes to wait for."""
        path = self._jobs(f"/{_segment(job)}/strings/remove")
        for start in range(0, len(hashcodes), MOVED_STRINGS):
            body = {"hashcodes": list(hashcodes[start : start + MOVED_STRINGS]), "localeIds": [locale]}
            if process := _process(self._post("take strings out of the job", path, body)):
                yield process

    def job_record(self, uid: str) -> JsonObject:
        """Return a job as the service describes it, with all its fields."""
        return self._get("read the job", self._jobs(f"/{_segment(uid)}"))

    def replace_job(self, uid: str, fields: Mapping[str, object]) -> None:
        """Set all fields of a job; those left out are blanked."""
        path = self._jobs(f"/{_segment(uid)}")
        self.client.send(Call("update the job", "PUT", path, json=dict(fields)))

    def move_strings(self, job: str, hashcodes: Sequence[str], locales: Sequence[str]) -> Iterator[str]:
        """Move strings into a job, out of the one that holds them; yield the processes to wait for."""
        path = self._jobs(f"/{_segment(job)}/strings/add")
        for start in range(0, len(hashcodes), MOVED_STRINGS):
            some = list(hashcodes[start : start + MOVED_STRINGS])
            body = {"hashcodes": some, "targetLocaleIds": list(locales), "moveEnabled": True}
            if process := _process(self._post("move strings into the job", path, body)):
                yield process

    def in_files(self, hashcodes: Iterable[str]) -> bool:
        """Return whether any file holds one of these strings, a few hundred at most."""
        operation = "look for strings"
        body = {"hashcodes": list(hashcodes), "limit": 1}
        return bool(
            items(self._post(operation, self._path("strings-api/v2", "/source-strings"), body).record)
        )

    def delete_job(self, uid: str) -> None:
        """Delete a cancelled job."""
        self.client.send(Call("delete the job", "DELETE", self._jobs(f"/{_segment(uid)}")))

    def begin_cost_report(self, uid: str, workflows: Mapping[str, str]) -> JsonObject:
        """Let the service estimate what authorizing a job costs; return the report as it begins."""
        body: dict[str, object] = {"contentType": "UNAUTHORIZED", **_workflows(workflows)}
        path = self._path("estimates-api/v2", f"/jobs/{_segment(uid)}/reports/cost")
        found = _report(self._post("estimate the cost", path, body))
        needed(found, "reportUid")
        return found

    def report_status(self, report: str) -> JsonObject:
        """Return how far an estimate is."""
        path = self._path("estimates-api/v2", f"/reports/{_segment(report)}/status")
        return _report(self.client.send(Call("watch the estimate of the cost", "GET", path)), report)

    def report(self, report: str) -> JsonObject:
        """Return a finished estimate."""
        path = self._path("estimates-api/v2", f"/reports/{_segment(report)}")
        return _report(self.client.send(Call("read the estimate of the cost", "GET", path)), report)

    def job_page(self, uid: str) -> str:
        """Return the page of a job: in the dashboard, or in the sandbox if that is the service."""
        project, job = _segment(self.project), _segment(uid)
        if uses_test_credentials(self.client.connection):
            return f"{self.client.base_url}/sandbox/projects/{project}/jobs/{job}"
        return f"https://dashboard.smartling.com/app/projects/{project}/account-jobs/{project}:{job}"

    def _job(self, row: JsonObject, created: Mapping[str, object] | None = None) -> ListedJob:
        """Return a job; CREATED is what it was made with, where an answer may be shorter."""
        uid = _job_uid(row)
        said = text(row, "jobStatus") if created is not None else needed(row, "jobStatus")
        return ListedJob(
            uid=uid,
            name=text(row, "jobName") if created is not None else needed(row, "jobName"),
            number=text(row, "jobNumber"),
            status=_JOB_STATES.get(said, JobState.UNKNOWN),
            locales=texts(row, "targetLocaleIds"),
            said={name: text(row, name, LONGEST_TEXT) for name in sent_names(JobSettings)},
            created=text(row, "createdDate"),
            url=self.job_page(uid),
        )

    # --- batches ---

    def create_batch(self, job: str, uris: Iterable[str], rush: Mapping[str, str] | None = None) -> str:
        """Register files for a job; return the batch's uid.

        With RUSH, the workflows by locale (empty for the defaults), the batch authorizes the job when it
        is done and asks for rush delivery; else it authorizes nothing.
        """
        operation = "create the batch"
        body: dict[str, object] = {"authorize": False, "translationJobUid": job, "fileUris": list(uris)}
        if rush is not None:
            body |= {"authorize": True, "rushJob": True, **_workflows(rush)}
        call = Call(operation, "POST", self._batches(), json=body, repeatable=False)
        return needed(self.client.send(call).record, "batchUid")

    def open_batches(self, job: str) -> list[str]:
        """Return those of a job's newest 100 batches that are not finished, the oldest first."""
        order = (("sortBy", "createdDate"), ("orderBy", "desc"), ("limit", "100"))
        params = (("translationJobUid", job), *order)
        found = items(self._get("list the job's batches", self._batches(), *params))
        pairs = [(needed(batch, "batchUid"), needed(batch, "status")) for batch in reversed(found)]
        return [uid for uid, status in pairs if not terminal(status)]

    def batch(self, uid: str) -> Batch:
        """Return a batch with the state of its files."""
        data = self._get("read the batch", self._batches(f"/{_segment(uid)}"))
        files = [_batch_file(row) for row in items(data, "files")]
        return Batch(
            uid=uid,
            status=needed(data, "status"),
            authorized=flag(data, "authorized"),
            errors=read_error(data.get("generalErrors")),
            files={fold(file.uri): file for file in files},
            updated=text(data, "updatedDate"),
        )

    def upload(self, batch: str, upload: Upload, callback_url: str = "") -> None:
        """Send one whole file to a batch; the service works on it later."""
        path = self._batches(f"/{_segment(batch)}/file")
        form = tuple(upload_fields(upload, callback_url))
        timeout = 60.0 + len(upload.content) / 50_000
        self.client.send(Call("upload a file", "POST", path, form=form, file=upload.content, timeout=timeout))

    def register_file(self, batch: str, uri: str) -> None:
        """Add a file to a batch that does not execute yet."""
        self._put_batch("register a file", batch, {"action": "REGISTER_FILE", "fileUri": uri})

    def cancel_file(self, batch: str, uri: str, reason: str) -> None:
        """Take a file out of a batch, so that the batch can go on without it."""
        self._put_batch("cancel a file", batch, {"action": "CANCEL_FILE", "fileUri": uri, "reason": reason})

    def _put_batch(self, operation: str, batch: str, body: Mapping[str, str]) -> None:
        self.client.send(Call(operation, "PUT", self._batches(f"/{_segment(batch)}"), json=dict(body)))


def upload_fields(upload: Upload, callback_url: str = "") -> list[tuple[str, str]]:
    """Return the fields of a multipart upload, the file itself aside."""
    fields = [("fileUri", upload.uri), ("fileType", upload.file_type)]
    fields += [(LOCALES_FIELD, locale) for locale in upload.locales]
    fields.append(("smartling.namespace", upload.namespace))
    if upload.charset:
        fields.append(("smartling.file_charset", upload.charset))
    fields += [(f"smartling.{name}", value) for name, value in upload.directives.items()]
    fields.append(("smartling.client_lib_id", CLIENT_LIB))
    if callback_url:
        fields.append(("callbackUrl", callback_url))
    return fields


def may_be_html(uri: str) -> bool:
    """Whether a file of this name may begin like an HTML page."""
    return uri.lower().endswith(_HTML_NAMES)


def is_absent(reply: ServiceReply) -> bool:
    """Whether the service says that there is no such file, in either of its ways."""
    words = f"{reply.key} {reply.message}".lower()
    said = "file.not.found" in words or "file not found" in words
    return reply.status == 404 or (reply.status == 400 and said)


def absent_as_none(call: Callable[[], T]) -> T | None:
    """Return what CALL returns, or None where it says that there is no such file."""
    try:
        return call()
    except ServiceError as error:
        if is_absent(error.reply):
            return None
        raise


def _workflows(workflows: Mapping[str, str]) -> dict[str, object]:
    pairs = [{"targetLocaleId": locale, "workflowUid": uid} for locale, uid in workflows.items()]
    return {"localeWorkflows": pairs} if pairs else {}


def _report(answer: Answer, uid: str = "") -> JsonObject:
    """Return one report of an answer, which by the API's description is a list, by its examples not."""
    data = answer.data
    found = explanations(data) if isinstance(data, list) else records(answer.record, "items")
    found = found or [answer.record]
    return next((row for row in found if text(row, "reportUid") == uid), found[0])


def _page(data: JsonObject) -> tuple[list[JsonObject], int]:
    """Return the rows of a page, and how many there are in all."""
    found, number = items(data), total(data)
    if number < len(found):
        raise nonsense(data, f"it has {len(found)} rows of {number}")
    return found, number


def _folded_uri(row: JsonObject) -> str:
    return fold(needed(row, "fileUri"))


def _job_uid(row: JsonObject) -> str:
    return needed(row, "translationJobUid")


def _string_of_job(row: JsonObject) -> str:
    return f"{needed(row, 'targetLocaleId')} {_hashcode(row)}"


def _held_string(row: JsonObject) -> HeldString:
    keys = tuple((needed(key, "fileUri"), text(key, "key", LONGEST_TEXT)) for key in records(row, "keys"))
    held = text(row, "parsedStringText", LONGEST_TEXT) or text(row, "stringText", LONGEST_TEXT)
    return HeldString(held, keys)


def _translated(row: JsonObject, uri: str) -> Iterator[Translated]:
    """Yield the translations of one string, each form of a plural on its own."""
    held = [key for key in records(row, "keys") if fold(text(key, "fileUri")) == fold(uri)]
    keys = tuple(filter(None, (text(key, "key", LONGEST_TEXT) for key in held)))
    for translation in records(row, "translations"):
        changed = moment(translation, "modifiedDate")[:_TO_SECONDS]
        yield Translated(keys, text(translation, "translation", LONGEST_TEXT), changed)


def _texts_of(row: JsonObject) -> Iterator[str]:
    return (text(form, "translation", LONGEST_TEXT) for form in records(row, "translations"))


def _hashcode(row: JsonObject) -> str:
    return needed(row, "hashcode")


def _process(answer: Answer) -> str:
    """Return the uid of the process that an answer tells to wait for; empty if all is done."""
    if answer.status != 202:
        return ""
    return text(answer.record, "processUid") or text(answer.record, "url").rpartition("/")[2]


def _listed(row: JsonObject) -> ListedFile:
    return ListedFile(needed(row, "fileUri"), text(row, "fileType"), moment(row, "lastUploaded"))


def _batch_file(row: JsonObject) -> BatchFile:
    return BatchFile(
        uri=needed(row, "fileUri"),
        status=needed(row, "status"),
        error=read_error(row.get("errors")),
        strings=sum(count(locale, "stringsAdded") for locale in records(row, "targetLocales")),
        updated=text(row, "updatedDate"),
    )


def _file_status(data: JsonObject, uri: str) -> FileStatus:
    directives = record(data, "directives")
    return FileStatus(
        uri=text(data, "fileUri") or uri,
        last_uploaded=moment(data, "lastUploaded"),
        namespace=text(record(data, "namespace"), "name"),
        directives={name: _directive(directives, name) for name in directives},
        total_strings=count(data, "totalStringCount"),
        total_words=count(data, "totalWordCount"),
        locales={needed(row, "localeId"): _counts(row) for row in items(data)},
    )


def _directive(directives: JsonObject, name: str) -> str:
    value = directives[name]
    return str(value).lower() if isinstance(value, bool) else text(directives, name, LONGEST_TEXT)


def _counts(each: JsonObject) -> LocaleCounts:
    return LocaleCounts(
        authorized_strings=count(each, "authorizedStringCount"),
        authorized_words=count(each, "authorizedWordCount"),
        completed_strings=count(each, "completedStringCount"),
        completed_words=count(each, "completedWordCount"),
        excluded_strings=count(each, "excludedStringCount"),
        excluded_words=count(each, "excludedWordCount"),
    )
