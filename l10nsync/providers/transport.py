"""The connection to a service: how it is made, what comes over it, what became of a request that broke."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import IO, Literal
from urllib.parse import urlsplit
from urllib.request import getproxies

from l10nsync.errors import ServiceReply, UsageError
from l10nsync.lean import httpx
from l10nsync.providers.addresses import is_loopback
from l10nsync.providers.base import Connection
from l10nsync.providers.calls import AGAIN
from l10nsync.providers.replies import ReplyVerdict
from l10nsync.providers.trace import Redactor
from l10nsync.spool import no_room

_LONGEST_ID = 200
"""Characters of a request id; a longer one is cut."""
_PROXIED = frozenset({"http", "https", "all"})
"""Schemes for which the environment may name a proxy, as far as they concern us."""
SILENCE = ServiceReply()

RequestProblem = ReplyVerdict | Literal["unsent", "lost", "garbled", "fatal", "setting"]


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """What came over the wire, whatever it says."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    file: IO[bytes] | None = None
    size: int = 0

    @property
    def request_id(self) -> str:
        """How the service calls the request; cut where it is long."""
        return self.headers.get("x-sl-requestid", "")[:_LONGEST_ID]

    @property
    def framed(self) -> bool:
        """Whether the answer says where it ends."""
        return "content-length" in self.headers or "transfer-encoding" in self.headers


@dataclass(frozen=True, slots=True)
class CallFailure:
    """Why one attempt did not bring a good answer."""

    problem: RequestProblem
    text: str = ""
    reply: ServiceReply = SILENCE
    asked: float = 0.0
    """Seconds of `Retry-After`."""

    def __str__(self) -> str:
        return self.text or str(self.reply)


def connected(base_url: str, settings: Connection) -> httpx.Client:
    """Return the connections to a service; raise `UsageError` where the environment makes them impossible."""
    # A proxy named in the environment is for other machines: nothing plain may leave this one.
    local = is_loopback(urlsplit(base_url).hostname or "")
    size = settings.concurrency + 2
    # Reading certificates takes longer than a request here, and nothing plain needs them.
    plain = local and urlsplit(base_url).scheme == "http"
    try:
        if not local:
            _require_proxies()
        return httpx.Client(
            headers={
                "User-Agent": settings.user_agent,
                "Accept": "*/*",
                "Accept-Encoding": "identity",
            },
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            follow_redirects=False,
            trust_env=not local,
            verify=not plain,
            limits=httpx.Limits(max_connections=size, max_keepalive_connections=size),
        )
    except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
        raise _unusable(error) from error


def _require_proxies() -> None:
    """Raise `ValueError` for a proxy of the environment that no connection can be made to."""
    proxies = getproxies()
    for scheme in _PROXIED & proxies.keys():
        address = proxies[scheme]
        parts = urlsplit(address if "://" in address else f"http://{address}")
        if not parts.hostname or parts.port == 0:
            raise ValueError(scheme)
        parts.hostname.encode("idna")


def _unusable(error: Exception) -> UsageError:
    """Say which setting of the environment makes a connection impossible; its value may hold a password."""
    if isinstance(error, ImportError):
        return UsageError(
            "the environment sets a SOCKS proxy, which needs a package that is not installed",
            hint="Install it with: pip install 'httpx[socks]'; or name an HTTP proxy in HTTPS_PROXY.",
        )
    if isinstance(error, OSError):
        return UsageError(
            f"the certificates set in the environment cannot be read: {error.strerror or error}",
            hint="Check SSL_CERT_FILE and SSL_CERT_DIR.",
        )
    return UsageError(
        "the proxy set in the environment is not an address",
        hint="Check HTTPS_PROXY, ALL_PROXY and NO_PROXY; write http://HOST:PORT.",
    )


def lost(error: Exception, base_url: str, redact: Redactor) -> CallFailure:
    """Say what became of a request that has no complete answer."""
    host = urlsplit(base_url).hostname
    message = redact(str(error) or type(error).__name__)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
        return CallFailure("setting", f"the certificate of {host} is not trusted: {message}")
    if isinstance(error, httpx.ProxyError) and message.startswith("407"):
        return CallFailure("setting", f"the proxy requires a user and a password: {message}")
    if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
        return CallFailure("fatal", f"TLS connection to {host} failed: {message}")
    if isinstance(error, httpx.ProxyError):
        return CallFailure("unsent", f"the proxy refused the connection to {host}: {message}")
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return CallFailure("unsent", f"cannot reach {host}: {message}")
    return CallFailure("lost", f"the connection to {host} broke: {message}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


_CA_HINT = "If a company proxy signs its own certificates, name its CA file in SSL_CERT_FILE"


def setting_hint(text: str) -> str:
    """Return what to do about a setting of the environment."""
    return "Write them in HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT" if "proxy" in text else _CA_HINT


def tls_hint(text: str) -> str:
    """Return what to do about a service that does not answer."""
    return _CA_HINT if text.startswith("TLS") else AGAIN


def new_file() -> IO[bytes]:
    """Return a file without a name: nothing is left of it when the run is killed."""
    try:
        return tempfile.TemporaryFile()
    except OSError as error:
        raise no_room(error) from error


def keep(file: IO[bytes], chunk: bytes) -> None:
    """Write a part of an answer to its file."""
    try:
        file.write(chunk)
    except OSError as error:
        raise no_room(error) from error
