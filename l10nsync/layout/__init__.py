"""What a manifest means for the files of a repository. Pure: the list of tracked files is an argument.

`lay_out` answers for all files at once; `explain` says about one path which entry took it or why none
did. Rules: the first entry that matches a file has it; a translation of a source is never a source; a
translation whose source is gone is an orphan; what looks like one in an unnamed locale is refused.
"""

from __future__ import annotations

from l10nsync.layout.codes import CODES
from l10nsync.layout.core import Layout, TrackedTree, lay_out
from l10nsync.layout.explanation import Explanation, ResourceAnswer, explain
from l10nsync.layout.join import join_manifests, own_path

__all__ = [
    "CODES",
    "Explanation",
    "Layout",
    "ResourceAnswer",
    "TrackedTree",
    "explain",
    "join_manifests",
    "lay_out",
    "own_path",
]
