"""The sequence of every command: prepare (reads everything, changes nothing), then carry out.

`open_repository` reads the manifest and the work tree; `linked` connects to the projects. `prepare_push`
and `prepare_pull` ask the planner what it wants to know, let the providers answer, and make the plan;
`carry_out_push` and `carry_out_pull` hand it to the executor and remember what was learned.
"""

from __future__ import annotations

from l10nsync.app.check import (
    CODES,
    attributes_not_honoured,
    check_online,
    explain,
    unasked_questions,
    unreadable_sources,
    untracked_matches,
)
from l10nsync.app.links import Connect, Link, linked
from l10nsync.app.offline import prepare_offline
from l10nsync.app.prune import (
    PreparedPrune,
    PruneRequest,
    carry_out_prune,
    check_prune,
    listed_before,
    prepare_prune,
    remember_list,
    with_refusal,
)
from l10nsync.app.pull import (
    PreparedPull,
    PullOptions,
    carry_out_pull,
    check_keep_folder,
    differences,
    keep_invalid,
    prepare_pull,
)
from l10nsync.app.push import PreparedPush, carry_out_push, check_allowed, prepare_push
from l10nsync.app.push_facts import PushRequest
from l10nsync.app.rename import prepare_rename, source_to_rename
from l10nsync.app.repository import (
    MANIFEST_NAME,
    Repository,
    Settings,
    open_repository,
)
from l10nsync.app.saved_plans import check_saved
from l10nsync.app.status import StatusRequest, prepare_status
from l10nsync.app.untracked import untracked_notice, untracked_sources

__all__ = [
    "CODES",
    "MANIFEST_NAME",
    "Connect",
    "Link",
    "PreparedPrune",
    "PreparedPull",
    "PreparedPush",
    "PruneRequest",
    "PullOptions",
    "PushRequest",
    "Repository",
    "Settings",
    "StatusRequest",
    "attributes_not_honoured",
    "carry_out_prune",
    "carry_out_pull",
    "carry_out_push",
    "check_allowed",
    "check_keep_folder",
    "check_online",
    "check_prune",
    "check_saved",
    "differences",
    "explain",
    "keep_invalid",
    "linked",
    "listed_before",
    "open_repository",
    "prepare_offline",
    "prepare_prune",
    "prepare_pull",
    "prepare_push",
    "prepare_rename",
    "prepare_status",
    "remember_list",
    "source_to_rename",
    "unasked_questions",
    "unreadable_sources",
    "untracked_matches",
    "untracked_notice",
    "untracked_sources",
    "with_refusal",
]
