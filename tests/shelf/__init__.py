"""A provider from outside, as another distribution would bring it: Shelf, a service that only keeps files.

An upload is all that there is to do; whoever translates sees the file. Nothing in l10nsync knows of it: the
entry point `shelf = "tests.shelf:SERVICE"` in the group `l10nsync.providers` is how it is found.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from l10nsync.errors import CredentialsError, ServiceError, UsageError
from l10nsync.model import (
    Abilities,
    AccountVariables,
    Fetched,
    FileStatus,
    ListedFile,
    LocaleCounts,
    Outcome,
    Project,
    ProjectDetails,
    ProjectSettings,
    PublishedPair,
    Question,
    RemoteState,
    ServiceDescription,
    SettingsSection,
    Submission,
    Upload,
    Wanted,
    Workflow,
    fold,
    keys,
)
from l10nsync.providers import workers
from l10nsync.providers.base import Connection
from l10nsync.providers.http import AGAIN, Call, Client
from l10nsync.providers.replies import JsonObject, count, needed, record, records, text, texts


@dataclass(frozen=True, slots=True)
class ShelfSettings(ProjectSettings):
    """What only Shelf wants to know."""

    room: str = keys.text("Room", "The room in which the files stand.", "attic", default="hall", maxLength=40)


SERVICE = ServiceDescription(
    name="shelf",
    title="Shelf",
    connect="tests.shelf:connect",
    variables=AccountVariables(
        user=(),
        secret=("SHELF_{}TOKEN",),
        url="SHELF_URL",
        default_url="https://shelf.example.com",
        hint="Shelf shows the token under Account.",
    ),
    workflow=Workflow.DIRECT,
    section=SettingsSection(
        key="shelf",
        settings=ShelfSettings,
        title="Shelf",
        description="Where the files of the project stand.",
        examples=({"room": "attic"},),
        variables={"room": "SHELF_ROOM"},
    ),
    useless=MappingProxyType({"job.rush": "it has no jobs"}),
    multilingual=False,
    file_types=frozenset({"json", "javaProperties", "yaml"}),
    directives=frozenset({"string_format"}),
)


@dataclass(frozen=True, slots=True)
class Token:
    """The `Authorizer` of Shelf."""

    value: str

    def header(self) -> tuple[str, int]:
        """Return the header's value; there is only one generation."""
        return f"Bearer {self.value}", 0

    def renew(self, _generation: int) -> None:
        """Raise `CredentialsError`: a token that was refused stays wrong."""
        raise CredentialsError("Shelf did not accept the token", hint="Check SHELF_TOKEN.")


