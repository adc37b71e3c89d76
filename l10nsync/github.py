"""GitHub's REST API as far as the Action and `watch --dispatch` use it; works with Enterprise Server too.

Reads are repeated when the connection or the server fails; writes are repeated only where GitHub says
that it did not take them (rate limits), and where doing them twice does no harm. Every method raises
`RefusedError` for what the token may not do, `TemporaryError` for what may go better later, `ServiceError`
for the rest.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from l10nsync import __version__
from l10nsync.errors import (
    CredentialsError,
    RefusedError,
    ServiceError,
    ServiceReply,
    TemporaryError,
    UsageError,
)
from l10nsync.lean import httpx
from l10nsync.providers.base import Secret

API = "https://api.github.com"
API_VERSION = "2022-11-28"
EVENT = "l10nsync-published"
"""The type of the event that says that translations wait, for `on: repository_dispatch: types: […]`."""
_ATTEMPTS = 4
_LONGEST_WAIT = 60.0
_PAGE = 100
_MOST_PAGES = 30
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of a pull request."""

    id: int
    body: str
    author: str
    bot: bool
    url: str


@dataclass(frozen=True, slots=True)
class GitHubPullRequest:
    """A pull request."""

    number: int
    url: str
    head_sha: str
    head_ref: str
    title: str
    body: str
    head_repository: str = ""


