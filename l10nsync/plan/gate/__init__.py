"""Whether translations may be released: complete, fresh and valid; with waivers and a baseline. Pure.

`judge` holds what is known against a gate of the manifest. What it is not told (no status, no plan of a
pull) it does not judge.
"""

from l10nsync.plan.gate.blockers import chosen, finding_key
from l10nsync.plan.gate.values import Baseline, GateCheck, GateFacts, Judgement, Obstacle
from l10nsync.plan.gate.verdict import judge
from l10nsync.plan.gate.waivers import baseline_of, waiver_name

__all__ = [
    "Baseline",
    "GateCheck",
    "GateFacts",
    "Judgement",
    "Obstacle",
    "baseline_of",
    "chosen",
    "finding_key",
    "judge",
    "waiver_name",
]
