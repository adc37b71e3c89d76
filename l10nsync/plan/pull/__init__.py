"""What a pull does with every target, decided from what the repository and the TMS hold. Pure.

A target is looked at twice: once to see whether its translation has to come at all (`first_look`), and once
with it (`delivered`). A translation is written unless something here would be lost by it: uncommitted
changes, a translation that would become source text (`source_text`), a person's correction (`corrected`).
"""

from l10nsync.plan.pull.facts import LocalTarget, PullFacts
from l10nsync.plan.pull.planner import Decided, plan_pull
from l10nsync.plan.pull.target import Decision, wanted

__all__ = ["Decided", "Decision", "LocalTarget", "PullFacts", "plan_pull", "wanted"]
