"""Every address the sandbox answers, with the name of its operation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from l10nsync.sandbox import faults
from l10nsync.sandbox.groups.auth import responses as auth
from l10nsync.sandbox.groups.batches import responses as batches
from l10nsync.sandbox.groups.contexts import responses as contexts
from l10nsync.sandbox.groups.estimates import responses as estimates
from l10nsync.sandbox.groups.files import responses as files
from l10nsync.sandbox.groups.glossaries import responses as glossaries
from l10nsync.sandbox.groups.imports import responses as imports
from l10nsync.sandbox.groups.issues import responses as issues
from l10nsync.sandbox.groups.jobs import responses as jobs
from l10nsync.sandbox.groups.projects import responses as projects
from l10nsync.sandbox.groups.strings import responses as strings
from l10nsync.sandbox.groups.webhooks import responses as webhooks
from l10nsync.sandbox.parsed_request import ParsedRequest
from l10nsync.sandbox.replies import Reply


@dataclass(frozen=True, slots=True)
class Route:
    """One operation."""

    method: str
    path: str
    """With `{names}`; `{project}`, `{account}` and the like are single path parts."""
    operation: str
    """The service's own name of it, in the words of its API description."""
    handler: Callable[[ParsedRequest], Reply]
    authorized: bool = True
    gated: bool = False
    """Whether it counts as one of the file operations that may run at once."""
    writes: bool = False
    """Whether it needs the file for itself while it runs."""


_gated = partial(Route, gated=True)
_writing = partial(Route, gated=True, writes=True)
_FILES = "/files-api/v2/projects/{project}"
_JOBS = "/jobs-api/v3/projects/{project}/jobs"
_JOB = _JOBS + "/{job}"
_FIELDS = "/jobs-api/v3/projects/{project}/custom-fields"
_ACCOUNT_FIELDS = "/jobs-api/v3/accounts/{account}/custom-fields"
_BATCHES = "/job-batches-api/v2/projects/{project}"
_STRINGS = "/strings-api/v2/projects/{project}"
_ISSUES = "/issues-api/v2/projects/{project}/issues"
_ISSUE = _ISSUES + "/{issue}"
_COMMENT = _ISSUE + "/comments/{comment}"
_ACCOUNT_ISSUES = "/issues-api/v2/accounts/{account}"
_SUBTYPES = _ACCOUNT_ISSUES + "/issue-types/{kind}/sub-types"
_WATCHERS = _ACCOUNT_ISSUES + "/projects/{project}/issues/{issue}/watchers"
_HOOKS = "/webhooks-api/v2/accounts/{account}/subscriptions"
_HOOK = _HOOKS + "/{subscription}"
_LOCALE = _FILES + "/locales/{locale}"
_CONTEXTS = "/context-api/v2/projects/{project}"
_CONTEXT = _CONTEXTS + "/contexts/{context}"
_GLOSSARIES = "/glossary-api/v3/accounts/{account}/glossaries"
_GLOSSARY = _GLOSSARIES + "/{glossary}"
_ESTIMATES = "/estimates-api/v2/projects/{project}"
_FUZZY = _ESTIMATES + "/jobs/{job}/reports/fuzzy"
_COST = _ESTIMATES + "/jobs/{job}/reports/cost"
_ESTIMATE = _ESTIMATES + "/reports/{report}"
_WORDS = "/reports-api/v3/word-count"

