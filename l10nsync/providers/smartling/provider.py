"""Smartling as a `Provider`: a session, one client, and the three things that a run does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from l10nsync.errors import UsageError
from l10nsync.model import (
    Abilities,
    Fetched,
    ListedJob,
    Project,
    Question,
    RemoteState,
    Submission,
    Wanted,
)
from l10nsync.providers.base import Connection, SubmitEvent
from l10nsync.providers.http import Client
from l10nsync.providers.smartling.api import SmartlingApi
from l10nsync.providers.smartling.contexts import delete_contexts, send_contexts
from l10nsync.providers.smartling.delete import delete_all
from l10nsync.providers.smartling.fetch import fetch
from l10nsync.providers.smartling.issues import reply
from l10nsync.providers.smartling.observe import observe
from l10nsync.providers.smartling.pace import PollingPace
from l10nsync.providers.smartling.service import SERVICE
from l10nsync.providers.smartling.session import Session
from l10nsync.providers.smartling.submit import submit
from l10nsync.providers.throttle import Clock, RealClock


@dataclass(slots=True)
class Smartling:
    """One project of Smartling."""

    api: SmartlingApi
    pace: PollingPace = field(default_factory=PollingPace)
    abilities: Abilities = field(
        default_factory=lambda: Abilities(
            workflow=SERVICE.workflow,
            matching=True,
            delete=True,
            imports=True,
            pseudo=True,
            jobs=True,
            costs=True,
            questions=SERVICE.questions,
            strings=True,
            glossaries=SERVICE.glossaries,
            context=SERVICE.context,
        )
    )

    _jobs: dict[str, list[ListedJob]] = field(default_factory=dict)
    """The jobs of a name, as they were when this run looked for them; good for one submission."""
    _seen: str = ""
    """`lastUploaded` of the newest file when this run last listed all of them."""

    @property
    def requests(self) -> Counter[str]:
        """Requests sent so far, by operation."""
        return self.api.client.requests

    def observe(self, question: Question) -> RemoteState:
        """Answer QUESTION; change nothing."""
        state = observe(self.api, question, self._jobs)
        if state.files is not None:
            self._seen = max((file.last_uploaded for file in state.files.values()), default="")
        return state

    def submit(self, submission: Submission) -> Iterator[SubmitEvent]:
        """Carry out SUBMISSION."""
        if submission.deletions or submission.ending:
            yield from delete_all(self.api, submission, self.pace)
        for answer in submission.replies:
            reply(self.api, answer)
        if submission.contexts:
            yield from send_contexts(self.api, submission, self.pace)
        if submission.context_deletions:
            yield from delete_contexts(self.api, submission.context_deletions, self.pace)
        if _changes_jobs(submission):
            listed = self._jobs.pop(submission.job.name, None)
            yield from submit(self.api, submission, self.pace, self._seen, listed)

    def fetch(self, wanted: Iterable[Wanted]) -> Iterator[Fetched]:
        """Download translations."""
        return fetch(self.api, wanted)

    def close(self) -> None:
        """Let go of connections; threads that still wait are ended."""
        self.api.client.close()


def _changes_jobs(submission: Submission) -> bool:
    """Whether anything is asked of jobs, or of what is in them."""
    asked = submission.actions or submission.imports or submission.leaving or submission.updates
    return bool(submission.job.name or asked)


def connect(
    project: Project, connection: Connection, clock: Clock | None = None, pace: PollingPace | None = None
) -> Smartling:
    """Make a provider for PROJECT; sends nothing yet."""
    if not project.id:
        raise UsageError(f"the project {project.name} has no id", hint=f"Set {project.id_variable}.")
    client = Client(connection, clock or RealClock())
    client.authorizer = Session(client)
    return Smartling(SmartlingApi(client, project.id), pace or PollingPace())
