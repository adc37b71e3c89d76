"""Glossaries of an account: terms in many locales, exported and imported as files.

An import is first only looked at: its answer says what it would change. It is done when it is confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from l10nsync.sandbox.clock import iso
from l10nsync.sandbox.common import records, waits
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.glossaries import termbase
from l10nsync.sandbox.groups.glossaries.termbase import GlossaryEntry
from l10nsync.sandbox.refusal import Refusal, invalid

KIND, ENTRY, IMPORT = "glossary", "glossary entry", "glossary import"
NAME_LIMIT, DESCRIPTION_LIMIT = 170, 250
STATES = ("ACTIVE", "ARCHIVED", "BOTH")
_USER = "sandboxuser1"
_SORT = {"glossaryName": "glossaryName", "createdDate": "createdDate", "lastModifiedDate": "modifiedDate"}


def find(world: World, account: str, uid: str) -> dict[str, Any]:
    """Return a glossary; raise a 404 if the account has none of that uid."""
    return records.find(world, KIND, account, uid)


def create(world: World, account: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Create a glossary; names are unique in the account."""
    uid, now = world.uuid(), iso(world.now())
    made = {
        "glossaryUid": uid, "accountUid": account, **_checked(world, account, body, ""), "archived": False,
        "createdByUserUid": _USER, "modifiedByUserUid": _USER, "createdDate": now, "modifiedDate": now,
    }  # fmt: skip
    return records.add(world, KIND, account, uid, made)


