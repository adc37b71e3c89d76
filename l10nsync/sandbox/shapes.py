"""Which fields of JSON bodies are texts, lists, truths and numbers; everything else is left to the rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from l10nsync.sandbox.refusal import invalid

_TEXTS = (
    "accountUid", "action", "assigneeUserUid", "callbackMethod", "callbackUrl", "commentText",
    "contentFileUri", "contentType", "contextUid", "createdDateAfter", "createdDateBefore",
    "defaultValue", "defaultWorkflowUid", "description", "direction", "dueDate", "email", "entryState",
    "fallbackLocaleId", "field", "fieldName", "fieldUid", "fieldValue", "fileFilter", "fileNameMode",
    "fileUri", "focusLocaleId", "format", "fuzzyProfileUid", "glossaryName", "glossaryState", "hashcode",
    "headerName", "headerValue", "instruction", "issueSeverityLevelCode", "issueStateCode",
    "issueSubTypeCode", "issueText", "issueTypeCode", "issueWatchingStateCode", "jobName", "localeId",
    "localeMode", "missingTranslationLocaleId", "mode", "nameTemplate", "namespace", "newFileUri",
    "payloadSecret", "placeholderFormat", "placeholderFormatCustom", "presence",
    "presentTranslationLocaleId", "projectName", "query", "reason", "referenceNumber", "refreshToken",
    "reportedByUserUid", "resolvedDateAfter", "resolvedDateBefore", "retrievalType", "salt",
    "schemaVersion", "stringHashcode", "stringText", "subscriptionName", "subscriptionUrl",
    "targetLocaleId", "tbxVersion", "timeZoneName", "translationJobUid", "type", "uri", "variant",
    "videoMatchingMode", "workflowStepUid", "workflowUid", "zipFileName",
)  # fmt: skip
_TEXT_LISTS = (
    "anchors", "bindingUids", "contextUids", "entryUids", "fileUris", "glossaryUids", "hashcodes",
    "issueSeverityLevelCodes", "issueStateCodes", "issueSubTypeCodes", "issueTypeCodes", "jobUids",
    "localeIds", "projectIds", "projectUids", "stringHashcodes", "tags", "targetLocaleIds",
    "translationJobUids",
)  # fmt: skip
_OBJECT_LISTS = (
    "bindings", "customFields", "events", "fallbackLocales", "files", "items", "localeWorkflows",
    "requestHeaders", "schedules", "strings",
)  # fmt: skip
_OBJECTS = (
    "authorization", "coordinates", "createdBy", "filter", "jobFilter", "lastModifiedBy", "paging",
    "selector", "sortBy", "sorting", "string", "stringFilter", "timecode",
)  # fmt: skip
_NUMBERS = ["limit", "offset"]
_NUMBER_LISTS = ["issueNumbers"]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_number(value: Any) -> bool:
    """Whether a value is a whole number that is not negative; clients also send it as text."""
    if isinstance(value, str):
        return value.isascii() and value.isdigit()
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_list_of(test: Any) -> Any:
    return lambda value: isinstance(value, list) and all(test(item) for item in value)


TESTS: Mapping[str, tuple[Any, str]] = {
    **dict.fromkeys(_TEXTS, (_is_text, "a text")),
    **dict.fromkeys(_TEXT_LISTS, (_is_list_of(_is_text), "an array of texts")),
    **dict.fromkeys(_OBJECT_LISTS, (_is_list_of(_is_object), "an array of objects")),
    **dict.fromkeys(_OBJECTS, (_is_object, "an object")),
    **dict.fromkeys(_NUMBERS, (_is_number, "a number")),
    **dict.fromkeys(_NUMBER_LISTS, (_is_list_of(_is_number), "an array of numbers")),
}
"""Field name to what its value must fulfil, and the words for that."""


def check(body: Mapping[str, Any]) -> None:
    """Refuse a body with a field of the wrong kind, however deep; null is as good as absent."""
    for name, value in body.items():
        test, kind = TESTS.get(name, (None, ""))
        if test is not None and value is not None and not test(value):
            raise invalid(f"{name} must be {kind}", name)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                check(item)
