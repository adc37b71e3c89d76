"""Files of a project: upload, lists, status, rename, delete. URIs are compared without case."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import product
from typing import Any

from l10nsync import formats
from l10nsync.sandbox.clock import iso
from l10nsync.sandbox.common import content, waits
from l10nsync.sandbox.common.uris import FILE_URI_LIMIT, fold
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.refusal import Refusal, file_not_found, invalid, locked
from l10nsync.sandbox.store import Row

RESERVED = frozenset({"namespace", "file_charset", "client_lib_id"})
"""`smartling.*` fields that are not parser directives."""
LIST_LIMIT = 100
VIRTUAL = "none"
"""File type of the strings that the Strings API brought: listed as a file, without bytes."""
DIRECTIVES = frozenset(
    {
        "add_utf8_bom", "character_limit", "character_limit_paths", "download_format", "entity_escaping",
        "entity_escaping_strategy", "entity_escaping_type", "field_separator", "file_uri_as_namespace",
        "first_row_header", "force_inline_for_tags", "include_translatable_attributes",
        "instruction_attributes", "instruction_comments_enabled", "instruction_paths", "locale_format",
        "locales_map", "markdown_code_notranslate", "no_translate_style", "output_not_translated_row",
        "output_original_row", "paths", "placeholder_format", "placeholder_format_custom",
        "plurals_detection", "primary_placeholder_format_custom", "process_master_slides",
        "pseudo_inflation", "sltrans", "source_key_paths", "string_encloser", "string_format",
        "string_format_paths", "string_instructions_paths", "strip_instructions_on_download",
        "translate_mode", "translate_paths", "translation_language_path", "translations_in_columns",
        "variants_enabled", "whitespace_trim", "xliff_note_to_instruction", "xliff_tags_to_placeholders",
        "yaml_front_matter", "yaml_locale_substitution",
    }
)  # fmt: skip
"""Parser directives that the service or its customers are known to use."""
_MEGABYTES = {"ppt": 50, "pptx": 50, "idml": 25, "doc": 20, "docx": 20}
_STATES = {
    "authorized": "authorized",
    "translated": "authorized",
    "published": "completed",
    "excluded": "excluded",
}
_COUNTS = (
    "authorizedStringCount", "authorizedWordCount", "completedStringCount", "completedWordCount",
    "excludedStringCount", "excludedWordCount",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A source file as a request brings it."""

    uri: str
    file_type: str
    content: bytes
    charset: str | None = None
    """Java name; None leaves it to the bytes."""
    namespace: str | None = None
    directives: Mapping[str, str] = field(default_factory=dict)
    callback: str | None = None


# --- finding ---------------------------------------------------------------------------------------------


def find(world: World, project: str, uri: str) -> Row:
    """Return a file; raise the Files API's refusal if it is unknown (yet, or any more)."""
    if not uri:
        raise invalid("fileUri parameter is required", "fileUri")
    row = lookup(world, project, uri)
    if row is None or row["pending"] == "new":
        raise file_not_found(uri, int(world.switch(project, "unknown_file_status")))
    if world.switch(project, "reads_locked"):
        _refuse_if_held(world, project, uri)
    return row


def stored(world: World, project: str, uri: str) -> Row:
    """Return a file that has bytes; raise a refusal for the strings of the Strings API."""
    row = find(world, project, uri)
    if row["type"] == VIRTUAL:
        raise invalid(f"{row['uri']} holds strings of the Strings API and is not a file", "fileUri")
    return row


def lookup(world: World, project: str, uri: str) -> Row | None:
    """Return a file or None."""
    return world.store.row("select * from files where project = ? and folded = ?", project, fold(uri))


def settle(world: World, project: str) -> None:
    """Carry out what has become due by the clock."""
    for kind, finish in (("delete", _finish_delete), ("upload", _finish_upload)):
        for row in waits.running(world, project, kind):
            if waits.due(world, row["subject"]):
                finish(world, row["subject"])


def look(world: World, project: str) -> None:
    """Count one look at the project's files for the steps that end by being looked at."""
    for kind, finish in (("delete", _finish_delete), ("upload", _finish_upload)):
        for row in waits.running(world, project, kind):
            if waits.look(world, row["subject"]):
                finish(world, row["subject"])


# --- upload ----------------------------------------------------------------------------------------------


