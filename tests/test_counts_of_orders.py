"""Counts of a file of which the service tells a percentage and nothing else."""

from __future__ import annotations

from l10nsync.model import LocaleCounts
from l10nsync.plan.counts import Counts, scaled

OWN = Counts(strings=10, words=33, unauthorized_strings=10, unauthorized_words=33)


def test_a_percentage_is_that_share_of_our_own_words() -> None:
    """What was ordered is in translation, what was not is waiting; only 100 % leaves nothing."""
    half = scaled(OWN, LocaleCounts(percent=50, state="inProgress"))
    assert (half.published_words, half.in_translation_words, half.unauthorized_words) == (16, 17, 0)
    assert not half.complete
    never = scaled(OWN, LocaleCounts())
    assert (never.completion, never.in_translation_words, never.unauthorized_words) == (0, 0, 33)
    done = scaled(OWN, LocaleCounts(percent=100, state="completed"))
    assert (done.complete, done.completion, done.left_words) == (True, 100, 0)
