"""Where credentials may be sent."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from l10nsync.errors import CredentialsError, UsageError
from l10nsync.providers.base import Connection

_TEST = "test-"
"""How the credentials of a sandbox begin."""
_NO_ADDRESS = "the API address must be a plain URL such as https://api.smartling.com"


def checked_base_url(url: str) -> str:
    """Return URL without a final slash; raise `UsageError` if credentials must not be sent there."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
        _ = parts.port  # an invalid port is noticed only when it is read
    except ValueError as error:
        raise UsageError(_NO_ADDRESS) from error
    if not host or parts.username or parts.password or parts.query or parts.fragment:
        raise UsageError(_NO_ADDRESS)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise UsageError(
            f"the API address must use https (http is allowed only for this machine), host {host}"
        )
    return url.strip().rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether HOST is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def uses_test_credentials(connection: Connection) -> bool:
    """Whether the service is a sandbox on this machine: nobody else takes its credentials."""
    return connection.user.startswith(_TEST)


def check_test_credentials(url: str, values: Iterable[str]) -> None:
    """Raise `CredentialsError` if the sandbox's dummy credentials would go to a real host."""
    host = urlsplit(url).hostname or ""
    if not is_loopback(host) and any(value.startswith(_TEST) for value in values):
        raise CredentialsError(
            f"test credentials are not sent to {host}",
            hint="Set real credentials, or the API address of a sandbox on this machine.",
        )


def host_of(address: str) -> str:
    """Return the host that an address names; empty where it names none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
