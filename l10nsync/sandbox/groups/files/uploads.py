"""Uploads of files: what is refused, what is stored, and parsing in the background."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from l10nsync import formats
from l10nsync.sandbox.common import source_strings, waits
from l10nsync.sandbox.common.uris import FILE_URI_LIMIT, fold
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.files import rules as files
from l10nsync.sandbox.refusal import Refusal, invalid
from l10nsync.sandbox.store import Row

RESERVED = frozenset({"namespace", "file_charset", "client_lib_id"})
"""`smartling.*` fields that are not parser directives."""


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


def settle(world: World, project: str) -> None:
    """Carry out what has become due by the clock."""
    for kind, finish in (("delete", files.finish_delete), ("upload", _finish_upload)):
        for row in waits.running(world, project, kind):
            if waits.due(world, row["subject"]):
                finish(world, row["subject"])


def look(world: World, project: str) -> None:
    """Count one look at the project's files for the steps that end by being looked at."""
    for kind, finish in (("delete", files.finish_delete), ("upload", _finish_upload)):
        for row in waits.running(world, project, kind):
            if waits.look(world, row["subject"]):
                finish(world, row["subject"])


def check_upload(world: World, project: str, upload: UploadedFile) -> str:
    """Refuse what the service refuses before it reads the content; return the canonical file type."""
    if not upload.uri or len(upload.uri) > FILE_URI_LIMIT:
        raise invalid(f"fileUri must have 1 to {FILE_URI_LIMIT} characters", "fileUri")
    if formats.get(upload.file_type) is None or upload.file_type == files.VIRTUAL:
        raise invalid(f"Unsupported file type {upload.file_type}", "fileType")
    if upload.callback and len(upload.callback) > 255:
        raise invalid("callbackUrl must not be longer than 255 characters", "callbackUrl")
    source_strings.python_charset(upload.charset)
    _check_content(world, project, upload)
    files.require_free(world, project, upload.uri)
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
    row = files.lookup(world, project, upload.uri)
    subject = f"upload {project} {fold(upload.uri)}"
    if waits.begin(world, project, "upload", subject):
        return apply(world, project, upload)
    _keep_pending(world, project, upload, file_type, row)
    return None


def apply(world: World, project: str, upload: UploadedFile) -> dict[str, Any]:
    """Parse an upload and replace the file's strings: new ones appear, missing ones become inactive."""
    file_type = check_upload(world, project, upload)
    row = files.lookup(world, project, upload.uri)
    if row is not None and world.switch(project, "directives_stick"):
        upload = replace(upload, directives={**json.loads(row["sent"]), **upload.directives})
    charset = row["charset"] if row and row["pending"] is None else upload.charset
    namespace = _namespace(world, project, upload, row)
    source = source_strings.StoredSource(
        file_type, upload.content, upload.directives, source_strings.python_charset(charset), namespace
    )
    parsed = source_strings.parse(world, project, source)
    if upload.charset and not parsed.encoding:
        raise invalid("The charset of a binary file cannot be set", "smartling.file_charset")
    ident = _store_file(world, project, upload, file_type, charset, namespace, parsed, row)
    files.store_strings(world, project, ident, namespace, parsed.texts)
    distinct = {text.hash: text.words for text in parsed.texts}
    return {"overWritten": row is not None, "stringCount": len(distinct), "wordCount": sum(distinct.values())}


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
    parsed: source_strings.Parsed,
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


def _effective(upload: UploadedFile, parsed: source_strings.Parsed, file_type: str) -> dict[str, str]:
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