@dataclass(slots=True)
class Shelf:
    """One project of Shelf."""

    client: Client
    project: Project
    abilities: Abilities = field(default_factory=lambda: Abilities(SERVICE.workflow))

    # --- observe ---

    def observe(self, question: Question) -> RemoteState:
        """Answer QUESTION; change nothing."""
        rows: list[JsonObject] = []
        if question.files or question.statuses or question.published_since:
            rows = self._files()
        wanted = {fold(uri) for uri in question.statuses}
        statuses = {fold(text(row, "uri")): _status(row) for row in rows}
        return RemoteState(
            project=self._details() if question.project else None,
            files={fold(row.uri): row for row in map(_listed, rows)} if question.files else None,
            originals={fold(uri): self._file("source", uri=uri) for uri in question.originals},
            statuses={uri: status for uri, status in statuses.items() if uri in wanted},
            jobs=() if question.jobs else None,
            published=tuple(_published(rows)) if question.published_since else None,
        )

    def _details(self) -> ProjectDetails:
        found = self.client.send(Call("look at the project", "GET", self._path(""))).record
        return ProjectDetails(
            self.project.id, text(found, "name"), "", text(found, "sourceLocale"), texts(found, "locales")
        )

    def _files(self) -> list[JsonObject]:
        return records(self.client.send(Call("list the files", "GET", self._path("/files"))).record, "items")

    def _file(self, kind: str, **params: str) -> bytes:
        call = Call(
            f"download the {kind}", "GET", self._path(f"/{kind}"), tuple(params.items()), accept_file=True
        )
        return self.client.send(call).body

    def _path(self, rest: str) -> str:
        return f"/v1/projects/{self.project.id}{rest}"

    # --- submit ---

    def submit(self, submission: Submission) -> Iterator[Outcome]:
        """Upload, and read the list of files to confirm it."""
        sent: list[Upload] = []
        for upload, result in workers.each(self._send, submission.uploads, self.client.threads):
            if isinstance(result, ServiceError):
                yield Outcome(upload.uri, "failed", error=result)
            elif isinstance(result, Exception):
                raise result
            else:
                sent.append(upload)
        if submission.wait != "processed" or not sent:
            yield from (Outcome(upload.uri, "accepted") for upload in sent)
            return
        listed = {fold(text(row, "uri")): row for row in self._files()}
        yield from (_confirmed(upload, listed.get(fold(upload.uri))) for upload in sent)

    def _send(self, upload: Upload) -> None:
        settings = self.project.settings
        body = {
            "uri": upload.uri,
            "type": upload.file_type,
            "namespace": upload.namespace,
            "locales": list(upload.locales),
            "directives": dict(upload.directives),
            "blob": upload.blob,
            "room": settings.room if isinstance(settings, ShelfSettings) else "",
            "content": b64encode(upload.content).decode(),
        }
        self.client.send(Call("upload", "POST", self._path("/files"), json=body))

    # --- fetch ---

    def fetch(self, wanted: Iterable[Wanted]) -> Iterator[Fetched]:
        """Download translations, one by one."""
        for item, result in workers.each(self._translation, list(wanted), self.client.threads):
            if isinstance(result, ServiceError):
                yield Fetched(item, error=result)
            elif isinstance(result, Exception):
                raise result
            else:
                yield Fetched(item, result)

    def _translation(self, wanted: Wanted) -> bytes:
        return self._file("translation", uri=wanted.uri, locale=wanted.locale)

    def close(self) -> None:
        """Let go of connections."""
        self.client.close()


def _listed(row: JsonObject) -> ListedFile:
    return ListedFile(needed(row, "uri"), text(row, "type"), needed(row, "uploaded"))


def _status(row: JsonObject) -> FileStatus:
    strings, done = count(row, "strings"), record(row, "done")
    locales = {
        locale: LocaleCounts(
            authorized_strings=strings - count(done, locale),
            authorized_words=strings - count(done, locale),
            completed_strings=count(done, locale),
            completed_words=count(done, locale),
        )
        for locale in texts(row, "locales")
    }
    directives = {name: str(value) for name, value in record(row, "directives").items()}
    return FileStatus(
        uri=needed(row, "uri"),
        last_uploaded=needed(row, "uploaded"),
        namespace=text(row, "namespace"),
        directives=directives,
        total_strings=strings,
        total_words=strings,
        locales=locales,
    )


def _published(rows: Iterable[JsonObject]) -> Iterator[PublishedPair]:
    for row in rows:
        for locale, number in record(row, "done").items():
            if number:
                yield PublishedPair(needed(row, "uri"), locale, text(row, "changed"))


def _confirmed(upload: Upload, row: Mapping[str, object] | None) -> Outcome:
    if row is None or row.get("blob") != upload.blob:
        error = ServiceError(f"{upload.uri}: it was sent, and Shelf does not show it", hint=AGAIN)
        return Outcome(upload.uri, "failed", error=error)
    return Outcome(upload.uri, "done", strings=int(str(row["strings"])), last_uploaded=str(row["uploaded"]))


def connect(project: Project, connection: Connection) -> Shelf:
    """Make a provider for PROJECT; sends nothing yet."""
    if not project.id:
        raise UsageError(f"the project {project.name} has no id", hint=f"set {project.id_variable}")
    client = Client(connection)
    client.authorizer = Token(connection.secret.reveal())
    return Shelf(client, project)
