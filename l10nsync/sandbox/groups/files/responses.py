"""Files v2 and recently published files."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from l10nsync import formats
from l10nsync.sandbox.clock import moment
from l10nsync.sandbox.common import source_strings
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.files import downloads, file_status, published, uploads
from l10nsync.sandbox.groups.files import rules as files
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.parsed_request import BodyPart, ParsedRequest, paged
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.replies import Reply, data, download, in_parts, items

_PREFIX = "smartling."


def upload_of(call: ParsedRequest) -> uploads.UploadedFile:
    """Return the source file that a multipart request carries."""
    part = required_part(call)
    return uploads.UploadedFile(
        uri=call.field("fileUri"),
        file_type=call.field("fileType"),
        content=part.content,
        charset=call.field("smartling.file_charset") or source_strings.declared_charset(part.content_type),
        namespace=call.field("smartling.namespace") or None,
        directives=directives_of(call),
        callback=call.field("callbackUrl") or None,
    )


def required_part(call: ParsedRequest) -> BodyPart:
    """Return the uploaded file; raise a refusal if the request has none."""
    part = call.parts.get("file")
    if part is None:
        raise invalid("file parameter is required", "file")
    return part


def directives_of(call: ParsedRequest) -> dict[str, str]:
    """Return the parser directives of a request, without their prefix."""
    given = {key.removeprefix(_PREFIX): value for key, value in call.form if key.startswith(_PREFIX)}
    return {key: value for key, value in given.items() if key not in uploads.RESERVED}


# --- sources ---------------------------------------------------------------------------------------------


def upload(call: ParsedRequest) -> Reply:
    """POST …/file: 200 with counts, or 202 without where the service takes its time."""
    given = upload_of(call)
    projects.find(call.server.world, call.project)
    uploads.look(call.server.world, call.project)
    counts = uploads.receive(call.server.world, call.project, given)
    if counts is None:
        code = str(call.server.world.switch(call.project, "upload_accepted_code"))
        return data({"message": "The file was uploaded. Its counts are not available yet."}, 202, code)
    _authorize_as_once(call)
    return data(counts)


def _authorize_as_once(call: ParsedRequest) -> None:
    """Heed the fields that authorized an upload's content before there were jobs, if a switch says so."""
    world, wanted = call.server.world, call.fields("localeIdsToAuthorize")
    asked = bool(wanted) or call.field("authorize").lower() in {"true", "1", "yes"}
    if asked and world.switch(call.project, "upload_authorizes"):
        known = projects.require_locales(world, call.project, wanted, "localeIdsToAuthorize")
        files.authorize(
            world, call.project, call.field("fileUri"), known or projects.locales(world, call.project)
        )


def source(call: ParsedRequest) -> Reply:
    """GET …/file."""
    return _download(downloads.source(call.server.world, call.project, call.text("fileUri")))


def listing(call: ParsedRequest) -> Reply:
    """GET …/files/list."""
    uploads.look(call.server.world, call.project)
    wanted = file_status.Filter(
        mask=call.text("uriMask"),
        types=tuple(_type(text) for text in call.texts("fileTypes")),
        after=call.moment("lastUploadedAfter"),
        before=call.moment("lastUploadedBefore"),
        order=call.text("orderBy"),
    )
    found = file_status.listing(call.server.world, call.project, wanted)
    world = call.server.world
    return paged(call, found, files.LIST_LIMIT, files.LIST_LIMIT, lambda row: file_status.listed(world, row))


def _type(name: str) -> str:
    if formats.get(name) is None:
        raise invalid(f"Unsupported file type {name}", "fileTypes")
    return formats.canonical(name)


def status(call: ParsedRequest) -> Reply:
    """GET …/file/status."""
    world = call.server.world
    uploads.look(world, call.project)
    return data(
        file_status.status(world, call.project, call.text("fileUri"), projects.locales(world, call.project))
    )


def locale_status(call: ParsedRequest) -> Reply:
    """GET …/locales/{locale}/file/status."""
    world = call.server.world
    uploads.look(world, call.project)
    locale = locales_of(world, call)[0]
    return data(file_status.locale_status(world, call.project, call.text("fileUri"), locale))


def types(call: ParsedRequest) -> Reply:
    """GET …/file-types: a list without a total."""
    return data({"items": file_status.types(call.server.world, call.project)})


def rename(call: ParsedRequest) -> Reply:
    """POST …/file/rename."""
    files.rename(call.server.world, call.project, call.field("fileUri"), call.field("newFileUri"))
    return data()


def delete(call: ParsedRequest) -> Reply:
    """POST …/file/delete."""
    files.delete(call.server.world, call.project, call.field("fileUri"))
    return data()


# --- translations ----------------------------------------------------------------------------------------


def translated(call: ParsedRequest) -> Reply:
    """GET …/locales/{locale}/file: one locale, or `all`, or a comma list."""
    world = call.server.world
    locales = locales_of(world, call)
    made = downloads.translated(
        world, call.project, call.text("fileUri"), locales, _options(call, dict(call.query))
    )
    answer = _download(made)
    return in_parts(answer) if call.accept == "multipart/mixed" else answer


def all_zip(call: ParsedRequest) -> Reply:
    """GET …/locales/all/file/zip."""
    uri = call.text("fileUri")
    pairs = [(uri, locale) for locale in projects.locales(call.server.world, call.project)]
    return _archive(call, pairs, dict(call.query))


