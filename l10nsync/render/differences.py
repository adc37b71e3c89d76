"""What a pull changes, as a unified diff that `git apply` takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import unified_diff
from itertools import chain

from l10nsync.plan import Difference
from l10nsync.render.paint import Paint, escape, plain

_ROLES = {"+": "good", "-": "error", "@": "notice"}
_NO_NEWLINE = "\\ No newline at end of file"


def text(differences: Iterable[Difference], paint: Paint = plain) -> str:
    """Return the differences one after the other; empty if there are none."""
    return "\n".join(chain.from_iterable(_file(difference, paint) for difference in differences))


def _file(difference: Difference, paint: Paint) -> Iterator[str]:
    old, new = f"a/{difference.path}", f"b/{difference.path}"
    if difference.before is None or difference.after is None:
        yield escape(f"Binary files {'/dev/null' if difference.new else old} and {new} differ")
        return
    yield paint(escape(f"diff --git {old} {new}"), "strong")
    if difference.new:
        yield "new file mode 100644"
    if difference.before == difference.after:
        return  # only the encoding or its mark differs, not the text
    before, after = (_lines(text) for text in (difference.before, difference.after))
    made = unified_diff(before, after, "/dev/null" if difference.new else old, new, lineterm="\n")
    for line in made:
        head = line.startswith(("--- ", "+++ "))
        role = "strong" if head else _ROLES.get(line[:1], "")
        whole = line.removesuffix("\n")
        shown = _shown(whole)
        yield paint(shown, role) if role else shown
        if whole == line and not head:
            yield _NO_NEWLINE


def _lines(text: str) -> list[str]:
    """Split at line feeds alone, as git does; they stay."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _shown(line: str) -> str:
    """Return a line in which nothing can steer a terminal; tabs and a final carriage return stay."""
    end = "\r" if line.endswith("\r") else ""
    return "\t".join(escape(part) for part in line.removesuffix("\r").split("\t")) + end
