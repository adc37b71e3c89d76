"""Which history held a content: that of HEAD, that of another branch, or none that can be found.

A clone may be shallow, or lack branches. Then commits and trees of the remote's branches are fetched into a
repository of our own, below `.git/l10nsync`: the clone, its refs and its configuration stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from l10nsync.errors import RepositoryError
from l10nsync.model import FileStep
from l10nsync.workspace import Workspace, steps_of

_FETCH = (
    "-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=60",
    "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-auto-gc", "--no-write-fetch-head",
    "--filter=blob:none",
)  # fmt: skip
_READ_AT_MOST = 100
"""Versions of one path that are read here to find one that the service has stored in another encoding."""
_FETCHED_AT_MOST = 10
"""The same of versions whose contents have to be fetched."""
_ASK_AT_MOST = 500
"""Contents that one call of git looks for: a command line is 32,000 characters long on some systems."""
SourceBlob = tuple[str, str]
"""Path of a source and blob id of a content."""


@dataclass(frozen=True, slots=True)
class ContentSighting:
    """Where a content was found."""

    past: bool = False
    """In the history of HEAD."""
    branch: str = ""
    """In the history of this other branch."""
    here: bool = False
    """Anywhere else: in an earlier state of our own branch, or under a tag."""


@dataclass
class Histories:
    """The histories that are known here, and at the remote once they were fetched."""

    workspace: Workspace
    default: str
    own: str
    """Name of the branch that the run works for; empty for none."""
    fetched: Path | None = None
    """The repository with what was fetched."""
    obstacle: str = ""
    """Why nothing could be fetched, or not enough."""
    asked: bool = False
    """Whether the remote was asked."""
    _remote_default: str = ""
    """The default branch that the remote names."""
    _same: dict[SourceBlob, str] = field(default_factory=dict)
    """Blob id, as git has it, of a content that the service stores in another encoding."""

    def is_default(self) -> bool:
        """Whether our branch is the remote's default one, where the one that the manifest names is not there.

        A manifest without {branch} need not say `branch.default`, and many repositories call it otherwise.
        """
        if not self.own or self.workspace.default_tip(self.default):
            return False
        return self.own == (self._remote_default or self.workspace.remote_default())

    def is_cut(self) -> bool:
        """Whether something is missing here that the remote may have and was not asked for."""
        if self.asked:
            return False
        lacks_default = not self.workspace.default_tip(self.default) and self.own != self.default
        return self.workspace.is_shallow() or bool(lacks_default and self.workspace.remote())

    def find(
        self,
        pairs: Iterable[SourceBlob],
        is_same: Callable[[SourceBlob, bytes], bool] = lambda _pair, _content: False,
    ) -> dict[SourceBlob, ContentSighting]:
        """Return where each of PAIRS was found, those left out that were not.

        IS_SAME says whether a version of the path that git has is the content in another encoding.
        """
        wanted = frozenset(pairs)
        found = self._find({pair: self._same.get(pair, pair[1]) for pair in wanted})
        for pair in wanted - found.keys():
            if (blob := self._version(pair, is_same)) is not None:
                self._same[pair] = blob
        again = {pair: self._same[pair] for pair in wanted - found.keys() if pair in self._same}
        return found | (self._find(again) if again else {})

    def past(self, pairs: Iterable[SourceBlob]) -> frozenset[SourceBlob]:
        """Return those of PAIRS that the history of HEAD held."""
        return self._past({pair: self._same.get(pair, pair[1]) for pair in pairs})

    def fetch(self) -> None:
        """Fetch commits and trees of the branches that count; what goes wrong is the `obstacle`."""
        self.asked = True
        shallow = self.workspace.is_shallow()
        try:
            self._fetch()
            if shallow and (lost := [root for root in self._ends() if not self._is_fetched(root)]):
                self.obstacle = f"the remote does not send commit {lost[0][:10]}"
        except (RepositoryError, OSError) as error:
            self.obstacle = getattr(error, "message", "") or str(error)

    # --- looking ------------------------------------------------------------------------------------------

    def _find(self, blobs: Mapping[SourceBlob, str]) -> dict[SourceBlob, ContentSighting]:
        past = self._past(blobs)
        found = {pair: ContentSighting(past=True) for pair in past}
        left = {pair: blob for pair, blob in blobs.items() if pair not in past}
        for name, blob_ids in self._elsewhere(frozenset(left.values())).items():
            for pair, blob in left.items():
                if blob in blob_ids and not found.get(pair, ContentSighting()).branch:
                    found[pair] = ContentSighting(branch=name) if name else ContentSighting(here=True)
        return found

    def _past(self, blobs: Mapping[SourceBlob, str]) -> frozenset[SourceBlob]:
        """Return those that the history of HEAD held: at their path, else anywhere, as before a rename."""
        versions = self.workspace.history({path for path, _ in blobs})
        found = {pair for pair, blob in blobs.items() if blob in versions[pair[0]]}
        left = {blob for pair, blob in blobs.items() if pair not in found}
        held = set(self._touching(left, "HEAD"))
        if self.fetched and (ends := [end for end in self._ends() if self._is_fetched(end)]):
            held |= set(self._touching(left - held, *ends, fetched=True))
        return frozenset(found | {pair for pair, blob in blobs.items() if blob in held})

    def _elsewhere(self, blobs: frozenset[str]) -> dict[str, set[str]]:
        """Return the blobs that are known apart from HEAD, by branch; by an empty name for all others."""
        found: dict[str, set[str]] = {}
        places = [(False, self._touching(blobs, "--all", "--reflog", "^HEAD"))]
        if self.fetched:
            places.append((True, self._touching(blobs, "--all", fetched=True)))
        for fetched, commits_of in places:
            for blob, commits in commits_of.items():
                found.setdefault(self._branch_of(commits, fetched=fetched), set()).add(blob)
        return dict(sorted(found.items(), reverse=True))

    def _touching(self, blobs: Iterable[str], *revisions: str, fetched: bool = False) -> dict[str, list[str]]:
        """Return the commits that brought any of BLOBS, or took it away, by blob."""
        wanted = sorted(set(blobs))
        if not wanted or not self.workspace.commit():
            return {}
        if len(wanted) > _ASK_AT_MOST:
            some = self._touching(wanted[:_ASK_AT_MOST], *revisions, fetched=fetched)
            return some | self._touching(wanted[_ASK_AT_MOST:], *revisions, fetched=fetched)
        # -m: also find what only a merge's resolution held.
        out = self._git(
            "-c", "log.showRoot=true", "log", "-m", "--raw", "-z", "--no-abbrev", "--no-renames",
            "--format=%H", *(f"--find-object={blob}" for blob in wanted), *revisions, "--", fetched=fetched,
        )  # fmt: skip
        found: dict[str, list[str]] = {}
        commit = ""
        for step in steps_of(out):
            if not isinstance(step, FileStep):
                commit = step.split()[0]
                continue
            for blob in {step.old_blob, step.new_blob} & set(wanted):
                found.setdefault(blob, []).append(commit)
        return found

    def _branch_of(self, commits: Iterable[str], *, fetched: bool) -> str:
        """Return another branch that holds one of COMMITS: the default one if it does; empty for none."""
        contains = list(chain.from_iterable(("--contains", commit) for commit in dict.fromkeys(commits)))
        form = "--format=%(refname)"
        out = self._git("for-each-ref", form, *contains, "refs/heads", "refs/remotes", fetched=fetched)
        names = {_short(line) for line in out.decode("utf-8", "surrogateescape").split("\n")}
        others = names - {"", "HEAD", self.own}
        return self.default if self.default in others else min(others, default="")

    def _version(self, pair: SourceBlob, is_same: Callable[[SourceBlob, bytes], bool]) -> str | None:
        """Return the version of a path that is a content in another encoding; None if there is none."""
        for fetched in (False, True) if self.fetched else (False,):
            most = _FETCHED_AT_MOST if fetched else _READ_AT_MOST
            revisions = ("--all",) if fetched else ("HEAD", "--all", "--reflog")
            if not self.workspace.commit():
                continue
            out = self._git(
                "log", "-m", "--raw", "-z", "--no-abbrev", "--no-renames", "--format=", f"-{most}",
                *revisions, "--", pair[0], fetched=fetched,
            )  # fmt: skip
            steps = (step for step in steps_of(out) if isinstance(step, FileStep))
            blobs = list(dict.fromkeys(step.new_blob for step in steps if step.new_blob))[:most]
            contents = self.workspace.blobs(blobs) if not fetched else self._contents(blobs)
            for blob in blobs:
                if blob in contents and is_same(pair, contents[blob]):
                    return blob
        return None

    def _contents(self, blobs: Iterable[str]) -> dict[str, bytes]:
        """Return contents that the remote has; none where it does not answer."""
        found = {}
        for blob in blobs:
            try:
                found[blob] = self._git("cat-file", "blob", blob, fetched=True)
            except RepositoryError:
                break
        return found

    # --- the repository beside the clone -------------------------------------------------------------------

    def _git(self, *arguments: str, fetched: bool = False) -> bytes:
        place = (f"--git-dir={self.fetched}",) if fetched else ()
        return self.workspace.git(*place, *arguments)

    def _ends(self) -> list[str]:
        """Return the commits at which a shallow clone has cut the history of HEAD."""
        path = self.workspace.git("rev-parse", "--path-format=absolute", "--git-path", "shallow")
        file = Path(path.decode("utf-8", "surrogateescape").strip())
        cuts = set(file.read_text("ascii").split()) if file.exists() else set()
        roots = self.workspace.git("rev-list", "--max-parents=0", "HEAD").decode().split()
        return [root for root in roots if root in cuts]

    def _is_fetched(self, commit: str) -> bool:
        if self.fetched is None:
            return False
        out = self.workspace.git(f"--git-dir={self.fetched}", "rev-list", "-1", commit, "--", ok=(0, 128))
        return bool(out.strip())

    def _fetch(self) -> None:
        workspace = self.workspace
        remote = workspace.remote()
        if not remote:
            self.obstacle = "no remote has it" if workspace.is_shallow() else ""
            return
        heads = workspace.remote_heads()
        if self.default not in heads:
            self._remote_default = workspace.asked_default()
        names = sorted(
            {self.default, self._remote_default, self.own, *workspace.branch_names()} & heads.keys()
        )
        place = self._prepare()
        refs = [f"+refs/heads/{name}:refs/heads/{name}" for name in names]
        if refs:
            workspace.git.remote(remote, f"--git-dir={place}", *_FETCH, "--end-of-options", remote, *refs)
        self.fetched = place
        for end in self._ends():
            # What a pull request's run has checked out is on no branch.
            if not self._is_fetched(end):
                reference = f"+{end}:refs/ends/{end}"
                workspace.git.remote(
                    remote, f"--git-dir={place}", *_FETCH, "--end-of-options", remote, reference
                )

    def _prepare(self) -> Path:
        """Return our own repository, which reaches the remote as the clone does."""
        place = self.workspace.git_dir / "l10nsync" / "history.git"
        if not (place / "HEAD").exists():
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            kind = self.workspace.git("rev-parse", "--show-object-format").decode().strip()
            self.workspace.git(
                "init", "--quiet", "--bare", f"--object-format={kind}", "--template=", str(place)
            )
            path = self.workspace.git("rev-parse", "--path-format=absolute", "--git-path", "config")
            config = path.decode("utf-8", "surrogateescape").strip()
            # Ours come after the clone's: the last one wins.
            self.workspace.git(f"--git-dir={place}", "config", "--replace-all", "include.path", config)
            self.workspace.git(f"--git-dir={place}", "config", "core.bare", "true")
        return place


def _short(reference: str) -> str:
    """Return the name of a branch, here or of a remote."""
    if reference.startswith("refs/remotes/"):
        return reference.split("/", 3)[-1]
    return reference.removeprefix("refs/heads/")
