"""The Files API: what is stored, what is translated, what was published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO

from l10nsync.model import FileStatus, Import, ListedFile, LocaleCounts, PublishedPair, fold
from l10nsync.providers.http import Call
from l10nsync.providers.replies import (
    LONGEST_TEXT,
    JsonObject,
    count,
    items,
    moment,
    needed,
    record,
    text,
)
from l10nsync.providers.smartling.api.service_calls import ProjectApi, absent_as_none, page_of, segment

LIST_PAGE = 100
"""Files in a page of `files/list`: default and maximum."""
WHOLE_LIST = 128 * 1024 * 1024
"""Bytes of a list that has no pages."""
ZIP_LIMIT = 512 * 1024 * 1024
"""Bytes of an archive."""
_HTML_NAMES = (".html", ".htm", ".xhtml", ".md", ".mdx", ".markdown")


@dataclass(frozen=True, slots=True)
class FilesApi(ProjectApi):
    """The files of a project."""

    def list_files(self) -> dict[str, ListedFile]:
        """Return all files of the project by `fold(fileUri)`."""
        found = self.all_pages(lambda offset: self._file_page(offset, "fileUri"), LIST_PAGE, _folded_uri)
        return {_folded_uri(row): _listed(row) for row in found}

    def newest_files(self, offset: int) -> tuple[list[ListedFile], int]:
        """Return one page of files, the last uploaded first, and how many there are in all."""
        found, number = self._file_page(offset, "lastUploaded_desc")
        return [_listed(row) for row in found], number

    def _file_page(self, offset: int, order: str) -> tuple[list[JsonObject], int]:
        params = (("orderBy", order), ("limit", str(LIST_PAGE)), ("offset", str(offset)))
        return page_of(self.get("list files", self._files("/files/list"), *params))

    def status(self, uri: str) -> FileStatus | None:
        """Return a file's status over all locales; None if there is no such file."""
        path = self._files("/file/status")
        data = absent_as_none(lambda: self.get("read a file's status", path, ("fileUri", uri)))
        return None if data is None else _file_status(data, uri)

    def original(self, uri: str) -> bytes | None:
        """Return the source file as it is stored; None if there is no such file."""
        call = Call(
            "download a source",
            "GET",
            self._files("/file"),
            params=(("fileUri", uri),),
            accept_file=True,
            may_be_html=may_be_html(uri),
        )
        answer = absent_as_none(lambda: self.client.send(call))
        return answer.body if answer else None

    def translated(self, uri: str, locale: str, retrieval_type: str, *, originals: bool) -> bytes:
        """Return one translated file; LOCALE `all` gives one file with all locales."""
        params = (
            ("fileUri", uri),
            ("retrievalType", retrieval_type),
            ("includeOriginalStrings", str(originals).lower()),
        )
        path = self._files(f"/locales/{segment(locale)}/file")
        call = Call(
            "download a translation",
            "GET",
            path,
            params=params,
            accept_file=True,
            may_be_html=may_be_html(uri),
        )
        return self.client.send(call).body

    def matched(
        self, content: bytes, uri: str, locale: str, retrieval_type: str, *, originals: bool
    ) -> bytes:
        """Return CONTENT, which is not stored, translated with the strings and settings of the file URI."""
        form = (
            ("fileUri", uri),
            ("retrievalType", retrieval_type),
            ("includeOriginalStrings", str(originals).lower()),
        )
        path = self._files(f"/locales/{segment(locale)}/file/get-translations")
        call = Call(
            "translate a file that is not stored",
            "POST",
            path,
            form=form,
            file=content,
            accept_file=True,
            may_be_html=may_be_html(uri),
        )
        return self.client.send(call).body

    def archive(
        self,
        wanted: Mapping[str, Iterable[str]],
        retrieval_type: str,
        *,
        originals: bool,
        published_only: bool,
    ) -> IO[bytes] | None:
        """Return a zip of translations (fileUri to locales, 500 pairs at most); None if nothing is left."""
        body = {
            "files": [{"fileUri": uri, "localeIds": list(locales)} for uri, locales in wanted.items()],
            "retrievalType": retrieval_type,
            "includeOriginalStrings": originals,
            "fileFilter": "PUBLISHED_FILES_ONLY" if published_only else "ALL_FILES",
        }
        call = Call(
            "download translations",
            "POST",
            self._files("/files/zip"),
            json=body,
            accept_file=True,
            on_disk=True,
            timeout=180.0,
            limit=ZIP_LIMIT,
        )
        answer = self.client.send(call)
        return None if answer.status == 204 else answer.file

    def published_since(self, since: str) -> tuple[PublishedPair, ...]:
        """Return what was published since an ISO time, 14 days back at most."""
        path = self.path("published-files-api/v2", "/files/list/recently-published")
        found = self.get("list what was published", path, ("publishedAfter", since), limit=WHOLE_LIST)
        return tuple(
            PublishedPair(needed(row, "fileUri"), needed(row, "localeId"), moment(row, "publishDate"))
            for row in items(found)
        )

    def modified_since(self, uri: str, since: str) -> frozenset[str]:
        """Return the locales in which a file changed after an ISO time; none for a file that is not there."""
        operation = "read when translations changed"
        params = (("fileUri", uri), ("lastModifiedAfter", since))
        data = absent_as_none(lambda: self.get(operation, self._files("/file/last-modified"), *params))
        return frozenset() if data is None else frozenset(needed(row, "localeId") for row in items(data))

    def import_file(self, translation: Import) -> JsonObject:
        """Take an existing translation into a file; return counts and errors by string."""
        path = self._files(f"/locales/{segment(translation.locale)}/file/import")
        form = [
            ("fileUri", translation.uri),
            ("fileType", translation.file_type),
            ("translationState", translation.state),
        ]
        form.append(("overwrite", str(translation.overwrite).lower()))
        if translation.charset:
            form.append(("smartling.file_charset", translation.charset))
        form += [(f"smartling.{name}", value) for name, value in translation.directives.items()]
        timeout = 60.0 + len(translation.content) / 50_000
        call = Call(
            "import a translation", "POST", path, form=tuple(form), file=translation.content, timeout=timeout
        )
        return self.client.send(call).record

    def delete(self, uri: str) -> None:
        """Delete a file; the service takes minutes until the URI is free again."""
        self.client.send(Call("delete a file", "POST", self._files("/file/delete"), form=(("fileUri", uri),)))

    def _files(self, rest: str) -> str:
        return self.path("files-api/v2", rest)


