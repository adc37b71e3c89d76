"""Which files a push renames, and whose namespace a new file takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from l10nsync.model import Sent, Source, fold
from l10nsync.plan.elsewhere import Elsewhere, elsewhere
from l10nsync.plan.lineage import Lineages
from l10nsync.plan.push_facts import PushFacts, has_gone, project_of, strangers_of
from l10nsync.plan.renames import Move, Scene, base_of, blob_id, helpful, moves, owners, remotes
from l10nsync.plan.strings import same_content

COMPARE_AT_MOST = 50
"""Earlier contents of one path that are compared with what the service hands back."""


@dataclass(frozen=True, slots=True)
class Renames:
    """What is renamed, and whose namespace a new file takes."""

    moves: tuple[Move, ...] = ()
    old: Mapping[str, str] = field(default_factory=dict)
    """Path of a source to the fileUri that its file still has on the TMS."""
    vacated: frozenset[str] = frozenset()
    """fileUris, folded, that a file leaves."""
    shares: Mapping[str, str] = field(default_factory=dict)
    """Path of a source to the fileUri of the file that it was, where that stays as it is."""
    helpful: frozenset[str] = frozenset()
    """fileUris whose content would tell more."""
    elsewhere: Elsewhere = field(default_factory=Elsewhere)
    """The files of other branches."""
    blobs: frozenset[str] = frozenset()
    """Blob ids whose content would tell more."""
    promises: Mapping[str, Sequence[Sent]] = field(default_factory=dict)
    """Path to what interrupted renames were to keep of the files that had it."""
    has_gone: bool = False
    """Whether a file may have lost its source: see `push_facts.has_gone`."""


def find_renames(facts: PushFacts, without: frozenset[str] = frozenset()) -> Renames:
    """Decide about renames as far as the facts go; WITHOUT names sources that shall not take part."""
    own = _scene(facts, without, own=True)
    asked = helpful(own)
    blobs = _doubtful(facts, own=True)
    stays: dict[str, str] = {}
    if not facts.on_default:
        base = _scene(facts, without, own=False)
        asked |= helpful(base)
        blobs |= _doubtful(facts, own=False)
        stays = {
            path: uri for uri, path in owners(base).items() if fold(uri) != fold(base.sources[path].file_uri)
        }
    common = Renames(
        shares=stays,
        helpful=asked,
        elsewhere=_elsewhere(facts),
        blobs=blobs,
        promises=_promises(facts),
        has_gone=has_gone(facts),
    )
    if not facts.abilities.rename:
        return replace(common, shares=stays | {move.path: move.old for move in moves(own) if move.path})
    found = moves(own)
    old: dict[str, str] = {}
    for move in found:
        old.setdefault(move.path, move.old)
    old.pop("", None)
    return replace(common, moves=found, old=old, vacated=frozenset(fold(move.old) for move in found))


def _promises(facts: PushFacts) -> Mapping[str, Sequence[Sent]]:
    found: dict[str, list[Sent]] = {}
    for each in facts.memory.values():
        if not each.last_uploaded:
            found.setdefault(each.path, []).append(each)
    return found


def _elsewhere(facts: PushFacts) -> Elsewhere:
    """Return the files of other branches, once it is known what a fileUri may stand for."""
    if not facts.elsewhere:
        return Elsewhere()
    return elsewhere(strangers_of(facts), facts.elsewhere, facts.blobs)


def _scene(facts: PushFacts, without: frozenset[str], *, own: bool) -> Scene:
    """Return the files among the fileUris of this branch itself, or among those of the default branch."""
    everything = _within(facts, own=own)
    return Scene(
        sources={
            each.path: each
            for each in everything.values()
            if each.push and each.path in facts.blobs and each.path not in without
        },
        blobs=facts.blobs,
        remotes=remotes(
            facts.remote.files or {},
            {key: each.path for key, each in everything.items()}
            | {fold(each): path for path, each in facts.forced.items() if own},
            facts.memory,
            {key: _blob(facts, everything.get(base_of(key)), key) for key in facts.remote.originals},
        ),
        lineages=facts.lineages or Lineages(),
        forced=facts.forced if own else {},
    )


def _within(facts: PushFacts, *, own: bool) -> dict[str, Source]:
    """Return the sources, those of the past included, by their folded fileUris of one kind."""
    found: dict[str, Source] = {}
    for each in (*(facts.past or ()), *facts.sources):
        if each.project == project_of(facts) and (not own or _is_own(facts, each)):
            uri = each.file_uri if own else each.default_uri or each.file_uri
            found[fold(uri)] = each if uri == each.file_uri else replace(each, file_uri=uri)
    return found


# --- contents that the service hands back in another encoding ----------------------------------------------


def _blob(facts: PushFacts, source: Source | None, key: str) -> str:
    """Return git's id of what was read of a file: of the content that says the same, if the bytes differ."""
    original = facts.remote.originals[key]
    exact = blob_id(original, next(iter(facts.blobs.values()), ""))
    if source is None or not facts.lineages:
        return exact
    earlier = facts.lineages.contents(source.path)
    if exact in earlier:
        return exact
    contents = ((blob, facts.contents.get(blob)) for blob in sorted(earlier))
    same = (blob for blob, ours in contents if ours is not None and same_content(source, ours, original))
    return next(same, exact)


def _doubtful(facts: PushFacts, *, own: bool) -> frozenset[str]:
    """Return the blob ids of which one may be what a file says that was read, although no id fits."""
    if not (facts.lineages and facts.remote.originals):
        return frozenset()
    known, found = _within(facts, own=own), set[str]()
    for key in facts.remote.originals:
        source = known.get(base_of(key))
        if source is not None:
            earlier = facts.lineages.contents(source.path)
            if _blob(facts, source, key) not in earlier and len(earlier) <= COMPARE_AT_MOST:
                found |= earlier - facts.contents.keys()
    return frozenset(found)


def _is_own(facts: PushFacts, source: Source) -> bool:
    """Whether the fileUri belongs to this branch: another branch may still have the file elsewhere."""
    return facts.on_default or bool(source.default_uri)