def change(world: World, account: str, uid: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change a glossary: all its settings at once."""
    find(world, account, uid)
    given = _checked(world, account, body, uid)
    return records.change(world, KIND, account, uid, **given, modifiedDate=iso(world.now()))


def _checked(world: World, account: str, body: Mapping[str, Any], uid: str) -> dict[str, Any]:
    name, description = body.get("glossaryName"), body.get("description") or ""
    if not isinstance(name, str) or not name.strip() or len(name) > NAME_LIMIT:
        raise invalid(f"glossaryName must have 1 to {NAME_LIMIT} characters", "glossaryName")
    if len(description) > DESCRIPTION_LIMIT:
        raise invalid(f"description must not be longer than {DESCRIPTION_LIMIT} characters", "description")
    named = {glossary["glossaryUid"] for glossary in _named(world, account, name)}
    if named - {uid}:
        raise invalid(f"Glossary with name '{name}' already exists", "glossaryName")
    locales = list(dict.fromkeys(body.get("localeIds") or ()))
    fallbacks = body.get("fallbackLocales") or []
    for fallback in fallbacks:
        if not fallback.get("fallbackLocaleId") or not fallback.get("localeIds"):
            raise invalid("fallbackLocaleId and localeIds are required", "fallbackLocales")
    return {
        "glossaryName": name, "description": description, "localeIds": locales,
        "verificationMode": bool(body.get("verificationMode")), "fallbackLocales": list(fallbacks),
    }  # fmt: skip


def _named(world: World, account: str, name: str) -> list[dict[str, Any]]:
    listed = records.listing(world, KIND, account)
    return [glossary for glossary in listed if glossary["glossaryName"] == name]


def search(world: World, account: str, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the glossaries that fit, sorted as asked for."""
    found = _asked_for(records.listing(world, KIND, account), body)
    sorting = body.get("sorting") or {}
    field = sorting.get("field") or "glossaryName"
    if field not in _SORT:
        raise invalid(f"sorting.field must be one of {', '.join(_SORT)}", "sorting")
    backwards = str(sorting.get("direction") or "ASC").upper() == "DESC"
    found.sort(key=lambda glossary: str(glossary[_SORT[field]]), reverse=backwards)
    if body.get("includeEntriesCount"):
        return [
            {**glossary, "entriesCount": len(entries(world, glossary["glossaryUid"]))} for glossary in found
        ]
    return found


def _asked_for(glossaries: Iterable[dict[str, Any]], body: Mapping[str, Any]) -> list[dict[str, Any]]:
    query, state = str(body.get("query") or "").casefold(), _state(body.get("glossaryState"), "glossaryState")
    locale, uids = body.get("targetLocaleId"), body.get("glossaryUids") or ()
    return [
        glossary
        for glossary in glossaries
        if _holds(glossary, query)
        and state in {"BOTH", "ARCHIVED" if glossary["archived"] else "ACTIVE"}
        and (not locale or locale in glossary["localeIds"])
        and (not uids or glossary["glossaryUid"] in uids)
    ]


def _holds(glossary: Mapping[str, Any], query: str) -> bool:
    texts = (glossary["glossaryName"].casefold(), glossary["description"].casefold())
    return query == glossary["glossaryUid"] or any(query in text for text in texts)


def _state(given: Any, name: str) -> str:
    state = str(given or "ACTIVE")
    if state not in STATES:
        raise invalid(f"{name} must be one of {', '.join(STATES)}", name)
    return state


# --- entries ---------------------------------------------------------------------------------------------


def entries(world: World, uid: str, state: str = "ACTIVE") -> list[dict[str, Any]]:
    """Return the entries of a glossary in their order."""
    found = records.listing(world, ENTRY, uid)
    return [
        glossary for glossary in found if state in {"BOTH", "ARCHIVED" if glossary["archived"] else "ACTIVE"}
    ]


def export(world: World, account: str, uid: str, body: Mapping[str, Any]) -> tuple[bytes, str, str]:
    """Return a glossary as a file: content, media type and name."""
    glossary = find(world, account, uid)
    how, version = str(body.get("format") or ""), body.get("tbxVersion")
    if how not in termbase.MEDIA:
        raise invalid(f"format must be one of {', '.join(termbase.MEDIA)}", "format")
    if how == "TBX" and version not in termbase.TBX_VERSIONS:
        raise invalid(f"tbxVersion must be one of {', '.join(termbase.TBX_VERSIONS)}", "tbxVersion")
    if not isinstance(body.get("filter"), dict):
        raise invalid("filter is required", "filter")
    locales: list[str] = list(body.get("localeIds") or ())
    if not locales:
        raise invalid("localeIds is required", "localeIds")
    if body.get("focusLocaleId"):
        locales = list(dict.fromkeys([str(body["focusLocaleId"]), *locales]))
    chosen = [] if body.get("skipEntries") else _filtered(world, uid, body["filter"])
    lines = [GlossaryEntry(entry["entryUid"], entry, entry["terms"]) for entry in chosen]
    content = termbase.write(how, lines, locales, str(version or ""))
    suffix = {"TBX": "tbx", "XLSX": "xlsx", "CSV": "csv"}[how]
    return content, termbase.MEDIA[how], f"{glossary['glossaryName']}.{suffix}"


def _filtered(world: World, uid: str, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    query = str(wanted.get("query") or "").casefold()
    uids, missing = wanted.get("entryUids") or (), wanted.get("missingTranslationLocaleId")
    present = wanted.get("presentTranslationLocaleId")
    return [
        entry
        for entry in entries(world, uid, _state(wanted.get("entryState"), "filter.entryState"))
        if (not query or any(query in _term(entry, locale).casefold() for locale in entry["terms"]))
        and (not uids or entry["entryUid"] in uids)
        and (not missing or not _term(entry, missing))
        and (not present or _term(entry, present))
    ]


def _term(entry: Mapping[str, Any], locale: str) -> str:
    return str(entry["terms"].get(locale, {}).get("term") or "")


# --- imports ---------------------------------------------------------------------------------------------


def begin_import(world: World, account: str, uid: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Read a file and say what it would change; nothing is changed yet."""
    glossary = find(world, account, uid)
    lines = termbase.read(given["media"], given["content"])
    unknown = sorted(set(chain.from_iterable(line.terms for line in lines)) - set(glossary["localeIds"]))
    matches = _matches(world, uid, lines)
    ident = world.uuid()
    summary = {"glossaryUid": uid, "importUid": ident, "importStatus": "PENDING"}
    kept = {
        "_blob": world.store.put(given["content"]), "_media": given["media"], "_archive": given["archive"]
    }  # fmt: skip
    records.add(world, IMPORT, uid, ident, {**summary, **kept})
    changes = _entry_changes(glossary, matches)
    if given["archive"]:
        matched = {known["entryUid"] for _, known in matches if known}
        changes["entriesToArchive"] = len({entry["entryUid"] for entry in entries(world, uid)} - matched)
    return {
        "glossaryImport": summary,
        "entryChanges": changes,
        "translationChanges": [_translation_changes(locale, matches) for locale in glossary["localeIds"]],
        "warnings": [
            {"key": "locale.unknown", "message": f"{locale} is not a locale of the glossary"}
            for locale in unknown
        ],
    }


def _entry_changes(
    glossary: Mapping[str, Any], matches: Sequence[tuple[GlossaryEntry, dict[str, Any] | None]]
) -> dict[str, int]:
    """Return how many entries an import makes and changes; a line with the id of no entry matches none."""
    unmatched = [line for line, known in matches if known is None]
    updates = [line for line, known in matches if known and _changes(glossary, line, known)]
    return {
        "newEntries": sum(1 for line in unmatched if not line.uid),
        "existingEntryUpdates": len(updates),
        "notMatchedEntries": sum(1 for line in unmatched if line.uid),
        "entriesToArchive": 0,
    }


def _matches(
    world: World, uid: str, lines: Sequence[GlossaryEntry]
) -> list[tuple[GlossaryEntry, dict[str, Any] | None]]:
    """Return each line with the entry that it means: by uid, else by the term in its first locale."""
    known = {entry["entryUid"]: entry for entry in entries(world, uid, "BOTH")}
    by_term: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in known.values():
        if not entry["archived"]:
            terms = ((locale, _term(entry, locale)) for locale in entry["terms"])
            by_term |= {(locale, term): entry for locale, term in terms if term}
    found: list[tuple[GlossaryEntry, dict[str, Any] | None]] = []
    for line in lines:
        first = next(
            ((locale, item["term"]) for locale, item in line.terms.items() if item.get("term")), None
        )
        found.append((line, known.get(line.uid) if line.uid else by_term.get(first) if first else None))
    return found


def _changes(glossary: Mapping[str, Any], line: GlossaryEntry, known: Mapping[str, Any]) -> bool:
    return _without_empty(_merged(glossary, line, known)) != _without_empty(known)


def _without_empty(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry without what is empty or false: a table says that of everything."""
    terms = {
        locale: {key: value for key, value in item.items() if value}
        for locale, item in entry["terms"].items()
    }
    return {**{key: value for key, value in entry.items() if value}, "terms": terms}


def _merged(glossary: Mapping[str, Any], line: GlossaryEntry, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry with what a line says of it; locales that the glossary has not are left out."""
    terms = {locale: dict(item) for locale, item in known["terms"].items()}
    for locale, item in line.terms.items():
        if locale in glossary["localeIds"]:
            terms[locale] = {**terms.get(locale, {}), **item}
    kept = {locale: item for locale, item in terms.items() if item.get("term")}
    return {**known, **line.fields, "terms": kept, "archived": False}


def _translation_changes(
    locale: str, matches: Sequence[tuple[GlossaryEntry, Mapping[str, Any] | None]]
) -> dict[str, Any]:
    new = updated = removed = 0
    for line, known in matches:
        if locale not in line.terms or (known is None and line.uid):
            continue
        before, after = _term(known, locale) if known else "", str(line.terms[locale].get("term") or "")
        new += bool(after and not before)
        updated += bool(after and before and after != before)
        removed += bool(before and not after)
    return {
        "localeId": locale, "newTranslations": new, "updatedTranslations": updated,
        "translationsToRemove": removed,
    }  # fmt: skip


def confirm(world: World, account: str, uid: str, ident: str) -> dict[str, Any]:
    """Begin to do what an import said."""
    find(world, account, uid)
    found = records.find(world, IMPORT, uid, ident)
    if found["importStatus"] != "PENDING":
        raise invalid(f"The import is {found['importStatus']}", "importStatus")
    records.change(world, IMPORT, uid, ident, importStatus="IN_PROGRESS")
    if waits.begin(world, uid, KIND, f"{KIND} {ident}", {"account": account}):
        _finish(world, account, uid, ident)
    return _shown(records.find(world, IMPORT, uid, ident))


def import_status(world: World, account: str, uid: str, ident: str) -> dict[str, Any]:
    """Look at an import."""
    find(world, account, uid)
    records.find(world, IMPORT, uid, ident)
    if waits.look(world, f"{KIND} {ident}"):
        _finish(world, account, uid, ident)
    return _shown(records.find(world, IMPORT, uid, ident))


def _shown(found: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if not key.startswith("_")}


def _finish(world: World, account: str, uid: str, ident: str) -> None:
    waits.finish(world, f"{KIND} {ident}")
    found = records.find(world, IMPORT, uid, ident)
    try:
        _carry_out(world, find(world, account, uid), found)
    except Refusal:
        records.change(world, IMPORT, uid, ident, importStatus="FAILED")
    else:
        records.change(world, IMPORT, uid, ident, importStatus="SUCCESSFUL")


def _carry_out(world: World, glossary: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    uid = glossary["glossaryUid"]
    lines = termbase.read(found["_media"], world.store.get(found["_blob"]))
    touched: set[str] = set()
    for line, known in _matches(world, uid, lines):
        if known is None and line.uid:
            continue
        entry = known or _add(world, uid)
        records.update(world, ENTRY, entry["entryUid"], **_merged(glossary, line, entry))
        touched.add(entry["entryUid"])
    if found["_archive"]:
        for stale in entries(world, uid):
            if stale["entryUid"] not in touched:
                records.update(world, ENTRY, stale["entryUid"], archived=True)
    records.update(world, KIND, uid, modifiedDate=iso(world.now()))


def _add(world: World, uid: str) -> dict[str, Any]:
    ident = world.uuid()
    blank = {"definition": "", "partOfSpeech": "", "labels": [], "terms": {}, "archived": False}
    return records.add(world, ENTRY, uid, ident, {"entryUid": ident, **blank})
