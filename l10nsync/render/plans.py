"""A plan as text and as Markdown; the first line is the verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from l10nsync.formats import Finding
from l10nsync.model import Cost
from l10nsync.plan import Action, Awaits, Brings, Change, JobPlan, Plan, SourceChange, TargetChange
from l10nsync.plan.values import cost_data
from l10nsync.render.paint import Paint, cells, count, escape, pad, plain

_MOST = 20
"""Findings of one file that are shown; the rest is counted."""
_SIGNS = {
    Action.DELETE: ("-", "refused"),
    Action.BLOCK: ("!", "refused"),
    Action.HOLD: ("!", "refused"),
    Action.KEEP: ("·", "dim"),
}


def text(plan: Plan, paint: Paint = plain) -> str:
    """Return the plan for a person: verdict, what is done, what is refused, what is only counted."""
    lines = [paint(verdict(plan), "strong")]
    rows = [change for change in plan.changes if change.action is not Action.KEEP or _is_worth_a_line(change)]
    lines += tables(rows, paint, imports=plan.direction == "import")
    lines += import_findings(plan, paint)
    lines += [paint(f"  · {words}", "dim") for words in kept(plan.changes, rows)]
    lines += _job_lines(plan)
    lines += [f'Job "{escape(end.name)}" · is ended if no file holds its strings' for end in plan.ending]
    lines += [escape(price) for price in prices(plan)]
    if plan.orphans:
        lines.append(f"On the TMS, no longer in the repository (kept): {count(len(plan.orphans), 'file')}")
        lines += [paint(f"  ? {escape(orphan.uri)}", "dim") for orphan in plan.orphans]
    lines += [paint(f"notice: {escape(notice)}", "notice") for notice in (*backlog(plan), *plan.notices)]
    return "\n".join(lines)


def _job_lines(plan: Plan) -> list[str]:
    """Return what becomes of each job, and what is done to open ones."""
    asked = _locales_of_jobs(plan)
    of_projects = several(plan.changes)
    lines = []
    for job in (job for job in plan.jobs if job.request.name):
        locales = sorted(asked.get((job.request.name, job.project), ()))
        of = f" of {escape(job.project)}" if of_projects else ""
        words = f"{job.words} words × locales" if job.words else ""
        parts = [" ".join(locales), words, _state_of(job, sends=bool(locales))]
        lines.append(f'Job "{escape(job.request.name)}"{of} · {" · ".join(filter(None, parts))}')
        lines += [f"  ~ {escape(update)}" for update in open_job(job)]
    return lines


def _state_of(job: JobPlan, *, sends: bool) -> str:
    """Return what becomes of a job; SENDS says whether anything is sent to it."""
    if sends:
        return "authorized after upload" if job.request.authorize else "not authorized"
    if job.waiting:
        return f"{count(len(job.waiting), 'file')} with strings that wait for authorization"
    if job.taken:
        return "authorized"
    if job.changes_jobs:
        return "open"
    return "authorized after upload" if job.request.authorize else "not authorized"


def cost_text(cost: Cost) -> str:
    """Return what the service estimates, with the words that it counts."""
    return f"{cost}{counted_words(cost_data(cost))}"


def counted_words(data: Mapping[str, Any]) -> str:
    """Return the words of a price as they stand behind it, by match where that is known; else nothing."""
    if not data.get("words"):
        return ""
    matches = data.get("matches", {})
    parts = [f"{matches[name]} {name}" for name in ("new", "fuzzy", "repeated") if matches.get(name)]
    by_match = f": {', '.join(parts)}" if parts else ""
    weighted = f", weighted {data['weightedWords']}" if data.get("weightedWords") else ""
    return f" ({count(int(data['words']), 'word')}{by_match}{weighted})"


def prices(plan: Plan) -> list[str]:
    """Return what jobs cost: by the manifest's rates for what is sent, by the service for what is there."""
    own = [
        f'Job "{price.job}": at most {price.cost} for {price.cost.words} words × locales'
        " (own calculation, by the manifest's rates)"
        for price in plan.own_prices
    ]
    return own + [
        f'Job "{estimate.job}": the service estimates at most {cost_text(estimate.cost)} for its content'
        for estimate in plan.estimates
    ]


def open_job(job: JobPlan) -> list[str]:
    """Return what a push does to open jobs besides filling them, one line each."""
    lines = list(job.differences)
    if job.leaving:
        lines.append(f"{job.leaving_text} to take out: no source needs them")
    for some in job.taken:
        number = len({code for code, _locale in some.pairs})
        lines.append(f'{count(number, "string")} to take over from "{some.name}", where they wait')
    if job.strangers:
        lines.append(f"{job.strangers} that no source of this commit needs: authorized only with --yes")
    return lines