def may_be_html(uri: str) -> bool:
    """Whether a file of this name may begin like an HTML page."""
    return uri.lower().endswith(_HTML_NAMES)


def _folded_uri(row: JsonObject) -> str:
    return fold(needed(row, "fileUri"))


def _listed(row: JsonObject) -> ListedFile:
    return ListedFile(needed(row, "fileUri"), text(row, "fileType"), moment(row, "lastUploaded"))


def _file_status(data: JsonObject, uri: str) -> FileStatus:
    directives = record(data, "directives")
    return FileStatus(
        uri=text(data, "fileUri") or uri,
        last_uploaded=moment(data, "lastUploaded"),
        namespace=text(record(data, "namespace"), "name"),
        directives={name: _directive(directives, name) for name in directives},
        total_strings=count(data, "totalStringCount"),
        total_words=count(data, "totalWordCount"),
        locales={needed(row, "localeId"): _counts(row) for row in items(data)},
    )


def _directive(directives: JsonObject, name: str) -> str:
    value = directives[name]
    return str(value).lower() if isinstance(value, bool) else text(directives, name, LONGEST_TEXT)


def _counts(row: JsonObject) -> LocaleCounts:
    return LocaleCounts(
        authorized_strings=count(row, "authorizedStringCount"),
        authorized_words=count(row, "authorizedWordCount"),
        completed_strings=count(row, "completedStringCount"),
        completed_words=count(row, "completedWordCount"),
        excluded_strings=count(row, "excludedStringCount"),
        excluded_words=count(row, "excludedWordCount"),
    )
