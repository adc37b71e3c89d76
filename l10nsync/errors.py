"""What can go wrong, as one tree; each class fixes its exit code.

    L10nSyncError                   1   a defect of ours, unless a subclass says otherwise
     ├─ UsageError                  2   flags, manifest or repository state; nothing was changed
     │   ├─ ManifestError           2   with every problem of the manifest, each with its place
     │   ├─ ContextFileError        2   files that show strings, with every problem of theirs
     │   └─ RepositoryError         2   git is in a state that we cannot work with
     ├─ DifferencesFound            3   `plan --exit-code`, `pull --check`
     ├─ CredentialsError            4   missing, wrong or not allowed
     ├─ TemporaryError              5   retries or the deadline are used up; run again
     ├─ GateError                   6   the release gate is not passed
     ├─ ServiceError                7   the service refused something and will refuse it again
     ├─ ContentError                7   a resource file that cannot be read as its type
     ├─ LocalIOError                7   disk full, read-only, no permission
     └─ RefusedError                8   stopped on purpose, for safety; a flag overrides it
         ├─ StalePlanError          8   a saved plan that no longer fits
         └─ SupersededError         8   a newer commit, or another push, was faster

`Interrupted` (130 for SIGINT, 143 for SIGTERM) is outside the tree: it is not an error.

Exit codes are a closed list (0 is success; an unknown code is a failure). With several causes in
one run `worst` decides which of them the process ends with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

EXIT_OK = 0
EXIT_DEFECT = 1
EXIT_USAGE = 2
EXIT_DIFFERENCES = 3
EXIT_CREDENTIALS = 4
EXIT_TEMPORARY = 5
EXIT_GATE = 6
EXIT_PARTIAL = 7
EXIT_REFUSED = 8
EXIT_SIGINT = 130
EXIT_SIGTERM = 143

_PRECEDENCE = (
    EXIT_SIGINT,
    EXIT_SIGTERM,
    EXIT_DEFECT,
    EXIT_CREDENTIALS,
    EXIT_USAGE,
    EXIT_REFUSED,
    EXIT_PARTIAL,
    EXIT_TEMPORARY,
    EXIT_GATE,
    EXIT_DIFFERENCES,
)


def worst(codes: Iterable[int]) -> int:
    """Return the exit code that stands for all of CODES; 0 if all are zero."""
    seen = set(codes)
    return next((code for code in _PRECEDENCE if code in seen), EXIT_OK)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem with its place, as an editor or a pull request shows it."""

    code: str
    """Stable identifier such as ``E103``; `l10nsync explain E103` explains it."""
    message: str
    """One sentence without a full stop: what is wrong, naming the offending text."""
    severity: str = "error"
    """``error``, ``warning`` or ``notice``; only errors change an exit code."""
    file: str = ""
    """Path as the user knows it (relative to where they are, or absolute)."""
    line: int = 0
    """From 1; 0 where the problem has no place."""
    column: int = 0
    """From 1, in characters."""
    end_column: int = 0
    """One past the last marked character on that line; 0 marks a single character."""
    text: str = ""
    """The whole offending line, without its line end."""
    note: str = ""
    """Short text put behind the caret."""
    help: str = ""
    """What to do, or the nearest known name."""
    related: tuple[Diagnostic, ...] = ()
    """The other side of a conflict: same fields, `message` says what it is."""


class L10nSyncError(Exception):
    """Root of every error that we raise on purpose."""

    exit_code = EXIT_DEFECT

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Problems with a place in a file; empty where the message says it all."""
        return ()


class UsageError(L10nSyncError):
    """The call, the manifest or the repository is wrong; nothing was changed."""

    exit_code = EXIT_USAGE


class ManifestError(UsageError):
    """Every problem found in the manifest, in the order of their places."""

    def __init__(self, diagnostics: Iterable[Diagnostic], *, hint: str = "") -> None:
        self._diagnostics = tuple(diagnostics)
        errors = sum(1 for diagnostic in self._diagnostics if diagnostic.severity == "error")
        super().__init__(f"{errors} error{'s' if errors != 1 else ''} in the manifest", hint=hint)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The problems, each with file, line, column and line text."""
        return self._diagnostics


