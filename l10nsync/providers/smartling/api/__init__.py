"""The endpoints of Smartling's REST API that we use, each as one typed function of a project.

The rules (limits, pages, spellings) are those of the public API reference; `docs/` names them. Each API of
the service has a module.
"""

from __future__ import annotations

from dataclasses import dataclass

from l10nsync.model import ProjectDetails
from l10nsync.providers.replies import flag, items, needed, text
from l10nsync.providers.smartling.api.batches import (
    NOT_UPLOADED,
    Batch,
    BatchesApi,
    BatchFile,
    cancelled,
    failed,
    read_error,
    terminal,
)
from l10nsync.providers.smartling.api.files import LIST_PAGE, FilesApi
from l10nsync.providers.smartling.api.jobs import (
    AWAITING,
    JOBS_PAGE,
    OPEN_JOB,
    SEARCH_JOBS,
    SEARCH_URIS,
    JobsApi,
)
from l10nsync.providers.smartling.api.service_calls import LONGEST_LIST, absent_as_none, is_absent, segment
from l10nsync.providers.smartling.api.strings import FILE_STRINGS_PAGE, StringsApi

__all__ = [
    "AWAITING",
    "FILE_STRINGS_PAGE",
    "JOBS_PAGE",
    "LIST_PAGE",
    "LONGEST_LIST",
    "NOT_UPLOADED",
    "OPEN_JOB",
    "SEARCH_JOBS",
    "SEARCH_URIS",
    "Batch",
    "BatchFile",
    "SmartlingApi",
    "absent_as_none",
    "cancelled",
    "failed",
    "is_absent",
    "read_error",
    "segment",
    "terminal",
]


@dataclass(frozen=True, slots=True)
class SmartlingApi(FilesApi, JobsApi, StringsApi, BatchesApi):
    """One project of Smartling, by its endpoints."""

    def details(self) -> ProjectDetails:
        """Return the project with its enabled locales."""
        data = self.get("read the project", self.path("projects-api/v2", ""))
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
