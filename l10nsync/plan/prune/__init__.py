"""Which files on the TMS a prune deletes: orphans, or what merged and gone branches left there. Pure.

Nothing is deleted that is not this repository's. A project may be shared, so a file counts as ours only if a
push from here sent it, or if its path is in our history and its content, or its branch, is also known here.
Nothing is deleted either that somebody still needs: see `needed`.
"""

from l10nsync.plan.prune.facts import BranchFacts, PruneFacts
from l10nsync.plan.prune.planner import plan_prune
from l10nsync.plan.prune.safeguards import doubt_of, over_limit

__all__ = ["BranchFacts", "PruneFacts", "doubt_of", "over_limit", "plan_prune"]
