"""Which pictures and pages are sent, looked through, bound and deleted, and why. Pure.

A picture or page is known on the service by its content: its name there ends in the repository's name and
the beginning of its digest. So nothing has to be remembered here, and nothing is sent twice from any clone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from types import MappingProxyType
from typing import Any, Literal

from l10nsync import formats
from l10nsync.errors import Diagnostic
from l10nsync.model import (
    Binding,
    Box,
    ListedContext,
    Place,
    Question,
    RemoteState,
    Source,
    StoredString,
    fold,
    uri_among,
)

DIGEST = 16
"""Characters of a digest in a name: what people read, and enough to distinguish a repository's files."""
_NAME = re.compile(rf"(?P<path>.*) \(l10nsync (?P<repo>.+) (?P<digest>[0-9a-f]{{{DIGEST}}})\)", re.DOTALL)

ContextAction = Literal["send", "match", "bind", "none"]


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What the file beside a picture says: which strings it shows, and where."""

    file: str
    boxes: Mapping[str, Box | None]
    """By key of the source; None where only the key is said."""
    places: Mapping[str, Place]
    """The place of each key in the sidecar."""


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A picture or page of the work tree."""

    path: str
    digest: str
    """SHA-256 of its content, in hex."""
    media: str
    resources: frozenset[str]
    """Names of the resources whose strings it shows."""
    sidecar: Sidecar | None = None


@dataclass(frozen=True)
class ContextFacts:
    """What is known of one project."""

    project: str
    repo: str
    outputs: tuple[OutputFile, ...]
    sources: tuple[Source, ...]
    """Those of the resources that the files show, as this branch sends them."""
    documents: Mapping[str, formats.Document] = field(default_factory=lambda: MappingProxyType({}))
    """By path of the source; of those that can be read."""
    unfinished: frozenset[str] = frozenset()
    """Uids of contexts whose strings an earlier run has begun to look for."""
    remote: RemoteState = field(default_factory=RemoteState)

    @cached_property
    def uris(self) -> Mapping[str, str]:
        """By path the fileUri of each source that the service has: this branch's, else the default's."""
        files = self.remote.files or {}
        return {source.path: uri for source in self.sources if (uri := uri_among(source, files))}


@dataclass(frozen=True, slots=True)
class ContextStep:
    """What is done with one picture or page; equal contents are one."""

    project: str
    path: str
    name: str
    digest: str
    media: str
    action: ContextAction
    uid: str = ""
    match: tuple[str, ...] = ()
    bind: tuple[tuple[str, Box | None], ...] = ()
    unbind: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """Further files of the same content."""


@dataclass(frozen=True, slots=True)
class ContextPlan:
    """What a `context push` does in one project."""

    steps: tuple[ContextStep, ...] = ()
    missing: tuple[str, ...] = ()
    """Paths of sources that the service does not have: their strings cannot be shown yet."""
    waiting: tuple[str, ...] = ()
    """Pictures and pages none of whose sources is on the service: they are not sent."""
    problems: tuple[Diagnostic, ...] = ()
    """Of sidecars: keys that no source, or not yet the service, has."""


@dataclass(frozen=True, slots=True)
class OurContext:
    """A context on the service that this repository has sent."""

    project: str
    context: ListedContext
    path: str
    digest: str


def mark(repo: str) -> str:
    """Return what the name of each context of a repository holds."""
    return f"(l10nsync {repo} "


def name_of(path: str, repo: str, digest: str) -> str:
    """Return what a file is called on the service."""
    return f"{path} {mark(repo)}{digest[:DIGEST]})"


def ours(project: str, repo: str, contexts: Iterable[ListedContext]) -> Iterator[OurContext]:
    """Yield those of CONTEXTS that a repository has sent."""
    for context in contexts:
        found = _NAME.fullmatch(context.name)
        if found and found["repo"] == repo:
            yield OurContext(project, context, found["path"], found["digest"])


# --- push -------------------------------------------------------------------------------------------------


