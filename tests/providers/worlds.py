"""One fresh account or project of the sandbox for each provider, and the same means to act on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, ClassVar

from l10nsync.errors import Interrupted
from l10nsync.model import JobOutcome, Outcome, Project, Submission, Workflow
from l10nsync.providers.base import Connection, Provider, Secret, SubmitEvent
from l10nsync.providers.http import Answer, Call, Client
from l10nsync.providers.smartling.api import SmartlingApi
from l10nsync.providers.smartling.pace import PollingPace
from l10nsync.providers.smartling.provider import Smartling
from l10nsync.providers.smartling.session import Session
from l10nsync.providers.smartmate.api import WorkFlowApi as SmartMateApi
from l10nsync.providers.smartmate.provider import SmartMate, basic, checked
from l10nsync.providers.smartmate.service import OrderSettings
from l10nsync.providers.smartmate.submit import Patience
from l10nsync.sandbox.testing import CONTACT, CUSTOMER, SECRET, USER, ControlClient, SandboxServer

LOCALES = ("de-DE", "fr-FR")
ORDER = OrderSettings(CUSTOMER, CONTACT, "+10d 17:00", "Europe/London")


@dataclass(slots=True)
class Killed(Client):
    """A client that dies around its n-th call: before it is sent, or before its answer is seen."""

    at: int = 0
    after: bool = False
    calls: int = 0
    _count: Lock = field(default_factory=Lock)

    def send(self, call: Call) -> Answer:
        """Send CALL unless this is where we die; the calls of the session do not count."""
        if not call.authorized:
            return Client.send(self, call)
        with self._count:
            self.calls += 1
            dies = self.calls == self.at
        if dies and not self.after:
            raise Interrupted
        answer = Client.send(self, call)
        if dies:
            raise Interrupted
        return answer


@dataclass
class World:
    """What a test may do, whatever the provider."""

    server: SandboxServer
    ident: str
    """Project or account in the sandbox."""
    workflow: ClassVar[Workflow]

    @property
    def control(self) -> ControlClient:
        return self.server.control

    def fresh(self) -> World:
        """Return another one of the same kind, with nothing in it."""
        raise NotImplementedError

    def connection(self, **changes: Any) -> Connection:
        """Return how to get there."""
        raise NotImplementedError

    @property
    def project(self) -> Project:
        raise NotImplementedError

    def _made(self, client: Client) -> Provider:
        raise NotImplementedError

    @contextmanager
    def provider(self, *, at: int = 0, after: bool = False, **changes: Any) -> Iterator[Provider]:
        """Give a provider that dies at its AT-th call."""
        made = self._made(Killed(self.connection(**changes), at=at, after=after))
        try:
            yield made
        finally:
            made.close()

    def push(self, submission: Submission, **changes: Any) -> tuple[dict[str, Outcome], list[JobOutcome]]:
        """Submit and return the last outcome of each file, and the jobs."""
        with self.provider(**changes) as provider:
            return finals(provider.submit(submission))

    def translate(self, locales: Mapping[str, int] | None = None, **work: Any) -> int:
        """Play the translators."""
        return self.control.translate(self.ident, locales, **work)

    def view(self) -> dict[str, Any]:
        """Return the state without ids and times."""
        return self.control.view(self.ident)

    def operations(self, since: int) -> list[str]:
        """Return what was asked for after a request."""
        return [each["operation"] for each in self.control.requests(since, self.ident)]


class SmartlingWorld(World):
    """A project of Smartling."""

    create, download = "uploadFileToJobBatchV2", "downloadMultipleFilesTranslations"
    workflow = Workflow.JOBS

    def fresh(self) -> SmartlingWorld:
        return SmartlingWorld(self.server, self.control.project(LOCALES))

    def connection(self, **changes: Any) -> Connection:
        return replace(Connection(self.server.url, USER, Secret(SECRET), "integration-test-cli/1"), **changes)

    @property
    def project(self) -> Project:
        return Project("default", self.ident, source_locale="en-US")

    def _made(self, client: Client) -> Provider:
        client.authorizer = Session(client)
        return Smartling(SmartlingApi(client, self.ident), PollingPace(looks=(0.005,), stall=0.1))


class SmartMateWorld(World):
    """An account of SmartMATE."""

    create, download = "mateCreate", "mateDocument"
    workflow = Workflow.ORDERS
    settings: OrderSettings = ORDER
    names: Mapping[str, str] = {}

    def fresh(self) -> SmartMateWorld:
        made = SmartMateWorld(self.server, self.control.account())
        made.settings, made.names = self.settings, self.names
        return made

    def connection(self, **changes: Any) -> Connection:
        url = f"{self.server.url}/smartmate"
        return replace(Connection(url, self.ident, Secret(SECRET), "integration-test-cli/1"), **changes)

    @property
    def project(self) -> Project:
        return Project(
            "mate",
            "site",
            provider="smartmate",
            source_locale="en-US",
            locales=self.names,
            settings=self.settings,
        )

    def _made(self, client: Client) -> SmartMate:
        client.authorizer = basic(client)
        return SmartMate(SmartMateApi(client), checked(self.project), Patience((0.0, 0.01)))


WORLDS = {"smartling": SmartlingWorld, "smartmate": SmartMateWorld}


def world_of(name: str, server: SandboxServer) -> Any:
    """Return a fresh world of the provider called NAME."""
    return WORLDS[name](server, "").fresh()


def finals(
    events: Iterator[SubmitEvent],
) -> tuple[dict[str, Outcome], list[JobOutcome]]:
    """Return the last outcome of each file, and the jobs."""
    outcomes: dict[str, Outcome] = {}
    jobs: list[JobOutcome] = []
    for event in events:
        if isinstance(event, JobOutcome):
            jobs.append(event)
        elif isinstance(event, Outcome):
            outcomes[event.uri] = event
    return outcomes, jobs
