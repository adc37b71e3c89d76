"""The service's own first tutorial, done with its own Python client against a sandbox; run by `test_sdk`.

Only the host and the scheme are patched. Prints nothing: the client takes stdout for its log. The answers
go to the file named by the second argument.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from smartlingApiSdk.api.FilesApi import FilesApi
from smartlingApiSdk.api.JobBatchesV2Api import JobBatchesV2Api
from smartlingApiSdk.api.JobsApi import JobsApi
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
    ApiV2.hostProd = url.removeprefix("http://")
    HttpClient.protocol = "http://"
    Settings.printToLogfile = False
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


if __name__ == "__main__":
    Path(sys.argv[3]).write_text(json.dumps(tutorial(sys.argv[1], sys.argv[2])), encoding="utf-8")
