"""A TMS that every push reaches by the rule, with a history that knows who was who."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from tests.namespace_rule import Moving, Placing, RemoteFile, Strings
from tests.repositories import Repo

Paid = tuple[str, str, str]
"""Namespace, key and text."""


def who_of(strings: Strings) -> str:
    """Return which file strings are of: each keeps the text of that key for ever."""
    return dict(strings)["who"]


@dataclass(frozen=True)
class Checkout:
    """A branch that is pushed, and what its clone tells."""

    branch: str
    prefix: str
    """What the manifest puts before the branch in fileUris, and before the path in namespaces."""
    tree: dict[str, Strings]
    changed: set[str]
    """The paths that are sent: on a branch those that differ from the default branch."""
    past: set[tuple[str, Strings]]
    """Paths, with each content that they ever had."""
    earlier: dict[str, list[str]]
    """File to the paths that it had, the latest first."""

    def uri(self, path: str, branch: str = "") -> str:
        return f"{self.prefix}{branch or self.branch}/{path}"


class History:
    """What the commits of a repository hold, read once."""

    def __init__(self, repo: Repo) -> None:
        self.repo = repo
        self.trees: dict[str, dict[str, Strings]] = {}
        self.blobs: dict[str, Strings] = {}

    def tree(self, commit: str) -> dict[str, Strings]:
        """Return path to strings of the sources of COMMIT."""
        if commit not in self.trees:
            rows = (row.split() for row in self.repo.git("ls-tree", "-r", commit).splitlines())
            blobs = {path: blob for _mode, _type, blob, path in rows if "/en/" in path}
            for blob in set(blobs.values()) - self.blobs.keys():
                texts = json.loads(self.repo.git("cat-file", "blob", blob))
                self.blobs[blob] = frozenset(texts.items())
            self.trees[commit] = {path: self.blobs[blob] for path, blob in blobs.items()}
        return self.trees[commit]

    def trees_of(self, branch: str) -> list[dict[str, Strings]]:
        """Return the trees of all commits of BRANCH, the oldest first."""
        commits = self.repo.git("rev-list", "--topo-order", "--reverse", branch).split()
        return [self.tree(commit) for commit in commits]

    def past(self, branch: str) -> set[tuple[str, Strings]]:
        """Return the paths of BRANCH with each content that they ever had."""
        return set(chain.from_iterable(tree.items() for tree in self.trees_of(branch)))

    def earlier(self, branch: str) -> dict[str, list[str]]:
        """Return file to the paths that it had on BRANCH, the latest first."""
        now: dict[str, str] = {}
        found: dict[str, list[str]] = {}
        for tree in self.trees_of(branch):
            for path, strings in tree.items():
                file = who_of(strings)
                if (before := now.get(file, path)) != path:
                    found.setdefault(file, []).insert(0, before)
                now[file] = path
        return found

    def checkout(self, branch: str, prefix: str, *, shallow: bool) -> Checkout:
        """Return what a clone of BRANCH tells; a shallow one knows no past."""
        tree = self.tree(self.repo.git("rev-parse", branch).strip())
        base = self.tree(self.repo.git("merge-base", "main", branch).strip())
        changed = {path for path in tree if branch == "main" or base.get(path) != tree[path]}
        past = set(tree.items()) if shallow else self.past(branch)
        return Checkout(branch, prefix, tree, changed, past, {} if shallow else self.earlier(branch))


class IdealPush:
    """What the TMS has if each push follows the rule, and what was paid."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.files: dict[str, RemoteFile] = {}
        self.paid: set[Paid] = set()

    def push(self, branch: str, living: Sequence[str], prefix: str, *, shallow: bool) -> None:
        """Upload what BRANCH has changed; LIVING are all branches there are."""
        checkout = self.history.checkout(branch, prefix, shallow=shallow)
        files = list(self.files.values()) if shallow else list(self.known(living))
        staying: dict[str, tuple[str, Strings]] = {}
        moving: list[Moving] = []
        for path, strings in checkout.tree.items():
            own, default = (self.files.get(checkout.uri(path, name)) for name in (branch, "main"))
            home = own or default
            if path in checkout.changed and not (own and own.strings == strings):
                moving.append(self.moving(checkout, path, own, home, files))
            elif home:
                staying[path] = (home.namespace, strings)
        found = Placing(moving, staying, files).run()
        for source in moving:
            namespace, uri = found[source.path], checkout.uri(source.path)
            self.files[uri] = RemoteFile(uri, source.path, namespace, source.strings)
            self.paid |= {(namespace, key, text) for key, text in source.strings}

    def known(self, living: Sequence[str]) -> Iterable[RemoteFile]:
        """Yield the files whose path any living branch ever had, and those of branches that are gone."""
        pasts = (self.history.past(branch) for branch in living)
        paths = {path for path, _strings in chain.from_iterable(pasts)}
        for file in self.files.values():
            if file.path in paths or branch_of(file) not in living:
                yield file

    def moving(
        self,
        checkout: Checkout,
        path: str,
        own: RemoteFile | None,
        home: RemoteFile | None,
        files: Sequence[RemoteFile],
    ) -> Moving:
        """Return the source at PATH, with what history tells of it."""
        strings = checkout.tree[path]
        earlier = tuple(checkout.earlier.get(who_of(strings), ()))
        rules = tuple(f"{checkout.prefix}{name}" for name in (*reversed(earlier), path))
        others = [file for file in files if file is home or elsewhere(checkout, path, file)]
        was = {file.uri for file in others if held(checkout, path, file)}
        was |= {file.uri for file in others if file is not home and left(checkout, (path, *earlier), file)}
        return Moving(path, strings, rules, own, home, earlier, frozenset(was))

    def forget(self, uris: Iterable[str]) -> None:
        """Delete files; what was paid stays paid."""
        for uri in uris:
            self.files.pop(uri, None)


def prefix_of(file: RemoteFile) -> str:
    return "v2/" if file.uri.startswith("v2/") else ""


def branch_of(file: RemoteFile) -> str:
    return file.uri.removesuffix(f"/{file.path}").removeprefix("v2/")


def held(checkout: Checkout, path: str, file: RemoteFile) -> bool:
    """Whether the file that is at PATH now ever held what FILE holds, under that path."""
    same = who_of(file.strings) == who_of(checkout.tree[path])
    return same and (file.path, file.strings) in checkout.past


def left(checkout: Checkout, paths: Sequence[str], file: RemoteFile) -> bool:
    """Whether FILE stands for one of PATHS, and nobody here has it any more."""
    ours = branch_of(file) in {"main", checkout.branch}
    vacant = file.path not in checkout.tree or prefix_of(file) != checkout.prefix
    return ours and vacant and file.path in paths


def elsewhere(checkout: Checkout, path: str, file: RemoteFile) -> bool:
    """Whether FILE stands for another path than PATH, or is of an earlier rule."""
    return file.path != path or prefix_of(file) != checkout.prefix
