"""Refusals of the rules: the error knows its wire form, as the service documents it."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # noqa: N818 - the service's answer, not a failure of ours
    """An error answer: HTTP status, code and the first error's key, message and details."""

    def __init__(
        self, status: int, code: str, message: str | None, key: str | None = None, details: Any = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.key = key
        self.message = message
        self.details = details

    def envelope(self) -> dict[str, Any]:
        """Return the body that goes over the wire."""
        error = {"key": self.key, "message": self.message, "details": self.details}
        return {"response": {"code": self.code, "errors": [error]}}


def invalid(message: str, key: str | None = None, details: Any = None, status: int = 400) -> Refusal:
    """Return the refusal of a wrong parameter or state."""
    return Refusal(status, "VALIDATION_ERROR", message, key, details)


def field_refused(field: str, message: str) -> Refusal:
    """Return the Jobs API's refusal of one field."""
    return invalid(message, None, {"field": field})


def not_found(message: str | None = None, key: str | None = None) -> Refusal:
    """Return the refusal of an unknown job, process, project or context."""
    return Refusal(404, "NOT_FOUND_ERROR", message, key)


def file_not_found(uri: str, status: int = 400) -> Refusal:
    """Return the Files API's refusal of an unknown fileUri: a 400, unless a 404 is wanted."""
    code = "VALIDATION_ERROR" if status == 400 else "NOT_FOUND_ERROR"
    return Refusal(status, code, f"The file {uri} could not be found", "file.not.found")


def unauthenticated() -> Refusal:
    """Return the refusal of a missing, wrong or expired token."""
    return Refusal(401, "AUTHENTICATION_ERROR", "Invalid token", "invalid_token", {})


def locked(uri: str) -> Refusal:
    """Return the refusal while another operation holds the file."""
    return Refusal(
        423,
        "RESOURCE_LOCKED",
        f"The file {uri} is locked by another operation. Please try again later.",
        "resource.locked",
    )


def too_many(limit: int, error_id: str) -> Refusal:
    """Return the refusal of one file operation too many."""
    text = (
        f"The limit of {limit} concurrent Smartling file API operations for this project has been exceeded."
    )
    return Refusal(429, "MAX_OPERATIONS_LIMIT_EXCEEDED", text, "too.many.requests", {"errorId": error_id})
