"""SQLite below the rules: the tables, and five small ways to ask them. Content is kept by its hash."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

Row = sqlite3.Row

_SCHEMA = """
create table if not exists counters (name text primary key, value integer not null);
create table if not exists blobs (sha text primary key, content blob not null);
create table if not exists projects (
  id text primary key, name text not null, account text not null, source text not null,
  type text not null default 'APPLICATION_RESOURCES', archived integer not null default 0,
  open integer not null default 0);
create table if not exists locales (
  project text not null, locale text not null, enabled integer not null default 1, position integer not null,
  primary key (project, locale));
create table if not exists files (
  id integer primary key, project text not null, uri text not null, folded text not null, type text not null,
  charset text, encoding text not null default 'utf-8', namespace text, sent text not null,
  effective text not null,
  created real not null, uploaded real not null, blob text not null, callback text, uid text not null,
  pending text, unique (project, folded));
create table if not exists strings (
  project text not null, hash text not null, text text not null, variant text not null, namespace text,
  words integer not null, primary key (project, hash));
create table if not exists file_strings (
  file integer not null, position integer not null, hash text not null, key text not null,
  plural text not null,
  note text not null, primary key (file, position));
create index if not exists file_strings_hash on file_strings (hash);
create table if not exists translations (
  project text not null, hash text not null, locale text not null, state text not null,
  saved text, published text, published_at real, modified real not null, primary key (project, hash, locale));
create table if not exists publications (
  file integer not null, locale text not null, date real not null, primary key (file, locale));
create table if not exists jobs (
  uid text primary key, project text not null, name text not null, number text not null, status text not null,
  locales text not null, fields text not null, created real not null, modified real not null,
  authorized_first real,
  authorized_last real, completed_first real, completed_last real);
create table if not exists job_strings (
  project text not null, hash text not null, locale text not null, job text not null,
  primary key (project, hash, locale));
create index if not exists job_strings_job on job_strings (job);
create table if not exists job_files (
  job text not null, file integer not null, locale text not null, primary key (job, file, locale));
create table if not exists workflow_strings (
  project text not null, hash text not null, locale text not null, workflow text not null,
  step integer not null, primary key (project, hash, locale));
create table if not exists workflow_defaults (
  project text not null, locale text not null, workflow text not null, primary key (project, locale));
create table if not exists job_completions (
  job text not null, locale text not null, date real not null, primary key (job, locale));
create table if not exists batches (
  uid text primary key, project text not null, job text not null, status text not null,
  authorize integer not null,
  workflows text, created real not null, modified real not null, errors text not null default '');
create table if not exists batch_files (
  batch text not null, position integer not null, uri text not null, folded text not null,
  status text not null,
  errors text not null default '', modified real not null, blob text, upload text,
  added text not null default '{}',
  primary key (batch, folded));
create table if not exists waits (
  subject text primary key, project text not null, kind text not null, action text not null default '{}',
  state text not null, since real not null, looks integer not null default 0, modified real not null);
create table if not exists mate_accounts (
  name text primary key, customer text not null, contact text not null, languages text not null);
create table if not exists mate_requests (
  id text primary key, account text not null, staging integer not null, number text not null,
  status text not null, source text not null, targets text not null, names text not null, tags text not null,
  notify text not null, fields text not null, created real not null, looks integer not null);
create table if not exists mate_documents (
  id integer primary key, request text not null, position integer not null, name text not null,
  blob text not null);
create table if not exists mate_finals (
  id text primary key, request text not null, document integer not null, name text not null,
  language text not null, blob text not null);
create table if not exists mate_progress (
  request text not null, language text not null, percent integer not null, primary key (request, language));
create table if not exists records (
  kind text not null, owner text not null, uid text not null, position integer not null, body text not null,
  primary key (kind, uid));
"""


class Store:
    """One SQLite database, in memory or in a file; used from one thread at a time."""

    def __init__(self, path: str = ":memory:") -> None:
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("pragma journal_mode = memory")
        self._db.execute("pragma synchronous = off")
        self._db.create_function("casefold", 1, str.casefold, deterministic=True)
        self._db.executescript(_SCHEMA)

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """Return all rows of a query."""
        return self._db.execute(sql, values).fetchall()

    def ask(self, sql: str, values: Mapping[str, Any]) -> list[Row]:
        """Return all rows of a query with named parameters; what it does not name is ignored."""
        return self._db.execute(sql, dict(values)).fetchall()

    def row(self, sql: str, *values: Any) -> Row | None:
        """Return the first row of a query, or None."""
        found: Row | None = self._db.execute(sql, values).fetchone()
        return found

    def value(self, sql: str, *values: Any) -> Any:
        """Return the first column of the first row, or None."""
        found = self.row(sql, *values)
        return found[0] if found else None

    def run(self, sql: str, *values: Any) -> int:
        """Carry out a change and return the number of rows it touched."""
        return self._db.execute(sql, values).rowcount

    def named(self, sql: str, values: Mapping[str, Any]) -> int:
        """Carry out a change with named parameters and return the number of rows it touched."""
        return self._db.execute(sql, dict(values)).rowcount

    def many(self, sql: str, values: Iterable[tuple[Any, ...]]) -> None:
        """Carry out one change for each tuple of VALUES."""
        self._db.executemany(sql, values)

    def insert(self, table: str, **columns: Any) -> int:
        """Add one row and return its rowid. TABLE and the column names come from our code only."""
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        cursor = self._db.execute(f"insert into {table} ({names}) values ({marks})", tuple(columns.values()))  # noqa: S608
        return cursor.lastrowid or 0

    def count(self, name: str) -> int:
        """Return the next number of a counter, from 1."""
        self.run(
            "insert into counters values (?, 1) on conflict (name) do update set value = value + 1", name
        )
        return int(self.value("select value from counters where name = ?", name))

    def put(self, content: bytes) -> str:
        """Keep content and return its SHA-256 in hex."""
        sha = sha256(content).hexdigest()
        self.run("insert or ignore into blobs values (?, ?)", sha, content)
        return sha

    def get(self, sha: str) -> bytes:
        """Return content that was kept."""
        return bytes(self.value("select content from blobs where sha = ?", sha))

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Iterator[None]:
        """Group changes; an exception undoes them, and so does KEEP being false."""
        self._db.execute("begin")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit" if keep else "rollback")

    def clear(self) -> None:
        """Forget everything."""
        tables = [row[0] for row in self.rows("select name from sqlite_master where type = 'table'")]
        for table in tables:
            self.run(f"delete from {table}")  # noqa: S608

    def close(self) -> None:
        """Close the database."""
        self._db.close()