def check_upload(world: World, project: str, upload: UploadedFile) -> str:
    """Refuse what the service refuses before it reads the content; return the canonical file type."""
    if not upload.uri or len(upload.uri) > FILE_URI_LIMIT:
        raise invalid(f"fileUri must have 1 to {FILE_URI_LIMIT} characters", "fileUri")
    if formats.get(upload.file_type) is None or upload.file_type == VIRTUAL:
        raise invalid(f"Unsupported file type {upload.file_type}", "fileType")
    if upload.callback and len(upload.callback) > 255:
        raise invalid("callbackUrl must not be longer than 255 characters", "callbackUrl")
    content.python_charset(upload.charset)
    _check_content(world, project, upload)
    _refuse_if_held(world, project, upload.uri)
    return formats.canonical(upload.file_type)


def _check_content(world: World, project: str, upload: UploadedFile) -> None:
    limit = _MEGABYTES.get(formats.canonical(upload.file_type), 10)
    if len(upload.content) > limit * 2**20 and world.switch(project, "file_size_limits"):
        raise invalid(f"Files of type {upload.file_type} must not be larger than {limit} MB", "file")
    unknown = sorted(set(upload.directives) - DIRECTIVES)
    if unknown and world.switch(project, "unknown_directives_refused"):
        name = f"smartling.{unknown[0]}"
        raise invalid(f"The field {name} was not expected", "unknown.field", name)


def receive(world: World, project: str, upload: UploadedFile) -> dict[str, Any] | None:
    """Take an upload in; return its counts, or None if the service goes on parsing it (202)."""
    file_type = check_upload(world, project, upload)
    row = lookup(world, project, upload.uri)
    subject = f"upload {project} {fold(upload.uri)}"
    if waits.begin(world, project, "upload", subject):
        return apply(world, project, upload)
    _keep_pending(world, project, upload, file_type, row)
    return None


def apply(world: World, project: str, upload: UploadedFile) -> dict[str, Any]:
    """Parse an upload and replace the file's strings: new ones appear, missing ones become inactive."""
    file_type = check_upload(world, project, upload)
    row = lookup(world, project, upload.uri)
    if row is not None and world.switch(project, "directives_stick"):
        upload = replace(upload, directives={**json.loads(row["sent"]), **upload.directives})
    charset = row["charset"] if row and row["pending"] is None else upload.charset
    namespace = _namespace(world, project, upload, row)
    source = content.StoredSource(
        file_type, upload.content, upload.directives, content.python_charset(charset), namespace
    )
    parsed = content.parse(world, project, source)
    if upload.charset and not parsed.encoding:
        raise invalid("The charset of a binary file cannot be set", "smartling.file_charset")
    ident = _store_file(world, project, upload, file_type, charset, namespace, parsed, row)
    store_strings(world, project, ident, namespace, parsed.texts)
    distinct = {text.hash: text.words for text in parsed.texts}
    return {"overWritten": row is not None, "stringCount": len(distinct), "wordCount": sum(distinct.values())}


def authorize(world: World, project: str, uri: str, locales: Sequence[str]) -> None:
    """Send a file's strings to translation without any job."""
    row = find(world, project, uri)
    hashes = world.store.rows("select distinct hash from file_strings where file = ?", row["id"])
    world.store.many(
        """insert into translations (project, hash, locale, state, modified) values (?, ?, ?, 'authorized', ?)
           on conflict (project, hash, locale) do update set state = 'authorized' where state = 'new'""",
        ((project, hash_[0], locale, world.now()) for hash_, locale in product(hashes, locales)),
    )


def store_strings(
    world: World, project: str, ident: int, namespace: str | None, texts: Sequence[content.SourceString]
) -> None:
    """Make TEXTS the strings of a file."""
    before = world.store.rows("select distinct hash from file_strings where file = ?", ident)
    world.store.run("delete from file_strings where file = ?", ident)
    world.store.many(
        "insert or ignore into strings values (?, ?, ?, ?, ?, ?)",
        ((project, text.hash, text.text, text.variant, namespace, text.words) for text in texts),
    )
    world.store.many(
        "insert into file_strings values (?, ?, ?, ?, ?, ?)",
        ((ident, number, text.hash, text.key, text.plural, text.note) for number, text in enumerate(texts)),
    )
    if not world.switch(project, "inactive_strings_return"):
        forget_inactive(world, project, [row["hash"] for row in before])


def forget_inactive(world: World, project: str, hashes: Iterable[str]) -> None:
    """Let go of the translations of those strings that no file holds any more."""
    world.store.many(
        """delete from translations where project = ? and hash = ?
           and not exists (select 1 from file_strings s join files f on f.id = s.file
                           where f.project = translations.project and s.hash = translations.hash)""",
        ((project, ident) for ident in hashes),
    )


