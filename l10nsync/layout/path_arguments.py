"""Which sources the paths on a command line mean: files or folders, of sources or of their translations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import chain
from unicodedata import normalize

from l10nsync.errors import UsageError
from l10nsync.model import Source, target_paths


def select(sources: Iterable[Source], paths: Sequence[str], *, narrow: bool = True) -> tuple[Source, ...]:
    """Return those of SOURCES that PATHS name, from the git root; an empty path is the root itself.

    A source that is named through its translations alone has just their locales left, if NARROW.
    """
    chosen = []
    for source in sources:
        if _is_named(source.path, paths):
            chosen.append(source)
            continue
        targets = tuple(target for target in source.targets if _is_named(target.path, paths))
        locales = {target.locale for target in targets}
        if targets and narrow:
            kept = tuple(locale for locale in source.locales if locale in locales)
            chosen.append(replace(source, locales=kept, targets=targets))
        elif targets:
            chosen.append(source)
    return tuple(chosen)


def idle(sources: Sequence[Source], paths: Iterable[str], *, targets: bool) -> list[str]:
    """Return those of PATHS that name no source, nor, with TARGETS, a translation."""
    known = {source.path for source in sources}
    if targets:
        known |= set(target_paths(sources))
    return [path for path in paths if not any(_is_named(name, [path]) for name in known)]


def chosen_locales(given: Sequence[str], known: Iterable[str], sources: Iterable[Source]) -> frozenset[str]:
    """Return which of the KNOWN ids the GIVEN names mean: ids, globs of ids, or local names in SOURCES.

    An id goes before a local name; what is spelled exactly so before what differs in case, or in `_` for `-`.
    Raises `UsageError` for a name of nothing, or of several locales.
    """
    ids = sorted(known)
    local = _local_names(sources)
    chosen: set[str] = set()
    for name in given:
        found = _meant_by(name, ids, local)
        if not found:
            raise UsageError(
                f"the manifest has no locale {name!r}", hint=f"It has: {', '.join(ids) or 'none'}."
            )
        if len(found) > 1 and not _is_glob(name):
            raise UsageError(
                f"{' and '.join(sorted(found))} are both called {name!r} here", hint="Name the id."
            )
        chosen |= found
    return frozenset(chosen)


def _local_names(sources: Iterable[Source]) -> dict[str, set[str]]:
    """Return local name to the ids that have it."""
    local: dict[str, set[str]] = {}
    for target in chain.from_iterable(source.targets for source in sources):
        if target.locale:
            local.setdefault(target.local_name, set()).add(target.locale)
    return local


def _meant_by(name: str, ids: Iterable[str], local: Mapping[str, set[str]]) -> set[str]:
    """Return the ids that a name means: the first kind of reading that means any."""
    alike = _loose(name)
    return (
        {known for known in ids if known == name or fnmatchcase(known, name)}
        or local.get(name, set())
        or {known for known in ids if _loose(known) == alike}
        or set(chain.from_iterable(known for key, known in local.items() if _loose(key) == alike))
    )


def _loose(name: str) -> str:
    return name.casefold().replace("_", "-")


def _is_glob(name: str) -> bool:
    return any(char in name for char in "*?[")


def _is_named(name: str, paths: Iterable[str]) -> bool:
    """Whether a file is one of PATHS, or lies below one; some systems decompose the letters of paths."""
    name = normalize("NFC", name)
    folded = (normalize("NFC", path) for path in paths)
    return any(not path or name == path or name.startswith(f"{path}/") for path in folded)
