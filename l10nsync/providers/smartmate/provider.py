"""SmartMATE as a `Provider`: an account, a ledger of its orders, and the three things that a run does."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from l10nsync.errors import CredentialsError, UsageError
from l10nsync.model import (
    Abilities,
    Fetched,
    JobOutcome,
    Outcome,
    Project,
    ProjectDetails,
    Question,
    RemoteState,
    Submission,
    Wanted,
    fold,
)
from l10nsync.providers.base import Connection
from l10nsync.providers.http import Client
from l10nsync.providers.smartmate import dates
from l10nsync.providers.smartmate.api import ROOT, WorkFlowApi
from l10nsync.providers.smartmate.fetch import fetch
from l10nsync.providers.smartmate.identity import normal, project_tag
from l10nsync.providers.smartmate.ledger import Ledger
from l10nsync.providers.smartmate.service import SERVICE, order_of
from l10nsync.providers.smartmate.submit import Patience, submit
from l10nsync.providers.throttle import Clock, RealClock


@dataclass(frozen=True, slots=True)
class Basic:
    """The `Authorizer` of the WorkFlow API."""

    value: str

    def header(self) -> tuple[str, int]:
        """Return the header's value; there is only one generation."""
        return self.value, 0

    def renew(self, _generation: int) -> None:
        """Raise `CredentialsError`: a password that was refused stays wrong."""
        raise CredentialsError(
            "SmartMATE did not accept the user name and the password",
            hint="Check SMARTMATE_USERNAME and SMARTMATE_PASSWORD; staging has credentials of its own.",
        )


@dataclass(slots=True)
class SmartMate:
    """The orders of one project."""

    api: WorkFlowApi
    project: Project
    patience: Patience = field(default_factory=Patience)
    abilities: Abilities = field(default_factory=lambda: Abilities(workflow=SERVICE.workflow))
    _ledger: Ledger | None = None
    """As it was when this run last asked."""

    @property
    def requests(self) -> Counter[str]:
        """Requests sent so far, by operation."""
        return self.api.client.requests

    def observe(self, question: Question) -> RemoteState:
        """Answer QUESTION for the contents that it names; change nothing.

        There are neither originals nor jobs to ask about, and no clock matters: deliveries are known by
        themselves, not by a date.
        """
        languages: Mapping[str, str] = self.api.languages() if question.project else {}
        state = RemoteState(jobs=() if question.jobs else None)
        if question.project:
            state |= RemoteState(project=_details(self.project, languages))
        if question.files or question.statuses or question.published_since:
            state |= self._orders(question, languages)
        return state

    def _orders(self, question: Question, languages: Mapping[str, str]) -> RemoteState:
        ledger = self._learn(languages)
        contents = question.contents
        statuses = {uri: ledger.status(uri, contents.get(uri, "")) for uri in question.statuses}
        return RemoteState(
            files=ledger.listed(contents) if question.files else None,
            statuses={fold(uri): status for uri, status in statuses.items() if status},
            published=ledger.published(contents) if question.published_since else None,
            warnings=ledger.doubles(contents),
        )

    def _learn(self, languages: Mapping[str, str]) -> Ledger:
        self._ledger = Ledger(self.project, self.api.with_tags([project_tag(self.project.id)]), languages)
        return self._ledger

    def submit(self, submission: Submission) -> Iterator[Outcome | JobOutcome]:
        """Order what SUBMISSION says."""
        known = {entry.request.id: entry.request for entry in self._ledger.entries} if self._ledger else {}
        return submit(self.api, self.project, submission, self.patience, known.values())

    def fetch(self, wanted: Iterable[Wanted]) -> Iterator[Fetched]:
        """Download translations."""
        return fetch(self.api, self._ledger or self._learn({}), wanted)

    def close(self) -> None:
        """Let go of connections; threads that still wait are ended."""
        self.api.client.close()


def _details(project: Project, languages: Mapping[str, str]) -> ProjectDetails:
    """Return the languages as the manifest may name them; raise `UsageError` for codes that are not there."""
    known = {normal(code) for code in languages}
    source = project.locales.get(project.source_locale, project.source_locale)
    named = [*project.locales.items(), *([(project.source_locale, source)] if languages else [])]
    for locale, code in named:
        if normal(code) not in known:
            near = sorted(
                language
                for language in languages
                if normal(language).split("-")[0] == normal(code).split("-")[0]
            )
            raise UsageError(
                f"SmartMATE has no language {code!r} (for {locale!r} of project {project.name!r})",
                hint=f"It has: {', '.join(near)}." if near else "Set the code in `locales` of the project.",
            )
    mapped = [locale for locale in project.locales if locale not in languages]
    return ProjectDetails(project.id, project.name, "", "", (*languages, *mapped))


def checked(project: Project) -> Project:
    """Return PROJECT; raise `UsageError` if its orders lack what the service needs."""
    order = order_of(project)
    needed = {"customer": order.customer, "contact": order.contact, "deliveryDate": order.delivery_date}
    if missing := [name for name, value in needed.items() if not value]:
        raise UsageError(
            f"project {project.name!r} uses SmartMATE but sets no {' or '.join(missing)}",
            hint="Write it below `order:` in the manifest.",
        )
    try:
        dates.delivery(order.delivery_date, order.time_zone, datetime.now(UTC))
    except (ValueError, OSError, LookupError) as error:
        raise UsageError(
            f"project {project.name!r}: not a delivery date: {order.delivery_date!r} in {order.time_zone!r}",
            hint="Write `deliveryDate: +10d 17:00` and an IANA time zone such as Europe/London.",
        ) from error
    return project


def connect(
    project: Project,
    connection: Connection,
    clock: Clock | None = None,
    patience: Patience | None = None,
) -> SmartMate:
    """Make a provider for PROJECT; sends nothing yet."""
    if not project.id:
        raise UsageError(f"the project {project.name} has no id", hint=f"Set {project.id_variable}.")
    if not connection.user or not connection.secret:
        raise CredentialsError(
            "no user name or password is set for SmartMATE",
            hint="Set SMARTMATE_USERNAME and SMARTMATE_PASSWORD.",
        )
    client = Client(connection, clock or RealClock())
    client.base_url = client.base_url.removesuffix(ROOT)
    client.authorizer = basic(client)
    return SmartMate(WorkFlowApi(client), checked(project), patience or Patience())


def basic(client: Client) -> Basic:
    """Return the authorizer for a client's own credentials; its header is a secret as well."""
    pair = f"{client.connection.user}:{client.connection.secret.reveal()}".encode()
    value = base64.b64encode(pair).decode()
    client.redact.add(value)
    return Basic(f"Basic {value}")
