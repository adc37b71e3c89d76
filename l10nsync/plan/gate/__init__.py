"""Whether translations may be released: complete, fresh and valid; with waivers and a baseline. Pure.

`judge` holds what is known against a gate of the manifest. What is missing (no status, no plan of a pull) is
not judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from l10nsync.homes import at_home

if TYPE_CHECKING:
    # Names of one module share a line.
    # isort: off
    from l10nsync.plan.gate.blockers import chosen as chosen, finding_key as finding_key
    from l10nsync.plan.gate.values import (
        Baseline as Baseline,
        GateCheck as GateCheck,
        GateFacts as GateFacts,
        Judgement as Judgement,
        Obstacle as Obstacle,
    )
    from l10nsync.plan.gate.verdict import judge as judge
    from l10nsync.plan.gate.waivers import baseline_of as baseline_of, waiver_name as waiver_name

_HOMES = {
    "blockers": (
        "chosen",
        "finding_key",
    ),
    "values": (
        "Baseline",
        "GateCheck",
        "GateFacts",
        "Judgement",
        "Obstacle",
    ),
    "verdict": ("judge",),
    "waivers": (
        "baseline_of",
        "waiver_name",
    ),
}
"""What is shown here, by its module; the same as above, for those who run it."""
__getattr__ = at_home(__name__, _HOMES)
