"""Files and strings of the service as text. What others wrote is always escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from l10nsync.model import JobDetails, StringStage
from l10nsync.plan.lookups import LEFT_OVER, FoundString
from l10nsync.plan.status.values import LocaleStatus, Standing, Status
from l10nsync.render.paint import Paint, cells, count, escape, pad, plain

_ROLES: Mapping[str, str] = {
    Standing.CURRENT: "good",
    Standing.STALE: "changed",
    Standing.SETTINGS: "changed",
    LEFT_OVER: "dim",
    StringStage.PUBLISHED: "good",
    StringStage.TRANSLATED: "new",
    StringStage.IN_TRANSLATION: "new",
    StringStage.NOT_ASKED_FOR: "dim",
}


def files(status: Status, paint: Paint = plain) -> str:
    """Return the files that the service holds, one line each; the first line counts them."""
    held = [source for source in status.sources if source.uploaded]
    rows = [(source.uri, source.standing.value, _published(source.locales)) for source in held]
    rows += [(orphan.uri, LEFT_OVER, "") for orphan in status.orphans]
    lines = [paint(f"{count(len(rows), 'file')} on the TMS." if rows else "No files.", "strong")]
    widths = [max((cells(escape(row[column])) for row in rows), default=0) for column in range(2)]
    for uri, state, published in rows:
        shown_state = paint(pad(state, widths[1]), _ROLES.get(state, "error"))
        lines.append(f"  {pad(escape(uri), widths[0])}  {shown_state}  {published}".rstrip())
    missing = sum(1 for source in status.sources if not source.uploaded)
    if missing:
        lines.append(f"{count(missing, 'source')} {'is' if missing == 1 else 'are'} not uploaded.")
    return "\n".join(lines)


def _published(locales: Sequence[LocaleStatus]) -> str:
    return " ".join(f"{part.locale} {part.completion} %" for part in locales)


def strings(found: Sequence[FoundString], total: int, paint: Paint = plain) -> str:
    """Return strings with their places, and a line for each locale; the first line counts them."""
    if not found:
        return "No strings."
    more = f", the first {len(found)} are shown" if total > len(found) else ""
    lines = [paint(f"{count(total, 'string')}{more}.", "strong")]
    for string in found:
        lines += _string(string, paint)
    return "\n".join(lines)


def _string(found: FoundString, paint: Paint) -> list[str]:
    path = found.source.path
    places = [f"{path}:{place.line}:{place.column}" for place in found.places] or [f"{path} (not in HEAD)"]
    key = f" ({found.key})" if found.key else ""
    lines = [f"{escape(places[0])}{escape(key)}", *(f"  also {escape(place)}" for place in places[1:])]
    lines.append(f"  string: {escape(found.string.text)}")
    width = max((cells(part.locale) for part in found.locales), default=0)
    for part in found.locales:
        shown_state = paint(part.stage.value, _ROLES.get(part.stage, ""))
        job = f' · job "{escape(part.job)}"' if part.job else ""
        lines.append(f"  {pad(escape(part.locale), width)}  {shown_state}{job}")
    return lines


def job_files(details: JobDetails, paths: Mapping[str, str], paint: Paint = plain) -> str:
    """Return the files of a job with their locales; PATHS are the sources here by fileUri."""
    if not details.files:
        return f'Job "{escape(details.job.name)}" holds no files.'
    number = count(len(details.files), "file")
    lines = [paint(f'{number} in job "{escape(details.job.name)}".', "strong")]
    width = max(cells(escape(uri)) for uri in details.files)
    for uri, locales in sorted(details.files.items()):
        here = paths.get(uri, "")
        source = "" if here == uri else f"  {escape(here)}" if here else "  (no source here)"
        lines.append(f"  {pad(escape(uri), width)}  {escape(' '.join(locales))}{source}")
    return "\n".join(lines)
