"""Files that an interrupted rename has left in a namespace that is not theirs. Pure.

The service may give a renamed file a namespace of its new fileUri. A run that was killed right then has left
a file that nobody ever translated, in that namespace: jobs hold its name, and none of its strings. The cache
has the promise to bring the old one back. Without it history tells: the file began under its earliest path;
if nobody translated it in that namespace, it was sent only after its next rename.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from l10nsync.model import FileStatus, Sent, Source, fold
from l10nsync.plan.push_facts import PushFacts, jobs_with


@dataclass(frozen=True)
class Stray:
    """A file on the TMS of which no run is remembered that sent it."""

    facts: PushFacts
    source: Source
    """The source that it belongs to, or that takes its namespace: its history tells."""
    uri: str
    """The fileUri that it has on the TMS."""
    promises: Mapping[str, Sequence[Sent]]
    """See `Renames.promises`."""

    @property
    def status(self) -> FileStatus | None:
        """Return what is known of it; None: not asked."""
        return self.facts.remote.statuses.get(fold(self.uri))

    def is_possible(self) -> bool:
        """Whether an interrupted rename may have left the file: nobody was ever asked to translate it."""
        status = self.status
        if status is None or any(each.asked_for for each in status.locales.values()):
            return False
        return status.namespace != self.source.namespace or fold(status.namespace) == fold(self.uri)

    def is_suspect(self) -> bool:
        """Whether that is possible, and something tells where it belongs."""
        return self.is_possible() and bool(self._promised or self._earlier)

    def unasked(self) -> list[str]:
        """Return the uids of the jobs of which must be known whether they hold the file's strings."""
        if not self.is_suspect():
            return []
        return [job.uid for job in jobs_with(self.facts, self.uri) if job.uid not in self._held]

    def namespace(self) -> str:
        """Return the namespace that the file was to keep; empty if no rename took it."""
        if self.status is None or not self.is_suspect():
            return ""
        if fold(self.uri) not in self.facts.remote.jobs_asked:
            return ""
        if any(self._held.get(job.uid, True) for job in jobs_with(self.facts, self.uri)):
            return ""
        now, earlier = self.status.namespace, self._earlier
        if fold(now) == fold(self.uri):
            return self._promised or earlier[0]
        return earlier[earlier.index(now) + 1] if now in earlier[:-1] else ""

    @cached_property
    def _held(self) -> Mapping[str, bool]:
        """Return whether jobs hold any string of the file, by their uids."""
        key = fold(self.uri)
        return {uid: held for (uid, uri), held in self.facts.remote.held.items() if fold(uri) == key}

    @cached_property
    def _promised(self) -> str:
        """Return the namespace that a rename shall still bring back, as the cache has it.

        Files may have changed their paths since: a promise is for what its path held when it was made.
        """
        path, blob = self.source.path, self.facts.blobs.get(self.source.path, "")
        stages = self.facts.lineages.stages.get(path, ()) if self.facts.lineages else ()
        had = [(path, frozenset({blob})), *((each.path, each.blobs) for each in stages)]
        ours = [each for path, blobs in had for each in self.promises.get(path, ()) if each.blob in blobs]
        here = self.facts.memory.get(fold(self.uri))
        if here and not (here.last_uploaded or stages) and here.blob == blob:
            ours.append(here)  # the file was found by its content: nothing tells of its paths
        return next((each.namespace for each in ours), "")

    @cached_property
    def _earlier(self) -> list[str]:
        """Return the namespaces that the rule gives the file under its earlier paths, the earliest first."""
        lineages = self.facts.lineages
        paths = [each.path for each in reversed(lineages.earlier(self.source.path))] if lineages else []
        if not paths:
            return []
        rules = {each.path: each.namespace for each in (*(self.facts.past or ()), *self.facts.sources)}
        found = list(dict.fromkeys(rules[path] for path in paths if path in rules))
        if self.source.namespace in found[:1]:
            return found[:1]  # it came back to where it began
        return [each for each in found if each != self.source.namespace]
