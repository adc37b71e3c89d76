"""Why the TMS does not have a source: all commands say the same of it. Pure."""

from __future__ import annotations

from l10nsync.model import Source
from l10nsync.plan.reasons import Awaits, Reason


def why_never_sent(source: Source, *, committed: bool) -> tuple[Reason, Awaits] | None:
    """Return why a push does not send a source at all, whatever the TMS has, and what it waits for.

    None if it sends it.
    """
    if not source.push:
        return Reason.NOT_PUSHED_HERE, Awaits.BRANCH
    return None if committed else (Reason.NOT_COMMITTED, Awaits.COMMIT)
