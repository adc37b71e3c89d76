"""Which fields the JSON body of an operation may have; any other is refused, as the service does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from l10nsync.sandbox.refusal import invalid

FIELDS: Mapping[str, frozenset[str]] = {
    operation: frozenset(names.split())
    for operation, names in {
        "authenticate": "userIdentifier userSecret",
        "refreshAccessToken": "refreshToken",
        "addLocaleToProject": "defaultWorkflowUid localeId",
        "copyProject": "projectName targetLocaleIds",
        "downloadMultipleFilesTranslations": """
            fileFilter fileNameMode files files.fileUri files.localeIds includeOriginalStrings
            localeMode retrievalType zipFileName
        """,
        "renameUploadedSourceFile": "fileUri newFileUri",
        "deleteUploadedSourceFile": "fileUri",
        "addJob": """
            callbackMethod callbackUrl customFields customFields.fieldName customFields.fieldUid
            customFields.fieldValue description dueDate jobName referenceNumber targetLocaleIds
        """,
        "searchForJob": "fileUris hashcodes translationJobUids",
        "findJobsByStrings": "hashcodes localeIds",
        "updateJob": """
            callbackMethod callbackUrl customFields customFields.fieldName customFields.fieldUid
            customFields.fieldValue description dueDate jobName referenceNumber
        """,
        "authorizeJob": "localeWorkflows localeWorkflows.targetLocaleId localeWorkflows.workflowUid",
        "cancelJob": "reason",
        "addFileToJob": "fileUri targetLocaleIds",
        "removeFileFromJob": "fileUri",
        "addLocaleToJob": "syncContent",
        "addStringsToJob": "hashcodes moveEnabled targetLocaleIds",
        "removeStringsFromJob": "hashcodes localeIds",
        "modifyScheduleItemsForTranslationJob": """
            schedules schedules.dueDate schedules.targetLocaleId schedules.workflowStepUid
        """,
        "assignCustomFieldsToProject": "fieldUid",
        "createCustomField": """
            defaultValue description displayToTranslators enabled fieldName options required
            searchable type
        """,
        "updateCustomField": """
            defaultValue description displayToTranslators enabled fieldName options required
            searchable
        """,
        "createJobV2": "description mode nameTemplate salt targetLocaleIds timeZoneName",
        "createJobBatchV2": """
            authorize fileUris localeWorkflows localeWorkflows.contentAssignments
            localeWorkflows.contentAssignments.userUids
            localeWorkflows.contentAssignments.workflowStepUid localeWorkflows.targetLocaleId
            localeWorkflows.translationJobWorkflowStepDueDates
            localeWorkflows.translationJobWorkflowStepDueDates.dueDate
            localeWorkflows.translationJobWorkflowStepDueDates.workflowStepUid
            localeWorkflows.workflowUid rushJob translationJobUid
        """,
        "processBatchActionV2": "action fileUri reason",
        "addStringsToProject": """
            authorization authorization.localeWorkflows authorization.localeWorkflows.targetLocaleId
            authorization.localeWorkflows.workflowUid authorization.translationJobUid namespace
            placeholderFormat placeholderFormatCustom strings strings.callbackMethod
            strings.callbackUrl strings.format strings.instruction strings.maxLength
            strings.stringText strings.variant uri
        """,
        "getAllSourceStringsByProjectPost": "fileUri hashcodes limit offset showPlaceholderValues",
        "getAllTranslationsByProjectPost": """
            fileUri hashcodes limit offset published retrievalType showPlaceholderValues
            targetLocaleId
        """,
        "createIssue": """
            assigneeUserUid issueSeverityLevelCode issueSubTypeCode issueText issueTypeCode string
            string.hashcode string.localeId
        """,
        "getProjectIssuesList": """
            answered assigneeUserUid createdDateAfter createdDateBefore hasComments issueNumbers
            issueSeverityLevelCodes issueStateCodes issueSubTypeCodes issueTypeCodes
            issueWatchingStateCode jobFilter jobFilter.jobUids jobFilter.presence limit offset
            reopened reportedByUserUid resolvedDateAfter resolvedDateBefore sortBy sortBy.items
            sortBy.items.direction sortBy.items.fieldName stringFilter stringFilter.hashcodes
            stringFilter.localeIds
        """,
        "getIssuesCount": """
            answered assigneeUserUid createdDateAfter createdDateBefore hasComments issueNumbers
            issueSeverityLevelCodes issueStateCodes issueSubTypeCodes issueTypeCodes
            issueWatchingStateCode jobFilter jobFilter.jobUids jobFilter.presence reopened
            reportedByUserUid resolvedDateAfter resolvedDateBefore stringFilter
            stringFilter.hashcodes stringFilter.localeIds
        """,
        "editIssue": "issueText",
        "openOrCloseIssue": "description issueStateCode",
        "updateIssueAnsweredStatus": "answered",
        "updateIssueAssignee": "assigneeUserUid",
        "updateIssueSeverityLevel": "issueSeverityLevelCode",
        "addIssueComment": "commentText",
        "updateIssueComment": "commentText",
        "updateIssueType": "issueSubTypeCode issueTypeCode localeId",
        "getAccountIssuesList": """
            answered assigneeUserUid createdDateAfter createdDateBefore hasComments issueNumbers
            issueSeverityLevelCodes issueStateCodes issueSubTypeCodes issueTypeCodes
            issueWatchingStateCode jobFilter jobFilter.jobUids jobFilter.presence limit offset
            projectIds reopened reportedByUserUid resolvedDateAfter resolvedDateBefore sortBy
            sortBy.items sortBy.items.direction sortBy.items.fieldName stringFilter
            stringFilter.hashcodes stringFilter.localeIds
        """,
        "getAccountIssuesCount": """
            answered assigneeUserUid createdDateAfter createdDateBefore hasComments issueNumbers
            issueSeverityLevelCodes issueStateCodes issueSubTypeCodes issueTypeCodes
            issueWatchingStateCode jobFilter jobFilter.jobUids jobFilter.presence projectIds
            reopened reportedByUserUid resolvedDateAfter resolvedDateBefore stringFilter
            stringFilter.hashcodes stringFilter.localeIds
        """,
        "createAccountIssuesSubtype": "description issueSubTypeCode",
        "updateAccountIssuesSubtype": "description",
        "updateAccountIssuesSubtypeState": "enabled",
        "addIssuesWatcher": "email enabled name",
        "updateIssuesWatcher": "email enabled name",
        "createSubscription": """
            description events events.schemaVersion events.type payloadSecret projectUids
            requestHeaders requestHeaders.headerName requestHeaders.headerValue subscriptionName
            subscriptionUrl
        """,
        "patchSubscription": """
            description events events.schemaVersion events.type projectUids requestHeaders
            requestHeaders.headerName requestHeaders.headerValue subscriptionName
        """,
        "updateSubscriptionSecret": "payloadSecret",
        "deleteVisualContextsAsync": "contextUids",
        "runAutomaticContextMatching": """
            contentFileUri overrideContextOlderThanDays stringHashcodes translationJobUids
            videoMatchingMode
        """,
        "createStringToContextBindings": """
            bindings bindings.anchors bindings.contextUid bindings.coordinates
            bindings.coordinates.height bindings.coordinates.left bindings.coordinates.top
            bindings.coordinates.width bindings.page bindings.selector bindings.selector.anchors
            bindings.stringHashcode bindings.timecode bindings.timecode.endTime
            bindings.timecode.startTime
        """,
        "getBindings": "bindingUids contentFileUri contextUid stringHashcodes",
        "deleteBindings": "bindingUids contentFileUri contextUid stringHashcodes",
        "createGlossary": """
            description fallbackLocales fallbackLocales.fallbackLocaleId fallbackLocales.localeIds
            glossaryName localeIds verificationMode
        """,
        "searchGlossaries": """
            glossaryState glossaryUids includeEntriesCount paging paging.limit paging.offset query
            sorting sorting.direction sorting.field targetLocaleId
        """,
        "updateGlossary": """
            description fallbackLocales fallbackLocales.fallbackLocaleId fallbackLocales.localeIds
            glossaryName localeIds verificationMode
        """,
        "exportGlossary": """
            filter filter.created filter.created.date filter.created.from filter.created.level
            filter.created.to filter.created.type filter.createdBy filter.createdBy.level
            filter.createdBy.userIds filter.dntLocaleId filter.dntTermSet filter.entryState
            filter.entryUids filter.labels filter.labels.labelUids filter.labels.type
            filter.lastModified filter.lastModified.date filter.lastModified.from
            filter.lastModified.level filter.lastModified.to filter.lastModified.type
            filter.lastModifiedBy filter.lastModifiedBy.level filter.lastModifiedBy.userIds
            filter.localeIds filter.missingTranslationLocaleId filter.paging filter.paging.limit
            filter.paging.offset filter.presentTranslationLocaleId filter.query
            filter.returnFallbackTranslations filter.sorting filter.sorting.direction
            filter.sorting.field filter.sorting.localeId focusLocaleId format localeIds skipEntries
            tbxVersion
        """,
    }.items()
}
"""By operation: the fields that the description of the API or an official client has, those of an object with
its name before them. An operation that is not here takes any."""


_UNEXPECTED = (
    "The field {} was not expected. Please consult the documentation to verify the fields you are submitting."
)


def check(operation: str, body: Any) -> None:
    """Refuse a body with a field that OPERATION does not know."""
    known = FIELDS.get(operation)
    if known is not None:
        _check(known, body, "")


def _check(known: frozenset[str], value: Any, prefix: str) -> None:
    for element in value if isinstance(value, list) else [value]:
        for name, inner in element.items() if isinstance(element, dict) else ():
            path = f"{prefix}{name}"
            if path not in known:
                raise invalid(_UNEXPECTED.format(path), "unknown.field", path)
            _check(known, inner, f"{path}.")
