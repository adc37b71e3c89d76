"""Why the TMS does not have a source: all commands say the same of it. Pure."""

from __future__ import annotations

from l10nsync.model import Source
from l10nsync.plan.reasons import Reason


def why_never_sent(source: Source, *, committed: bool) -> Reason | None:
    """Return why a push does not send a source at all, whatever the TMS has; None if it does."""
    if not source.push:
        return Reason.NOT_PUSHED_HERE
    return None if committed else Reason.NOT_COMMITTED
