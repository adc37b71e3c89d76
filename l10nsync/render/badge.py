"""A status as a small badge: SVG that needs no font, no style sheet and no request."""

from __future__ import annotations

from l10nsync.plan import Status
from l10nsync.render.markup import tag

LABEL = "translated"
GRAY, RED, AMBER, GREEN, LABEL_COLOUR = "#5b6663", "#b3261e", "#8a5a00", "#0f766e", "#3a4442"
"""Backgrounds; white text is legible on each."""
_NARROW, _WIDE = frozenset("fijlrt.,:;|!' ()"), frozenset("mwMW%@—")
_MARGIN = 6


def badge(status: Status, label: str = LABEL) -> str:
    """Return an SVG that says how much of everything is published."""
    value, colour = _value(status)
    left, right = (_width(text) + 2 * _MARGIN for text in (label, value))
    shape = tag("rect", width=left + right, height=20, rx=3)
    picture = tag(
        "svg",
        tag("title", f"{label}: {value}"),
        tag("clipPath", shape, id="round"),
        tag(
            "g",
            tag("rect", width=left, height=20, fill=LABEL_COLOUR),
            tag("rect", x=left, width=right, height=20, fill=colour),
            clip_path="url(#round)",
        ),
        tag(
            "g",
            tag("text", label, x=_MARGIN, y=14, textLength=left - 2 * _MARGIN),
            tag("text", value, x=left + _MARGIN, y=14, textLength=right - 2 * _MARGIN),
            fill="#fff",
            font_family="Verdana,DejaVu Sans,sans-serif",
            font_size=11,
        ),
        xmlns="http://www.w3.org/2000/svg",
        width=left + right,
        height=20,
        role="img",
        aria_label=f"{label}: {value}",
    )
    return f"{picture}\n"


def _value(status: Status) -> tuple[str, str]:
    if not status.sources:
        return "no sources", GRAY
    done = status.counts.completion
    if status.complete:
        return "100 %", GREEN
    if done == 100:  # of what the TMS has, which is not what the repository has
        return "100 %, sources changed", AMBER
    return f"{done} %", AMBER if done >= 50 else RED


def _width(text: str) -> int:
    """Return about how wide a text is, in pixels; `textLength` makes it fit."""
    return round(sum(4.2 if char in _NARROW else 10.2 if char in _WIDE else 6.9 for char in text))
