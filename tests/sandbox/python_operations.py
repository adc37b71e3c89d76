"""Every operation of the service's official Python client, once; run by `test_clients`.

Usage: python_operations.py URL PROJECT RESULT. RESULT gets a JSON object: operation to HTTP status. Only the
host and the scheme of the client are patched.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from smartlingApiSdk.api.AccountProjectsApi import AccountProjectsApi
from smartlingApiSdk.api.ContextApi import ContextApi
from smartlingApiSdk.api.EstimatesApi import EstimatesApi
from smartlingApiSdk.api.FilesApi import FilesApi
from smartlingApiSdk.api.JobBatchesV2Api import JobBatchesV2Api
from smartlingApiSdk.api.JobsApi import JobsApi
from smartlingApiSdk.api.StringsApi import StringsApi
from smartlingApiSdk.api.TagsApi import TagsApi
from smartlingApiSdk.ApiV2 import ApiV2
from smartlingApiSdk.HttpClient import HttpClient
from smartlingApiSdk.Settings import Settings

from l10nsync.sandbox.testing import SECRET, USER, ControlClient

APIS = (
    AccountProjectsApi, ContextApi, EstimatesApi, FilesApi, JobBatchesV2Api, JobsApi, StringsApi, TagsApi,
)  # fmt: skip
ACCOUNT = "sandbox1"
FLOW = [{"targetLocaleId": "de-DE", "workflowUid": "sandboxflow1"}]


def operations() -> Iterator[str]:
    """Yield the name of everything that the client can do."""
    for api in APIS:
        yield from (name for name, member in vars(api).items() if callable(member) and name[0] != "_")


class Client:
    """All APIs of the client in one; it keeps the status of every call."""

    def __init__(self, project: str) -> None:
        self.apis = [api(USER, SECRET, project) for api in APIS]
        self.statuses: dict[str, int] = {}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        api = next(each for each in self.apis if hasattr(each, name))
        if name in {"exportFileTranslations", "downloadTranslatedFileSingleLocale", "downloadSourceFile"}:
            api.response_as_string = True  # or it takes a file in JSON for an envelope

        def call(*arguments: Any, **named: Any) -> Any:
            answer, status = getattr(api, name)(*arguments, **named)
            self.statuses[name] = int(status)
            return getattr(answer, "data", answer) if status < 300 else None

        return call


def run(client: Client, control: ControlClient, project: str) -> None:
    """Call every operation in an order in which each has something to do."""
    source = {"smartling.source_key_paths": "{*}"}
    Path("a.json").write_text('{"hello": "Hello world", "bye": "Good bye"}', encoding="utf-8")
    Path("de.json").write_text('{"hello": "Hallo Welt"}', encoding="utf-8")
    Path("p.html").write_text("<html><body><p>Hello world</p></body></html>", encoding="utf-8")

    client.getProjectsByAccount(ACCOUNT)
    client.getProjectDetails()
    client.addLocaleToProject(localeId="it-IT")
    copy = client.copyProject(projectName="Copy", targetLocaleIds=["de-DE"])
    client.getProjectCopyRequestStatus(copy.processUid)

    client.uploadSourceFile("a.json", "a.json", "json", directives={"source_key_paths": "{*}"})
    client.uploadSourceFile("a.json", "old.json", "json", directives=source)
    job = client.addJob("First", targetLocaleIds=["de-DE", "fr-FR"]).translationJobUid
    batch = client.createJobBatchV2(False, job, ["b.json", "c.json"]).batchUid
    client.uploadFileToJobBatchV2(batch, "a.json", "b.json", "json", localeIdsToAuthorize=["de-DE", "fr-FR"])
    client.processBatchActionV2(batch, "CANCEL_FILE", "c.json", "not needed")
    while client.getJobBatchStatusV2(batch).status != "COMPLETED":
        pass
    client.getJobBatchesListV2(job)
    client.addFileToJob(job, "a.json")
    client.getJobFilesList(job)
    client.getJobFileProgress(job, "a.json")
    hashes = [item["hashcode"] for item in client.getStringsForTranslationJob(job, "de-DE").items]
    client.removeStringsFromJob(job, hashes[:1], ["de-DE"])
    client.addStringsToJob(job, hashes[:1], targetLocaleIds=["de-DE"])
    control.send("POST", "policies", {"project": project, "process": {"looks": 1}})
    client.addLocaleToJob(job, "it-IT")
    process = client.removeLocaleFromJob(job, "it-IT").url.rpartition("/")[2]
    client.getJobAsyncProcessStatus(job, process)
    control.finish(project)
    control.send("POST", "policies", {"project": project, "process": {"looks": 0}})

    field = client.createCustomField(ACCOUNT, False, type="SHORT_TEXT", fieldName=f"F {project}").fieldUid
    client.updateCustomField(ACCOUNT, field, False, fieldName=f"F2 {project}")
    client.getAccountCustomFields(ACCOUNT)
    client.assignCustomFieldsToProject([{"fieldUid": field}])
    client.getProjectCustomFields()
    client.updateJob(job, "Second", description="d")
    client.getJobDetails(job)
    client.searchForJob(fileUris=["a.json"])
    client.findJobsByStrings(hashes, ["de-DE"])
    client.getJobsByAccount(ACCOUNT)
    client.getJobsByProject(jobName="Second")

    report = client.generateJobCostEstimateReports(job, contentType="UNAUTHORIZED", tags=["t"]).reportUid
    client.generateJobFuzzyEstimateReports(job)
    while client.getJobEstimateReportStatus(report).reportStatus != "COMPLETED":
        pass
    client.getJobCostEstimateReports(job)
    client.getJobFuzzyEstimateReports(job)
    client.getJobEstimateReport(report)
    client.modifyJobEstimateReportTags(report, ["u"])
    client.exportJobEstimationReport(project, report, "csv")
    client.deleteJobEstimateReport(report)

    client.authorizeJob(job, FLOW)
    steps = client.getJobProgress(job).contentProgressReport[0]["workflowProgressReportList"][0]
    step = steps["workflowStepSummaryReportItemList"][0]["workflowStepUid"]
    due = {"targetLocaleId": "de-DE", "workflowStepUid": step, "dueDate": "2030-01-01T00:00:00Z"}
    client.modifyScheduleItemsForTranslationJob(job, [due])
    client.findScheduleForTranslationJob(job)
    control.translate(project)
    client.getJobLastCompletionDatesPerLocale(job)

    one = {"fileUri": "a.json"}
    client.downloadSourceFile(**one)
    client.getFileTranslationStatusAllLocales(**one)
    client.getFileTranslationStatusSingleLocale("de-DE", **one)
    client.downloadTranslatedFileSingleLocale("de-DE", **one)
    client.downloadTranslatedFilesAllLocales(**one)
    client.downloadMultipleTranslatedFiles(["a.json"], ["de-DE"])
    client.getRecentlyUploadedSourceFilesList(orderBy="fileUri")
    client.getFileTypesList()
    client.getTranslatedFileLastModifiedDateSingleLocale("de-DE", **one)
    client.getTranslatedFileLastModifiedDateAllLocales(**one)
    client.getRecentlyPublishedFilesList("2020-01-01T00:00:00Z")
    client.exportFileTranslations("de-DE", "a.json", "a.json")
    client.importFileTranslations("de-DE", "de.json", "a.json", "json", "PUBLISHED", overwrite=True)
    client.renameUploadedSourceFile("old.json", "new.json")
    client.deleteUploadedSourceFile("new.json")

    made = client.addStringsToProject([{"stringText": "Brand new"}])
    client.getAddStringsToProjectRequestStatus(made.processUid)
    client.getAllSourceStringsByProject(fileUri="a.json")
    client.getAllTranslationsByProject("de-DE", hashcodes=hashes)

    context = client.uploadNewVisualContext("p.html", "p.html").contextUid
    client.getVisualContextsListByProject()
    client.getVisualContextInfo(context)
    client.downloadVisualContextFileContent(context)
    match = client.runAutomaticContextMatching(context, contentFileUri="a.json")
    client.getAsyncProcessResults(match.processUid)
    client.uploadAndMatchVisualContext("p.html", "q.html", json.dumps({"contentFileUri": "a.json"}))
    client.createStringToContextBindings([{"contextUid": context, "stringHashcode": hashes[0]}])
    client.getBindings(contextUid=context)
    client.deleteBindings(contextUid=context)
    client.deleteVisualContextsAsync([context])
    client.deleteVisualContext(client.uploadNewVisualContext("r.html", "p.html").contextUid)

    client.getTagsListByAccount(ACCOUNT)
    client.getTagsListByProject()
    client.getAllTagsForStrings(hashes)
    client.addTagToStrings(["t"], hashes)
    client.removeTagsFromStrings(["t"], hashes)
    client.removeAllTagsFromStrings(hashes)

    client.closeJob(job)
    gone = client.addJob("Third").translationJobUid
    client.uploadSourceFile("a.json", "d.json", "json")
    client.addLocaleToJob(gone, "de-DE")
    client.addFileToJob(gone, "d.json")
    client.removeFileFromJob(gone, "d.json")
    client.cancelJob(gone, "no longer")
    client.deleteJob(gone)


if __name__ == "__main__":
    url, ident, result = sys.argv[1:]
    ApiV2.hostProd = url.removeprefix("http://")
    HttpClient.protocol = "http://"
    Settings.printToLogfile = False
    whole = Client(ident)
    run(whole, ControlClient(url), ident)
    Path(result).write_text(json.dumps({name: whole.statuses.get(name, 0) for name in operations()}), "utf-8")
