"""Whether a manifest means what another tool's configuration means, by file and locale. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from l10nsync.discovery.draft import FileMeaning
from l10nsync.discovery.readings import PLACE
from l10nsync.locales import same_locale
from l10nsync.model import Source

_Places = Mapping[tuple[str, str], set[str]]
"""Source and the path of a translation to the ids of its locales."""


@dataclass(frozen=True, slots=True)
class Parity:
    """What two ways to say it have in common, and what not."""

    differences: tuple[str, ...]
    same: int
    """Translations that lie where they lay."""


def parity(meanings: Sequence[FileMeaning], sources: Mapping[str, Source], prefix: str = "") -> Parity:
    """Compare the MEANINGS of the old file with the SOURCES of the manifest, which are by their paths.

    PREFIX is what targets have before the paths of the old file. Ids are compared by what they mean (`de`
    is `de-DE`), because the old file does not say the service's.
    """
    ours: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path, source in sources.items():
        for target in source.targets:
            ours[path, target.path.removeprefix(prefix)].add(target.locale)
    theirs = _theirs(meanings, sources)
    old, new = _lacking(theirs, ours), _lacking(ours, theirs) if meanings else {}
    lines = [*_differing(old, new), *_one_sided(meanings, sources)]
    return Parity(tuple(lines), sum(map(len, theirs.values())) - sum(map(len, old.values())))


def _theirs(
    meanings: Iterable[FileMeaning], sources: Mapping[str, Source]
) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for meaning in meanings:
        # Where the old file knows no locale, it means the same place for whatever locale there is.
        targets = sources[meaning.source].targets if meaning.source in sources else ()
        names = meaning.names or {target.locale: (target.local_name,) for target in targets}
        for locale, spellings in names.items() if meaning.template else ():
            for spelling in spellings:
                found[meaning.source, (meaning.template or "").replace(PLACE, spelling)].add(locale)
    return found


def _lacking(places: _Places, others: _Places) -> dict[tuple[str, str], list[str]]:
    """Return what PLACES have and OTHERS have not: source and locale to paths."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (source, path), locales in sorted(places.items()):
        there = others.get((source, path), set())
        for locale in locales:
            if not any(same_locale(locale, other) for other in there):
                found[source, locale].append(path)
    return found


def _differing(
    old: Mapping[tuple[str, str], list[str]], new: Mapping[tuple[str, str], list[str]]
) -> Iterator[str]:
    for source, locale in sorted(old.keys() | new.keys()):
        before, now = (", ".join(places.get((source, locale), ["nothing"])) for places in (old, new))
        yield f"{source} {locale}: {before} in the old file, {now} in the manifest"


def _one_sided(meanings: Sequence[FileMeaning], sources: Mapping[str, Source]) -> Iterator[str]:
    for source in sorted({meaning.source for meaning in meanings if meaning.template is None}):
        yield f"{source}: the target in the old file is not supported here"
    if not meanings and sources:
        yield "the old file names no files: those in the manifest were found in the repository"
        return
    known = {meaning.source for meaning in meanings}
    for source in sorted(known - sources.keys()):
        yield f"{source}: a source only in the old file"
    for source in sorted(sources.keys() - known):
        if not sources[source].targets:
            yield f"{source}: a source only in the manifest"
