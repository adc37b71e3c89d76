"""A status as text, as Markdown and as JSON data; the first line is the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from l10nsync.model import JobDetails
from l10nsync.plan import Counts, LocaleStatus, SourceStatus, Standing, Status
from l10nsync.plan.jobs import FoundJob
from l10nsync.plan.status import TO_PUSH, total
from l10nsync.render import plans
from l10nsync.render.paint import Paint, cells, count, escape, pad, plain

By = Literal["file", "resource", "locale", "job"]
FEW = 30
"""Up to so many files are shown one by one unless something else is asked for."""
_FEW_JOBS = 5
_TABLES = 2
"""Into so many a table is divided before another view is chosen."""
_NAMED = 10
"""So many names of a list are printed."""
_NARROWEST = 40
"""Columns that a table may use on any terminal."""

_NOT_ASKED = "–"
_NONE = "·"
_ALL = "all"


# --- the verdict ------------------------------------------------------------------------------------------


def verdict(status: Status) -> str:
    """Return the status in one sentence."""
    size = f"{count(len(status.sources), 'file')}, {count(len(status.locales), 'locale')}"
    if not status.sources:
        return "Status: no sources."
    if status.complete:
        return f"Status: complete ({size})."
    parts = [f"{status.counts.completion} % published"]
    if status.counts.left_words:
        parts.append(f"{number(status.counts.left_words)} words left in {names(status.unfinished)}")
    elif status.counts.left_strings:
        parts.append(f"{number(status.counts.left_strings)} strings left in {names(status.unfinished)}")
    parts = [", ".join(parts), *_standings(status.sources)]
    return f"Status: {'; '.join(parts)} ({size})."


def jobs_verdict(status: Status) -> str:
    """Return in one sentence how far the open jobs are."""
    if not status.jobs:
        return "Status: no open job holds these files."
    details = [job.details for job in status.jobs if job.details]
    words = sum(job.words for job in details)
    done = sum(part.percent * part.words for part in chain.from_iterable(job.progress for job in details))
    parts = [
        f"{count(len(status.jobs), 'open job')}",
        f"{done // words if words else 100} % of {number(words)} words",
    ]
    waiting = sum(job.unauthorized_words for job in details)
    parts += [f"{number(waiting)} words not authorized"] if waiting else []
    return f"Status: {'; '.join(parts)}."


def names(found: Sequence[str], most: int = 4) -> str:
    """Return FOUND as a list for a sentence; the rest is counted."""
    shown = ", ".join(map(escape, found[:most]))
    return f"{shown} and {len(found) - most} more" if len(found) > most else shown


def number(value: int) -> str:
    """Return VALUE with its thousands set apart."""
    return f"{value:,}"


def _standings(sources: Iterable[SourceStatus]) -> list[str]:
    """Return the standings that keep a part from being complete or want a push, each with its number."""
    standings = [source.standing for source in sources]
    return [f"{standings.count(kind)} {kind}" for kind in TO_PUSH if kind in standings]


# --- tables -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table, with the role that colours it."""

    text: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head: the first column is a name, the last may be a note, those between are figures."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    """One per row; empty texts for none."""
    fixed: int = 1
    """So many columns stay when a wide table is divided."""


def percent(counts: Counts, *, asked_for: bool = True) -> Cell:
    """Return the completion as a cell."""
    if not asked_for and not counts.complete:
        return Cell(_NOT_ASKED, "dim")
    done = counts.completion
    return Cell(str(done), "good" if done == 100 else "changed" if done else "refused")


def matrix(status: Status, by: By) -> Table:
    """Return files or resources × locales."""
    locales = status.locales
    groups = {source.path: (source,) for source in status.sources} if by == "file" else status.by_resource()
    rows = [_matrix_row(name, sources, locales) for name, sources in groups.items()]
    notes = [_note(sources) for sources in groups.values()]
    if len(groups) > 1:
        rows.append(_matrix_row(_ALL, status.sources, locales))
        notes.append("")
    return Table(("", "strings", "words", *locales), tuple(rows), tuple(notes), fixed=3)


def _matrix_row(name: str, sources: Sequence[SourceStatus], locales: Sequence[str]) -> tuple[Cell, ...]:
    cells = {locale: cell_of(sources, locale) for locale in locales}
    strings, words = size_of(sources)
    return (
        Cell(name),
        Cell(number(strings)),
        Cell(number(words)),
        *(Cell("") if cell is None else percent(cell[0], asked_for=cell[1]) for cell in cells.values()),
    )


def size_of(sources: Sequence[SourceStatus]) -> tuple[int, int]:
    """Return the strings and words of SOURCES themselves, counted once and not for each locale."""
    sizes = [source.size for source in sources]
    return sum(strings for strings, _words in sizes), sum(words for _strings, words in sizes)


def cell_of(sources: Sequence[SourceStatus], locale: str) -> tuple[Counts, bool] | None:
    """Return the counts of SOURCES in LOCALE and whether any was asked for; None if none has the locale."""
    cells = [
        cell for cell in chain.from_iterable(source.locales for source in sources) if cell.locale == locale
    ]
    if not cells:
        return None
    return total(cell.counts for cell in cells), any(cell.asked_for for cell in cells)


def _note(sources: Sequence[SourceStatus]) -> str:
    standings = ", ".join(_standings(sources)) if len(sources) > 1 else "".join(map(note, sources))
    return ", ".join(filter(None, (standings, asked(sum(source.questions for source in sources)))))


def asked(questions: int) -> str:
    """Return how many questions wait; nothing for none."""
    return count(questions, "question") if questions else ""


def note(source: SourceStatus) -> str:
    """Return what is to be said of a source beside its counts."""
    if source.standing is Standing.CURRENT:
        return ""
    parts = [str(source.standing)]
    if source.standing is Standing.STALE and source.new_words:
        parts.append(f"{count(source.new_words, 'new word')} not sent")
    return ": ".join(part for part in (", ".join(parts), source.detail) if part)


def locale_table(status: Status) -> Table:
    """Return one row per locale with everything that is counted."""
    head = (
        "",
        "strings",
        "words",
        "published",
        "left",
        "in translation",
        "not authorized",
        "excluded",
        "questions",
        "files",
    )
    rows = [_locale_row(status, locale, counts) for locale, counts in status.by_locale().items()]
    return Table(head, tuple(rows))


def _locale_row(status: Status, locale: str, counts: Counts) -> tuple[Cell, ...]:
    held = _held_in(status, locale)
    done = sum(source.fresh and all(cell.counts.complete for cell in cells) for source, cells in held)
    figures = (
        counts.left_words,
        counts.in_translation_words,
        counts.unauthorized_words,
        counts.excluded_words,
        sum(cell.questions for cell in chain.from_iterable(cells for _source, cells in held)),
    )
    share = percent(counts)
    return (
        Cell(locale),
        Cell(number(counts.strings)),
        Cell(number(counts.words)),
        Cell(f"{share.text} %", share.role),
        *(Cell(number(figure) if figure else _NONE, "" if figure else "dim") for figure in figures),
        Cell(f"{done}/{len(held)}", "good" if done == len(held) else ""),
    )


def _held_in(status: Status, locale: str) -> list[tuple[SourceStatus, list[LocaleStatus]]]:
    """Return the sources that have a locale, with their rows of it."""
    rows = [(source, [cell for cell in source.locales if cell.locale == locale]) for source in status.sources]
    return [(source, cells) for source, cells in rows if cells]


def lines(table: Table, paint: Paint, width: int | None = None) -> list[str]:
    """Return TABLE as aligned lines; one that is wider than WIDTH is divided by its columns."""
    parts = [list(_lines(part, paint)) for part in _divided(table, width)]
    return list(chain.from_iterable(("", *part) for part in parts))[1:]


def _divided(table: Table, width: int | None) -> Iterator[Table]:
    sizes = _sizes(table)
    room = max(width or 0, _NARROWEST) - sum(sizes[: table.fixed]) - 2 * (table.fixed - 1)
    moving = range(table.fixed, len(table.head))
    if width is None or sum(sizes[at] + 2 for at in moving) <= room:
        yield table
        return
    block: list[int] = []
    for at in moving:
        if block and sum(sizes[column] + 2 for column in (*block, at)) > room:
            yield _columns(table, block)
            block = []
        block.append(at)
    yield _columns(table, block, table.notes)


def _columns(table: Table, block: Sequence[int], notes: tuple[str, ...] = ()) -> Table:
    """Return TABLE with its fixed columns, those of BLOCK, and NOTES."""
    kept = (*range(table.fixed), *block)
    rows = tuple(tuple(row[at] for at in kept) for row in table.rows)
    return Table(tuple(table.head[at] for at in kept), rows, notes, table.fixed)


def _sizes(table: Table) -> list[int]:
    return [
        max(cells(escape(head)), *(cells(escape(row[at].text)) for row in table.rows), 0)
        for at, head in enumerate(table.head)
    ]


def _lines(table: Table, paint: Paint) -> Iterator[str]:
    sizes = _sizes(table)
    first, *others = table.head
    head = [
        pad(first, sizes[0]),
        *(pad(name, size, right=True) for name, size in zip(others, sizes[1:], strict=True)),
    ]
    yield paint("  ".join(head).rstrip(), "dim")
    notes = table.notes or ("",) * len(table.rows)
    for row, note in zip(table.rows, notes, strict=True):
        texts = [pad(escape(row[0].text), sizes[0])]
        for cell, size in zip(row[1:], sizes[1:], strict=True):
            padded = pad(escape(cell.text), size, right=True)
            texts.append(paint(padded, cell.role) if cell.role else padded)
        line = "  ".join(texts)
        yield f"{line}  {paint(escape(note), 'notice')}" if note else line.rstrip()


def job_table(status: Status) -> Table:
    """Return one row per open job: words, percent published, and the same in each locale."""
    locales = tuple(
        dict.fromkeys(
            part.locale
            for part in chain.from_iterable(job.details.progress for job in status.jobs if job.details)
        )
    )
    head = ("job", "due", "words", "not authorized", "all", *locales)
    rows = tuple(_job_row(job, locales) for job in status.jobs)
    notes = tuple(f"{job_state(job)}  {job.job.url}".rstrip() for job in status.jobs)
    return Table(head, rows, notes)


def _job_row(found: FoundJob, locales: Sequence[str]) -> tuple[Cell, ...]:
    details = found.details or JobDetails(found.job, {})
    percents = {progress.locale: progress.percent for progress in details.progress}
    waiting = details.unauthorized_words
    return (
        Cell(found.job.name),
        Cell(found.job.due_date[:10] or _NONE),
        Cell(number(details.words)),
        Cell(number(waiting) if waiting else _NONE, "changed" if waiting else "dim"),
        *(
            _percent_cell(percent_value)
            for percent_value in (details.percent, *(percents.get(locale) for locale in locales))
        ),
    )


def _percent_cell(percent: int | None) -> Cell:
    if percent is None:
        return Cell("")
    return Cell(str(percent), "good" if percent == 100 else "changed" if percent else "refused")


def job_state(found: FoundJob) -> str:
    """Return the status of a job in words."""
    return found.job.status.lower().replace("_", " ")


# --- text -------------------------------------------------------------------------------------------------


def view(status: Status, by: By | None, width: int | None = None) -> By:
    """Return what the rows are: what was asked for, else files while they are few, else resources.

    Where the locales would take more than two tables of WIDTH, they are the rows.
    """
    if by:
        return by
    chosen: By = "file" if len(status.sources) <= FEW else "resource"
    return chosen if sum(1 for _ in _divided(matrix(status, chosen), width)) <= _TABLES else "locale"


def table_of(status: Status, by: By) -> Table:
    """Return the table whose rows are what BY says."""
    if by == "job":
        return _filled(job_table(status))
    return _filled(locale_table(status)) if by == "locale" else matrix(status, by)


def _filled(table: Table) -> Table:
    """Return TABLE without the columns in which no row has anything."""
    blank = {"", _NONE}
    kept = [at for at in range(1, len(table.head)) if not {row[at].text for row in table.rows} <= blank]
    return _columns(table, kept, table.notes)


def text(status: Status, paint: Paint = plain, *, by: By | None = None, width: int | None = None) -> str:
    """Return the status for a person: verdict, table, what needs a push, orphans."""
    chosen = view(status, by, width)
    only_jobs = by == "job" and not status.sources
    conclusion = jobs_verdict(status) if only_jobs else verdict(status)
    found = [paint(conclusion, "good" if status.complete and not only_jobs else "strong")]
    if status.sources or (status.jobs and chosen == "job"):
        found += ["", *lines(table_of(status, chosen), paint, width), ""]
        found += [paint(line, "dim") for line in _legend(status, chosen, chosen=by is not None)]
    found += (*_questions(status), *_context(status))
    found += _jobs(status) if chosen != "job" else ()
    found += _orphans(status, paint)
    found += [paint(f"notice: {escape(notice)}", "notice") for notice in status.notices]
    return "\n".join(found)


def _legend(status: Status, by: By, *, chosen: bool) -> Iterator[str]:
    if by == "job":
        yield "Words of each job published in percent, rounded down"
        return
    unit = "Words published" if by == "locale" else "Words published in percent"
    parts = [f"{unit}, rounded down"]
    if by in {"file", "resource"} and any(
        not cell.asked_for and not cell.counts.complete
        for cell in chain.from_iterable(source.locales for source in status.sources)
    ):
        parts.append(f"{_NOT_ASKED} not asked for")
    if status.commit:
        parts.append(f"sources at {status.commit[:7]}")
    if by != "file" and not chosen:
        parts.append("--by file shows each file")
    yield " · ".join(parts)
    if status.remembered:
        files = count(status.remembered, "file")
        yield f"{files} complete in an earlier run and not changed since (--fresh asks again)"


def _questions(status: Status) -> Iterator[str]:
    if status.questions:
        number = len(status.questions)
        waits = f"{count(number, 'question')} of translators {'waits' if number == 1 else 'wait'}"
        yield f"{waits} for an answer: `l10nsync questions` shows {'it' if number == 1 else 'them'}"


def _context(status: Status) -> Iterator[str]:
    if status.context:
        shown, strings = status.context
        share = f" ({100 * shown // strings} %)" if strings else ""
        have = "has" if strings == 1 else "have"
        yield f"Context: {number(shown)} of {count(strings, 'string')}{share} {have} a picture or page"


def _jobs(status: Status) -> Iterator[str]:
    for job in status.jobs[:_FEW_JOBS]:
        due = f" · due {job.job.due_date[:10]}" if job.job.due_date else ""
        yield f'Job "{escape(job.job.name)}" · {escape(job_state(job))}{due}'
        if job.job.url:
            yield f"  {escape(job.job.url)}"
    if len(status.jobs) > _FEW_JOBS:
        yield f"… and {count(len(status.jobs) - _FEW_JOBS, 'more open job')} (--by job)"


def _orphans(status: Status, paint: Paint) -> Iterator[str]:
    if not status.orphans:
        return
    yield f"On the TMS, no longer in the repository: {count(len(status.orphans), 'file')}"
    for orphan in status.orphans:
        yield paint(f"  ? {escape(orphan.uri)}", "dim")


# --- Markdown ---------------------------------------------------------------------------------------------


def markdown(status: Status, *, by: By | None = None) -> str:
    """Return the status as GitHub Markdown; every name is in a code span that it cannot leave."""
    chosen = view(status, by)
    conclusion = jobs_verdict(status) if by == "job" and not status.sources else verdict(status)
    found = [f"### {plans.cell(conclusion)}", ""]
    if status.sources or (status.jobs and chosen == "job"):
        found += [*_markdown_table(table_of(status, chosen)), ""]
        found += [plans.cell(line) for line in _legend(status, chosen, chosen=True)]
    found += ["", *map(plans.cell, _questions(status))] if status.questions else []
    found += ["", *map(plans.cell, _context(status))] if status.context else []
    if status.jobs and chosen != "job":
        found += ["", *(_markdown_job(job) for job in status.jobs[:_NAMED])]
    found += _markdown_orphans(status)
    return "\n".join(found).rstrip() + "\n"


def _markdown_orphans(status: Status) -> list[str]:
    if not status.orphans:
        return []
    lines = ["", f"On the TMS, no longer in the repository: {count(len(status.orphans), 'file')}", ""]
    lines += [f"- {plans.code(orphan.uri)}" for orphan in status.orphans[:_NAMED]]
    return [*lines, f"- and {len(status.orphans) - _NAMED} more"] if len(status.orphans) > _NAMED else lines


def _markdown_job(found: FoundJob) -> str:
    page = f" ([open]({found.job.url}))" if found.job.url.startswith("https://") else ""
    return f"- Job {plans.code(found.job.name)}: {plans.cell(job_state(found))}{page}"


def _markdown_table(table: Table) -> Iterator[str]:
    noted = any(table.notes)
    yield f"| {' | '.join(plans.cell(heading) for heading in (*table.head, *([''] if noted else [])))} |"
    yield f"|---|{'--:|' * (len(table.head) - 1)}{'---|' if noted else ''}"
    for row, note in zip(table.rows, table.notes or ("",) * len(table.rows), strict=True):
        name, *figures = row
        first = name.text if name.text == _ALL else plans.code(name.text)
        texts = [first, *(figure.text for figure in figures), *([plans.cell(note)] if noted else [])]
        yield f"| {' | '.join(texts)} |"