def backlog(plan: Plan) -> list[str]:
    """Return what waits without being authorized by this push, one sentence for each job."""
    return [
        f"{count(rest.strings, 'string')} ({', '.join(rest.locales)}; {count(rest.words, 'word')})"
        f' {"waits" if rest.strings == 1 else "wait"} for authorization in job "{rest.job}"'
        for rest in plan.backlog
    ]


def _locales_of_jobs(plan: Plan) -> dict[tuple[str, str], set[str]]:
    """Return by name and project of a job the locales that its uploads ask for."""
    found: dict[tuple[str, str], set[str]] = {}
    for change in plan.work:
        if isinstance(change, SourceChange):
            found.setdefault((change.job, change.project), set()).update(change.locales)
    return found


def verdict(plan: Plan) -> str:
    """Return the plan in one sentence."""
    refused = _refusals(plan)
    tail = f" {refused}." if refused else ""
    if plan.has_work:
        return f"Plan: {_work(plan)}.{tail}"
    verb, outcome = {
        "push": ("push", _nothing_to_send(plan)),
        "pull": ("pull", _nothing_to_write(plan)),
        "pseudo": ("pseudo-localize", "targets are pseudo-localized"),
        "import": ("import", _nothing_to_import(plan)),
        "prune": ("prune", _nothing_to_delete(plan)),
    }[plan.direction]
    return f"Nothing to {verb}.{tail}" if tail else f"No changes: {outcome}."


def _work(plan: Plan) -> str:
    """Return what there is to do, in figures."""
    if plan.direction == "push":
        return _to_push(plan)
    if plan.direction == "prune":
        return ", ".join(
            _counts((plan.count(Action.DELETE), "file", "delete"), (len(plan.ending), "job", "end if empty"))
        )
    if plan.direction == "import":
        strings = sum(change.strings for change in plan.work if isinstance(change, TargetChange))
        return f"{count(strings, 'string')} of {count(len(plan.work), 'file')} to import"
    noun = "pseudo-localized target" if plan.direction == "pseudo" else "translation"
    return f"{count(len(plan.work), noun)} to write"


def _to_push(plan: Plan) -> str:
    uploads = [change for change in plan.work if isinstance(change, SourceChange)]
    new = sum(1 for upload in uploads if not upload.last_uploaded)
    parts = _counts(
        (new, "file", "add"),
        (len(uploads) - new, "file", "update"),
        (sum(1 for job in plan.jobs if job.waiting or job.taken), "job", "authorize"),
        (sum(1 for job in plan.jobs if job.updates or job.leaving), "open job", "change"),
    )
    return ", ".join([*parts, *_words(uploads)])


def _words(uploads: Sequence[SourceChange]) -> list[str]:
    """Return what uploads bring to translators."""
    new = sum(upload.new_words for upload in uploads)
    added = sum(upload.words_to_translate for upload in uploads if upload.brings is Brings.LOCALES)
    parts = [count(new, "new word")] if new else []
    return [*parts, f"{count(added, 'word')} in added locales"] if added else parts


def _counts(*parts: tuple[int, str, str]) -> list[str]:
    """Return what there is of PARTS: a number, of what, and what is done with it."""
    return [f"{count(number, noun)} to {verb}" for number, noun, verb in parts if number]


def _nothing_to_send(plan: Plan) -> str:
    unasked = sum(1 for change in plan.changes if change.awaits is Awaits.AUTHORIZATION)
    if unasked:
        return f"{count(unasked, 'file')} to order, but not authorized"
    matching = f"sources match {plan.base or 'the TMS'}"
    number = sum(backlog_row.strings for backlog_row in plan.backlog)
    waiting = f"; {count(number, 'string')} {'waits' if number == 1 else 'wait'} for authorization"
    return f"{matching}{waiting if number else ''}"


def _nothing_to_write(plan: Plan) -> str:
    waiting = sum(1 for change in plan.changes if change.awaits)
    return f"{count(waiting, 'translation')} not available yet" if waiting else "translations are up to date"


def _nothing_to_import(plan: Plan) -> str:
    unsent = {Awaits.UPLOAD, Awaits.COMMIT}
    waiting = sum(1 for change in plan.changes if change.awaits in unsent)
    if waiting:
        return f"push the sources first, then {count(waiting, 'translation')} can be imported"
    return (
        "the TMS already has everything that can be imported"
        if plan.changes
        else "there are no translations here"
    )