@dataclass(frozen=True, slots=True)
class GitHubCommit:
    """A commit as far as it matters here."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    message: str


class GitHub:
    """One repository of GitHub, seen with one token."""

    def __init__(
        self,
        api_url: str,
        repository: str,
        token: Secret,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(api_url)
        local = parts.hostname in {"127.0.0.1", "::1", "localhost"}
        if parts.scheme != "https" and not (parts.scheme == "http" and local):
            raise UsageError(f"the address of GitHub's API must begin with https: {api_url!r}")
        if not _REPOSITORY.fullmatch(repository):
            raise UsageError(f"{repository!r} is not a GitHub repository", hint="Write OWNER/NAME.")
        if not token:
            raise CredentialsError(
                "there is no token for GitHub",
                hint="Set GITHUB_TOKEN; it needs the permission to write contents of the repository.",
            )
        self.repository = repository
        """`owner/name`."""
        self._sleep = sleep
        self._client = httpx.Client(
            base_url=api_url.rstrip("/"),
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {token.reveal()}",
                "X-GitHub-Api-Version": API_VERSION,
                "User-Agent": f"l10nsync/{__version__}",
            },
            timeout=30.0,
            follow_redirects=False,
            trust_env=not local,
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    # --- events ------------------------------------------------------------------------------------------

    def dispatch(self, payload: Mapping[str, int | str]) -> None:
        """Notify the repository's workflows that translations wait.

        Raises `CredentialsError` where the token may not. An event that comes twice does no harm: the
        workflow finds then that nothing is left to pull.
        """
        body = {"event_type": EVENT, "client_payload": dict(payload)}
        try:
            self._send("POST", "dispatches", body, repeatable=True)
        except RefusedError as error:
            raise self._unwelcome("401 or 403") from error
        except ServiceError as error:
            # GitHub hides what a token may not see, as if it were not there.
            if error.reply.status == 404:
                raise self._unwelcome("404") from error
            raise
        except TemporaryError as error:
            raise TemporaryError(
                f"GitHub could not be notified: {error.message}", hint="It will be retried on the next poll."
            ) from error

    def _unwelcome(self, status: str) -> CredentialsError:
        return CredentialsError(
            f"GitHub rejected the event for {self.repository}: HTTP {status}",
            hint="The token needs the permission to write contents of this repository.",
        )

    # --- comments and checks ---------------------------------------------------------------------------

    def comments(self, number: int) -> Iterator[Comment]:
        """Yield the comments of a pull request, oldest first."""
        for page in self._pages(f"issues/{number}/comments"):
            author = page.get("user") or {}
            yield Comment(
                id=int(page["id"]),
                body=page.get("body") or "",
                author=author.get("login", ""),
                bot=author.get("type") == "Bot",
                url=page.get("html_url", ""),
            )

    def login(self) -> str:
        """Return who the token belongs to; empty for an App's or a workflow's own, which act as bots."""
        found = self._send("GET", "/user", missing=True)
        return str(found.get("login", "")) if found else ""

    def create_comment(self, number: int, body: str) -> str:
        """Return the address of a new comment."""
        return str(self._send("POST", f"issues/{number}/comments", {"body": body})["html_url"])

    def update_comment(self, comment: int, body: str) -> str:
        """Replace the text of a comment; return its address."""
        return str(self._send("PATCH", f"issues/comments/{comment}", {"body": body})["html_url"])

    def set_check(self, check: Mapping[str, Any]) -> str:
        """Create a check run, or bring the newest of that name and commit up to date; return its address."""
        query = {"check_name": check["name"], "filter": "latest"}
        found = self._send("GET", f"commits/{quote(check['head_sha'])}/check-runs", params=query)
        runs = found.get("check_runs", [])
        if runs and runs[0].get("status") != "completed":
            rest = {key: value for key, value in check.items() if key != "head_sha"}
            return str(self._send("PATCH", f"check-runs/{int(runs[0]['id'])}", rest).get("html_url", ""))
        return str(self._send("POST", "check-runs", dict(check)).get("html_url", ""))

    # --- git data ----------------------------------------------------------------------------------------

    def branch(self, name: str) -> str:
        """Return the commit that a branch points to; empty if there is no such branch."""
        found = self._send("GET", f"git/ref/heads/{quote(name)}", missing=True)
        return str(found["object"]["sha"]) if found else ""

    def commit(self, sha: str) -> GitHubCommit:
        """Return a commit."""
        found = self._send("GET", f"git/commits/{quote(sha)}")
        parents = tuple(str(parent["sha"]) for parent in found["parents"])
        return GitHubCommit(str(found["sha"]), str(found["tree"]["sha"]), parents, str(found["message"]))

    def create_tree(self, base: str, entries: Sequence[Mapping[str, str]]) -> str:
        """Return the id of the tree BASE with ENTRIES laid over it."""
        return str(self._send("POST", "git/trees", {"base_tree": base, "tree": list(entries)})["sha"])

    def create_blob(self, content: str) -> str:
        """Return the id of a blob; CONTENT is base64."""
        return str(self._send("POST", "git/blobs", {"content": content, "encoding": "base64"})["sha"])

    def create_commit(self, message: str, tree: str, parent: str) -> str:
        """Return the id of a new commit; GitHub signs it for the token's owner."""
        return str(
            self._send("POST", "git/commits", {"message": message, "tree": tree, "parents": [parent]})["sha"]
        )

    def create_branch(self, name: str, sha: str) -> None:
        """Make a branch."""
        self._send("POST", "git/refs", {"ref": f"refs/heads/{name}", "sha": sha})

    def move_branch(self, name: str, sha: str, *, force: bool) -> None:
        """Point a branch to SHA; without FORCE only forward."""
        self._send("PATCH", f"git/refs/heads/{quote(name)}", {"sha": sha, "force": force})

    def delete_branch(self, name: str) -> None:
        """Remove a branch; it may be gone already."""
        self._send("DELETE", f"git/refs/heads/{quote(name)}", missing=True)

    # --- pull requests -----------------------------------------------------------------------------------

    def open_pull(self, branch: str, base: str) -> GitHubPullRequest | None:
        """Return the open pull request from a branch of this repository to BASE."""
        owner = self.repository.split("/")[0]
        query = {"state": "open", "head": f"{owner}:{branch}", "base": base}
        found = self._send("GET", "pulls", params=query)
        return _pull(found[0]) if found else None

    def pulls_of_commit(self, sha: str) -> list[GitHubPullRequest]:
        """Return the open pull requests whose head is SHA."""
        found = self._send("GET", f"commits/{quote(sha)}/pulls")
        return [_pull(pull) for pull in found if pull.get("state") == "open" and pull["head"]["sha"] == sha]

    def pull(self, number: int) -> GitHubPullRequest:
        """Return a pull request."""
        return _pull(self._send("GET", f"pulls/{number}"))

    def create_pull(self, fields: Mapping[str, Any]) -> GitHubPullRequest:
        """Open a pull request."""
        return _pull(self._send("POST", "pulls", dict(fields)))

    def update_pull(self, number: int, fields: Mapping[str, Any]) -> GitHubPullRequest:
        """Change a pull request."""
        return _pull(self._send("PATCH", f"pulls/{number}", dict(fields)))

    def add_labels(self, number: int, labels: Sequence[str]) -> None:
        """Add labels, leaving those that are there."""
        self._send("POST", f"issues/{number}/labels", {"labels": list(labels)})

    def add_assignees(self, number: int, assignees: Sequence[str]) -> None:
        """Add assignees."""
        self._send("POST", f"issues/{number}/assignees", {"assignees": list(assignees)})

    def request_reviews(self, number: int, users: Sequence[str], teams: Sequence[str]) -> None:
        """Ask for reviews; TEAMS are slugs without their organization."""
        body = {"reviewers": list(users), "team_reviewers": list(teams)}
        self._send("POST", f"pulls/{number}/requested_reviewers", body)

    # --- the wire -----------------------------------------------------------------------------------------

    def _pages(self, path: str) -> Iterator[Mapping[str, Any]]:
        for page in range(1, _MOST_PAGES + 1):
            found = self._send("GET", path, params={"per_page": str(_PAGE), "page": str(page)})
            yield from found
            if len(found) < _PAGE:
                return

    def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        params: Mapping[str, str] | None = None,
        missing: bool = False,
        repeatable: bool = False,
    ) -> Any:
        """Return the answer's JSON; None for what is MISSING. REPEATABLE writes are repeated like reads."""
        operation = f"{method} {path}"
        again = repeatable or method == "GET"
        status = ""
        for attempt in range(1, _ATTEMPTS + 1):
            last = attempt == _ATTEMPTS
            answer = self._try(method, path, body, params, again=again, last=last)
            wait = 2.0 ** (attempt - 1)
            if answer is not None:
                limited = _limited(answer)
                if not limited and (answer.status_code < 500 or not again):
                    return _result(answer, operation, missing=missing)
                if last:
                    status = f": HTTP {answer.status_code}"
                    break
                wait = max(wait, limited or 0.0)
            self._sleep(min(wait, _LONGEST_WAIT))
        raise TemporaryError(f"GitHub does not answer ({operation}){status}", hint="Run the job again.")

    def _try(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        params: Mapping[str, str] | None,
        *,
        again: bool,
        last: bool,
    ) -> httpx.Response | None:
        """Return the answer; None where none came, and the request may go AGAIN and this is not the LAST."""
        try:
            address = path if path.startswith("/") else f"/repos/{self.repository}/{path}"
            return self._client.request(method, address, json=body, params=params)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            if last:
                raise TemporaryError(
                    f"GitHub cannot be reached: {error}", hint="Run the job again."
                ) from error
        except httpx.HTTPError as error:
            if last or not again:
                raise TemporaryError(
                    f"GitHub's answer was lost ({method} {path}): {type(error).__name__}",
                    hint="Run the job again: what was done is found and not done twice.",
                ) from error
        return None


