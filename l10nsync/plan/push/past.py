"""What git's history says of the sources that are sent, as far as any decision needs it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain

from l10nsync.model import blob_id
from l10nsync.plan.asking import decide_all
from l10nsync.plan.lineage import Lineages
from l10nsync.plan.push.known_files import KnownFile, KnownFiles
from l10nsync.plan.push.namespace_strings import COMMON
from l10nsync.plan.push.source import Comparison
from l10nsync.plan.strings import StringId, same_content

COMPARE_AT_MOST = 50
"""Earlier contents of one path that are compared with what the service hands back in another encoding."""


class Past:
    """Which files the sources were: history is asked only of those that may have been another one."""

    def __init__(self, files: KnownFiles) -> None:
        self.files = files
        self.facts = files.facts

    @cached_property
    def curious(self) -> frozenset[str]:
        """Paths of the sources whose history may contradict their present files."""
        return frozenset(found.source.path for found in self.files.moving if self._may_be_another(found))

    def _may_be_another(self, found: Comparison) -> bool:
        """Whether the source may have been another file: one that is gone, or one that is sent as well."""
        path, here = found.source.path, self.files.here[found.source.path]
        if here == len(found.strings):
            return False
        is_unlike_its_home = any(self.files.homes[path]) and 2 * here < len(found.strings)
        if is_unlike_its_home or self.files.orphans or self.facts.removed:
            return True
        # What was deleted and pruned may come back elsewhere: its strings are still in their namespace.
        if path in self._alone and any(source.project == self.facts.project for source in self.facts.gone()):
            return True
        found_more = here if 2 * here >= len(found.strings) else 0
        return self._most_in_another(found) > found_more or (path in self._alone and bool(self.files.unknown))

    @cached_property
    def _alone(self) -> frozenset[str]:
        return frozenset(path for path, pair in self.files.homes.items() if not any(pair))

    @cached_property
    def _holders(self) -> Mapping[StringId, list[str]]:
        """String to the paths of the sources that are sent and whose homes hold it."""
        found: dict[StringId, list[str]] = {}
        for path, pair in self.files.homes.items():
            for home in pair:
                for string in self.files.strings(home) if home else ():
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
        if not self.curious:
            return Lineages()
        decide_all(self.facts.history, self.curious)
        return self.facts.lineages or Lineages()

    def earlier(self, path: str) -> tuple[str, ...]:
        """Return the earlier paths of a source, the latest first."""
        return tuple(stage.path for stage in self._lineages.earlier(path))

    def left_behind(self, found: Comparison) -> Iterable[str]:
        """Return the paths without a source that once held just what the source holds."""
        return self._gone_by_blob.get(found.blob, ())

    @cached_property
    def _gone_by_blob(self) -> Mapping[str, list[str]]:
        """Blob id to the paths without a source that once held it."""
        found: dict[str, list[str]] = {}
        for source in self.facts.gone():
            for blob in self._lineages.contents(source.path):
                found.setdefault(blob, []).append(source.path)
        return found

    @cached_property
    def rules(self) -> Mapping[str, str]:
        """Path to the namespace of the manifest's rule, even for paths that are gone."""
        sources = (*(self.facts.past or ()), *self.facts.sources)
        return {source.path: source.namespace for source in sources}

    def was(self, path: str, known: Mapping[str, Sequence[KnownFile]]) -> frozenset[str]:
        """Return the fileUris of the files that history says the source was; KNOWN are files by path.

        They hold what the source held while it had their path; or their path was its own and nobody has it.
        """
        held: dict[str, set[str]] = {}
        for stage in self._lineages.stages.get(path, ()):
            held.setdefault(stage.path, set()).update(stage.blobs)
        files = chain.from_iterable(known.get(earlier, ()) for earlier in held)
        return frozenset(file.listed.uri for file in files if self._was(file, held[file.path]))

    @cached_property
    def displaced(self) -> frozenset[str]:
        """Paths of the sources whose home holds what another file had there, as history says."""
        if not self._lineages.stages:  # one question for all
            return frozenset()
        homes: list[tuple[str, KnownFile]] = []
        for path in sorted(self.curious):
            homes += [(path, home) for home in self.files.homes[path] if home]
        was = decide_all(lambda pair: self.was(pair[0], {pair[0]: [pair[1]]}), homes)
        return frozenset(path for (path, _home), uris in zip(homes, was, strict=True) if not uris)

    def _was(self, file: KnownFile, held: Container[str]) -> bool:
        """Whether a file is what the source was that HELD some blobs under its path."""
        blob = self._blob(file)
        # Another repository may have a file of its own under a path that was ours once.
        return blob in held or (file.orphan and blob in self._lineages.contents(file.path))

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