def _namespace(world: World, project: str, upload: UploadedFile, row: Row | None) -> str | None:
    moves = row is None or row["pending"] is not None or world.switch(project, "reupload_moves_namespace")
    if upload.namespace is not None and moves:
        return upload.namespace
    if row is not None and upload.namespace is not None:
        return str(row["namespace"])
    if row is not None and world.switch(project, "reupload_keeps_namespace"):
        return str(row["namespace"])
    return str(row["uri"]) if row is not None else upload.uri


def _store_file(
    world: World,
    project: str,
    upload: UploadedFile,
    file_type: str,
    charset: str | None,
    namespace: str | None,
    parsed: content.Parsed,
    row: Row | None,
) -> int:
    now = world.now()
    columns: dict[str, Any] = {
        "type": file_type if row is None else row["type"],
        "charset": charset,
        "encoding": parsed.encoding,
        "namespace": namespace,
        "sent": json.dumps(dict(upload.directives)),
        "effective": json.dumps(_effective(upload, parsed, file_type)),
        "uploaded": now,
        "blob": world.store.put(upload.content),
        "callback": upload.callback,
        "pending": None,
    }
    if row is None:
        created = {"project": project, "uri": upload.uri, "folded": fold(upload.uri), "created": now}
        return world.store.insert("files", **created, uid=world.uid(), **columns)
    names = ", ".join(f"{name} = ?" for name in columns)
    world.store.run(f"update files set {names} where id = ?", *columns.values(), row["id"])  # noqa: S608
    return int(row["id"])


def _effective(upload: UploadedFile, parsed: content.Parsed, file_type: str) -> dict[str, str]:
    kind = formats.get(file_type)
    flavour = kind.placeholders.upper() if kind else "NONE"
    defaults = {"file_uri_as_namespace": str(upload.namespace is None).lower()}
    if flavour in {"C", "IOS", "PYTHON", "JAVA", "YAML", "QT", "RESX"}:
        defaults["placeholder_format"] = flavour
    return {**defaults, **upload.directives, **parsed.directives}


def _keep_pending(world: World, project: str, upload: UploadedFile, file_type: str, row: Row | None) -> None:
    body = {**asdict(upload), "content": world.store.put(upload.content)}
    world.store.run(
        "update waits set action = ? where subject = ?",
        json.dumps(body),
        f"upload {project} {fold(upload.uri)}",
    )
    if row is None:
        now = world.now()
        world.store.insert(
            "files",
            project=project,
            uri=upload.uri,
            folded=fold(upload.uri),
            type=file_type,
            charset=None,
            namespace=upload.namespace,
            sent="{}",
            effective="{}",
            created=now,
            uploaded=now,
            blob=body["content"],
            uid=world.uid(),
            pending="new",
        )


def _finish_upload(world: World, subject: str) -> None:
    row = waits.find(world, subject)
    assert row is not None  # noqa: S101 - the caller has just found it
    body = json.loads(row["action"])
    upload = UploadedFile(**{**body, "content": world.store.get(body["content"])})
    world.store.run("delete from files where project = ? and folded = ? and pending = 'new'",
                    row["project"], fold(upload.uri))  # fmt: skip
    waits.finish(world, subject)
    try:
        apply(world, row["project"], upload)
    except Refusal:
        waits.finish(world, subject, "FAILED")


def _refuse_if_held(world: World, project: str, uri: str) -> None:
    if is_held(world, project, uri):
        raise locked(uri)


def is_held(world: World, project: str, uri: str) -> bool:
    """Whether the service works on a file: parses an upload, or deletes it."""
    found = (waits.find(world, f"{kind} {project} {fold(uri)}") for kind in ("delete", "upload"))
    return any(row is not None and row["state"] == "IN_PROGRESS" for row in found)


# --- rename, delete --------------------------------------------------------------------------------------


def rename(world: World, project: str, uri: str, new_uri: str) -> None:
    """Give a file another URI; by default its namespace follows, which makes every string new."""
    row = stored(world, project, uri)
    if not new_uri or len(new_uri) > FILE_URI_LIMIT:
        raise invalid(f"newFileUri must have 1 to {FILE_URI_LIMIT} characters", "newFileUri")
    other = lookup(world, project, new_uri)
    if other is not None and other["id"] != row["id"]:
        raise invalid(f"The file {new_uri} already exists", "newFileUri")
    _refuse_if_held(world, project, uri)
    _refuse_if_held(world, project, new_uri)
    world.store.run("update files set uri = ?, folded = ? where id = ?", new_uri, fold(new_uri), row["id"])
    if not world.switch(project, "rename_keeps_namespace"):
        move(world, project, int(row["id"]), new_uri)


