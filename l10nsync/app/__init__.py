"""The sequence of every command: prepare (reads everything, changes nothing), then carry out.

`open_repository` reads the manifest and the work tree; `linked` connects to the projects. `prepare_push`
and `prepare_pull` ask the planner what it wants to know, let the providers answer, and make the plan;
`carry_out_push` and `carry_out_pull` hand it to the executor and remember what was learned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from l10nsync.homes import at_home

if TYPE_CHECKING:
    # Names of one module share a line.
    # isort: off
    from l10nsync.app.check import (
        CODES as CODES,
        attributes_not_honoured as attributes_not_honoured,
        check_online as check_online,
        explain as explain,
        unasked_questions as unasked_questions,
        unreadable_sources as unreadable_sources,
        untracked_matches as untracked_matches,
    )
    from l10nsync.app.links import Connect as Connect, Link as Link, linked as linked
    from l10nsync.app.offline import prepare_offline as prepare_offline
    from l10nsync.app.prune import (
        PreparedPrune as PreparedPrune,
        PruneRequest as PruneRequest,
        carry_out_prune as carry_out_prune,
        check_prune as check_prune,
        listed_before as listed_before,
        prepare_prune as prepare_prune,
        remember_list as remember_list,
        with_refusal as with_refusal,
    )
    from l10nsync.app.pull import (
        PreparedPull as PreparedPull,
        PullOptions as PullOptions,
        carry_out_pull as carry_out_pull,
        check_keep_folder as check_keep_folder,
        differences as differences,
        keep_invalid as keep_invalid,
        prepare_pull as prepare_pull,
    )
    from l10nsync.app.push import (
        PreparedPush as PreparedPush,
        carry_out_push as carry_out_push,
        check_allowed as check_allowed,
        prepare_push as prepare_push,
    )
    from l10nsync.app.push_facts import PushRequest as PushRequest
    from l10nsync.app.rename import prepare_rename as prepare_rename, source_to_rename as source_to_rename
    from l10nsync.app.repository import (
        MANIFEST_NAME as MANIFEST_NAME,
        Repository as Repository,
        Settings as Settings,
        open_repository as open_repository,
    )
    from l10nsync.app.saved_plans import check_saved as check_saved
    from l10nsync.app.status import StatusRequest as StatusRequest, prepare_status as prepare_status
    from l10nsync.app.untracked import (
        untracked_notice as untracked_notice,
        untracked_sources as untracked_sources,
    )

_HOMES = {
    "check": (
        "CODES",
        "attributes_not_honoured",
        "check_online",
        "explain",
        "unasked_questions",
        "unreadable_sources",
        "untracked_matches",
    ),
    "links": (
        "Connect",
        "Link",
        "linked",
    ),
    "offline": ("prepare_offline",),
    "prune": (
        "PreparedPrune",
        "PruneRequest",
        "carry_out_prune",
        "check_prune",
        "listed_before",
        "prepare_prune",
        "remember_list",
        "with_refusal",
    ),
    "pull": (
        "PreparedPull",
        "PullOptions",
        "carry_out_pull",
        "check_keep_folder",
        "differences",
        "keep_invalid",
        "prepare_pull",
    ),
    "push": (
        "PreparedPush",
        "carry_out_push",
        "check_allowed",
        "prepare_push",
    ),
    "push_facts": ("PushRequest",),
    "rename": (
        "prepare_rename",
        "source_to_rename",
    ),
    "repository": (
        "MANIFEST_NAME",
        "Repository",
        "Settings",
        "open_repository",
    ),
    "saved_plans": ("check_saved",),
    "status": (
        "StatusRequest",
        "prepare_status",
    ),
    "untracked": (
        "untracked_notice",
        "untracked_sources",
    ),
}
"""What is shown here, by its module; the same as above, for those who run it."""
__getattr__ = at_home(__name__, _HOMES)
