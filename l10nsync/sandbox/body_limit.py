"""How much of a body is kept: little before anybody is known, afterwards as much as the service takes."""

from __future__ import annotations

from starlette.types import Message, Receive

from l10nsync.sandbox.refusal import Refusal

STRANGER = 1024 * 1024
"""Bytes of a body from somebody who has not shown a token: credentials, and nothing else, come so."""
KNOWN = 600 * 1024 * 1024
"""A film of 500 MB is the largest thing that the service takes."""


def too_large(most: int) -> Refusal:
    """Return the refusal of a body of more than MOST bytes."""
    return Refusal(413, "VALIDATION_ERROR", f"The request body is larger than {most} bytes", "body")


def limited(receive: Receive, most: int, refusal: Refusal | None = None) -> Receive:
    """Return RECEIVE for a body of at most MOST bytes; of a larger one it raises REFUSAL.

    The rest is read and thrown away first, as many clients see no answer before they have sent everything.
    """
    came = 0

    async def next_message() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came <= most:
            return message
        while message.get("more_body") and came <= KNOWN:
            message = await receive()
            came += len(message.get("body", b""))
        raise refusal or too_large(most)

    return next_message
