"""Plural forms that are keys of their own: `files_one`, `files_other`, `files_plural`, `files/one`.

Whether a key is one of these, no single file says: a translation has the forms of its own language. So source
and translation are looked at together, and their keys are folded to the plural's own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from l10nsync.formats.documents import CATEGORIES, Document, Unit

_SUFFIX = re.compile(rf"(?P<base>.+?)_(?P<form>(?:ordinal_)?(?:{'|'.join(CATEGORIES)})|plural|\d)", re.DOTALL)
_PATH = re.compile(rf"(?P<base>.+)/(?P<form>{'|'.join(CATEGORIES)})", re.DOTALL)
_BESIDE = frozenset({*CATEGORIES, "description", "comment", "hash", "_description", "context"})
"""Names that an object of plural forms may have (go-i18n describes them)."""
_COUNTED = re.compile(r"\{\{-?\s*count\b|\{\s*(?:count|n|num|number)\s*\}|%\{count\}")
_I18NEXT = re.compile(r"\{\{[^{}]*\}\}|\$t\(")
SINGULAR = "singular"
"""The form of i18next's version 3 that has no suffix."""


def folded(documents: Sequence[Document]) -> list[Document]:
    """Return the documents with plural forms under one key wherever one of them shows that they are that."""
    texts: dict[str, list[str]] = defaultdict(list)
    for document in documents:
        for unit in document.units:
            if not unit.plural:
                texts[unit.key].append(unit.text)
    bases = _suffixed(texts) | _nested(texts)
    contexts = _contexts(documents, texts)
    if not bases and not contexts:
        return list(documents)
    return [replace(document, units=tuple(_fold(document.units, bases, contexts))) for document in documents]


def may_fold(keys: Iterable[str]) -> bool:
    """Return whether the keys of a file may be plural forms: only then `folded` changes it."""
    return any(_SUFFIX.fullmatch(key) or _PATH.fullmatch(key) for key in keys)


def changed(plain: Sequence[Document], whole: Sequence[Document]) -> frozenset[str]:
    """Return the keys that several keys of the plain documents were folded to."""
    pairs = list(
        chain.from_iterable(
            zip(document.units, other.units, strict=True)
            for document, other in zip(plain, whole, strict=True)
        )
    )
    return frozenset(after.key for before, after in pairs if before.plural != after.plural)


def _suffixed(keys: dict[str, list[str]]) -> dict[str, str]:
    """Return key and base of keys whose suffix is a plural form."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for key in keys:
        if found := _SUFFIX.fullmatch(key):
            groups[found["base"]][found["form"]] = key
    folds: dict[str, str] = {}
    for base, forms in groups.items():
        folds |= dict.fromkeys(_of_one_plural(base, forms, keys), base)
    return folds


def _of_one_plural(base: str, forms: dict[str, str], keys: dict[str, list[str]]) -> list[str]:
    """Return those of the KEYS of some FORMS that are forms of the plural BASE; none if it is not one.

    One form alone shows a plural only by a text that counts.
    """
    named = [key for form, key in forms.items() if form.removeprefix("ordinal_") in CATEGORIES]
    if "other" in forms or "ordinal_other" in forms:
        texts = chain.from_iterable(keys[key] for key in named)
        if len(named) > 1 or any(map(_COUNTED.search, texts)):
            return named
    if "plural" in forms and base in keys:  # of i18next's version 3
        return [base, *(key for form, key in forms.items() if form == "plural" or form.isdigit())]
    return []


def _nested(keys: Iterable[str]) -> dict[str, str]:
    """Return key and base of the forms in an object whose names are plural categories."""
    inside: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        base, slash, name = key.rpartition("/")
        if slash:
            inside[base].add(name)
    bases = {base for base, names in inside.items() if "other" in names and names <= _BESIDE}
    found = (_PATH.fullmatch(key) for key in keys)
    return {match[0]: match["base"] for match in found if match and match["base"] in bases}


def _contexts(documents: Sequence[Document], keys: Collection[str]) -> dict[str, str]:
    """Return keys of translations that are a context of a source's key (`friend_male` of `friend`).

    i18next takes the form with the context where there is one, so that a language may have its own.
    """
    first = documents[0]
    mine = {unit.key for unit in first.units}
    if not any(_I18NEXT.search(unit.text) for unit in first.units):
        return {}
    found: dict[str, str] = {}
    for key in keys:
        base, underscore, _context = key.rpartition("_")
        if key not in mine and underscore and base in mine:
            found[key] = base
    return found


def _fold(units: Iterable[Unit], bases: dict[str, str], contexts: dict[str, str]) -> Iterator[Unit]:
    for unit in units:
        base = bases.get(unit.key)
        if unit.plural or (base is None and unit.key not in contexts):
            yield unit
        elif base is None:
            yield unit._replace(key=contexts[unit.key], plural=f"context {unit.key}")
        else:
            form = SINGULAR if base == unit.key else unit.key[len(base) + 1 :]
            yield unit._replace(key=base, plural=form)