def get_zip(call: ParsedRequest) -> Reply:
    """GET …/files/zip, the deprecated one."""
    uris, locales = call.texts("fileUris"), call.texts("localeIds")
    if not uris or not locales or len(uris) > 300:
        raise invalid("fileUris[] (300 at most) and localeIds[] are required", "fileUris")
    return _archive(call, [(uri, locale) for uri, locale in product(uris, locales)], dict(call.query))


def post_zip(call: ParsedRequest) -> Reply:
    """POST …/files/zip."""
    pairs: list[tuple[str, str]] = []
    for item in call.array("files"):
        uri = item.get("fileUri") or ""
        pairs += [(uri, locale) for locale in item.get("localeIds") or ()]
    if not pairs:
        raise invalid("files must have at least one element", "files")
    return _archive(call, pairs, call.body)


def get_translations(call: ParsedRequest) -> Reply:
    """POST …/locales/{locale}/file/get-translations: translate a file that is not stored."""
    world = call.server.world
    locale = locales_of(world, call)[0]
    options = _options(call, dict(call.form))
    part = required_part(call)
    made = downloads.translate_posted(
        world, call.project, call.field("fileUri"), part.content, locale, options
    )
    return _download(made)


def _options(call: ParsedRequest, given: dict[str, Any]) -> downloads.DeliveryOptions:
    default = str(call.server.world.switch(call.project, "default_retrieval_type"))
    retrieval = chosen(given.get("retrievalType"), downloads.RETRIEVAL_TYPES, "retrievalType") or default
    originals = given.get("includeOriginalStrings")
    keep = str(originals).lower() in {"true", "1", "yes"} if originals not in (None, "") else True
    return downloads.DeliveryOptions(retrieval, keep)


def chosen(given: Any, known: Sequence[str], name: str) -> str:
    """Return the value of KNOWN that is meant; case and underscores do not matter."""
    if not given:
        return ""
    wanted = str(given).replace("_", "").lower()
    for known_name in known:
        if known_name.replace("_", "").lower() == wanted:
            return known_name
    raise invalid(f"Unknown {name} {given}", name)


def _archive(call: ParsedRequest, pairs: Sequence[tuple[str, str]], given: dict[str, Any]) -> Reply:
    world = call.server.world
    projects.require_locales(
        world, call.project, list(dict.fromkeys(locale for _, locale in pairs)), "localeIds"
    )
    file_filter = chosen(given.get("fileFilter"), ("ALL_FILES", "PUBLISHED_FILES_ONLY"), "fileFilter")
    wanted = downloads.Archive(
        pairs=tuple(pairs),
        options=_options(call, given),
        name_mode=chosen(
            given.get("fileNameMode"), ("UNCHANGED", "TRIM_LEADING", "LOCALE_LAST"), "fileNameMode"
        ),
        locale_mode=chosen(
            given.get("localeMode"),
            ("LOCALE_IN_PATH", "LOCALE_IN_NAME", "LOCALE_IN_NAME_AND_PATH"),
            "localeMode",
        ),
        only_published=file_filter == "PUBLISHED_FILES_ONLY",
    )
    made = downloads.archive(world, call.project, wanted)
    name = str(given.get("zipFileName") or "translations.zip")
    return Reply(204) if made is None else download(made, "application/zip", name)


def locales_of(world: World, call: ParsedRequest) -> list[str]:
    """Return the locale that the path of CALL names, or all of the project."""
    named = call.path["locale"]
    if named == "all":
        return projects.locales(world, call.project)
    return projects.require_locales(world, call.project, [name for name in named.split(",") if name])


def _download(made: downloads.DeliveredFile) -> Reply:
    return download(made.content, made.media, made.name)


# --- changes ---------------------------------------------------------------------------------------------


def last_modified(call: ParsedRequest) -> Reply:
    """GET …/file/last-modified: every locale that changed since."""
    world = call.server.world
    row = files.find(world, call.project, call.text("fileUri"))
    after = call.moment("lastModifiedAfter")
    changed = [
        (locale, file_status.last_modified(world, row, locale))
        for locale in projects.locales(world, call.project)
    ]
    return items([_modified(world, call, row) for row in changed if after is None or int(row[1]) > after])


def locale_last_modified(call: ParsedRequest) -> Reply:
    """GET …/locales/{locale}/file/last-modified."""
    world = call.server.world
    row = files.find(world, call.project, call.text("fileUri"))
    locale = locales_of(world, call)[0]
    found = _modified(world, call, (locale, file_status.last_modified(world, row, locale)))
    return items([found]) if world.switch(call.project, "locale_last_modified_is_list") else data(found)


def _modified(world: World, call: ParsedRequest, found: tuple[str, float]) -> dict[str, str]:
    return {"localeId": found[0], "lastModified": file_status.file_time(world, call.project, found[1])}


def recently_published(call: ParsedRequest) -> Reply:
    """GET /published-files-api/v2/projects/{project}/files/list/recently-published."""
    given = call.text("publishedAfter")
    if not given:
        raise invalid("publishedAfter is required", "publishedAfter")
    after = moment("publishedAfter", given)
    uris, locales = call.texts("fileUris"), call.texts("localeIds")
    if len(uris) > 20 or len(locales) > 50:
        raise invalid("At most 20 fileUris and 50 localeIds", "fileUris")
    return paged(call, published.recently(call.server.world, call.project, after, uris, locales), None)
