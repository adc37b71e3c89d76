"""The boundary between l10nsync and a translation management system.

A provider is made by `connect` for one project and is used by several threads. Values that cross the
boundary grow by fields; the methods never grow by parameters. `tests/providers/` holds the suite that
every provider passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from l10nsync.model import (
    Abilities,
    ContextOutcome,
    Fetched,
    ImportOutcome,
    JobOutcome,
    Outcome,
    Project,
    Question,
    RemoteState,
    Submission,
    Wanted,
)

SubmitEvent = Outcome | JobOutcome | ImportOutcome | ContextOutcome
"""What a provider says while it carries out a submission."""


class Secret:
    """A text that cannot be printed by accident; `reveal` is the only way to its value."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret itself; only the code that sends it may call this."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "…"

    def __reduce__(self) -> tuple[object, ...]:
        message = "a secret is not serialized"
        raise TypeError(message)


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach a provider: everything that comes from the environment or the command line."""

    base_url: str
    user: str
    secret: Secret
    user_agent: str
    concurrency: int = 8
    deadline: float = 1800.0
    """Seconds that a whole run may take."""
    patience: float = 60.0
    """Seconds after which a service that has not answered once in this run is taken for not there."""
    verbosity: int = 0
    """1: each request as a line; 2: details of requests and answers; never secrets or content."""
    log_file: str = ""
    hide: Callable[[str], None] | None = None
    """Called with each token the moment it is received: a CI masks it in its log."""


class Provider(Protocol):
    """One project of a translation management system.

    Every method raises `CredentialsError`, `TemporaryError` (after its own retries) or `ServiceError`
    for what concerns the whole call; what concerns one file comes back as an outcome of that file.
    """

    abilities: Abilities

    def observe(self, question: Question) -> RemoteState:
        """Answer QUESTION with as few requests as the service allows; change nothing."""
        ...

    def submit(self, submission: Submission) -> Iterator[SubmitEvent]:
        """Carry out SUBMISSION; yield progress, one final outcome per upload or import, then the job."""
        ...

    def fetch(self, wanted: Iterable[Wanted]) -> Iterator[Fetched]:
        """Download translations, in bulk where that serves; yield one answer per item of WANTED."""
        ...

    def close(self) -> None:
        """Let go of connections and threads."""
        ...


class ProviderFactory(Protocol):
    """Make a provider for one project; sends nothing yet."""

    def __call__(self, project: Project, connection: Connection) -> Provider:
        """Raise `CredentialsError` if CONNECTION cannot be meant for this service."""
        ...
