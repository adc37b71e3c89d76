"""Names that somebody could wish a file had: escapes, git's own files, devices, invisible letters."""

from __future__ import annotations

from collections.abc import Iterator

# After git's own tests of confusing trees (t1014), and what file systems make of a name.
_GIT = (
    ".git", ".GIT", ".Git", ".git ", ".git.", ".git...", ".git\u200c", ".g\u200cit", ".gi\u200dt",
    "\u200e.git", "git~1", "GIT~1", "GIT~2", ".git::$INDEX_ALLOCATION", ".git:x", ".git...:alternate-stream",
    ".gitmodules", ".GITMODULES", "gitmod~1", "GI7EBA~1", ".gitattributes", ".gitignore", ".mailmap",
    ".l10n.yml", ".L10N.YML", ".l10nignore",
)  # fmt: skip
_STEPS = (
    "..",
    ".",
    "",
    "...",
    ".. ",
    ". .",
    "..\u200b",
    "%2e%2e",
    "..%2f",
    "..%00",
    "..\\..",
    "~",
    "~root",
    "$HOME",
)
_WINDOWS = (
    "con", "CON", "con.json", "nul", "aux.txt", "prn", "com1", "lpt9.json", "a:b", "a.", "a ", "a<b", "a>b",
    'a"b', "a|b", "a?b", "a*b", "C:", "C:\\x", "c:/x", "\\\\server\\share", "//server/share", "x::$DATA",
    "CONIN$",
)  # fmt: skip
_STRANGE = (
    "a\nb", "a\rb", "a\tb", "a\x00b", "a\x1bb", "a\x7fb", "a\u2028b", "a\u202eb", "\ufeffa", "a" * 300,
    "é" * 200, "-rf", "--force", "`x`", "$(x)", "%s", "a;b", "a&b", "{locale}",
)  # fmt: skip
_TALKING = (
    "::add-mask::x", "x\n::stop-commands::t", "%0A::error::x", "](https://evil.example)",
    "![x](//evil.example)", "<img src=x>", "</code><script>", "@team", "#1", "|x|", "```", "`x`",
    "<!-- l10nsync:plan key=default -->", "&lt;b&gt;", "\x1b[31mred", "\x9b31m", "\u2066x\u2069",
)  # fmt: skip
"""What a log, a page or a comment could take for more than a name."""
_ROOTED = ("/etc/passwd", "/tmp/x", "//x", "/", "\\x")  # noqa: S108 - never opened


def names() -> Iterator[str]:
    """Yield several hundred names, each once."""
    parts = (*_GIT, *_STEPS, *_WINDOWS, *_STRANGE, *_TALKING)
    found: dict[str, None] = dict.fromkeys(_ROOTED)
    for part in parts:
        found |= dict.fromkeys((part, f"{part}/x.json", f"a/{part}", f"a/{part}/x.json", f"../{part}"))
    found |= dict.fromkeys(("a/../../x", "a/b/../../../x", ".github/workflows/x.yml", ".GitHub/Workflows/x"))
    yield from found