def plan_contexts(facts: ContextFacts) -> Question | ContextPlan:
    """Return what has to be asked first, or what is done."""
    remote = facts.remote
    if remote.files is None or remote.contexts is None:
        return Question(files=True, contexts=mark(facts.repo))
    known = _by_digest(ours(facts.project, facts.repo, remote.contexts))
    groups = _by_content(facts.outputs)
    unknown = _unknown(facts, known, groups)
    if unknown:
        return unknown
    problems: list[Diagnostic] = []
    steps = [_step(facts, group, known, problems) for group in groups.values()]
    missing = tuple(source.path for source in facts.sources if source.path not in facts.uris)
    waiting = tuple(group[0].path for group in groups.values() if not _uris_of(facts, [group]))
    return ContextPlan(tuple(steps), missing, waiting, tuple(problems))


def _unknown(
    facts: ContextFacts, known: Mapping[str, OurContext], groups: Mapping[str, Sequence[OutputFile]]
) -> Question:
    """Return what has to be asked: what is bound to contexts that are there, and what sidecars name."""
    there = [group for digest, group in groups.items() if digest in known]
    with_sidecar = [output for output in facts.outputs if output.sidecar]
    return Question(
        bindings=_not_in(facts.remote.bindings, _uris_of(facts, there)),
        strings_of=_not_in(facts.remote.strings_of, _uris_of(facts, [with_sidecar])),
    )


def _not_in(answers: Mapping[str, object], uris: Iterable[str]) -> frozenset[str]:
    """Return those of URIS that ANSWERS, by folded fileUri, have nothing about."""
    return frozenset(uri for uri in uris if fold(uri) not in answers)


def _by_digest(found: Iterable[OurContext]) -> dict[str, OurContext]:
    """Return the contexts by digest; of several (two runs at once), the oldest."""
    return {context.digest: context for context in found}


def _by_content(outputs: Sequence[OutputFile]) -> dict[str, list[OutputFile]]:
    groups: dict[str, list[OutputFile]] = {}
    for output in outputs:
        groups.setdefault(output.digest[:DIGEST], []).append(output)
    return groups


def _uris_of(facts: ContextFacts, groups: Iterable[Iterable[OutputFile]]) -> frozenset[str]:
    """Return the fileUris of the resources that GROUPS show, as far as the service has them."""
    outputs = chain.from_iterable(groups)
    names = set(chain.from_iterable(output.resources for output in outputs))
    return frozenset(
        facts.uris[source.path]
        for source in facts.sources
        if source.resource in names and source.path in facts.uris
    )


def _step(
    facts: ContextFacts,
    group: Sequence[OutputFile],
    known: Mapping[str, OurContext],
    problems: list[Diagnostic],
) -> ContextStep:
    """Return what is done with the files of one content."""
    first = group[0]
    there = known.get(first.digest[:DIGEST])
    uid = there.context.uid if there else ""
    uris = tuple(sorted(_uris_of(facts, [group])))
    bound = _bindings_on(facts.remote, uid, uris)
    match: tuple[str, ...] = ()
    bind: tuple[tuple[str, Box | None], ...] = ()
    unbind: tuple[str, ...] = ()
    # A sidecar says all that the picture shows: nothing is looked for in it.
    if any(output.sidecar for output in group):
        bind, unbind = _rebound(bound, _named(facts, group, problems))
    elif not uid or uid in facts.unfinished or not bound:
        match = uris
    return ContextStep(
        facts.project,
        first.path,
        name_of(first.path, facts.repo, first.digest),
        first.digest,
        first.media,
        _action(uid, match, bind, unbind),
        uid,
        match,
        bind,
        unbind,
        tuple(output.path for output in group[1:]),
    )


def _action(
    uid: str, match: Sequence[str], bind: Sequence[tuple[str, Box | None]], unbind: Sequence[str]
) -> ContextAction:
    """Return how a step is called; a context that is not there yet (no UID) is sent, whatever follows."""
    if not uid:
        return "send"
    if match:
        return "match"
    return "bind" if bind or unbind else "none"


def _rebound(
    bound: Sequence[Binding], wanted: Mapping[str, Box | None]
) -> tuple[tuple[tuple[str, Box | None], ...], tuple[str, ...]]:
    """Return which strings to bind, with their places, and which bindings to remove, for exactly WANTED."""
    stale = [binding for binding in bound if binding.hashcode not in wanted or _moved(binding, wanted)]
    kept = {binding.hashcode for binding in bound} - {binding.hashcode for binding in stale}
    bind = tuple((hashcode, box) for hashcode, box in wanted.items() if hashcode not in kept)
    return bind, tuple(binding.uid for binding in stale)


