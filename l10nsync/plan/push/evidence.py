"""What speaks for a namespace: the files on the TMS that this repository knows, and git's history. Pure.

Reading a file of the TMS costs a request, so only what can change a decision is read: the home of each source
that is sent; where that does not settle it, the files whose source is gone, then those of other branches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from l10nsync.model import ListedFile, Source, blob_id, fold
from l10nsync.plan.asking import decide_all, need
from l10nsync.plan.counts import counts_of
from l10nsync.plan.elsewhere import Elsewhere, elsewhere
from l10nsync.plan.lineage import Lineages
from l10nsync.plan.parked import base_of
from l10nsync.plan.push.facts import PushFacts
from l10nsync.plan.push.namespaces import COMMON, HeldFile, Placed, Unplaced
from l10nsync.plan.push.source import Comparison
from l10nsync.plan.strings import StringId, same_content, string_ids

READ_AT_MOST = 100
"""Files without a source that are read to find the strings of sources that have no home."""
COMPARE_AT_MOST = 50
"""Earlier contents of one path that are compared with what the service hands back in another encoding."""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file on the TMS, and the source that it stands for."""

    listed: ListedFile
    source: Source
    orphan: bool = False
    """It is this branch's or the default branch's, and no source of this commit has it."""
    other: bool = False
    """It is another branch's."""

    @property
    def path(self) -> str:
        """Path of the source."""
        return self.source.path


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that decides about namespaces."""

    unplaced: tuple[Unplaced, ...]
    placed: tuple[Placed, ...]
    files: tuple[HeldFile, ...]
    orphans: frozenset[str] = frozenset()
    """fileUris of those files that have no source any more."""
    held: Mapping[str, frozenset[StringId]] = field(default_factory=dict)
    """By namespace, what the files of this branch and of the default branch hold."""
    settled: Mapping[str, frozenset[StringId]] = field(default_factory=dict)
    """By namespace, what those files of other branches hold of which nothing waits for authorization."""
    beside: tuple[HeldFile, ...] = ()
    """Files without a source that decide nothing, and that are known without a request."""


def orphans_of(facts: PushFacts) -> tuple[KnownFile, ...]:
    """Return the files that this branch, or the default branch, has on the TMS and that have no source here.

    Also those that were parked, whatever source they stand for.
    """
    if not facts.strangers:
        return ()
    gone: dict[str, Source] = {}
    for source in facts.gone():
        if source.project == facts.project:
            for uri in (source.default_uri, source.file_uri):
                gone[fold(uri)] = source
    present = {fold(source.file_uri): source for source in facts.sources}
    found = []
    for listed in facts.strangers:
        key = fold(listed.uri)
        base = base_of(key)
        source_of = gone.get(base) or (present.get(base) if base != key else None)
        if source_of:
            found.append(KnownFile(listed, source_of, orphan=True))
    return tuple(found)


Staying = Callable[[frozenset[str]], Sequence[Placed]]
"""Returns the other sources of the commit that live in any of some namespaces."""


def gather(facts: PushFacts, moving: Sequence[Comparison], staying: Staying) -> Evidence:
    """Return what speaks for the namespaces of MOVING; STAYING tells of the other sources of the commit."""
    gathering = _Gathering(facts, moving)
    homes = gathering.homes
    known = [home for pair in homes.values() for home in pair if home]
    if gathering.open:
        known += gathering.others()
    files = decide_all(gathering.read, known)
    spaces = frozenset(file.namespace for file in files)
    return Evidence(
        tuple(decide_all(lambda found: gathering.unplaced(found, known), moving)),
        tuple(staying(spaces)),
        tuple(files),
        frozenset(file.listed.uri for file in known if file.orphan),
        _by_namespace(held for file, held in zip(known, files, strict=True) if not file.other),
        _by_namespace(
            held for file, held in zip(known, files, strict=True) if file.other and gathering.is_settled(file)
        ),
        tuple(gathering.beside({file.listed.uri for file in known})),
    )


def _by_namespace(files: Iterable[HeldFile]) -> Mapping[str, frozenset[StringId]]:
    found: dict[str, set[StringId]] = {}
    for file in files:
        found.setdefault(file.namespace, set()).update(file.strings)
    return {namespace: frozenset(strings) for namespace, strings in found.items()}


class _Gathering:
    """The sources that are sent, and the files that may hold their strings."""

    def __init__(self, facts: PushFacts, moving: Sequence[Comparison]) -> None:
        self.facts = facts
        self.moving = moving

    # --- home ---------------------------------------------------------------------------------------------

    @cached_property
    def homes(self) -> Mapping[str, tuple[KnownFile | None, KnownFile | None]]:
        """Path to the source's own file, and to the default branch's where there is no own one."""
        return {found.source.path: self._homes_of(found) for found in self.moving}

    def _homes_of(self, found: Comparison) -> tuple[KnownFile | None, KnownFile | None]:
        if found.listed:
            return KnownFile(found.listed, found.source), None
        default = self.facts.listed(found.source.default_uri) if found.source.default_uri else None
        return None, KnownFile(default, found.source) if default else None

    @cached_property
    def here(self) -> Mapping[str, int]:
        """Path to how many of the source's strings are in its home."""
        return dict(decide_all(self._here, self.moving))

    def _here(self, found: Comparison) -> tuple[str, int]:
        own, default = self.homes[found.source.path]
        home = own or default
        held = self.read(home).strings if home else frozenset()
        return found.source.path, len(found.strings.keys() & held)

    @cached_property
    def open(self) -> list[Comparison]:
        """The sources whose home holds less than half of them: their strings may be elsewhere."""
        return [found for found in self.moving if 2 * self.here[found.source.path] < len(found.strings)]

    # --- other files --------------------------------------------------------------------------------------

    @cached_property
    def orphans(self) -> tuple[KnownFile, ...]:
        """The files whose source is gone."""
        return orphans_of(self.facts)

    def others(self) -> list[KnownFile]:
        """Return the files beside the homes that have any string of a source that is not settled."""
        known = self._relevant(self._named_by_history())
        explained = self._explained(known)
        if any(found.source.path not in explained for found in self.open):
            known = self._relevant([*known, *self._readable(self.orphans)])
            explained = self._explained(known)
        held = set[StringId]().union(*(self._strings(file) for file in known))
        alone = [
            found
            for found in self.open
            if not any(self.homes[found.source.path]) and not held.issuperset(found.strings)
        ]
        if not (alone and self.facts.strangers):
            return known
        return known + self._of_other_branches(alone, explained)

    def beside(self, known: Collection[str]) -> list[HeldFile]:
        """Return the orphans whose contents an earlier push remembered, apart from those that are KNOWN."""
        left = [file for file in self.orphans if file.listed.uri not in known] if self.moving else []
        blobs = [
            (file, sent.blob) for file in left if (sent := self.facts.remembered(file.listed)) and sent.blob
        ]
        contents = decide_all(lambda pair: self.facts.content(pair[1]), blobs)
        here = [file for (file, _blob), content in zip(blobs, contents, strict=True) if content is not None]
        return decide_all(self.read, self._relevant(here) if here else [])

    def _named_by_history(self) -> list[KnownFile]:
        """Return, for each open source, the files of the latest path that it had and that is on the TMS."""
        by_path = self._by_path
        found: dict[str, KnownFile] = {}
        for one in self.open:
            latest = next((path for path in self._earlier(one.source.path) if path in by_path), "")
            found |= {file.listed.uri: file for file in by_path.get(latest, ())}
        return list(found.values())

    @cached_property
    def _by_path(self) -> Mapping[str, Sequence[KnownFile]]:
        """Path to the files on the TMS whose source is gone, or not sent: they may be another one's."""
        found: dict[str, list[KnownFile]] = {}
        for file in self.orphans:
            found.setdefault(file.path, []).append(file)
        for source in self.facts.sources:
            if source.path not in self.homes:
                for uri in (source.file_uri, source.default_uri):
                    listed = self.facts.listed(uri) if uri else None
                    if listed:
                        found.setdefault(source.path, []).append(KnownFile(listed, source))
        return found

    def _readable(self, files: Sequence[KnownFile]) -> list[KnownFile]:
        """Return the files that may be read: all, unless they are too many; then those that history names."""
        costly = {file.listed.uri for file in files if not self.facts.remembered(file.listed)}
        if len(costly) <= READ_AT_MOST:
            return list(files)
        paths = {
            path for found in self.open for path in (found.source.path, *self._earlier(found.source.path))
        }
        return [file for file in files if file.listed.uri not in costly or file.path in paths]

    def _relevant(self, files: Sequence[KnownFile]) -> list[KnownFile]:
        """Return those of FILES that hold any string of a source that is sent."""
        wanted = set[StringId]().union(*(found.strings for found in self.moving))
        contents = decide_all(self._strings, files)
        return [file for file, strings in zip(files, contents, strict=True) if not wanted.isdisjoint(strings)]

    def _explained(self, files: Sequence[KnownFile]) -> frozenset[str]:
        """Return the paths of the open sources of which FILES hold at least half."""
        held = set[StringId]().union(*(self._strings(file) for file in files))
        return frozenset(
            found.source.path
            for found in self.open
            if 2 * len(found.strings.keys() & held) >= len(found.strings)
        )

    def _of_other_branches(self, alone: Sequence[Comparison], explained: frozenset[str]) -> list[KnownFile]:
        """Return the files of other branches that may hold strings of ALONE, sources without any home.

        First those that stand for their paths: where all of them are in the namespace of the rule, nothing
        has to be read. Then those under paths that are unknown here, unless all is EXPLAINED.
        """
        near = self._near(alone)
        decide_all(lambda file: self.facts.namespace_of(file.listed), near)
        rules = {found.source.path: found.source.namespace for found in alone}
        unusual = [
            file for file in near if self.facts.namespace_of(file.listed) not in {rules.get(file.path), ""}
        ]
        relevant = self._relevant(unusual) if unusual else []
        usual = [file for file in near if file not in unusual]
        settled = [file for file in usual if self.is_settled(file)]
        for counted in decide_all(lambda found: self._counted(found, settled), alone):
            relevant += counted
        explained |= self._explained(relevant) | {file.path for file in usual}
        if all(found.source.path in explained for found in alone):
            return relevant
        far = [KnownFile(listed, alone[0].source, other=True) for listed in self._elsewhere.readable()]
        return relevant + self._relevant(far)

    def _near(self, alone: Sequence[Comparison]) -> list[KnownFile]:
        """Return the files of other branches that stand for the paths that ALONE have or had."""
        near: dict[str, KnownFile] = {}
        for found in alone:
            for path in (found.source.path, *self._earlier(found.source.path)):
                for listed in self._elsewhere.standing_for([path]):
                    near[listed.uri] = KnownFile(listed, replace(found.source, path=path), other=True)
        return list(near.values())

    def _counted(self, found: Comparison, files: Sequence[KnownFile]) -> list[KnownFile]:
        """Return those of FILES that are read because nobody pays again for what they hold of a source."""
        left = set(found.strings)
        read = []
        for file in files:
            if left and file.path in {found.source.path, *self._earlier(found.source.path)}:
                left -= self._strings(file)
                read.append(file)
        return read

    @cached_property
    def _elsewhere(self) -> Elsewhere:
        known = self.facts.known_elsewhere()
        orphans = {file.listed.uri for file in self.orphans}
        strangers = (listed for listed in self.facts.strangers if listed.uri not in orphans)
        return elsewhere(strangers, known, self.facts.blobs) if known else Elsewhere()

    def is_settled(self, file: KnownFile) -> bool:
        """Whether nothing of a file waits for authorization, as far as that is known."""
        sent = self.facts.remembered(file.listed)
        if sent:
            return sent.authorized
        status = self.facts.status(file.listed.uri)
        locales = file.source.locales
        return all(
            locale in status.locales and not counts_of(status, locale).unauthorized_strings
            for locale in locales
        )

    # --- what a file holds ----------------------------------------------------------------------------------

    def _strings(self, file: KnownFile) -> frozenset[StringId]:
        return frozenset(string_ids(file.source, self.facts.stored(file.listed)))

    def read(self, file: KnownFile) -> HeldFile:
        """Return what a file holds, and in which namespace."""
        need(lambda: self.facts.stored(file.listed), lambda: self.facts.namespace_of(file.listed))
        namespace = self.facts.namespace_of(file.listed) or file.source.namespace
        return HeldFile(file.listed.uri, file.path, namespace, self._strings(file))

    # --- history --------------------------------------------------------------------------------------------

    @cached_property
    def _curious(self) -> frozenset[str]:
        """Paths of the sources of which history may tell another story than their homes do."""
        return frozenset(found.source.path for found in self.moving if self._may_be_another(found))

    def _may_be_another(self, found: Comparison) -> bool:
        """Whether the source may have been another file: one that is gone, or one that is sent as well."""
        path, here = found.source.path, self.here[found.source.path]
        if here == len(found.strings):
            return False
        is_unlike_its_home = any(self.homes[path]) and 2 * here < len(found.strings)
        if is_unlike_its_home or self.orphans or self.facts.removed:
            return True
        # What was deleted and pruned may come back elsewhere: its strings are still in their namespace.
        if path in self._alone and any(source.project == self.facts.project for source in self.facts.gone()):
            return True
        found_more = here if 2 * here >= len(found.strings) else 0
        return self._most_in_another(found) > found_more or (path in self._alone and bool(self._unknown))

    @cached_property
    def _alone(self) -> frozenset[str]:
        return frozenset(path for path, pair in self.homes.items() if not any(pair))

    @cached_property
    def _unknown(self) -> tuple[ListedFile, ...]:
        """The files of other branches that stand for no source here."""
        return self._elsewhere.unknown if self.facts.strangers else ()

    @cached_property
    def _holders(self) -> Mapping[StringId, list[str]]:
        """String to the paths of the sources that are sent and whose homes hold it."""
        found: dict[StringId, list[str]] = {}
        for path, pair in self.homes.items():
            for home in pair:
                for string in self._strings(home) if home else ():
                    found.setdefault(string, []).append(path)
        return found

    def _most_in_another(self, found: Comparison) -> int:
        """Return how many of the source's strings the home of one other source holds at most."""
        counts: Counter[str] = Counter()
        for string in found.strings:
            holders = self._holders.get(string, ())
            if len(holders) <= COMMON:
                counts.update(holders)
        del counts[found.source.path]
        return max(counts.values(), default=0)

    @cached_property
    def _lineages(self) -> Lineages:
        """The history of the sources, as far as any decision needs it."""
        if not self._curious:
            return Lineages()
        decide_all(self.facts.history, self._curious)
        return self.facts.lineages or Lineages()

    def _earlier(self, path: str) -> tuple[str, ...]:
        """Return the earlier paths of a source, the latest first."""
        return tuple(stage.path for stage in self._lineages.earlier(path))

    def unplaced(self, found: Comparison, known: Iterable[KnownFile]) -> Unplaced:
        """Return a source with all that speaks for a namespace."""
        path = found.source.path
        own, default = self.homes[path]
        earlier = (*self._earlier(path), *self._left_behind(found)) if path in self._curious else ()
        return Unplaced(
            path=path,
            strings=frozenset(found.strings),
            rule=found.source.namespace,
            own=self.read(own) if own else None,
            default=self.read(default) if default else None,
            was=self._was(path, known) if path in self._curious else frozenset(),
            earlier=earlier,
            earlier_rules=tuple(self._rules[each] for each in earlier if each in self._rules),
        )

    def _left_behind(self, found: Comparison) -> Iterable[str]:
        """Return the paths without a source that once held just what the source holds."""
        lineages = self._lineages
        return (source.path for source in self.facts.gone() if found.blob in lineages.contents(source.path))

    @cached_property
    def _rules(self) -> Mapping[str, str]:
        """Path to the namespace of the manifest's rule, also of paths that are gone."""
        sources = (*(self.facts.past or ()), *self.facts.sources)
        return {source.path: source.namespace for source in sources}

    def _was(self, path: str, known: Iterable[KnownFile]) -> frozenset[str]:
        """Return the fileUris of the files that history says the source was.

        They hold what the source held while it had their path; or their path was its own and nobody has it.
        """
        stages = self._lineages.stages.get(path, ())
        paths = {stage.path for stage in stages}
        found = set()
        for file in known:
            if file.path not in paths:
                continue
            blob = self._blob(file)
            held_it = any(stage.path == file.path and blob in stage.blobs for stage in stages)
            # Another repository may have a file of its own under a path that was ours once.
            left_it = file.orphan and blob in self._lineages.contents(file.path)
            if held_it or left_it:
                found.add(file.listed.uri)
        return frozenset(found)

    def _blob(self, file: KnownFile) -> str:
        """Return git's id of what a file holds: of the content that says the same, if the bytes differ."""
        sent = self.facts.remembered(file.listed)
        if sent and sent.blob:
            return sent.blob
        content = self.facts.stored(file.listed)
        exact = blob_id(content, next(iter(self.facts.blobs.values()), ""))
        earlier = self._lineages.contents(file.path)
        if exact in earlier or len(earlier) > COMPARE_AT_MOST:
            return exact
        decide_all(self.facts.content, earlier)
        contents = ((blob, self.facts.content(blob)) for blob in sorted(earlier))
        same = (
            blob for blob, ours in contents if ours is not None and same_content(file.source, ours, content)
        )
        return next(same, exact)
