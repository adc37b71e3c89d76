"""What the service's own Python client can do, done against a sandbox; run by `test_sdk`.

First the service's own tutorial, then the rest.

Only the host and the scheme are patched. Prints nothing: the client takes stdout for its log. The answers
go to the file named by the second argument.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from smartlingApiSdk.api.AccountProjectsApi import AccountProjectsApi
from smartlingApiSdk.api.ContextApi import ContextApi
from smartlingApiSdk.api.EstimatesApi import EstimatesApi
from smartlingApiSdk.api.FilesApi import FilesApi
from smartlingApiSdk.api.JobBatchesV2Api import JobBatchesV2Api
from smartlingApiSdk.api.JobsApi import JobsApi
from smartlingApiSdk.api.StringsApi import StringsApi
from smartlingApiSdk.ApiV2 import ApiV2
from smartlingApiSdk.HttpClient import HttpClient
from smartlingApiSdk.Settings import Settings

from l10nsync.sandbox.testing import SECRET, USER, ControlClient

CONTENTS = {
    "test-files/site-navigation.json": '{"app.home.label": "Home"}',
    "test-files/products.json": '{"product.ID1234.name": "Some product name"}',
}
LOCALES = ["de-DE", "fr-FR"]


def tutorial(url: str, project: str) -> dict[str, Any]:
    """Create a job and a batch, upload, authorize, have it translated, download; return what was seen."""
    seen: dict[str, Any] = {}
    jobs_api = JobsApi(USER, SECRET, project)
    batches_api = JobBatchesV2Api(USER, SECRET, project)
    files_api = FilesApi(USER, SECRET, project)

    answer, _ = jobs_api.addJob("Test Job 1")
    job = answer.data.translationJobUid
    answer, _ = batches_api.createJobBatchV2(
        translationJobUid=job, authorize=False, fileUris=[f"{job}/{name}" for name in CONTENTS]
    )
    batch = answer.data.batchUid
    for name, text in CONTENTS.items():
        Path(Path(name).name).write_text(text, encoding="utf-8")
        _, seen["upload"] = batches_api.uploadFileToJobBatchV2(
            batchUid=batch,
            file=Path(name).name,
            fileUri=f"{job}/{name}",
            fileType="json",
            localeIdsToAuthorize=LOCALES,
        )
    while batches_api.getJobBatchStatusV2(batch)[0].data.status != "COMPLETED":
        pass
    progress = jobs_api.getJobProgress(translationJobUid=job)[0].data.progress
    seen["before"] = progress["percentComplete"]
    _, seen["authorize"] = jobs_api.authorizeJob(job)
    ControlClient(url).translate(project, dict.fromkeys(LOCALES, 100))
    seen["after"] = jobs_api.getJobProgress(translationJobUid=job)[0].data.progress["percentComplete"]
    seen["listed"] = files_api.getRecentlyUploadedSourceFilesList()[0].data.totalCount
    for name in CONTENTS:
        for locale in LOCALES:
            body, status = files_api.downloadTranslatedFileSingleLocale(
                localeId=locale, fileUri=f"{job}/{name}"
            )
            seen[f"{locale} {name}"] = [status, json.loads(body)]
    return seen


def everything_else(url: str, project: str) -> dict[str, Any]:
    """Use the operations that the tutorial leaves out; return what was seen."""
    seen: dict[str, Any] = {}
    seen.update(_files(url, project))
    seen.update(_jobs(project))
    seen.update(_strings_and_contexts(project))
    return seen


def _files(url: str, project: str) -> dict[str, Any]:
    files = FilesApi(USER, SECRET, project)
    seen: dict[str, Any] = {}
    Path("direct.json").write_text('{"greeting": "Hello world", "farewell": "Good bye"}', encoding="utf-8")
    upload = {"file": "direct.json", "fileUri": "direct.json", "fileType": "json"}
    answer, _ = files.uploadSourceFile(
        **upload, directives={"namespace": "n", "source_key_paths": "{*}"}, callbackUrl=f"{url}/none"
    )
    seen["direct"] = [answer.data.overWritten, answer.data.stringCount, answer.data.wordCount]
    ControlClient(url).translate(project, dict.fromkeys(LOCALES, 100))
    uri = {"fileUri": "direct.json"}
    seen["source"] = json.loads(files.downloadSourceFile(**uri)[0])["greeting"]
    seen["status"] = files.getFileTranslationStatusAllLocales(**uri)[0].data.items[0]["completedStringCount"]
    seen["german"] = files.getFileTranslationStatusSingleLocale("de-DE", **uri)[0].data.completedStringCount
    seen["zip"] = files.downloadTranslatedFilesAllLocales(**uri)[0][:2].decode()
    many = files.downloadMultipleTranslatedFiles(["direct.json"], LOCALES, fileNameMode="TRIM_LEADING")
    seen["many"] = many[0][:2].decode()
    seen["types"] = files.getFileTypesList()[0].data.items
    one, _ = files.getTranslatedFileLastModifiedDateSingleLocale("de-DE", **uri)
    every, _ = files.getTranslatedFileLastModifiedDateAllLocales(**uri)
    seen["modified"] = [one.data.localeId, every.data.totalCount]
    published, _ = files.getRecentlyPublishedFilesList("2020-01-01T00:00:00Z", fileUris=["direct.json"])
    seen["published"] = published.data.totalCount
    files.response_as_string = True  # or it takes the file for an envelope
    exported, _ = files.exportFileTranslations("de-DE", "direct.json", "direct.json")
    files.response_as_string = False
    seen["exported"] = len(json.loads(exported))
    Path("german.json").write_text('{"greeting": "Hallo Welt"}', encoding="utf-8")
    imported, _ = files.importFileTranslations(
        "de-DE", "german.json", "direct.json", "json", "PUBLISHED", overwrite=True
    )
    seen["imported"] = imported.data.stringCount
    seen["renamed"] = files.renameUploadedSourceFile("direct.json", "renamed.json")[1]
    seen["deleted"] = files.deleteUploadedSourceFile("renamed.json")[1]
    return seen


def _jobs(project: str) -> dict[str, Any]:
    jobs, estimates = JobsApi(USER, SECRET, project), EstimatesApi(USER, SECRET, project)
    accounts = AccountProjectsApi(USER, SECRET, project)
    seen: dict[str, Any] = {"project": accounts.getProjectDetails()[0].data.sourceLocaleId}
    account = accounts.getProjectDetails()[0].data.accountUid
    seen["account"] = project in {
        each["projectId"] for each in accounts.getProjectsByAccount(account)[0].data.items
    }
    job = jobs.addJob("Second", targetLocaleIds=["de-DE"], dueDate="2030-01-01T00:00:00Z")[
        0
    ].data.translationJobUid
    Path("late.json").write_text('{"late": "Too late"}', encoding="utf-8")
    FilesApi(USER, SECRET, project).uploadSourceFile("late.json", "late.json", "json")
    seen["added"] = jobs.addFileToJob(job, "late.json")[0].data.successCount
    seen["found"] = jobs.searchForJob(fileUris=["late.json"])[0].data.totalCount
    jobs.updateJob(job, "Third", description="d")
    seen["name"] = jobs.getJobDetails(job)[0].data.jobName
    report = estimates.generateJobCostEstimateReports(job)[0].data.reportUid
    while estimates.getJobEstimateReportStatus(report)[0].data.reportStatus != "COMPLETED":
        pass
    seen["words"] = estimates.getJobEstimateReport(report)[0].data.totalWordCount
    seen["csv"] = estimates.exportJobEstimationReport(project, report, "csv")[0][:21].decode()
    hashes = [each["hashcode"] for each in jobs.getStringsForTranslationJob(job)[0].data.items]
    seen["strings"] = jobs.findJobsByStrings(hashes, ["de-DE"])[0].data.totalCount
    seen["removed"] = jobs.removeFileFromJob(job, "late.json")[0].data.successCount
    seen["cancelled"] = jobs.cancelJob(job, "no longer")[1]
    seen["gone"] = jobs.deleteJob(job)[1]
    return seen


def _strings_and_contexts(project: str) -> dict[str, Any]:
    strings, contexts = StringsApi(USER, SECRET, project), ContextApi(USER, SECRET, project)
    seen: dict[str, Any] = {}
    made, _ = strings.addStringsToProject([{"stringText": "Brand new"}])
    seen["created"] = made.data.stringCount
    seen["process"] = strings.getAddStringsToProjectRequestStatus(made.data.processUid)[0].data.processState
    listed, _ = strings.getAllSourceStringsByProject(fileUri="late.json")
    seen["sources"] = [each["parsedStringText"] for each in listed.data.items]
    translated, _ = strings.getAllTranslationsByProject("de-DE", fileUri="late.json")
    seen["translations"] = translated.data.totalCount
    Path("page.html").write_text("<html><body><p>Too late</p></body></html>", encoding="utf-8")
    context = contexts.uploadNewVisualContext("page.html", "page.html")[0].data.contextUid
    match, status = contexts.runAutomaticContextMatching(context, contentFileUri="late.json")
    while contexts.getAsyncProcessResults(match.data.processUid)[0].data.processState == "IN_PROGRESS":
        pass
    bindings, _ = contexts.getBindings(contextUid=context)
    seen["match"] = [status, len(bindings.data.items)]
    hashcode = listed.data.items[0]["hashcode"]
    # This client has no issues: its own request layer sends them.
    issue = {
        "issueText": "What is this?", "issueTypeCode": "SOURCE", "issueSubTypeCode": "CLARIFICATION",
        "string": {"hashcode": hashcode},
    }  # fmt: skip
    path = f"/issues-api/v2/projects/{project}/issues"
    raised, _ = strings.commandJson("POST", path, issue)
    seen["issue"] = raised.data.issueStateCode
    found, _ = strings.commandJson("POST", f"{path}/list", {"stringFilter": {"hashcodes": [hashcode]}})
    seen["issues"] = found.data.totalCount
    seen["context"] = contexts.deleteVisualContext(context)[1]
    return seen


if __name__ == "__main__":
    ApiV2.hostProd = sys.argv[1].removeprefix("http://")
    HttpClient.protocol = "http://"
    Settings.printToLogfile = False
    result = {**tutorial(sys.argv[1], sys.argv[2]), "more": everything_else(sys.argv[1], sys.argv[2])}
    Path(sys.argv[3]).write_text(json.dumps(result), encoding="utf-8")
