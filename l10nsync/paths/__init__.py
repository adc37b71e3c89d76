r"""Path patterns: match a source, render its targets, fileUri and namespace. Pure text.

A *source pattern* is an anchored glob over a whole path, as git's `:(glob)`::

    *       anything within a folder or name; takes as little as it can, from left to right
    ?       one character, not a slash (git: one byte)
    [a-z]   one character of a class; [!a] or [^a] negates, [[:digit:]] and its kind are known
    **      as a whole path part: any number of folders; at the end: everything below
    \       takes the next character as it is

A *template* (target, fileUri, namespace) has the same wildcards, of which the n-th takes what the n-th
wildcard of the source matched, `{2}` to name one, and placeholders such as `{dir}` and `{locale}`.
Here only, braces are special; `\{` is a brace. All paths are POSIX and relative.
"""

from __future__ import annotations

from l10nsync.paths.exclusions import Ignore
from l10nsync.paths.inverse import Inverse
from l10nsync.paths.safety import PART_LIMIT, unsafe
from l10nsync.paths.source_pattern import Capture, SourcePattern, compile_source
from l10nsync.paths.template import (
    LOCALE_STYLES,
    Baked,
    PathParts,
    Template,
    TemplateKind,
    bake,
    bind,
    compile_template,
    render,
    split,
)
from l10nsync.paths.tokens import PATTERN_LIMIT, Kind, PatternError, backslash_hint

__all__ = [
    "LOCALE_STYLES",
    "PART_LIMIT",
    "PATTERN_LIMIT",
    "Baked",
    "Capture",
    "Ignore",
    "Inverse",
    "Kind",
    "PathParts",
    "PatternError",
    "SourcePattern",
    "Template",
    "TemplateKind",
    "backslash_hint",
    "bake",
    "bind",
    "compile_source",
    "compile_template",
    "render",
    "split",
    "unsafe",
]