def _limited(answer: httpx.Response) -> float | None:
    """Return the seconds to wait where the answer is a rate limit; None if it is not one."""
    if answer.status_code not in {403, 429}:
        return None
    after = answer.headers.get("retry-after", "")
    if after.isdigit():
        return max(float(after), 1.0)
    if answer.status_code == 429 or answer.headers.get("x-ratelimit-remaining") == "0":
        return _LONGEST_WAIT
    return None


def _result(answer: httpx.Response, operation: str, *, missing: bool) -> Any:
    if answer.status_code == 404 and missing:
        return None
    if answer.is_success:
        return answer.json() if answer.content else {}
    message = _message_of(answer)
    reply = ServiceReply(
        status=answer.status_code,
        message=message,
        request_id=answer.headers.get("x-github-request-id", ""),
        operation=operation,
    )
    if answer.status_code in {401, 403}:
        raise RefusedError(
            f"GitHub does not allow it ({operation}): {message}",
            hint="Give the job the permission, or an App's token as `github-token`.",
        )
    if answer.status_code >= 500:
        raise TemporaryError(f"GitHub failed ({operation}): {message}", hint="Run the job again.")
    raise ServiceError(f"GitHub refused {operation}: {message}", reply)


def _message_of(answer: httpx.Response) -> str:
    try:
        data = answer.json()
    except ValueError:
        return f"status {answer.status_code}"
    message = data.get("message", "") if isinstance(data, dict) else ""
    errors = data.get("errors", []) if isinstance(data, dict) else []
    details = [error.get("message", "") for error in errors if isinstance(error, dict)]
    return (
        "; ".join(part for part in (str(message), *map(str, details)) if part)
        or f"status {answer.status_code}"
    )


def _pull(data: Mapping[str, Any]) -> GitHubPullRequest:
    head = data["head"]
    return GitHubPullRequest(
        number=int(data["number"]),
        url=str(data["html_url"]),
        head_sha=str(head["sha"]),
        head_ref=str(head["ref"]),
        title=str(data.get("title") or ""),
        body=str(data.get("body") or ""),
        head_repository=str((head.get("repo") or {}).get("full_name", "")),
    )
