"""The Strings API: source strings and translations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from l10nsync.model import HeldString, Translated, fold
from l10nsync.providers.replies import LONGEST_TEXT, JsonObject, items, moment, needed, records, text
from l10nsync.providers.smartling.api.service_calls import ProjectApi, hashcode, page_of

FILE_STRINGS_PAGE = 500
TRANSLATIONS_PAGE = 10_000
_TO_SECONDS = len("2026-01-01T00:00:00")


@dataclass(frozen=True, slots=True)
class StringsApi(ProjectApi):
    """The strings of a project."""

    def file_strings(self, uri: str) -> frozenset[str]:
        """Return the hashcodes of the strings of a file."""
        return frozenset(hashcode(row) for row in self.file_string_rows(uri))

    def file_string_rows(self, uri: str) -> list[JsonObject]:
        """Return the strings of a file as the service describes them."""

        def page(offset: int) -> tuple[list[JsonObject], int]:
            data = self.get(
                "list the file's strings",
                self.path("strings-api/v2", "/source-strings"),
                ("fileUri", uri),
                ("limit", str(FILE_STRINGS_PAGE)),
                ("offset", str(offset)),
            )
            return page_of(data)

        return self.all_pages(page, FILE_STRINGS_PAGE, hashcode)

    def source_strings(self, hashcodes: Sequence[str]) -> dict[str, HeldString]:
        """Return those of some strings, `FILE_STRINGS_PAGE` at most, that files hold."""
        operation = "look for strings"
        body = {"hashcodes": list(hashcodes), "limit": FILE_STRINGS_PAGE, "offset": 0}
        answer = self.post(operation, self.path("strings-api/v2", "/source-strings"), body)
        return {hashcode(row): _held_string(row) for row in items(answer.record)}

    def in_files(self, hashcodes: Iterable[str]) -> bool:
        """Return whether any file holds one of these strings, a few hundred at most."""
        operation = "look for strings"
        body = {"hashcodes": list(hashcodes), "limit": 1}
        return bool(items(self.post(operation, self.path("strings-api/v2", "/source-strings"), body).record))

    def authorized_strings(self, hashcodes: Sequence[str], locale: str) -> frozenset[str]:
        """Return those of some strings, `FILE_STRINGS_PAGE` at most, that are authorized in LOCALE."""
        return frozenset(self.translated_strings(hashcodes, locale, "pending"))

    def translated_strings(self, hashcodes: Sequence[str], locale: str, retrieval: str) -> dict[str, bool]:
        """Return those of some strings that are authorized in LOCALE, with whether each has a text there."""
        body = {
            "hashcodes": list(hashcodes), "targetLocaleId": locale, "retrievalType": retrieval,
            "limit": FILE_STRINGS_PAGE, "offset": 0,
        }  # fmt: skip
        path = self.path("strings-api/v2", "/translations")
        rows = items(self.post("look for translations", path, body).record)
        return {hashcode(row): any(_texts_of(row)) for row in rows}

    def translations(self, uri: str, locale: str, retrieval: str) -> tuple[Translated, ...]:
        """Return the translations of a file, and when each was changed last."""
        operation = "look for translations"
        path = self.path("strings-api/v2", "/translations")
        body = {"fileUri": uri, "targetLocaleId": locale, "retrievalType": retrieval}

        def page(offset: int) -> tuple[list[JsonObject], int]:
            answer = self.post(operation, path, {**body, "limit": TRANSLATIONS_PAGE, "offset": offset})
            return page_of(answer.record)

        found = self.all_pages(page, TRANSLATIONS_PAGE, hashcode)
        return tuple(chain.from_iterable(_translated(row, uri) for row in found))


def _held_string(row: JsonObject) -> HeldString:
    keys = tuple((needed(key, "fileUri"), text(key, "key", LONGEST_TEXT)) for key in records(row, "keys"))
    held = text(row, "parsedStringText", LONGEST_TEXT) or text(row, "stringText", LONGEST_TEXT)
    return HeldString(held, keys)


def _texts_of(row: JsonObject) -> Iterator[str]:
    return (text(form, "translation", LONGEST_TEXT) for form in records(row, "translations"))


def _translated(row: JsonObject, uri: str) -> Iterator[Translated]:
    """Yield the translations of one string, each form of a plural on its own."""
    held = [key for key in records(row, "keys") if fold(text(key, "fileUri")) == fold(uri)]
    keys = tuple(filter(None, (text(key, "key", LONGEST_TEXT) for key in held)))
    for translation in records(row, "translations"):
        changed = moment(translation, "modifiedDate")[:_TO_SECONDS]
        yield Translated(keys, text(translation, "translation", LONGEST_TEXT), changed)
