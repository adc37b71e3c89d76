"""What was published lately: file and locale pairs of the last fourteen days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from l10nsync.sandbox.clock import DAY, iso
from l10nsync.sandbox.common.uris import fold
from l10nsync.sandbox.common.world import World

REACH = 14 * DAY


def recently(
    world: World, project: str, after: float, uris: Sequence[str] = (), locales: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Return the pairs published after a time, oldest first; nothing older than fourteen days."""
    sql = """select f.uri, f.folded, p.locale, p.date from publications p join files f on f.id = p.file
             where f.project = ? order by p.date, f.uri, p.locale"""
    since = max(after, world.now() - REACH)
    folded = {fold(uri) for uri in uris}
    return [
        {"fileUri": row["uri"], "localeId": row["locale"], "publishDate": iso(row["date"])}
        for row in world.store.rows(sql, project)
        if int(row["date"]) >= int(since)
        and (not folded or row["folded"] in folded)
        and (not locales or row["locale"] in locales)
    ]