def move(world: World, project: str, ident: int, namespace: str) -> None:
    """Put a file's strings into another namespace: all of them become other strings."""
    row = world.store.row("select * from files where id = ?", ident)
    assert row is not None  # noqa: S101 - ids come from our own queries
    if row["namespace"] == namespace:
        return
    charset = content.python_charset(row["charset"])
    data = world.store.get(row["blob"])
    source = content.StoredSource(row["type"], data, json.loads(row["sent"]), charset, namespace)
    parsed = content.parse(world, project, source)
    world.store.run("update files set namespace = ? where id = ?", namespace, ident)
    store_strings(world, project, ident, namespace, parsed.texts)


def delete(world: World, project: str, uri: str) -> None:
    """Begin to delete a file; its URI cannot be used until that is done."""
    row = find(world, project, uri)
    _refuse_if_held(world, project, uri)
    subject = f"delete {project} {row['folded']}"
    if waits.begin(world, project, "delete", subject, {"file": row["id"]}):
        _remove(world, int(row["id"]))
    else:
        world.store.run("update files set pending = 'deleting' where id = ?", row["id"])


def _finish_delete(world: World, subject: str) -> None:
    row = waits.find(world, subject)
    waits.finish(world, subject)
    if row is not None:
        _remove(world, int(json.loads(row["action"])["file"]))


def _remove(world: World, ident: int) -> None:
    row = world.store.row("select project from files where id = ?", ident)
    held = world.store.rows("select distinct hash from file_strings where file = ?", ident)
    for table, column in (
        ("file_strings", "file"),
        ("job_files", "file"),
        ("publications", "file"),
        ("files", "id"),
    ):
        world.store.run(f"delete from {table} where {column} = ?", ident)  # noqa: S608
    if row is not None and not world.switch(str(row["project"]), "inactive_strings_return"):
        forget_inactive(world, str(row["project"]), [string["hash"] for string in held])


# --- lists and status ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of files is narrowed to."""

    mask: str = ""
    types: tuple[str, ...] = ()
    after: float | None = None
    before: float | None = None
    order: str = ""


def listing(world: World, project: str, wanted: Filter) -> list[Row]:
    """Return all files that fit, in the order asked for; without one, in an order that is not stable."""
    rows = world.store.rows("select * from files where project = ? and pending is not 'new'", project)
    return _ordered(world, [row for row in rows if _fits(row, wanted)], wanted.order)


def _fits(row: Row, wanted: Filter) -> bool:
    mask = wanted.mask.replace("%", "").casefold()
    return (
        mask in row["uri"].casefold()
        and (not wanted.types or row["type"] in wanted.types)
        and (wanted.after is None or int(row["uploaded"]) > wanted.after)
        and (wanted.before is None or int(row["uploaded"]) < wanted.before)
    )


def _ordered(world: World, rows: list[Row], order: str) -> list[Row]:
    name, _, direction = order.partition("_")
    column = {"created": "created", "fileUri": "uri", "lastUploaded": "uploaded"}.get(name)
    if order and (column is None or direction not in {"", "asc", "desc"}):
        raise invalid(f"Unknown orderBy {order}", "orderBy")
    if column is None:
        return _unstable(world, rows)
    return sorted(rows, key=lambda row: (row[column], row["id"]), reverse=direction == "desc")


def _unstable(world: World, rows: list[Row]) -> list[Row]:
    """Turn the list by one more place at each call: paging without an order skips and repeats."""
    turn = world.store.count("unstable") % len(rows) if rows else 0
    return rows[turn:] + rows[:turn]


def file_time(world: World, project: str, seconds: float) -> str:
    """Return a time of a file as the service writes it: whole seconds unless the switch says otherwise."""
    text = str(iso(seconds))
    if world.switch(project, "last_uploaded_millis"):
        return f"{text[:-1]}.{int(seconds * 1000) % 1000:03}Z"
    return text


def listed(world: World, row: Row) -> dict[str, Any]:
    """Return a file as lists show it."""
    return {
        "fileUri": row["uri"],
        "fileType": row["type"],
        "created": file_time(world, row["project"], row["created"]),
        "lastUploaded": file_time(world, row["project"], row["uploaded"]),
        "hasInstructions": has_instructions(world, row),
    }


