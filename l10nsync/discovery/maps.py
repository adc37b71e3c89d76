"""One map of locales for all resources, and what a resource has otherwise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from l10nsync.discovery.draft import DraftResource, plain

LocaleNames = Mapping[str, Sequence[str]]
"""Id of the service to local names."""


def mapped(
    entries: Sequence[tuple[DraftResource, LocaleNames]],
) -> tuple[tuple[DraftResource, ...], dict[str, str | tuple[str, ...]]]:
    """Return the resources with what their maps have otherwise, and the map at the top."""
    main = _main(entries)
    resources = [
        replace(
            resource,
            locale_map=plain({key: value for key, value in names.items() if main[key] != list(value)}),
            only=() if set(names) == set(main) else tuple(sorted(names)),
        )
        for resource, names in entries
    ]
    return tuple(_unique(resources)), plain(main)


def _main(entries: Sequence[tuple[DraftResource, LocaleNames]]) -> dict[str, list[str]]:
    """Return the map of locales at the top: of several spellings the one of most resources.

    Android spells as no other platform does, so it speaks for others only where they are silent.
    """
    counted: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for resource, names in entries:
        weight = 1 if "values-{locale}" in (resource.target or "") else 2
        for key, value in names.items():
            counted[key][tuple(value)] += weight
    return {key: list(_most(counts)) for key, counts in sorted(counted.items())}


def _most(counts: Counter[tuple[str, ...]]) -> tuple[str, ...]:
    return min(counts, key=lambda value: (-counts[value], value))


def _unique(resources: Sequence[DraftResource]) -> Iterator[DraftResource]:
    seen: set[str] = set()
    for resource in resources:
        numbered = (f"{resource.name}-{number}" for number in range(2, len(resources) + 2))
        name = (
            resource.name
            if resource.name not in seen
            else next(name for name in numbered if name not in seen)
        )
        seen.add(name)
        yield replace(resource, name=name)