def _bindings_on(remote: RemoteState, uid: str, uris: Iterable[str]) -> list[Binding]:
    """Return the bindings of a context, each once: a string may be in several files."""
    listed = chain.from_iterable(remote.bindings.get(fold(uri), ()) for uri in uris)
    found = {binding.uid: binding for binding in listed if uid and binding.context == uid}
    return list(found.values())


def _moved(binding: Binding, wanted: Mapping[str, Box | None]) -> bool:
    box = wanted[binding.hashcode]
    return box is not None and binding.box != box


# --- sidecars ---------------------------------------------------------------------------------------------


def _named(
    facts: ContextFacts, group: Sequence[OutputFile], problems: list[Diagnostic]
) -> dict[str, Box | None]:
    """Return the strings that the sidecars of a content name, by hashcode, with their places."""
    found: dict[str, Box | None] = {}
    for output in group:
        sources = [source for source in facts.sources if source.resource in output.resources]
        for key, box in (output.sidecar.boxes if output.sidecar else {}).items():
            hashcodes = list(chain.from_iterable(_hashcodes(source, key, facts) for source in sources))
            found |= dict.fromkeys(hashcodes, box)
            if not hashcodes and output.sidecar:
                problems.append(_unknown_key(key, output.sidecar, sources, facts))
    return found


def _hashcodes(source: Source, key: str, facts: ContextFacts) -> list[str]:
    """Return the strings of a file that have a key: by the service's keys, else by the source's own text."""
    uri = facts.uris.get(source.path, "")
    strings = facts.remote.strings_of.get(fold(uri), ())
    by_key = [string.hashcode for string in strings if string.key == key]
    document = facts.documents.get(source.path)
    if by_key or document is None:
        return by_key
    units = _units(document, key)
    return [string.hashcode for string in strings if any(_is_text_of(unit, string) for unit in units)]


def _units(document: formats.Document, key: str) -> list[formats.Unit]:
    """Return the units of KEY; an application says `menu.open` for what is `open` in `menu`."""
    exact = [unit for unit in document.units if unit.key == key]
    return exact or [unit for unit in document.units if unit.key.replace("/", ".") == key]


def _is_text_of(unit: formats.Unit, string: StoredString) -> bool:
    same = unit.text.strip() == string.text.strip()
    return same and not (unit.variant and string.variant and unit.variant != string.variant)


def _unknown_key(key: str, sidecar: Sidecar, sources: Iterable[Source], facts: ContextFacts) -> Diagnostic:
    holders = [
        source.path
        for source in sources
        if (document := facts.documents.get(source.path)) and _units(document, key)
    ]
    place = sidecar.places.get(key, Place(sidecar.file))
    if holders:
        message = f"the service does not have the string `{key}` of {holders[0]} yet"
        help_text = "Send it with `l10nsync push`, then run this again."
    else:
        message = f"no source has the key `{key}`"
        help_text = "Keys must be in the sources of the resources that `context` in the manifest names."
    return place.problem("E405", message, help=help_text)


# --- list and prune ---------------------------------------------------------------------------------------


def left_over(found: Iterable[OurContext], outputs: Iterable[OutputFile]) -> tuple[OurContext, ...]:
    """Return the contexts whose content the repository's output no longer has, by path."""
    digests = {output.digest[:DIGEST] for output in outputs}
    gone = (context for context in found if context.digest not in digests)
    return tuple(sorted(gone, key=lambda context: (context.path, context.context.uid)))


def step_data(step: ContextStep) -> dict[str, Any]:
    """Return a step as JSON-ready data."""
    return {
        "project": step.project,
        "path": step.path,
        "also": list(step.also),
        "name": step.name,
        "uid": step.uid or None,
        "digest": step.digest,
        "action": step.action,
        "fileUris": list(step.match),
        "bindings": len(step.bind),
    }


def context_data(found: OurContext) -> dict[str, Any]:
    """Return a context on the service as JSON-ready data."""
    return {
        "project": found.project,
        "path": found.path,
        "name": found.context.name,
        "uid": found.context.uid,
        "type": found.context.kind,
        "created": found.context.created or None,
        "digest": found.digest,
    }
