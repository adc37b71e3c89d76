"""Which files a push renames, and whose namespace a new file takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from l10nsync.model import Source, fold
from l10nsync.plan.elsewhere import Elsewhere, elsewhere
from l10nsync.plan.lineage import Lineages
from l10nsync.plan.push_facts import PushFacts, project_of, strangers_of
from l10nsync.plan.renames import Move, Scene, helpful, moves, owners, remotes


@dataclass(frozen=True, slots=True)
class Renames:
    """What is renamed, and whose namespace a new file takes."""

    moves: tuple[Move, ...] = ()
    old: Mapping[str, str] = field(default_factory=dict)
    """Path of a source to the fileUri that its file still has on the TMS."""
    shares: Mapping[str, str] = field(default_factory=dict)
    """Path of a source to the fileUri of the file that it was, where that stays as it is."""
    helpful: frozenset[str] = frozenset()
    """fileUris whose content would tell more."""
    elsewhere: Elsewhere = field(default_factory=Elsewhere)
    """The files of other branches."""


def find_renames(facts: PushFacts, without: frozenset[str] = frozenset()) -> Renames:
    """Decide about renames as far as the facts go; WITHOUT names sources that shall not take part."""
    own = _scene(facts, without, own=True)
    asked = helpful(own)
    stays: dict[str, str] = {}
    if not facts.on_default:
        base = _scene(facts, without, own=False)
        asked |= helpful(base)
        stays = {
            path: uri for uri, path in owners(base).items() if fold(uri) != fold(base.sources[path].file_uri)
        }
    if not facts.abilities.rename:
        stays |= {move.path: move.old for move in moves(own) if move.path}
        return Renames(shares=stays, helpful=asked, elsewhere=_elsewhere(facts))
    found = moves(own)
    old: dict[str, str] = {}
    for move in found:
        old.setdefault(move.path, move.old)
    old.pop("", None)
    return Renames(found, old, stays, asked, _elsewhere(facts))


def _elsewhere(facts: PushFacts) -> Elsewhere:
    """Return the files of other branches, once it is known what a fileUri may stand for."""
    if not facts.elsewhere:
        return Elsewhere()
    return elsewhere(strangers_of(facts), facts.elsewhere, facts.blobs)


def _scene(facts: PushFacts, without: frozenset[str], *, own: bool) -> Scene:
    """Return the files among the fileUris of this branch itself, or among those of the default branch."""

    def uri(source: Source) -> str:
        return source.file_uri if own else source.default_uri or source.file_uri

    everything = [
        each
        for each in (*(facts.past or ()), *facts.sources)
        if each.project == project_of(facts) and (not own or _is_own(facts, each))
    ]
    return Scene(
        sources={
            each.path: replace(each, file_uri=uri(each))
            for each in everything
            if each.push and each.path in facts.blobs and each.path not in without
        },
        blobs=facts.blobs,
        remotes=remotes(
            facts.remote.files or {},
            {fold(uri(each)): each.path for each in everything}
            | {fold(each): path for path, each in facts.forced.items() if own},
            facts.memory,
            facts.remote.originals,
            next(iter(facts.blobs.values()), ""),
        ),
        lineages=facts.lineages or Lineages(),
        forced=facts.forced if own else {},
    )


def _is_own(facts: PushFacts, source: Source) -> bool:
    """Whether the fileUri belongs to this branch: another branch may still have the file elsewhere."""
    return facts.on_default or bool(source.default_uri)