class ContextFileError(UsageError):
    """Every problem found in the files that show strings, each with its place."""

    def __init__(self, diagnostics: Iterable[Diagnostic], *, hint: str = "") -> None:
        self._diagnostics = tuple(diagnostics)
        number = len(self._diagnostics)
        noun = "problem" if number == 1 else "problems"
        super().__init__(f"{number} {noun} in the files that show strings", hint=hint)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The problems, each with its file, line and column."""
        return self._diagnostics


class RepositoryError(UsageError):
    """Git is missing, or the repository is in a state that we cannot work with."""


class DifferencesFound(L10nSyncError):  # noqa: N818 - not an error to the user
    """There are changes, and the caller asked for an exit code that shows it."""

    exit_code = EXIT_DIFFERENCES


class CredentialsError(L10nSyncError):
    """Credentials are missing, wrong, or not allowed to do this."""

    exit_code = EXIT_CREDENTIALS


class TemporaryError(L10nSyncError):
    """Retries or the deadline are used up; running again is safe and may help."""

    exit_code = EXIT_TEMPORARY

    def __init__(self, message: str, *, hint: str = "", request_id: str = "", status: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.request_id = request_id
        self.status = status


class UnfinishedPushError(TemporaryError):
    """What an interrupted push had sent was taken only now: a plan made before no longer fits."""


class GateError(L10nSyncError):
    """The release gate is not passed."""

    exit_code = EXIT_GATE


@dataclass(frozen=True, slots=True)
class ServiceReply:
    """What the service said when it refused: enough to open a support ticket."""

    status: int = 0
    """HTTP status."""
    code: str = ""
    """``response.code``, such as ``VALIDATION_ERROR``."""
    key: str = ""
    """Key of the first error, such as ``file.not.found``; often empty."""
    message: str = ""
    """Message of the first error, in the service's words."""
    details: str = ""
    """Details of the first error as JSON text; empty if there are none."""
    request_id: str = ""
    """``X-SL-RequestId`` of the answer."""
    operation: str = ""
    """Our name of the call, such as ``upload file to batch``."""

    def __str__(self) -> str:
        words = [part for part in (str(self.status) if self.status else "", self.code, self.key) if part]
        message = f": {self.message}" if self.message else ""
        ident = f" (request id {self.request_id})" if self.request_id else ""
        return f"{' '.join(words)}{message}{ident}"


class ServiceError(L10nSyncError):
    """The service refused a request, and repeating it would not help."""

    exit_code = EXIT_PARTIAL

    def __init__(self, message: str, reply: ServiceReply | None = None, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reply = reply or ServiceReply()


class ContentError(L10nSyncError):
    """A resource file cannot be read as its type; the position counts from 1."""

    exit_code = EXIT_PARTIAL

    def __init__(self, message: str, *, line: int = 0, column: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"{self.message} (line {self.line}, column {self.column})" if self.line else self.message


class LocalIOError(L10nSyncError):
    """The file system refused: disk full, read-only, no permission."""

    exit_code = EXIT_PARTIAL


class RefusedError(L10nSyncError):
    """Stopped on purpose, for safety; the hint names the flag that overrides it."""

    exit_code = EXIT_REFUSED


class StalePlanError(RefusedError):
    """A saved plan no longer fits the repository, the manifest or the service."""


class SupersededError(RefusedError):
    """What was to be sent is no longer the newest, or was replaced by another push meanwhile."""


class Interrupted(BaseException):
    """A signal asked us to stop; `exit_code` is 130 for SIGINT and 143 for SIGTERM."""

    def __init__(self, exit_code: int = EXIT_SIGINT) -> None:
        super().__init__("interrupted")
        self.exit_code = exit_code