def _nothing_to_delete(plan: Plan) -> str:
    waiting = sum(1 for change in plan.changes if change.awaits is Awaits.PUSH)
    if waiting:
        return f"push the default branch first, then {count(waiting, 'file')} can be deleted"
    return "no leftover files on the TMS"


def _refusals(plan: Plan) -> str:
    blocked, held = plan.count(Action.BLOCK), plan.count(Action.HOLD)
    parts = [f"{blocked} blocked"] if blocked else []
    parts += [f"{held} held back"] if held else []
    strings = sum(len(change.held) for change in plan.held)
    parts += [f"{count(strings, 'string')} held back"] if strings else []
    return ", ".join(parts)


def row(change: Change) -> tuple[str, str, str, str, str]:
    """Return one change as columns: sign, role, path, reason, figures or detail."""
    sign, role = _SIGNS.get(change.action, ("+", "new"))
    if isinstance(change, SourceChange):
        if change.action is Action.UPLOAD and change.last_uploaded:
            sign, role = "~", "changed"
        figures = (
            f"{count(change.strings, 'string')}, {count(change.words, 'word')}" if change.strings else ""
        )
        if figures and (change.last_uploaded or change.new_strings != change.strings):
            figures += f" ({change.new_strings} new)"
        return (
            sign,
            role,
            change.path,
            str(change.reason),
            "; ".join(part for part in (figures, change.detail) if part),
        )
    if change.action is Action.WRITE and not (isinstance(change, TargetChange) and change.new):
        sign, role = "~", "changed"
    return sign, role, change.path, str(change.reason), change.detail


def _is_worth_a_line(change: Change) -> bool:
    return bool(change.detail)


def findings(change: Change, paint: Paint) -> list[str]:
    """Return what is wrong with a translation or its strings: a line with rule, line and key for each."""
    if not isinstance(change, TargetChange):
        return []
    if change.action is Action.IMPORT and change.overrides:
        pairs = change.overrides.items()
        return [f"      {escape(key)}: {escape(old)} → {escape(new)}" for key, (old, new) in pairs]
    found = list(dict.fromkeys(change.findings))
    # Of a file that is written, each bad string is named; of one that is not, the first ones show why.
    most = _MOST if change.action is Action.HOLD else len(found)
    lines = [f"      {_finding(finding, paint)}" for finding in found[:most]]
    more = len(found) - most
    return [*lines, f"      … and {more} more"] if more > 0 else lines


def _overrides(change: Change) -> bool:
    """Whether an import replaces texts that are shown with it."""
    return isinstance(change, TargetChange) and bool(change.overrides)


def kept(changes: Sequence[Change], shown: Sequence[Change]) -> Iterable[str]:
    """Return the changes that are not SHOWN, counted by reason."""
    # By identity: to compare each change with all that are shown takes too long for many files.
    shown_ids = {id(change) for change in shown}
    hidden = Counter(change.reason.counted for change in changes if id(change) not in shown_ids)
    noun = "target" if changes and isinstance(changes[0], TargetChange) else "source"
    return [f"{count(number, noun)} {reason}" for reason, number in sorted(hidden.items())]


def import_findings(plan: Plan, paint: Paint) -> list[str]:
    """Return the strings that an import leaves out, each with its place; errors first."""
    if plan.direction != "import":
        return []
    found: list[tuple[str, Finding]] = []
    for change in plan.changes:
        # What is wrong with a held file is shown below its own line.
        if isinstance(change, TargetChange) and change.action is not Action.HOLD:
            found += [(change.path, finding) for finding in change.findings]
    found.sort(key=lambda pair: (pair[1].severity, pair[0], pair[1].line))
    return finding_lines(found, paint)


def finding_lines(found: Sequence[tuple[str, Finding]], paint: Paint) -> list[str]:
    """Return findings by path as lines."""
    return [_finding_line(path, finding, paint) for path, finding in found]


def _finding_line(path: str, finding: Finding, paint: Paint) -> str:
    place = f"{escape(path)}:{finding.line}" if finding.line else escape(path)
    key = f" ({escape(finding.key)})" if finding.key and finding.key not in finding.message else ""
    return f"{paint(finding.severity, finding.severity)}: {place}: {escape(finding.message)}{key}"


def several(changes: Iterable[Change]) -> bool:
    """Whether CHANGES are of more than one project."""
    return len({change.project for change in changes}) > 1