ROUTES: tuple[Route, ...] = (
    Route("POST", "/auth-api/v2/authenticate", "authenticate", auth.authenticate, authorized=False),
    Route("POST", "/auth-api/v2/authenticate/user", "authenticate", auth.authenticate, authorized=False),
    Route("POST", "/auth-api/v2/authenticate/refresh", "refreshAccessToken", auth.refresh, authorized=False),
    Route("GET", "/accounts-api/v2/accounts/{account}/projects", "getProjectsByAccount", projects.of_account),
    Route("GET", "/accounts-api/v2/accounts", "getAccounts", projects.accounts),
    Route("GET", "/projects-api/v2/projects/{project}", "getProjectDetails", projects.details),
    Route("POST", "/projects-api/v2/projects/{project}/targetLocales",
          "addLocaleToProject", projects.add_locale),
    Route("POST", "/projects-api/v2/projects/{project}/copy", "copyProject", projects.copy),
    Route("GET", "/projects-api/v2/projects/{project}/copy/{process}",
          "getProjectCopyRequestStatus", projects.copied),
    Route("GET", "/locales-api/v2/dictionary/locales", "getAvailableLocalesList", projects.dictionary),
    _writing("POST", _FILES + "/file", "uploadSourceFile", files.upload),
    _gated("GET", _FILES + "/file", "downloadSourceFile", files.source),
    _gated("GET", _FILES + "/file/status", "getFileTranslationStatusAllLocales", files.status),
    _gated("GET", _LOCALE + "/file/status", "getFileTranslationStatusSingleLocale", files.locale_status),
    _gated("GET", _FILES + "/locales/all/file/zip", "downloadTranslatedFilesAllLocales", files.all_zip),
    _gated("GET", _LOCALE + "/file", "downloadTranslatedFileSingleLocale", files.translated),
    _gated("GET", _FILES + "/files/zip", "downloadMultipleTranslatedFiles", files.get_zip),
    _gated("POST", _FILES + "/files/zip", "downloadMultipleFilesTranslations", files.post_zip),
    _gated("GET", _FILES + "/files/list", "getRecentlyUploadedSourceFilesList", files.listing),
    _gated("GET", _FILES + "/file-types", "getFileTypesList", files.types),
    _writing("POST", _FILES + "/file/rename", "renameUploadedSourceFile", files.rename),
    _writing("POST", _FILES + "/file/delete", "deleteUploadedSourceFile", files.delete),
    _gated("GET", _FILES + "/file/last-modified", "getTranslatedFileLastModifiedDateAllLocales",
           files.last_modified),
    _gated("GET", _LOCALE + "/file/last-modified", "getTranslatedFileLastModifiedDateSingleLocale",
          files.locale_last_modified),
    _writing("POST", _LOCALE + "/file/import", "importFileTranslations",
          imports.import_translations),
    _gated("POST", _LOCALE + "/file/get-translations", "exportFileTranslations", files.get_translations),
    Route("GET", "/published-files-api/v2/projects/{project}/files/list/recently-published",
          "getRecentlyPublishedFilesList", files.recently_published),
    Route("GET", "/jobs-api/v3/accounts/{account}/jobs", "getJobsByAccount", jobs.account_listing),
    Route("GET", _JOBS, "getJobsByProject", jobs.listing),
    Route("POST", _JOBS, "addJob", jobs.create),
    Route("POST", _JOBS + "/search", "searchForJob", jobs.search),
    Route("POST", _JOBS + "/find-jobs-by-strings", "findJobsByStrings", jobs.find_by_strings),
    Route("GET", _JOB, "getJobDetails", jobs.get),
    Route("PUT", _JOB, "updateJob", jobs.replace),
    Route("DELETE", _JOB, "deleteJob", jobs.delete),
    Route("POST", _JOB + "/authorize", "authorizeJob", jobs.authorize),
    Route("POST", _JOB + "/close", "closeJob", jobs.close),
    Route("POST", _JOB + "/cancel", "cancelJob", jobs.cancel),
    Route("POST", _JOB + "/file/add", "addFileToJob", jobs.file_add),
    Route("POST", _JOB + "/file/remove", "removeFileFromJob", jobs.file_remove),
    Route("GET", _JOB + "/file/progress", "getJobFileProgress", jobs.file_progress),
    Route("GET", _JOB + "/files", "getJobFilesList", jobs.files),
    Route("GET", _JOB + "/progress", "getJobProgress", jobs.progress),
    Route("GET", _JOB + "/locales-completion-dates", "getJobLastCompletionDatesPerLocale", jobs.completions),
    Route("POST", _JOB + "/locales/{locale}", "addLocaleToJob", jobs.locale_add),
    Route("DELETE", _JOB + "/locales/{locale}", "removeLocaleFromJob", jobs.locale_remove),
    Route("GET", _JOB + "/processes/{process}", "getJobAsyncProcessStatus", jobs.process),
    Route("GET", _JOB + "/strings", "getStringsForTranslationJob", jobs.strings),
    Route("POST", _JOB + "/strings/add", "addStringsToJob", jobs.strings_add),
    Route("POST", _JOB + "/strings/remove", "removeStringsFromJob", jobs.strings_remove),
    Route("GET", _JOB + "/schedule", "findScheduleForTranslationJob", jobs.schedule),
    Route("POST", _JOB + "/schedule", "modifyScheduleItemsForTranslationJob", jobs.set_schedule),
    Route("GET", _FIELDS, "getProjectCustomFields", jobs.project_fields),
    Route("POST", _FIELDS, "assignCustomFieldsToProject", jobs.assign_fields),
    Route("GET", _ACCOUNT_FIELDS, "getAccountCustomFields", jobs.account_fields),
    Route("POST", _ACCOUNT_FIELDS, "createCustomField", jobs.create_field),
    Route("PUT", _ACCOUNT_FIELDS + "/{field}", "updateCustomField", jobs.change_field),
    Route("POST", _BATCHES + "/jobs", "createJobV2", batches.job_for),
    Route("GET", _BATCHES + "/batches", "getJobBatchesListV2", batches.listing),
    Route("POST", _BATCHES + "/batches", "createJobBatchV2", batches.create),
    Route("GET", _BATCHES + "/batches/{batch}", "getJobBatchStatusV2", batches.status),
    Route("PUT", _BATCHES + "/batches/{batch}", "processBatchActionV2", batches.act),
    _gated("POST", _BATCHES + "/batches/{batch}/file", "uploadFileToJobBatchV2", batches.upload),
    Route("POST", _STRINGS, "addStringsToProject", strings.add),
    Route("GET", _STRINGS + "/processes/{process}", "getAddStringsToProjectRequestStatus", strings.process),
    Route("GET", _STRINGS + "/source-strings", "getAllSourceStringsByProject", strings.sources),
    Route("POST", _STRINGS + "/source-strings", "getAllSourceStringsByProjectPost", strings.sources),
    Route("GET", _STRINGS + "/translations", "getAllTranslationsByProject", strings.translations),
    Route("POST", _STRINGS + "/translations", "getAllTranslationsByProjectPost", strings.translations),
    Route("POST", _ISSUES, "createIssue", issues.create),
    Route("POST", _ISSUES + "/list", "getProjectIssuesList", issues.listing),
    Route("POST", _ISSUES + "/count", "getIssuesCount", issues.count),
    Route("GET", _ISSUE, "getIssueDetails", issues.get),
    Route("PUT", _ISSUE + "/issueText", "editIssue", issues.set_text),
    Route("PUT", _ISSUE + "/state", "openOrCloseIssue", issues.set_state),
    Route("PUT", _ISSUE + "/answered", "updateIssueAnsweredStatus", issues.set_answered),
    Route("PUT", _ISSUE + "/assignee", "updateIssueAssignee", issues.set_assignee),
    Route("DELETE", _ISSUE + "/assignee", "deleteIssueAssignee", issues.unassign),
    Route("PUT", _ISSUE + "/severity-level", "updateIssueSeverityLevel", issues.set_severity),
    Route("GET", _ISSUE + "/comments", "getIssueComments", issues.comments),
    Route("POST", _ISSUE + "/comments", "addIssueComment", issues.add_comment),
    Route("GET", _COMMENT, "getIssueCommentDetails", issues.get_comment),
    Route("PUT", _COMMENT, "updateIssueComment", issues.set_comment),
    Route("DELETE", _COMMENT, "deleteIssueComment", issues.delete_comment),
    Route("PUT", _ISSUE + "/change-type", "updateIssueType", issues.set_type),
    Route("POST", _ACCOUNT_ISSUES + "/issues/list", "getAccountIssuesList", issues.account_listing),
    Route("POST", _ACCOUNT_ISSUES + "/issues/count", "getAccountIssuesCount", issues.account_count),
    Route("GET", "/issues-api/v2/dictionary/issue-states", "getAllIssuesStates", issues.states),
    Route("GET", "/issues-api/v2/dictionary/issue-severity-levels",
          "getAllIssueSeverityLevels", issues.severities),
    Route("GET", "/issues-api/v2/dictionary/issue-types", "getAllIssueTypes", issues.types),
    Route("GET", _ACCOUNT_ISSUES + "/issue-types", "getIssueTypesByAccount", issues.account_types),
    Route("POST", _SUBTYPES, "createAccountIssuesSubtype", issues.create_subtype),
    Route("PUT", _SUBTYPES + "/{code}", "updateAccountIssuesSubtype", issues.change_subtype),
    Route("DELETE", _SUBTYPES + "/{code}", "deleteAccountIssuesSubType", issues.remove_subtype),
    Route("PUT", _SUBTYPES + "/{code}/state", "updateAccountIssuesSubtypeState", issues.set_subtype_state),
    Route("GET", _ACCOUNT_ISSUES + "/watchers", "getIssuesWatchersListByAccount", issues.account_watchers),
    Route("POST", _ACCOUNT_ISSUES + "/watchers", "addIssuesWatcher", issues.add_watcher),
    Route("PUT", _ACCOUNT_ISSUES + "/watchers/{watcher}", "updateIssuesWatcher", issues.change_watcher),
    Route("GET", _WATCHERS, "getWatchersListLinkedToIssue", issues.watchers),
    Route("PUT", _WATCHERS + "/{watcher}", "addWatcherToIssue", issues.watch),
    Route("DELETE", _WATCHERS + "/{watcher}", "deleteWatcherFromIssue", issues.unwatch),
    Route("GET", "/webhooks-api/v2/accounts/{account}/available-event-types",
          "getAvailableEventTypes", webhooks.event_types),
    Route("GET", _HOOKS, "getSubscriptions", webhooks.listing),
    Route("POST", _HOOKS, "createSubscription", webhooks.create),
    Route("GET", _HOOK, "getSubscription", webhooks.get),
    Route("DELETE", _HOOK, "deleteSubscription", webhooks.delete),
    Route("PUT", _HOOK, "updateSubscription", webhooks.replace),
    Route("POST", _HOOK + "/test", "testSubscription", webhooks.test),
    Route("POST", _HOOK + "/patch", "patchSubscription", webhooks.patch),
    Route("GET", _HOOK + "/secret", "getSubscriptionSecret", webhooks.secret),
    Route("PUT", _HOOK + "/secret", "updateSubscriptionSecret", webhooks.set_secret),
    Route("GET", _HOOK + "/statistics", "getSubscriptionStatistics", webhooks.statistics),
    Route("POST", _HOOK + "/enable", "enableSubscription", webhooks.enable),
    Route("POST", _HOOK + "/disable", "disableSubscription", webhooks.disable),
    Route("GET", _HOOK + "/events", "getSubscriptionEvents", webhooks.event_list),
    Route("GET", _HOOK + "/events/{event}", "getEvent", webhooks.event),
    Route("GET", _HOOK + "/events/{event}/attempts", "getEventAttempts", webhooks.attempts),
    Route("POST", _HOOK + "/events/{event}/send", "resendEvent", webhooks.send),
    Route("POST", _CONTEXTS + "/contexts", "uploadNewVisualContext", contexts.upload),
    Route("GET", _CONTEXTS + "/contexts", "getVisualContextsListByProject", contexts.listing),
    Route("GET", _CONTEXT, "getVisualContextInfo", contexts.get),
    Route("DELETE", _CONTEXT, "deleteVisualContext", contexts.delete),
    Route("POST", _CONTEXTS + "/contexts/remove/async", "deleteVisualContextsAsync", contexts.remove_later),
    Route("GET", _CONTEXT + "/content", "downloadVisualContextFileContent", contexts.content),
    Route("POST", _CONTEXT + "/match/async", "runAutomaticContextMatching", contexts.match),
    Route("POST", _CONTEXTS + "/contexts/upload-and-match-async", "uploadAndMatchVisualContext",
          contexts.upload_and_match),
    Route("GET", _CONTEXTS + "/match/{process}", "getAsyncContextMatchResults", contexts.match_result),
    Route("GET", _CONTEXTS + "/processes/{process}", "getAsyncProcessResults", contexts.process),
    Route("POST", _CONTEXTS + "/bindings", "createStringToContextBindings", contexts.bind),
    Route("POST", _CONTEXTS + "/bindings/list", "getBindings", contexts.bindings),
    Route("POST", _CONTEXTS + "/bindings/remove", "deleteBindings", contexts.unbind),
    Route("POST", _GLOSSARIES, "createGlossary", glossaries.create),
    Route("POST", _GLOSSARIES + "/search", "searchGlossaries", glossaries.search),
    Route("GET", _GLOSSARY, "readGlossary", glossaries.get),
    Route("PUT", _GLOSSARY, "updateGlossary", glossaries.change),
    Route("POST", _GLOSSARY + "/entries/download", "exportGlossary", glossaries.export),
    Route("POST", _GLOSSARY + "/import", "initializeGlossaryImport", glossaries.begin_import),
    Route("GET", _GLOSSARY + "/import/{import}", "importStatus", glossaries.import_status),
    Route("POST", _GLOSSARY + "/import/{import}/confirm", "confirmGlossaryImport", glossaries.confirm),
    Route("GET", _FUZZY, "getJobFuzzyEstimateReports", estimates.fuzzy_listing),
    Route("POST", _FUZZY, "generateJobFuzzyEstimateReports", estimates.generate_fuzzy),
    Route("GET", _COST, "getJobCostEstimateReports", estimates.cost_listing),
    Route("POST", _COST, "generateJobCostEstimateReports", estimates.generate_cost),
    Route("GET", _ESTIMATE + "/status", "getJobEstimateReportStatus", estimates.status),
    Route("GET", _ESTIMATE, "getJobEstimateReport", estimates.get),
    Route("DELETE", _ESTIMATE, "deleteJobEstimateReport", estimates.delete),
    Route("PUT", _ESTIMATE + "/tags", "modifyJobEstimateReportTags", estimates.set_tags),
    Route("GET", _ESTIMATE + "/download", "exportJobEstimationReport", estimates.export),
    Route("GET", _WORDS, "getWordCountReport", estimates.word_count),
    Route("GET", _WORDS + "/csv", "exportWordCountReport", estimates.word_count_csv),
    Route("GET", _WORDS + "/dictionary/step-types", "getWorkflowStepTypes", estimates.step_types),
)  # fmt: skip

faults.know(route.operation for route in ROUTES)
