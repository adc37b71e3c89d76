"""A stand-in for GitHub's REST API on loopback: its git data lie in a real bare repository.

It keeps comments, check runs and pull requests in memory, records every request with its answer, and
refuses what GitHub refuses (unknown refs, pushes that are no fast-forward, a token without the right).
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

JSON = dict[str, Any]
_BOT = {"login": "github-actions[bot]", "id": 41898282, "type": "Bot"}


@dataclass(frozen=True)
class Seen:
    """One request and what was answered."""

    method: str
    path: str
    body: Any
    status: int
    answer: Any


class Refused(Exception):  # noqa: N818 - an answer, not an error of ours
    """An answer that is no success."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class GitHubStandIn:
    """The server, and what it holds."""

    bare: Path
    repository: str = "example/app"
    seen: list[Seen] = field(default_factory=list)
    comments: dict[int, list[JSON]] = field(default_factory=dict)
    pulls: list[JSON] = field(default_factory=list)
    checks: list[JSON] = field(default_factory=list)
    deny: tuple[str, ...] = ()
    """Starts of `METHOD path` that the token may not do."""
    failing: list[int] = field(default_factory=list)
    """Statuses that the next requests are answered with."""
    meanwhile: dict[str, Callable[[], object]] = field(default_factory=dict)
    """What happens right before the next request that begins with `METHOD path`, once."""
    url: str = ""
    tokens: set[str] = field(default_factory=set)

    # --- for tests ---------------------------------------------------------------------------------------

    def calls(self, *methods: str) -> list[str]:
        """Return `METHOD path` of the requests so far, of these methods or all."""
        return [f"{each.method} {each.path}" for each in self.seen if not methods or each.method in methods]

    @property
    def writes(self) -> list[str]:
        """Requests that change something."""
        return self.calls("POST", "PATCH", "PUT", "DELETE")

    def git(self, *arguments: str, stdin: bytes = b"", environ: JSON | None = None) -> str:
        """Run git in the bare repository."""
        identity = {
            "GIT_AUTHOR_NAME": "github-actions[bot]",
            "GIT_AUTHOR_EMAIL": "bot@example.com",
            "GIT_COMMITTER_NAME": "GitHub",
            "GIT_COMMITTER_EMAIL": "noreply@example.com",
        }
        clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        done = subprocess.run(
            ["git", "-C", str(self.bare), *arguments],
            input=stdin,
            capture_output=True,
            env=clean | identity | {"GIT_CONFIG_GLOBAL": os.devnull} | dict(environ or {}),
            check=False,
        )
        if done.returncode:
            raise Refused(422, done.stderr.decode("utf-8", "replace").strip())
        return done.stdout.decode("utf-8", "replace").strip()

    def open_pull(self, head: str, base: str, /, **fields: Any) -> JSON:
        """Put a pull request there, as a person would."""
        pull = {
            "number": len(self.pulls) + 1,
            "state": "open",
            "title": "A change",
            "body": "",
            "draft": False,
            "html_url": f"https://github.example/{self.repository}/pull/{len(self.pulls) + 1}",
            "head": {"ref": head, "sha": self._sha(head), "repo": {"full_name": self.repository}},
            "base": {"ref": base, "sha": self._sha(base), "repo": {"full_name": self.repository}},
            "user": _BOT,
            "labels": [],
            "assignees": [],
            "requested_reviewers": [],
            **fields,
        }
        self.pulls.append(pull)
        return pull

    @contextmanager
    def serving(self) -> Iterator[GitHubStandIn]:
        """Serve while the block runs."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    # --- the wire ----------------------------------------------------------------------------------------

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        state = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
                pass

            def _serve(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                raw = self.rfile.read(length)
                body = json.loads(raw) if raw else None
                state.tokens.add(self.headers.get("Authorization", ""))
                status, answer = state.answer(self.command, self.path, body)
                data = b"" if answer is None else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = _serve  # noqa: N815

        return Handler

    def answer(self, method: str, target: str, body: Any) -> tuple[int, Any]:
        """Answer one request."""
        parts = urlsplit(target)
        path = parts.path
        short = path.removeprefix(f"/repos/{self.repository}/")
        if happening := self.meanwhile.pop(f"{method} {short}", None):
            happening()
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        try:
            status, answer = self._route(method, path, query, body)
        except Refused as refused:
            status = refused.status
            answer = {"message": str(refused), "documentation_url": "https://docs.github.com/rest"}
        self.seen.append(Seen(method, short, body, status, answer))
        return status, answer

    def _route(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        if self.failing:
            raise Refused(self.failing.pop(0), "Server Error")
        if path == "/user":
            raise Refused(403, "Resource not accessible by integration")
        prefix = f"/repos/{self.repository}/"
        if not path.startswith(prefix):
            raise Refused(404, "Not Found")
        short = unquote(path.removeprefix(prefix))
        if any(f"{method} {short}".startswith(each) for each in self.deny):
            raise Refused(403, "Resource not accessible by integration")
        for known, pattern, name in _ROUTES:
            found = re.fullmatch(pattern, short)
            if known == method and found:
                result: tuple[int, Any] = getattr(self, name)(*found.groups(), query=query, body=body)
                return result
        raise Refused(404, f"the stand-in does not know {method} {short}")

    # --- comments and checks -----------------------------------------------------------------------------

    def list_comments(self, number: str, *, query: dict[str, str], body: Any) -> tuple[int, Any]:
        size, page = int(query.get("per_page", "30")), int(query.get("page", "1"))
        found = self.comments.get(int(number), [])
        return 200, found[(page - 1) * size : page * size]

    def create_comment(self, number: str, *, query: Any, body: Any) -> tuple[int, Any]:
        made = {
            "id": 1000 + sum(len(each) for each in self.comments.values()),
            "body": body["body"],
            "user": _BOT,
            "html_url": f"https://github.example/{self.repository}/pull/{number}#issuecomment",
        }
        self.comments.setdefault(int(number), []).append(made)
        return 201, made

    def update_comment(self, ident: str, *, query: Any, body: Any) -> tuple[int, Any]:
        for each in (one for several in self.comments.values() for one in several):
            if each["id"] == int(ident):
                each["body"] = body["body"]
                return 200, each
        raise Refused(404, "Not Found")

    def list_checks(self, sha: str, *, query: dict[str, str], body: Any) -> tuple[int, Any]:
        found = [
            each
            for each in reversed(self.checks)
            if each["head_sha"] == sha and each["name"] == query.get("check_name", each["name"])
        ]
        return 200, {"total_count": len(found), "check_runs": found[:1]}

    def create_check(self, *, query: Any, body: Any) -> tuple[int, Any]:
        made = {"id": len(self.checks) + 1, "html_url": "https://github.example/check", **body}
        self.checks.append(made)
        return 201, made

    def update_check(self, ident: str, *, query: Any, body: Any) -> tuple[int, Any]:
        self.checks[int(ident) - 1] |= body
        return 200, self.checks[int(ident) - 1]

    # --- git data ----------------------------------------------------------------------------------------

    def _sha(self, branch: str) -> str:
        found = subprocess.run(
            ["git", "-C", str(self.bare), "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}"],
            capture_output=True,
            text=True,
            check=False,
        )
        return found.stdout.strip()

    def get_ref(self, branch: str, *, query: Any, body: Any) -> tuple[int, Any]:
        sha = self._sha(branch)
        if not sha:
            raise Refused(404, "Not Found")
        return 200, {"ref": f"refs/heads/{branch}", "object": {"type": "commit", "sha": sha}}

    def get_commit(self, sha: str, *, query: Any, body: Any) -> tuple[int, Any]:
        tree, parents, message = self.git("show", "--no-patch", "--format=%T%n%P%n%B", sha).split("\n", 2)
        return 200, {
            "sha": sha,
            "tree": {"sha": tree},
            "parents": [{"sha": each} for each in parents.split()],
            "message": message,
        }

    def create_blob(self, *, query: Any, body: Any) -> tuple[int, Any]:
        assert body["encoding"] == "base64"
        sha = self.git("hash-object", "-w", "--stdin", stdin=base64.b64decode(body["content"]))
        return 201, {"sha": sha}

    def create_tree(self, *, query: Any, body: Any) -> tuple[int, Any]:
        index = {"GIT_INDEX_FILE": str(self.bare / f"index-{len(self.seen)}")}
        self.git("read-tree", body["base_tree"], environ=index)
        for entry in body["tree"]:
            sha = entry.get("sha")
            if sha is None:
                sha = self.git("hash-object", "-w", "--stdin", stdin=entry["content"].encode())
            self.git(
                "update-index",
                "--add",
                "--cacheinfo",
                f"{entry['mode']},{sha},{entry['path']}",
                environ=index,
            )
        return 201, {"sha": self.git("write-tree", environ=index)}

    def create_commit(self, *, query: Any, body: Any) -> tuple[int, Any]:
        parents = [word for each in body["parents"] for word in ("-p", each)]
        sha = self.git("commit-tree", body["tree"], *parents, "-F", "-", stdin=body["message"].encode())
        return 201, {"sha": sha, "tree": {"sha": body["tree"]}, "message": body["message"]}

    def create_ref(self, *, query: Any, body: Any) -> tuple[int, Any]:
        if self._sha(body["ref"].removeprefix("refs/heads/")):
            raise Refused(422, "Reference already exists")
        self.git("update-ref", body["ref"], body["sha"])
        return 201, {"ref": body["ref"], "object": {"type": "commit", "sha": body["sha"]}}

    def move_ref(self, branch: str, *, query: Any, body: Any) -> tuple[int, Any]:
        old = self._sha(branch)
        ahead = subprocess.run(
            ["git", "-C", str(self.bare), "merge-base", "--is-ancestor", old, body["sha"]], check=False
        ).returncode
        if ahead and not body["force"]:
            raise Refused(422, "Update is not a fast forward")
        self.git("update-ref", f"refs/heads/{branch}", body["sha"])
        self._follow()
        return 200, {"ref": f"refs/heads/{branch}", "object": {"type": "commit", "sha": body["sha"]}}

    def delete_ref(self, branch: str, *, query: Any, body: Any) -> tuple[int, Any]:
        if not self._sha(branch):
            raise Refused(422, "Reference does not exist")
        self.git("update-ref", "-d", f"refs/heads/{branch}")
        return 204, None

    def _follow(self) -> None:
        """Let open pull requests follow their branches."""
        for each in self.pulls:
            if each["state"] == "open" and each["head"]["repo"]["full_name"] == self.repository:
                each["head"]["sha"] = self._sha(each["head"]["ref"]) or each["head"]["sha"]

    # --- pull requests -----------------------------------------------------------------------------------

    def list_pulls(self, *, query: dict[str, str], body: Any) -> tuple[int, Any]:
        head = query["head"].partition(":")[2]
        return 200, [
            each
            for each in self.pulls
            if each["state"] == query["state"]
            and each["head"]["ref"] == head
            and each["base"]["ref"] == query["base"]
        ]

    def commit_pulls(self, sha: str, *, query: Any, body: Any) -> tuple[int, Any]:
        return 200, [each for each in self.pulls if each["head"]["sha"] == sha]

    def create_pull(self, *, query: Any, body: Any) -> tuple[int, Any]:
        if not self._sha(body["head"]):
            raise Refused(422, "head is invalid")
        head, base = body["head"], body["base"]
        if any(
            (pull["head"]["ref"], pull["base"]["ref"], pull["state"]) == (head, base, "open")
            for pull in self.pulls
        ):
            raise Refused(422, f"A pull request already exists for {self.repository.split('/')[0]}:{head}.")
        return 201, self.open_pull(
            body["head"], body["base"], title=body["title"], body=body["body"], draft=body["draft"]
        )

    def update_pull(self, number: str, *, query: Any, body: Any) -> tuple[int, Any]:
        pull = self.pulls[int(number) - 1]
        pull |= body
        return 200, pull

    def add_labels(self, number: str, *, query: Any, body: Any) -> tuple[int, Any]:
        pull = self.pulls[int(number) - 1]
        pull["labels"] += [{"name": each} for each in body["labels"]]
        return 200, pull["labels"]

    def add_assignees(self, number: str, *, query: Any, body: Any) -> tuple[int, Any]:
        pull = self.pulls[int(number) - 1]
        pull["assignees"] += [{"login": each} for each in body["assignees"]]
        return 201, pull

    def request_reviews(self, number: str, *, query: Any, body: Any) -> tuple[int, Any]:
        if "nobody" in body["reviewers"]:
            raise Refused(422, "Reviews may only be requested from collaborators.")
        pull = self.pulls[int(number) - 1]
        pull["requested_reviewers"] += [{"login": each} for each in body["reviewers"]]
        return 201, pull


_ROUTES = (
    ("GET", r"issues/(\d+)/comments", "list_comments"),
    ("POST", r"issues/(\d+)/comments", "create_comment"),
    ("PATCH", r"issues/comments/(\d+)", "update_comment"),
    ("GET", r"commits/([0-9a-f]+)/check-runs", "list_checks"),
    ("POST", r"check-runs", "create_check"),
    ("PATCH", r"check-runs/(\d+)", "update_check"),
    ("GET", r"git/ref/heads/(.+)", "get_ref"),
    ("GET", r"git/commits/([0-9a-f]+)", "get_commit"),
    ("POST", r"git/blobs", "create_blob"),
    ("POST", r"git/trees", "create_tree"),
    ("POST", r"git/commits", "create_commit"),
    ("POST", r"git/refs", "create_ref"),
    ("PATCH", r"git/refs/heads/(.+)", "move_ref"),
    ("DELETE", r"git/refs/heads/(.+)", "delete_ref"),
    ("GET", r"pulls", "list_pulls"),
    ("GET", r"commits/([0-9a-f]+)/pulls", "commit_pulls"),
    ("POST", r"pulls", "create_pull"),
    ("PATCH", r"pulls/(\d+)", "update_pull"),
    ("POST", r"issues/(\d+)/labels", "add_labels"),
    ("POST", r"issues/(\d+)/assignees", "add_assignees"),
    ("POST", r"pulls/(\d+)/requested_reviewers", "request_reviews"),
)
