"""Refusals of the WorkFlow API: `detail`, or a reason for each parameter that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from l10nsync.sandbox.refusal import Refusal


class Declined(Refusal):
    """An error answer of the WorkFlow API."""

    def __init__(self, status: int, detail: str = "", fields: Mapping[str, str] | None = None) -> None:
        reasons = fields or {}
        message = detail or "; ".join(f"{name}: {reason}" for name, reason in reasons.items())
        super().__init__(status, "", message)
        self.fields = reasons
        self.in_arrays = True
        """Whether reasons come in arrays; the documentation leaves that open."""

    def envelope(self) -> dict[str, Any]:
        """Return the body that goes over the wire."""
        if not self.fields:
            return {"detail": self.message}
        return {name: [reason] if self.in_arrays else reason for name, reason in self.fields.items()}


def not_found() -> Declined:
    """Return the refusal of an unknown request, document or address."""
    return Declined(404, "Not found.")
