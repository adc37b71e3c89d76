"""What was sent of pictures and pages, and which there are, as text. What others wrote is always escaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Protocol

from l10nsync.plan.contexts import ContextStep, OurContext
from l10nsync.render.paint import Paint, count, escape, plain

_SIGNS = {
    "planned": ("+", "changed"),
    "sent": ("+", "new"),
    "matched": ("~", "changed"),
    "bound": ("~", "changed"),
    "unchanged": ("=", "dim"),
    "failed": ("!", "error"),
}
_PLANNED = {"send": "to send", "match": "to search for strings again", "bind": "to bind again"}
_DONE = {"sent": "sent", "matched": "searched again", "bound": "bound again", "unchanged": "is there"}


class ShownResult(Protocol):
    """One picture or page, and what became of it."""

    @property
    def step(self) -> ContextStep:
        """What was planned."""

    @property
    def status(self) -> str:
        """`planned`, `sent`, `matched`, `bound`, `unchanged` or `failed`."""

    @property
    def bound(self) -> int:
        """Strings that were bound."""

    @property
    def error(self) -> Exception | None:
        """Why it failed."""


def push(
    results: Sequence[ShownResult], missing: Sequence[str], paint: Paint = plain, *, dry_run: bool = False
) -> str:
    """Return the result of a `context push` for a person; the first line counts."""
    lines = [paint(_verdict(results, dry_run=dry_run), "strong")]
    lines += chain.from_iterable(_result(result, paint) for result in results)
    if missing:
        named = ", ".join(escape(path) for path in missing[:3]) + (" …" if len(missing) > 3 else "")
        warning = f"{count(len(missing), 'source')} not on the service yet, so not searched: {named}"
        lines.append(paint(warning, "warning"))
    return "\n".join(lines)


def _verdict(results: Sequence[ShownResult], *, dry_run: bool) -> str:
    statuses = Counter(result.status for result in results)
    there, failed = statuses["unchanged"], statuses["failed"]
    sent, bound = statuses["sent"], f"; {count(sum(result.bound for result in results), 'string')} bound"
    if dry_run:
        sent, bound = sent + [result.step.action for result in results].count("send"), ""
    again = len(results) - sent - there - failed
    parts = [f"{sent} {'to send' if dry_run else 'sent'}", f"{there} already there"]
    if again:
        parts.append(f"{again} {'to continue' if dry_run else 'continued'}")
    if failed:
        parts.append(f"{failed} failed")
    return f"{_files(len(results))}: {', '.join(parts)}{bound}."


def _files(number: int) -> str:
    return f"{number} {'picture or page' if number == 1 else 'pictures and pages'}"


def _result(result: ShownResult, paint: Paint) -> list[str]:
    sign, role = _SIGNS[result.status]
    if result.status == "failed":
        error = result.error
        outcome = f"failed: {getattr(error, 'message', error) or 'not tried'}"
    elif result.status == "planned":
        outcome = _PLANNED[result.step.action]
    else:
        outcome = _DONE[result.status]
        outcome += f", {count(result.bound, 'string')} bound" if result.status != "unchanged" else ""
    lines = [f"  {paint(sign, role)} {escape(result.step.path)}  {escape(outcome)}"]
    return lines + [f"      the same: {escape(path)}" for path in result.step.also]


def listing(found: Sequence[OurContext], title: str = "on the service", paint: Paint = plain) -> str:
    """Return contexts for a person; the first line counts them."""
    lines = [paint(f"{_files(len(found))} {title}.", "strong")]
    for ours in found:
        about = f"{ours.context.kind} {ours.context.created[:10]} {ours.context.uid}"
        lines.append(f"  {escape(ours.path)}  {escape(about)}")
    return "\n".join(lines)


def deleted(found: Sequence[OurContext], errors: Mapping[str, str], paint: Paint = plain) -> str:
    """Return what was deleted; ERRORS says by uid why one was not."""
    gone = len(found) - len(errors)
    lines = [paint(f"{_files(gone)} deleted{f', {len(errors)} not' if errors else ''}.", "strong")]
    for ours in found:
        why = errors.get(ours.context.uid)
        sign = paint("!", "error") if why else paint("-", "changed")
        lines.append(f"  {sign} {escape(ours.path)}{f'  {escape(why)}' if why else ''}")
    return "\n".join(lines)
