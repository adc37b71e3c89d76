"""Whose content a push would replace: ours, another branch's, or somebody else's. Pure.

A TMS keeps one content for a fileUri, and whatever comes last. So before a push replaces a content, its owner
has to be known: git's history shows it, or else what is known about the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class ContentOrigin:
    """Where git knows a content from."""

    past: bool = False
    """The history of HEAD held it: it is ours, and older."""
    newer: str = ""
    """Where the newer commit of this branch is that holds it, in words."""
    branch: str = ""
    """Another branch that held it, while the history of HEAD did not."""
    here: bool = False
    """This clone knows it in another way: our own branch held it before it was rewritten, say."""
    cut: bool = False
    """History is not whole here, and the remote was not asked for the rest."""
    obstacle: str = ""
    """Why the rest could not be had."""
    on_default: bool = False
    """HEAD is what the remote calls its default branch, though the manifest names another one."""


@dataclass(frozen=True, slots=True)
class ClaimGrounds:
    """What a repository has to say for itself where git is silent."""

    on_default: bool
    """HEAD is the default branch: what any branch has sent is the default branch's to replace."""
    branched: bool
    """The fileUri has the branch in it, so that no other branch can mean this file."""
    named: bool
    """The fileUri has the repository in it, so that no other repository can mean this file."""
    remembered: bool
    """A push from this clone sent it."""
    alike: bool
    """At least half of its strings are also ours."""
    jobs: bool | None
    """A job named after this repository holds the file; None: not asked."""


class OwnershipVerdict(StrEnum):
    """What may be done with a content, or what has to be known first."""

    OURS = "ours"
    ALIKE = "unknown, but similar"
    NEWER = "a newer commit's"
    SUPERSEDED = "another branch's"
    COLLISION = "somebody else's"
    UNTOLD = "owner not known"
    ASK_JOBS = "ask for its jobs"
    ASK_HISTORY = "ask for the whole history"


def judge(origin: ContentOrigin, claim: ClaimGrounds) -> OwnershipVerdict:
    """Return whose content it is; what costs nothing to know is asked first."""
    if origin.past:
        return OwnershipVerdict.OURS
    if origin.newer:
        return OwnershipVerdict.NEWER
    # Two branches push to one fileUri: the one that lacks what the other has sent would take it away.
    shared = not (claim.on_default or origin.on_default or claim.branched)
    if origin.branch:
        return OwnershipVerdict.SUPERSEDED if shared else OwnershipVerdict.OURS
    if origin.here or claim.remembered:
        return OwnershipVerdict.OURS
    # Of a branch that this clone lacks nothing can be seen in it, so the remote comes before all guesses.
    return OwnershipVerdict.ASK_HISTORY if shared and origin.cut else _unknown(origin, claim)


def _unknown(origin: ContentOrigin, claim: ClaimGrounds) -> OwnershipVerdict:
    """Return whose a content is that no history here knows."""
    if claim.named:
        return OwnershipVerdict.OURS
    if claim.alike:
        return OwnershipVerdict.ALIKE
    if claim.jobs is None:
        return OwnershipVerdict.ASK_JOBS
    if claim.jobs:
        return OwnershipVerdict.OURS
    if origin.cut:
        return OwnershipVerdict.ASK_HISTORY
    # "Nobody here knows it" is true only of the whole history.
    return OwnershipVerdict.UNTOLD if origin.obstacle else OwnershipVerdict.COLLISION


def refusal(verdict: OwnershipVerdict, origin: ContentOrigin) -> str:
    """Return why a content is not replaced, and every way out."""
    if verdict is OwnershipVerdict.NEWER:
        return (
            f"the TMS holds the content of a newer commit ({origin.newer}); push that one, or this one with"
            " --force"
        )
    if verdict is OwnershipVerdict.SUPERSEDED:
        return (
            f"the TMS holds content of branch {origin.branch!r} that this branch lacks: merge"
            f' {origin.branch}, or keep the two apart with `fileUri: "{{branch}}/{{path}}"`, or replace it'
            " with --accept-superseded"
        )
    if verdict is OwnershipVerdict.UNTOLD:
        return (
            "the TMS holds another content under this fileUri, and this clone lacks the history that shows"
            f" whose it is ({origin.obstacle}): clone the whole history (`fetch-depth: 0`), or replace the"
            " content with --accept-collision"
        )
    return (
        "the TMS holds another content under this fileUri, which this repository's history does not have:"
        ' if another repository sent it, keep the two apart with `fileUri: "{repo}/{path}"`; if a branch did'
        " that is deleted by now, replace it with --accept-collision"
    )
