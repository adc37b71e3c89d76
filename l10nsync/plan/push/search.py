"""The search for the strings of sources whose homes do not settle where they go. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain

from l10nsync.plan.asking import decide_all
from l10nsync.plan.push.known_files import KnownFile, KnownFiles
from l10nsync.plan.push.namespace_strings import HeldFile, Unplaced
from l10nsync.plan.push.past import Past
from l10nsync.plan.push.source import Comparison
from l10nsync.plan.strings import StringId

READ_AT_MOST = 100
"""Files without a source that are read to find the strings of sources that have no home."""


def _is_half_in(strings: Collection[StringId], found: Comparison) -> bool:
    """Whether STRINGS are at least half of a source's."""
    return 2 * sum(string in strings for string in found.strings) >= len(found.strings)


class Search:
    """Looks for the strings of sources whose homes do not settle where they go."""

    def __init__(self, files: KnownFiles) -> None:
        self.files = files
        self.facts = files.facts
        self.past = Past(files)

    def others(self) -> list[KnownFile]:
        """Return the files beside the homes that have any string of a source that is not settled."""
        is_open = {found.source.path for found in self.files.open}
        unsettled = [
            found
            for found in self.files.moving
            if found.source.path in is_open or found.source.path in self.past.displaced
        ]
        named = {found.source.path: self._named_by_history(found) for found in unsettled}
        once = {file.listed.uri: file for file in chain.from_iterable(named.values())}
        known = self._relevant([*once.values()])
        # What history names for one source explains no other one: those strings may live there still.
        if not all(
            _is_half_in(self._strings_in(named[found.source.path]), found) for found in self.files.open
        ):
            known = self._relevant([*known, *self._readable(self.files.orphans)])
        explained = self._explained(known)
        lost = self._lost(known, explained)
        return known + self._of_other_branches(lost, explained) if lost and self.facts.strangers else known

    def _lost(self, known: Sequence[KnownFile], explained: frozenset[str]) -> list[Comparison]:
        """Return the open sources whose strings may be in files of other branches: KNOWN ones lack them.

        One that has a home is among them only if nothing EXPLAINED where its strings are.
        """
        held = self._strings_in(known)
        return [
            found
            for found in self.files.open
            if found.source.path not in (explained if self._has_home(found) else ())
            and not held.issuperset(found.strings)
        ]

    def _has_home(self, found: Comparison) -> bool:
        return any(self.files.homes[found.source.path])

    def beside(self, known: Collection[str]) -> list[HeldFile]:
        """Return the orphans whose contents an earlier push remembered, apart from those that are KNOWN."""
        orphans = self.files.orphans if self.files.moving else ()
        left = [file for file in orphans if file.listed.uri not in known]
        blobs = [
            (file, sent.blob) for file in left if (sent := self.facts.remembered(file.listed)) and sent.blob
        ]
        contents = decide_all(lambda pair: self.facts.content(pair[1]), blobs)
        here = [file for (file, _blob), content in zip(blobs, contents, strict=True) if content is not None]
        return decide_all(self.files.read, self._relevant(here) if here else [])

    def _named_by_history(self, found: Comparison) -> list[KnownFile]:
        """Return the files of the latest path that an open source had and that is on the TMS.

        And those of its present path: under an earlier rule for fileUris.
        """
        by_path, path = self._by_path, found.source.path
        latest = next((earlier for earlier in self.past.earlier(path) if earlier in by_path), "")
        return [*by_path.get(path, ()), *by_path.get(latest, ())]

    @cached_property
    def _by_path(self) -> Mapping[str, Sequence[KnownFile]]:
        """Path to the files on the TMS whose source is gone, or not sent: they may be another one's."""
        found: dict[str, list[KnownFile]] = {}
        for file in self.files.orphans:
            found.setdefault(file.path, []).append(file)
        for source in self.facts.sources:
            if source.path not in self.files.homes:
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
        sources = [found.source.path for found in self.files.open]
        paths = set(chain.from_iterable((source, *self.past.earlier(source)) for source in sources))
        return [file for file in files if file.listed.uri not in costly or file.path in paths]

    def _relevant(self, files: Sequence[KnownFile]) -> list[KnownFile]:
        """Return those of FILES that hold any string of a source that is sent."""
        wanted = set[StringId]().union(*(found.strings for found in self.files.moving))
        contents = decide_all(self.files.strings, files)
        return [file for file, strings in zip(files, contents, strict=True) if not wanted.isdisjoint(strings)]

    def _explained(self, files: Sequence[KnownFile]) -> frozenset[str]:
        """Return the paths of the open sources of which FILES hold at least half."""
        held = self._strings_in(files)
        return frozenset(found.source.path for found in self.files.open if _is_half_in(held, found))

    def _strings_in(self, files: Iterable[KnownFile]) -> set[StringId]:
        return set[StringId]().union(*(self.files.strings(file) for file in files))

    def _of_other_branches(self, lost: Sequence[Comparison], explained: frozenset[str]) -> list[KnownFile]:
        """Return the files of other branches that may hold strings of LOST sources.

        First those that stand for their paths: where all of them are in the namespace where the source goes
        anyway, nothing has to be read. Then those under paths that are unknown here, unless all is EXPLAINED.
        """
        usual, unusual = self._by_usage(self._near(lost), lost)
        relevant = self._relevant(unusual) if unusual else []
        settled = [file for file in usual if self.files.is_accounted_for(file)]
        for counted in decide_all(lambda found: self._counted(found, settled), lost):
            relevant += counted
        # Of a source whose home lacks it, files of its path say nothing: the path has another content now.
        usual_paths = {file.path for file in usual} - {
            found.source.path for found in lost if self._has_home(found)
        }
        explained |= self._explained(relevant) | usual_paths
        if all(found.source.path in explained for found in lost):
            return relevant
        far = [KnownFile(listed, lost[0].source, other=True) for listed in self.files.elsewhere.readable()]
        return relevant + self._relevant(far)

    def _by_usage(
        self, near: Sequence[KnownFile], lost: Sequence[Comparison]
    ) -> tuple[list[KnownFile], list[KnownFile]]:
        """Return the files in the namespaces where the sources of their paths go anyway, and the others."""
        namespaces = decide_all(lambda file: self.facts.namespace_of(file.listed), near)
        anyway = {found.source.path: self._anyway(found) for found in lost}
        usual: list[KnownFile] = []
        unusual: list[KnownFile] = []
        for file, namespace in zip(near, namespaces, strict=True):
            (usual if namespace in {anyway.get(file.path), ""} else unusual).append(file)
        return usual, unusual

    def _anyway(self, found: Comparison) -> str:
        """Return the namespace where a source goes if nothing else speaks for another one."""
        own, default = self.files.homes[found.source.path]
        home = own or default
        return (self.facts.namespace_of(home.listed) if home else "") or found.source.namespace

    def _near(self, alone: Sequence[Comparison]) -> list[KnownFile]:
        """Return the files of other branches that stand for the paths that ALONE have or had."""
        near: dict[str, KnownFile] = {}
        for found in alone:
            for path in (found.source.path, *self.past.earlier(found.source.path)):
                for listed in self.files.elsewhere.standing_for([path]):
                    near[listed.uri] = KnownFile(listed, replace(found.source, path=path), other=True)
        return list(near.values())

    def _counted(self, found: Comparison, files: Sequence[KnownFile]) -> list[KnownFile]:
        """Return those of FILES that are read because nobody pays again for what they hold of a source."""
        left = set(found.strings)
        read = []
        for file in files:
            if left and file.path in {found.source.path, *self.past.earlier(found.source.path)}:
                left -= self.files.strings(file)
                read.append(file)
        return read

    def unplaced(self, found: Comparison, known: Mapping[str, Sequence[KnownFile]]) -> Unplaced:
        """Return a source with all that speaks for a namespace; KNOWN are files by path."""
        path = found.source.path
        own, default = self.files.homes[path]
        past = self.past
        earlier = (*past.earlier(path), *past.left_behind(found)) if path in past.curious else ()
        return Unplaced(
            path=path,
            strings=frozenset(found.strings),
            rule=found.source.namespace,
            own=self.files.read(own) if own else None,
            default=self.files.read(default) if default else None,
            was=self.past.was(path, known) if path in self.past.curious else frozenset(),
            earlier=earlier,
            earlier_rules=tuple(self.past.rules[source] for source in earlier if source in self.past.rules),
        )