def has_instructions(world: World, row: Row) -> bool:
    """Whether any string of a file has a note for its translators."""
    return bool(
        world.store.value("select 1 from file_strings where file = ? and note != '' limit 1", row["id"])
    )


def totals(world: World, ident: int) -> tuple[int, int]:
    """Return the strings and words of a file."""
    sql = """select count(*), coalesce(sum(words), 0) from strings join (
               select distinct hash from file_strings where file = ?) using (hash)
             where project = (select project from files where id = ?)"""
    row = world.store.row(sql, ident, ident)
    return (int(row[0]), int(row[1])) if row else (0, 0)


def counts(world: World, row: Row) -> dict[str, dict[str, int]]:
    """Return the counts of a file by locale and field name, for every locale with any translation."""
    sql = """select t.locale, t.state, count(*), sum(s.words) from translations t
             join strings s on s.project = t.project and s.hash = t.hash
             where t.project = ? and t.hash in (select hash from file_strings where file = ?)
             group by t.locale, t.state"""
    found: dict[str, dict[str, int]] = {}
    for locale, state, number, words in world.store.rows(sql, row["project"], row["id"]):
        if state in _STATES:
            kind = _STATES[state]
            fields = found.setdefault(locale, dict.fromkeys(_COUNTS, 0))
            fields[f"{kind}StringCount"] += number
            fields[f"{kind}WordCount"] += words
    return found


def status(world: World, project: str, uri: str, locales: Sequence[str]) -> dict[str, Any]:
    """Return a file's status over all locales."""
    row = find(world, project, uri)
    by_locale = counts(world, row)
    items = [{"localeId": locale, **by_locale.get(locale, dict.fromkeys(_COUNTS, 0))} for locale in locales]
    return {**_status_head(world, row, locales), "totalCount": len(items), "items": items}


def locale_status(world: World, project: str, uri: str, locale: str) -> dict[str, Any]:
    """Return a file's status in one locale, flat."""
    row = find(world, project, uri)
    return {**_status_head(world, row, [locale]), **counts(world, row).get(locale, dict.fromkeys(_COUNTS, 0))}


def _status_head(world: World, row: Row, locales: Sequence[str]) -> dict[str, Any]:
    strings, words = totals(world, int(row["id"]))
    if world.switch(row["project"], "totals_leave_out_excluded"):
        left_out = _excluded(world, row, locales)
        strings, words = strings - left_out[0], words - left_out[1]
    shown = "effective" if world.switch(row["project"], "status_effective_directives") else "sent"
    return {
        **listed(world, row),
        "parserVersion": 4,
        "totalStringCount": strings,
        "totalWordCount": words,
        "totalPageCount": None,
        "pageCountStatus": "NOT_AVAILABLE_UNSUPPORTED",
        "directives": json.loads(row[shown]),
        "namespace": {"name": row["namespace"]},
    }


def _excluded(world: World, row: Row, locales: Sequence[str]) -> tuple[int, int]:
    """Return the strings and words of a file that are excluded in all of the locales."""
    sql = """select count(*), coalesce(sum(words), 0) from (
               select s.words from translations t join strings s on s.project = t.project and s.hash = t.hash
               where t.project = ? and t.state = 'excluded' and t.locale in (select value from json_each(?))
                 and t.hash in (select hash from file_strings where file = ?)
               group by t.hash having count(*) = ?)"""
    wanted = json.dumps(list(locales))
    found = world.store.row(sql, row["project"], wanted, row["id"], len(locales))
    return (int(found[0]), int(found[1])) if found and locales else (0, 0)


def types(world: World, project: str) -> list[str]:
    """Return the file types present in a project."""
    sql = "select distinct type from files where project = ? and pending is not 'new' order by type"
    return [row[0] for row in world.store.rows(sql, project)]


def last_modified(world: World, row: Row, locale: str) -> float:
    """Return when the translated file last changed: its source or any of its translations."""
    column = "modified" if world.switch(row["project"], "last_modified_counts_saved") else "published_at"
    sql = f"""select max({column}) from translations
             where project = ? and locale = ? and hash in (select hash from file_strings where file = ?)"""  # noqa: S608 - one of two names
    changed = world.store.value(sql, row["project"], locale, row["id"])
    return max(float(row["uploaded"]), float(changed or 0.0))
