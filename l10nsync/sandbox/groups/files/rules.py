"""Files of a project: find, rename and delete them. URIs are compared without case."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import product

from l10nsync.sandbox.common import source_strings, waits
from l10nsync.sandbox.common.uris import FILE_URI_LIMIT, fold
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.refusal import file_not_found, invalid, locked
from l10nsync.sandbox.store import Row

LIST_LIMIT = 100


VIRTUAL = "none"
"""File type of the strings that the Strings API brought: listed as a file, without bytes."""


def find(world: World, project: str, uri: str) -> Row:
    """Return a file; raise the Files API's refusal if it is unknown (yet, or any more)."""
    if not uri:
        raise invalid("fileUri parameter is required", "fileUri")
    row = lookup(world, project, uri)
    if row is None or row["pending"] == "new":
        raise file_not_found(uri, int(world.switch(project, "unknown_file_status")))
    if world.switch(project, "reads_locked"):
        require_free(world, project, uri)
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
    world: World,
    project: str,
    ident: int,
    namespace: str | None,
    texts: Sequence[source_strings.SourceString],
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


def require_free(world: World, project: str, uri: str) -> None:
    """Raise a refusal while the service works on a file."""
    if is_held(world, project, uri):
        raise locked(uri)


def is_held(world: World, project: str, uri: str) -> bool:
    """Whether the service works on a file: parses an upload, or deletes it."""
    found = (waits.find(world, f"{kind} {project} {fold(uri)}") for kind in ("delete", "upload"))
    return any(row is not None and row["state"] == "IN_PROGRESS" for row in found)


def rename(world: World, project: str, uri: str, new_uri: str) -> None:
    """Give a file another URI; by default its namespace follows, which makes every string new."""
    row = stored(world, project, uri)
    if not new_uri or len(new_uri) > FILE_URI_LIMIT:
        raise invalid(f"newFileUri must have 1 to {FILE_URI_LIMIT} characters", "newFileUri")
    other = lookup(world, project, new_uri)
    if other is not None and other["id"] != row["id"]:
        raise invalid(f"The file {new_uri} already exists", "newFileUri")
    require_free(world, project, uri)
    require_free(world, project, new_uri)
    world.store.run("update files set uri = ?, folded = ? where id = ?", new_uri, fold(new_uri), row["id"])
    if not world.switch(project, "rename_keeps_namespace"):
        move(world, project, int(row["id"]), new_uri)


def move(world: World, project: str, ident: int, namespace: str) -> None:
    """Put a file's strings into another namespace: all of them become other strings."""
    row = world.store.row("select * from files where id = ?", ident)
    assert row is not None  # noqa: S101 - ids come from our own queries
    if row["namespace"] == namespace:
        return
    charset = source_strings.python_charset(row["charset"])
    data = world.store.get(row["blob"])
    source = source_strings.StoredSource(row["type"], data, json.loads(row["sent"]), charset, namespace)
    parsed = source_strings.parse(world, project, source)
    world.store.run("update files set namespace = ? where id = ?", namespace, ident)
    store_strings(world, project, ident, namespace, parsed.texts)


def delete(world: World, project: str, uri: str) -> None:
    """Begin to delete a file; its URI cannot be used until that is done."""
    row = find(world, project, uri)
    require_free(world, project, uri)
    subject = f"delete {project} {row['folded']}"
    if waits.begin(world, project, "delete", subject, {"file": row["id"]}):
        _remove(world, int(row["id"]))
    else:
        world.store.run("update files set pending = 'deleting' where id = ?", row["id"])


def finish_delete(world: World, subject: str) -> None:
    """End a deletion in the background: the file is gone."""
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
