"""Texts on pull requests: the comment with a plan, the body of the one that brings translations.

Everything shown may come from a stranger: names are put into code spans that they cannot leave, and the
comment is made from a plan's data as `schemas/plan.schema.json` describes it, never from Markdown.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from l10nsync.plan import Action, Report, TargetChange
from l10nsync.plan.questions import FoundQuestion
from l10nsync.render.paint import count
from l10nsync.render.plans import cell, code, counted_words

COMMENT_LIMIT = 60_000
"""Characters; GitHub takes 65,536."""
_MOST_ROWS = 200
_MOST_QUESTIONS = 20
_SIGNS = {"upload": "+", "block": "!", "hold": "!"}


@dataclass(frozen=True, slots=True)
class RunContext:
    """What a comment says about the run that made it."""

    version: str
    sha: str = ""
    run_url: str = ""
    branch: str = ""
    """Where the plan's result goes after the merge; empty where that is not to be said."""


def marker(key: str) -> str:
    """Return the first line of a comment, by which it is found again."""
    safe = "".join(char for char in key if char.isalnum() or char in "-_./ ")[:80].strip()
    return f"<!-- l10nsync:plan key={safe or 'default'} -->"


def plan_comment(
    data: Mapping[str, Any], key: str, context: RunContext, questions: Sequence[FoundQuestion] = ()
) -> str:
    """Return the comment for a plan of a push; DATA is the plan's JSON, QUESTIONS are on what it changes."""
    return f"{marker(key)}\n{plan_markdown(data, context, questions)}"


def plan_markdown(
    data: Mapping[str, Any], context: RunContext, questions: Sequence[FoundQuestion] = ()
) -> str:
    """Return a plan of a push as Markdown: verdict, files, what it means, what is in the way."""
    uploads = [row for row in data["changes"] if row["action"] == "upload"]
    blocked = [row for row in data["changes"] if row["action"] in {"block", "hold"}]
    lines = [f"### {_headline(uploads, blocked)}", ""]
    if uploads:
        lines += [*_upload_table(uploads), "", _meaning(uploads, context)]
    lines += _prices(data)
    if blocked:
        lines += ["", "> [!WARNING]", *map(_blocked_line, blocked[:_MOST_ROWS])]
    if orphans := data.get("orphans", []):
        shown = ", ".join(code(str(orphan["fileUri"])) for orphan in orphans[:10])
        lines += ["", f"On the TMS, no longer here (kept): {shown}{' …' if len(orphans) > 10 else ''}"]
    lines += _questions(questions)
    lines += ["", *[f"- {cell(str(notice))}" for notice in data.get("notices", [])]]
    lines += ["", _footer(data, context)]
    return _limited("\n".join(lines).replace("\n\n\n", "\n\n"))