def tables(changes: Sequence[Change], paint: Paint, *, imports: bool = False) -> list[str]:
    """Return CHANGES as lines: one table, or one for each project under its name.

    Of IMPORTS only what is held back as a whole has its findings here: most of these changes have no line.
    """
    if not several(changes):
        return _explained(changes, paint, imports=imports)
    lines = []
    for project in sorted({change.project for change in changes}):
        lines.append(f"{escape(project)}:")
        lines += _explained(
            [change for change in changes if change.project == project], paint, imports=imports
        )
    return lines


def _explained(changes: Sequence[Change], paint: Paint, *, imports: bool) -> list[str]:
    """Return a table with the findings of a change below its line, which does not repeat them."""
    lines: list[list[str]] = []
    for change in changes:
        # What an import leaves out of a file that it sends is listed with all findings, after the table.
        is_listed_later = imports and change.action is not Action.HOLD and not _overrides(change)
        lines.append([] if is_listed_later else findings(change, paint))
    rows = [_brief(change) if found else row(change) for change, found in zip(changes, lines, strict=True)]
    pairs = zip(table(rows, paint), lines, strict=True)
    return list(chain.from_iterable((head, *found) for head, found in pairs))


def _brief(change: Change) -> tuple[str, str, str, str, str]:
    """Return a row without what its findings say below: rules and keys."""
    sign, role, path, reason, detail = row(change)
    if isinstance(change, TargetChange) and change.held:
        stays = change.detail.rpartition("): ")[2] if "): " in change.detail else ""
        strings = f"{count(len(change.held), 'string')} held back"
        return sign, role, path, reason, f"{strings}: {stays}" if stays else strings
    return sign, role, path, reason, "" if change.action is Action.HOLD else detail


def _finding(finding: Finding, paint: Paint) -> str:
    line = f" line {finding.line}" if finding.line else ""
    key = f" (key {escape(finding.key)})" if finding.key and finding.key not in finding.message else ""
    return (
        f"{paint(finding.severity, finding.severity)}[{finding.rule}]{line}: {escape(finding.message)}{key}"
    )


_WIDEST = 60
"""A path that is longer moves its own line alone."""


def table(rows: Sequence[tuple[str, str, str, str, str]], paint: Paint) -> list[str]:
    """Return rows of `row` as aligned lines."""
    paths = min(max((cells(escape(row[2])) for row in rows), default=0), _WIDEST)
    reasons = max((cells(row[3]) for row in rows), default=0)
    lines = []
    for sign, role, path, reason, detail in rows:
        why = paint(pad(reason, reasons) if detail else reason, role)
        lines.append(f"  {paint(sign, role)} {pad(escape(path), paths)}  {why}  {escape(detail)}".rstrip())
    return lines


def markdown(plan: Plan) -> str:
    """Return the plan as GitHub Markdown; every name is in a code span that it cannot leave."""
    lines = [f"### {cell(verdict(plan))}", "", *markdown_table((*plan.work, *plan.refused))]
    lines += [f"- {words}" for words in kept(plan.changes, (*plan.work, *plan.refused))]
    lines += [f"- On the TMS, no longer here (kept): {code(orphan.uri)}" for orphan in plan.orphans]
    lines += [f"- {cell(update)}" for update in chain.from_iterable(open_job(job) for job in plan.jobs)]
    lines += [f"- {cell(price)}" for price in prices(plan)]
    lines += [f"- {cell(notice)}" for notice in (*backlog(plan), *plan.notices)]
    return "\n".join(lines).rstrip() + "\n"


def markdown_table(changes: Sequence[Change]) -> list[str]:
    """Return CHANGES as a table and an empty line; with a column for the project where there are several."""
    if not changes:
        return []
    named = several(changes)
    lines = [f"| | {'Project | ' if named else ''}File | Reason | |", "|---|---|---|---|" + "---|" * named]
    for change in changes:
        sign, _role, path, reason, detail = row(change)
        project = f" {cell(change.project)} |" if named else ""
        lines.append(f"| {sign} |{project} {code(path)} | {reason} | {cell(detail)} |")
    return [*lines, ""]


def diff_block(diff: str) -> str:
    """Return a unified diff as a fenced block that it cannot leave."""
    fence = "```"
    while fence in diff:
        fence += "`"
    return f"{fence}diff\n{diff}\n{fence}"


_ENTITIES = {ord(char): f"&#{ord(char)};" for char in "&\\`*_[]<>|@#"}


def cell(value: str) -> str:
    """Return TEXT without anything that Markdown, HTML or a mention could be made of."""
    return escape(value).translate(_ENTITIES)


def code(value: str) -> str:
    """Return VALUE as a code span of HTML, which it cannot leave."""
    return f"<code>{cell(value)}</code>"
