"""Credentials and addresses: from the environment to a provider; nothing of it stands in a manifest."""

from __future__ import annotations

from collections.abc import Mapping

from l10nsync import __version__
from l10nsync.app import Connect
from l10nsync.cli.options import Options
from l10nsync.errors import CredentialsError, UsageError
from l10nsync.model import Project
from l10nsync.providers import connect_to
from l10nsync.providers.base import Connection, Provider, Secret

SMARTLING_URL = "https://api.smartling.com"
CALLBACK_LIMIT = 8192
"""Characters in a callback address."""


def connector(options: Options) -> Connect:
    """Return a function that connects to a project with the credentials of the environment."""

    def connect(project: Project) -> tuple[Provider, Connection]:
        connection = _connection(project, options)
        return connect_to(project, connection), connection

    return connect


def _connection(project: Project, options: Options) -> Connection:
    environ = options.environ
    infix = f"{project.credentials}_" if project.credentials else ""
    user = _one_of(environ, f"SMARTLING_{infix}USER_IDENTIFIER", f"SMARTLING_{infix}USER_ID")
    secret = _one_of(environ, f"SMARTLING_{infix}USER_SECRET", f"SMARTLING_{infix}SECRET")
    missing = [
        name
        for name, value in (
            (f"SMARTLING_{infix}USER_IDENTIFIER", user),
            (f"SMARTLING_{infix}USER_SECRET", secret),
        )
        if not value
    ]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise CredentialsError(
            f"credentials are missing: {' and '.join(missing)} {verb} not set",
            hint="Create an API token in Smartling (Settings, API) and export it; a fork's run has none.",
        )
    product = "action" if environ.get("L10NSYNC_ACTION") else "cli"
    return Connection(
        base_url=environ.get("SMARTLING_API_URL") or SMARTLING_URL,
        user=user,
        secret=Secret(secret),
        user_agent=f"integration-l10nsync-{product}/{__version__}",
        concurrency=options.concurrency,
        deadline=options.timeout,
        verbosity=options.verbose,
        log_file=options.log_file or environ.get("L10NSYNC_LOG_FILE", ""),
        hide=options.hide,
    )


def _one_of(environ: Mapping[str, str], *names: str) -> str:
    """Return the value of the first variable that is set; two different values are an error."""
    values = {name: environ[name].strip() for name in names if environ.get(name, "").strip()}
    if len(set(values.values())) > 1:
        raise UsageError(
            f"{' and '.join(values)} have different values", hint=f"Keep one of them: {names[0]}."
        )
    return next(iter(values.values()), "")


def callback_url(options: Options) -> str:
    """Return where the service shall call back when something is published; empty for nowhere."""
    from urllib.parse import urlsplit

    given = options.environ.get("L10NSYNC_CALLBACK_URL", "").strip()
    if not given:
        return ""
    try:
        parts = urlsplit(given)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.fragment
    except ValueError:
        fits = False
    if not fits or len(given) > CALLBACK_LIMIT or any(char.isspace() for char in given):
        # The address may hold a token: it is not quoted.
        raise UsageError(
            "L10NSYNC_CALLBACK_URL is not an address that can be called",
            hint="It begins with https:// (or http://) and has no fragment, such as https://ci.example.org/l10n.",
        )
    return given
