"""The problems that a layout can have: code to explanation, for `l10nsync explain E204`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CODES: Mapping[str, str] = MappingProxyType(
    {
        "E201": (
            "A pattern is malformed. Source patterns are globs like git's `:(glob)`; targets, fileUris and "
            "namespaces have the same wildcards and placeholders in braces. The caret marks the place."
        ),
        "E202": (
            "A target, fileUri or namespace does not fit its source pattern. Its n-th wildcard takes what "
            "the n-th wildcard of the source matched, so both must be of one kind; `{2}` names one "
            "explicitly."
        ),
        "E203": (
            "A source pattern gives no source. Only tracked files count: a file that was never added to "
            "git is not seen, nor are symlinks, submodules and LFS pointers. `optional: true` allows an "
            "empty pattern."
        ),
        "E204": (
            "Two translations would be written to one file, so that the last one would win. Most often "
            "the target lacks `{locale}`, or drops a wildcard that distinguishes two sources. Paths that "
            "differ only by case or Unicode form count as one, because some file systems cannot hold "
            "both."
        ),
        "E205": (
            "A translation would be written over a source file. That is allowed only for types that hold "
            "all locales in one file, where the target is the source itself."
        ),
        "E206": (
            "A target path must not be written: it would leave the repository, change how git or a "
            "workflow behaves, or cannot exist on some system that the repository is checked out on."
        ),
        "E207": (
            "Two sources of one project have the same fileUri, so that one would replace the other. The "
            "service compares fileUris without regard to case. Use `{path}`, or keep the part that"
            " distinguishes them."
        ),
        "E208": (
            "The service accepts at most 512 characters in a fileUri. `{path:trim}` in the rule drops leading"
            " "
            "folders until it fits; the file's name always stays."
        ),
        "E209": (
            "The source locale is among the target locales. Its translation would be the source itself; "
            "use `copies` to write the source under further names."
        ),
        "E210": "The service does not have this fileType. Case and `_` do not matter in its name.",
        "E211": "The file's type cannot be recognized from its name. Set it with `fileType`.",
        "E212": (
            "A file that a source pattern takes looks like a translation into a locale that the manifest "
            "does not name. Uploading it as a source would have it translated once more, and paid for. "
            "Name the locale, exclude the file, or include it if it really is a source."
        ),
        "E213": (
            "The fileUri has `{branch}`, but this run has no branch: HEAD is detached or a tag is checked "
            "out, and no CI variable names one. Give `--branch`, or set `L10NSYNC_BRANCH`."
        ),
        "E214": (
            "A target lies behind a symlink or in a submodule, which would be written outside of what "
            "this repository tracks."
        ),
        "E215": (
            "A locale id is malformed. Ids consist of at most 35 letters, digits and `-`; `all` and lists"
            " have another meaning in requests."
        ),
        "E216": (
            "A local name cannot be part of a path: it is empty, or has an empty part, `.`, `..`, a "
            "backslash or a control character."
        ),
        "E217": "The target has `{region}`, but the locale has none. Give it a local name, use `{locale}`.",
        "E218": "The name of a source has control characters or is not UTF-8: it cannot be a fileUri.",
        "E219": "One path would have to be both a file and a folder.",
        "E220": (
            "The fileUri or the namespace has `{repo}`, but this clone has no remote `origin` whose address "
            "gives the repository its name. The name of the folder does not count, since it may differ in"
            " every clone."
        ),
        "E221": (
            "A file that holds all locales (a String Catalog, a table with a column for each) belongs to a "
            "project whose provider delivers one document for each language, or a file is of a type that the"
            " provider does not support. It could be neither sent nor pulled."
        ),
        "W251": (
            "As in git, stars within a name count as one star: they do not cross folders. For files in "
            "all folders below write `**/*.json`, with `**` alone between its slashes."
        ),
        "W252": (
            "Every file that this pattern matches already belongs to an earlier resource. First match wins."
        ),
        "W253": "An `include` pattern names no file that the resource's source patterns match.",
        "W254": (
            "A path that a source pattern matches is not a regular file (a symlink, a submodule or an LFS "
            "pointer) and is left out."
        ),
    }
)
