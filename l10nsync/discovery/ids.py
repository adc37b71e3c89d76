"""The ids of a project in the place of those that were guessed. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from l10nsync.discovery.draft import Draft, DraftResource, LocaleMap, plain
from l10nsync.locales import language, same_locale


def with_ids(draft: Draft, project: Sequence[str]) -> Draft:
    """Return DRAFT with the ids of the PROJECT; a locale that it does not have is left out, with a line.

    If it has none of them, the draft stays as it is, with a note: that is another project, most likely.
    """
    named = _all(draft)
    ids = _matched(named, project)
    if not ids:
        note = f"TODO locales: the project has none of these, but {', '.join(sorted(project))}"
        return replace(draft, notes=(*draft.notes, note))
    lines = [f"locale {guessed} ({', '.join(named[guessed])}): the project has no such locale"
             for guessed in sorted(named.keys() - ids.keys())]  # fmt: skip
    return replace(
        draft,
        locales=_renamed(draft.locales, ids),
        resources=tuple(
            resource
            for draft_resource in draft.resources
            if (resource := _resource(draft_resource, ids)) is not None
        ),
        meaning=tuple(
            replace(meaning, names={ids[key]: names for key, names in meaning.names.items() if key in ids})
            for meaning in draft.meaning
        ),
        not_taken=(*draft.not_taken, *lines),
    )


def _all(draft: Draft) -> dict[str, list[str]]:
    """Return every id of a draft with its local names."""
    found: dict[str, list[str]] = {}
    for locales in (draft.locales, *(resource.locale_map for resource in draft.resources)):
        for key, value in locales.items():
            names = [value] if isinstance(value, str) else value
            found.setdefault(key, []).extend(name for name in names if name not in found.get(key, ()))
    return found


def _matched(named: Mapping[str, Sequence[str]], project: Collection[str]) -> dict[str, str]:
    """Return guessed ids to those of the project: the very same, or the only one that can be meant."""
    exact: dict[str, str] = {}
    for guessed, local in named.items():
        spellings = {guessed.casefold(), *(name.replace("_", "-").casefold() for name in local)}
        same = next((id_ for id_ in sorted(project) if id_.casefold() in spellings), None)
        exact |= {guessed: same} if same else {}
    free = set(project) - set(exact.values())
    nearest = {guessed: _nearest(guessed, local, free) for guessed, local in named.items()}
    return {**{guessed: near for guessed, near in nearest.items() if near}, **exact}


def _nearest(guessed: str, local: Sequence[str], free: Collection[str]) -> str:
    """Return the one of the FREE ids that a local name can mean; empty if it is none, or not just one."""
    near = [candidate for candidate in free if same_locale(candidate, guessed)]
    # `de` of a repository is whatever German the project has; `de-CH` is not.
    is_plain = not any("-" in name.replace("_", "-") for name in local)
    alike = [candidate for candidate in free if is_plain and language(candidate) == language(guessed)]
    fits = near if len(near) == 1 else alike
    return fits[0] if len(fits) == 1 else ""


def _renamed(locales: LocaleMap, ids: Mapping[str, str]) -> LocaleMap:
    found: dict[str, list[str]] = {}
    for key, value in locales.items():
        if key in ids:
            found.setdefault(ids[key], []).extend([value] if isinstance(value, str) else value)
    return plain(found)


def _resource(resource: DraftResource, ids: Mapping[str, str]) -> DraftResource | None:
    """Return RESOURCE with the project's ids; None if the project has none of its locales."""
    only = tuple(sorted({ids[name] for name in resource.only if name in ids}))
    if resource.only and not only:
        return None
    leave_out = tuple(sorted({ids[name] for name in resource.leave_out if name in ids}))
    return replace(resource, only=only, leave_out=leave_out, locale_map=_renamed(resource.locale_map, ids))
