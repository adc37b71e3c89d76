"""Credentials and addresses: from the environment to a provider; a manifest holds none of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace

from l10nsync import __version__, services
from l10nsync.app import Connect
from l10nsync.cli.options import Options
from l10nsync.deadline import left
from l10nsync.errors import CredentialsError, UsageError
from l10nsync.model import Project
from l10nsync.providers import connect_to
from l10nsync.providers.base import Connection, Provider, Secret

SOMEBODY_WAITS, NOBODY_WAITS = 7.0, 60.0
"""Seconds for which a service that does not answer at all is tried: at a terminal, and elsewhere."""
CALLBACK_LIMIT = 8192
"""Characters in a callback address."""


def connector(options: Options) -> Connect:
    """Return a function that connects to a project with the credentials of the environment."""

    def connect(project: Project) -> tuple[Provider, Connection]:
        connection = _connection(project, options)
        return connect_to(_as_told(project, options.environ), connection), connection

    return connect


def has_credentials(project: Project, environ: Mapping[str, str]) -> bool:
    """Whether the environment has what a connection to PROJECT needs; nothing is asked."""
    account = services.service(project.provider).variables
    infix = f"{project.credentials}_" if project.credentials else ""
    return all(
        any(environ.get(name.format(infix), "").strip() for name in names)
        for names in (account.user, account.secret)
        if names
    )


def _connection(project: Project, options: Options) -> Connection:
    environ, account = options.environ, services.service(project.provider).variables
    infix = f"{project.credentials}_" if project.credentials else ""
    users, secrets = ([name.format(infix) for name in names] for names in (account.user, account.secret))
    user, secret = _one_of(environ, *users), _one_of(environ, *secrets)
    missing = [names[0] for names, value in ((users, user), (secrets, secret)) if names and not value]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise CredentialsError(
            f"credentials are missing: {' and '.join(missing)} {verb} not set", hint=account.hint
        )
    product = "action" if environ.get("L10NSYNC_ACTION") else "cli"
    url = environ.get(account.url, "").strip()
    return Connection(
        base_url=account.names.get(url, url) or account.default_url,
        user=user,
        secret=Secret(secret),
        user_agent=f"integration-l10nsync-{product}/{__version__}",
        concurrency=options.concurrency,
        deadline=max(0.0, min(options.timeout, left())),
        patience=SOMEBODY_WAITS if sys.stderr.isatty() else NOBODY_WAITS,
        verbosity=options.verbose,
        log_file=options.log_file or environ.get("L10NSYNC_LOG_FILE", ""),
        hide=options.hide,
    )


def _as_told(project: Project, environ: Mapping[str, str]) -> Project:
    """Return PROJECT with the settings of its service from the environment."""
    section = services.service(project.provider).section
    if section is None:
        return project
    read = {field: environ.get(variable, "").strip() for field, variable in section.variables.items()}
    given = {field: value for field, value in read.items() if value}
    return replace(project, settings=replace(project.settings or section.settings(), **given))


def _one_of(environ: Mapping[str, str], *names: str) -> str:
    """Return the value of the first variable that is set; two different values are an error."""
    values = {name: environ[name].strip() for name in names if environ.get(name, "").strip()}
    if len(set(values.values())) > 1:
        raise UsageError(
            f"{' and '.join(values)} have different values", hint=f"Keep one of them: {names[0]}."
        )
    return next(iter(values.values()), "")


def callback_url(options: Options) -> str:
    """Return the address that the service calls back when something is published; empty for none."""
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
            "L10NSYNC_CALLBACK_URL is not an address that can be called back",
            hint="It begins with https:// (or http://) and has no fragment, such as"
            " https://ci.example.org/l10n.",
        )
    return given
