"""Strings that an upload brings and that cost nothing more, as far as that is known without a request. Pure.

They are authorized under a file of another branch, or wait in a job: there they are counted already.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property

from l10nsync.model import HeldString, fold
from l10nsync.plan.asking import decide_all
from l10nsync.plan.push.known_files import KnownFile, KnownFiles
from l10nsync.plan.push.namespace_strings import HeldFile
from l10nsync.plan.push.source import Comparison
from l10nsync.plan.strings import StringId, strings_or_none


def authorized_elsewhere(files: KnownFiles) -> list[HeldFile]:
    """Return the files of other branches that an earlier push from here remembers as authorized."""
    sources = {found.source.path: found.source for found in files.moving}
    facts = files.facts
    found: list[tuple[KnownFile, str]] = []
    for sent in facts.memory.values():
        source, listed = sources.get(sent.path), facts.listed(sent.uri)
        if not (source and listed and facts.remembered(listed) and sent.authorized and sent.blob):
            continue
        if listed.uri != source.file_uri and set(source.locales) <= set(sent.locales):
            found.append((KnownFile(listed, source, other=True), sent.blob))
    contents = decide_all(lambda pair: facts.content(pair[1]), found)
    here = [file for (file, _blob), content in zip(found, contents, strict=True) if content is not None]
    return decide_all(files.read, here)


class WaitingStrings:
    """What waits in the jobs that are known."""

    def __init__(self, files: KnownFiles) -> None:
        self.files = files

    @cached_property
    def _by_text(self) -> Mapping[str, list[tuple[HeldString, frozenset[str]]]]:
        """Text to the strings that have it and wait, with the locales in which they do."""
        found: dict[str, list[tuple[HeldString, frozenset[str]]]] = {}
        for content in self.files.facts.remote.job_contents.values():
            locales: dict[str, set[str]] = {}
            for code, locale in content.waiting:
                locales.setdefault(code, set()).add(locale)
            for code, waiting in locales.items():
                held = content.strings.get(code, HeldString())
                found.setdefault(held.text, []).append((held, frozenset(waiting)))
        return found

    def of(self, found: Comparison, namespace: str) -> frozenset[StringId]:
        """Return the strings of a source that wait in all its locales, under another file of NAMESPACE."""
        if not self._by_text:
            return frozenset()
        near = self._standing_for(found.source.path)
        keys: dict[str, set[str]] = {}
        for key, _plural, text in strings_or_none(found.source, found.ours or b""):
            keys.setdefault(text, set()).add(key)

        def is_held_there(held: HeldString) -> bool:
            return any(
                (not key or key in keys[held.text]) and self._may_be_in(namespace, uri, near)
                for uri, key in held.holders
            )

        waiting = set()
        for text in keys.keys() & self._by_text.keys():
            there = (locales for held, locales in self._by_text[text] if is_held_there(held))
            if set[str]().union(*there).issuperset(found.source.locales):
                waiting.add(text)
        return frozenset(string for string in found.strings if string[-1] in waiting)

    def _may_be_in(self, namespace: str, uri: str, near: Collection[str]) -> bool:
        """Whether a file is in a namespace; if nobody knows, that of another branch for the same path is."""
        known = self._namespaces.get(fold(uri))
        return known == namespace or (known is None and fold(uri) in near)

    @cached_property
    def _namespaces(self) -> Mapping[str, str]:
        facts = self.files.facts
        remembered = {key: sent.namespace for key, sent in facts.memory.items()}
        return remembered | {key: status.namespace for key, status in facts.remote.statuses.items()}

    def _standing_for(self, path: str) -> frozenset[str]:
        """Return the files of other branches for a path, folded: those of one rule are in one namespace."""
        if self.files.facts.elsewhere is None:
            return frozenset()
        return frozenset(fold(file.uri) for file in self.files.elsewhere.by_path.get(path, ()))
