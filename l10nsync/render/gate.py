"""What a gate says, as a verdict, as text, Markdown and JSON data."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from l10nsync.plan.gate import GateCheck, Judgement, Obstacle, waiver_name
from l10nsync.render import verification
from l10nsync.render.paint import Paint, count, escape, plain
from l10nsync.render.plans import cell

_MOST = 20
"""Obstacles of one check that are listed; the rest is counted."""
_LISTED: tuple[GateCheck, ...] = ("complete", "fresh", "questions")
"""Checks whose obstacles are listed; findings of `valid` are shown as diagnostics, with their lines."""


def verdict(found: Judgement) -> str:
    """Return the outcome in one sentence; it names what is wrong."""
    name = f"gate {found.gate.name}"
    if found.passed:
        parts = [count(len(found.locales), "locale"), count(len(found.resources), "resource")]
        if found.verification is not None and found.gate.valid:
            parts.append(count(len(found.verification.targets), "valid target"))
        parts += [f"{len(found.waived)} waived"] if found.waived else []
        parts += [f"{len(found.known)} known from the baseline"] if found.known else []
        parts += [f"commit {found.commit[:7]}"] if found.commit else []
        return f"{name}: passed ({', '.join(parts)})"
    return f"{name}: not passed: {'; '.join(_reasons(found))}"


def _reasons(found: Judgement) -> Iterator[str]:
    short = found.of("complete")
    if short:
        listed = [f"{escape(obstacle.locale)} {obstacle.message}" for obstacle in short[:4]]
        more = f" and {count(len(short) - 4, 'more locale')}" if len(short) > 4 else ""
        yield ", ".join(listed) + more
    fresh = found.of("fresh")
    if number := sum(1 for obstacle in fresh if obstacle.message.endswith("; push it")):
        yield f"{count(number, 'source')} not pushed"
    if number := sum(1 for obstacle in fresh if not obstacle.message.endswith("; push it")):
        yield f"{count(number, 'target')} not as published"
    broken = found.of("valid")
    if broken:
        yield f"{count(len(broken), 'error')} in {count(len({gap.path for gap in broken}), 'target')}"

    if asked := found.of("questions"):
        yield f"{count(len(asked), 'question')} not answered"


def text(found: Judgement, paint: Paint = plain) -> str:
    """Return the judgement for a person: the verdict, what is wrong, what was let through, what to do."""
    lines = [paint(verdict(found), "good" if found.passed else "error")]
    for check in _LISTED:
        rows = found.of(check)
        lines += [f"  {paint(f'{check:<8}', 'refused')}  {_row(row)}" for row in rows[:_MOST]]
        if len(rows) > _MOST:
            lines.append(f"  {check:<8}  … and {len(rows) - _MOST} more")
    lines += [
        paint(f"  {'waived':<8}  {_row(obstacle)}{_until(obstacle)}", "dim")
        for obstacle in found.waived[:_MOST]
    ]
    lines += [paint(f"  {'known':<8}  {_row(obstacle)}", "dim") for obstacle in found.known[:_MOST]]
    if found.verification and (number := len(found.verification.no_strings)):
        lines.append(f"{count(number, 'source')} {'has' if number == 1 else 'have'} no strings")
    lines += [paint(f"notice: {escape(notice)}", "notice") for notice in found.notices]
    if not found.passed and (hint := _hint(found)):
        lines.append(f"hint: {hint}")
    return "\n".join(lines)


def _row(obstacle: Obstacle) -> str:
    ended = ""
    if obstacle.waiver and obstacle.waiver.until:
        ended = f" [{escape(waiver_name(obstacle.waiver))} until {obstacle.waiver.until}]"
    if obstacle.check == "complete" and obstacle.counts:
        left = f"{obstacle.counts.left_words:,} of {obstacle.counts.words:,} words left"
        return f"{escape(obstacle.locale)}  {obstacle.message}  {left}{ended}"
    return f"{escape(obstacle.path)}  {escape(obstacle.message)}{ended}"


def _until(obstacle: Obstacle) -> str:
    return f": {escape(obstacle.waiver.reason)}" if obstacle.waiver and obstacle.waiver.reason else ""


def _hint(found: Judgement) -> str:
    fresh = found.of("fresh")
    if any(obstacle.message.endswith("; push it") for obstacle in fresh):
        return "`l10nsync push` sends what the TMS lacks; only then can it be translated."
    if any(obstacle.message.endswith("; pull it") for obstacle in fresh):
        return "`l10nsync pull` writes what is published; commit it."
    if found.of("complete"):
        return (
            "`l10nsync status` shows what is left; to allow it until a date, add it to `allow` of the gate."
        )
    if found.of("questions"):
        return "`l10nsync questions` shows them; `l10nsync questions answer NUMBER TEXT` answers one."
    return ""


def markdown(found: Judgement) -> str:
    """Return the judgement as GitHub Markdown."""
    lines = [f"### {cell(verdict(found))}", ""]
    if found.obstacles:
        lines += ["| check | locale | what | |", "|---|---|---|---|"]
        lines += [
            f"| {gap.check} | {cell(gap.locale)} | {cell(gap.path)} | {cell(gap.message)} |"
            for gap in found.obstacles[: 5 * _MOST]
        ]
        lines.append("")
    lines += [f"- waived: {cell(_row(obstacle) + _until(obstacle))}" for obstacle in found.waived]
    lines += [f"- {cell(notice)}" for notice in found.notices]
    return "\n".join(lines).rstrip() + "\n"


def data(found: Judgement, *, exit_code: int) -> dict[str, Any]:
    """Return the judgement as JSON-ready data; a superset of that of a verification."""
    base: dict[str, Any] = (
        verification.data(found.verification, exit_code=exit_code)
        if found.verification
        else {"schemaVersion": 1, "command": "verify", "exitCode": exit_code}
    )
    return base | {
        "passed": found.passed,
        "verdict": verdict(found),
        "gate": found.gate.name,
        "offline": found.offline,
        "completion": {locale: counts.completion for locale, counts in found.completion.items()},
        "obstacles": [_obstacle(obstacle) for obstacle in found.obstacles],
        "waived": [_obstacle(obstacle) for obstacle in found.waived],
        "known": [_obstacle(obstacle) for obstacle in found.known],
        "blockingLocales": sorted(
            set(chain.from_iterable(obstacle.locales for obstacle in found.obstacles)) - {"*", ""}
        ),
        "notices": list(found.notices),
    }


def _obstacle(obstacle: Obstacle) -> dict[str, Any]:
    values: dict[str, Any] = {
        "check": obstacle.check,
        "locale": obstacle.locale,
        "resource": obstacle.resource,
        "path": obstacle.path,
        "message": obstacle.message,
        "needed": obstacle.needed,
        "percent": obstacle.counts.completion if obstacle.counts else None,
        "wordsLeft": obstacle.counts.left_words if obstacle.counts else None,
        "until": obstacle.waiver.until if obstacle.waiver else "",
        "reason": obstacle.waiver.reason if obstacle.waiver else "",
    }
    kept = {"check", "locale", "message"}
    return {key: value for key, value in values.items() if key in kept or value not in ("", None, 0)}