def _upload_table(uploads: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = ["| | Resource | File | Strings | New | New words |", "|---|---|---|--:|--:|--:|"]
    lines += [_row(upload) for upload in uploads[:_MOST_ROWS]]
    if len(uploads) > _MOST_ROWS:
        lines.append(f"| | | … and {count(len(uploads) - _MOST_ROWS, 'file')} more | | | |")
    return lines


def _blocked_line(row: Mapping[str, Any]) -> str:
    path = _text(row, "source") or _text(row, "target")
    return f"> {code(path)}: {cell(_text(row, 'reason'))}{_detail(row)}"


def _questions(found: Sequence[FoundQuestion]) -> list[str]:
    """Return what translators ask about strings that are changed, each with its place."""
    if not found:
        return []
    lines = ["", "> [!NOTE]", "> Translators' questions about strings that change here:"]
    for question in found[:_MOST_QUESTIONS]:
        places = ", ".join(code(f"{spot.path}:{spot.line}" if spot.line else spot.path)
                           for spot in question.places)  # fmt: skip
        lines.append(f"> - #{cell(question.issue.number)} {places}: {cell(question.issue.text)}")
    if len(found) > _MOST_QUESTIONS:
        lines.append(f"> - and {len(found) - _MOST_QUESTIONS} more (`l10nsync questions list --changed`)")
    return lines


def _headline(uploads: Sequence[Mapping[str, Any]], blocked: Sequence[Mapping[str, Any]]) -> str:
    strings = sum(int(upload.get("newStrings", 0)) for upload in uploads)
    words = sum(int(upload.get("newWords", 0)) for upload in uploads)
    tail = f", {count(len(blocked), 'file')} blocked" if blocked else ""
    if not uploads:
        return f"Localization: nothing to send{tail}"
    return f"Localization: {count(strings, 'new string')}, {count(words, 'word')}{tail}"


def _row(change: Mapping[str, Any]) -> str:
    sign = "~" if change.get("lastUploaded") else "+"
    strings, new, words = (int(change.get(key, 0)) for key in ("strings", "newStrings", "newWords"))
    cells = (sign, cell(_text(change, "resource")), code(_text(change, "source")), strings, new, words)
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _meaning(uploads: Sequence[Mapping[str, Any]], context: RunContext) -> str:
    locales = sorted(
        {str(locale) for locale in chain.from_iterable(upload.get("locales", []) for upload in uploads)}
    )
    total = sum(int(upload.get("wordsToTranslate", 0)) for upload in uploads)
    when = f"After the merge into {code(context.branch)} this" if context.branch else "This"
    names = " ".join(code(locale) for locale in locales[:30]) + (" …" if len(locales) > 30 else "")
    where = f"{count(len(locales), 'locale')} ({names})"
    return f"{when} goes to {where}: at most **{count(total, 'word')}** in all."


def _prices(data: Mapping[str, Any]) -> list[str]:
    """Return what jobs cost, each with who says so; a plan without rates and estimates has none."""
    lines = [
        f"- Job {code(str(price['job']))}: at most **{_amount(price)}** for the content sent (own"
        " calculation, by the manifest's rates)"
        for price in data.get("ownPrices", [])
    ]
    lines += [
        f"- Job {code(str(estimate['job']))}: the service estimates at most **{_amount(estimate)}** for its"
        " content"
        for estimate in data.get("estimates", [])
    ]
    return ["", *lines] if lines else []


def _amount(price: Mapping[str, Any]) -> str:
    return cell(f"{price['amount']} {price['currency']}".strip() + counted_words(price))


def _footer(data: Mapping[str, Any], context: RunContext) -> str:
    base = data.get("base", "")
    parts = [f"l10nsync {cell(context.version)}"]
    parts.append(f"compared with {code(str(base))}" if base else "compared with the TMS")
    parts += [f'<a href="{context.run_url}">run</a>'] if context.run_url else []
    parts += [f"for {cell(context.sha[:7])}"] if context.sha else []
    return f"<sub>{' · '.join(parts)}</sub>\n"


def same_text(first: str, second: str) -> bool:
    """Whether two comments or bodies differ in nothing but the run that they link to."""
    return _without_run(first) == _without_run(second)


def _without_run(text: str) -> list[str]:
    return re.sub(r'<a href="[^"]*">run</a>', "", text).split()


def pull_body(
    report: Report, files: Mapping[str, bool], context: RunContext, *, above: str = "", notice: str = ""
) -> str:
    """Return the body of the pull request that brings FILES: path to whether it is a new one."""
    changes = [change for change in report.plan.changes if isinstance(change, TargetChange)]
    failed = report.failed
    written = [change for change in changes if change.path in files]
    lines = [above.strip(), ""] if above.strip() else []
    lines += [f"Translations published on the TMS: {count(len(written), 'file')}.", ""]
    lines += _counts(written, files)
    lines += _completion(changes)
    lines += _held(changes)
    lines += _corrected(changes)
    waiting = [change for change in changes if change.awaits]
    if waiting:
        lines += ["", f"Not included yet: {', '.join(_by_reason(waiting))}."]
    if failed:
        lines += ["", f"Could not be written: {count(len(failed), 'file')}; see the run."]
    lines += ["", f"> [!NOTE]\n> {notice}"] if notice else []
    run = f' · <a href="{context.run_url}">run</a>' if context.run_url else ""
    lines += ["", f"<sub>l10nsync {cell(context.version)}{run}</sub>"]
    return _limited("\n".join(lines) + "\n")


def _by_reason(changes: Iterable[TargetChange]) -> list[str]:
    found: dict[str, int] = defaultdict(int)
    for change in changes:
        found[str(change.reason)] += 1
    return [f"{number} {reason}" for reason, number in sorted(found.items())]


def _counts(written: Sequence[TargetChange], files: Mapping[str, bool]) -> list[str]:
    """Return a table of resources by locales with the numbers of new and changed files."""
    if not written:
        return []
    cells: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for change in written:
        cells[change.resource, change.locale][0 if files[change.path] else 1] += 1
    locales = sorted({locale for _resource, locale in cells})
    lines = [
        f"| Resource | {' | '.join(cell(locale) for locale in locales)} |",
        f"|---|{'--:|' * len(locales)}",
    ]
    for resource in sorted({resource for resource, _locale in cells}):
        row = [_plus(cells.get((resource, locale), [0, 0])) for locale in locales]
        lines.append(f"| {cell(resource)} | {' | '.join(row)} |")
    return lines


def _completion(changes: Sequence[TargetChange]) -> list[str]:
    """Return a table of how many files of each locale have a translation, and how many percent that is."""
    total: Counter[str] = Counter(change.locale for change in changes if change.locale)
    missing: Counter[str] = Counter(
        change.locale
        for change in changes
        if change.locale and (change.awaits or change.action in {Action.HOLD, Action.BLOCK})
    )
    if not total:
        return []
    lines = ["", "| Locale | Files translated | |", "|---|--:|--:|"]
    for locale, number in sorted(total.items()):
        done = number - missing[locale]
        lines.append(f"| {cell(locale)} | {done} of {number} | {100 * done // number} % |")
    return lines


def _plus(numbers: Sequence[int]) -> str:
    new, changed = numbers
    return " ".join(part for part in (f"+{new}" if new else "", f"~{changed}" if changed else "") if part)


def _held(changes: Sequence[TargetChange]) -> list[str]:
    held = [change for change in changes if change.action in {Action.HOLD, Action.BLOCK}]
    partly = [change for change in changes if change.held]
    strings = sum(len(change.held) for change in partly)
    lines = ["", "> [!WARNING]"] if held or partly else []
    lines += [f"> Held back (the old files were kept): {count(len(held), 'file')}."] if held else []
    lines += [f"> Held back (they do not fit their source): {count(strings, 'string')}."] if strings else []
    for change in [*held, *partly][:50]:
        lines += [f"> - {code(change.path)}: {cell(str(change.reason))}", *_finding_lines(change)]
    return lines


def _finding_lines(change: TargetChange) -> list[str]:
    """Return the first findings that hold a target or its strings back."""
    found = [finding for finding in change.findings if finding.severity == "error" or not change.held]
    return [
        f">   - {cell(finding.rule)} {code(finding.key)}: {cell(finding.message)}" for finding in found[:5]
    ]


def _corrected(changes: Sequence[TargetChange]) -> list[str]:
    """Return what was corrected in the repository, and what was changed on both sides, with what to do."""
    found = [change for change in changes if change.corrected or change.conflicts]
    if not found:
        return []
    lines = [
        "",
        "> [!NOTE]",
        "> Corrected in this repository: `l10nsync push --corrections` sends the correction to the TMS.",
    ]
    for change in found[:50]:
        if change.corrected:
            lines.append(f"> - {code(change.path)}: {_keys(change.corrected)}")
        if change.conflicts:
            lines.append(f"> - {code(change.path)}, changed on the TMS as well: {_keys(change.conflicts)}")
    return lines


def _keys(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - 10} more" if len(keys) > 10 else ""
    return ", ".join(code(key) for key in keys[:10]) + more


def _detail(change: Mapping[str, Any]) -> str:
    detail = _text(change, "detail")
    return f" ({cell(detail)})" if detail else ""


def _text(change: Mapping[str, Any], key: str) -> str:
    return str(change.get(key, ""))


def _limited(markdown: str) -> str:
    if len(markdown) <= COMMENT_LIMIT:
        return markdown
    return markdown[:COMMENT_LIMIT].rpartition("\n")[0] + "\n\n… cut here; the job summary has more.\n"
