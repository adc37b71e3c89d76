"""The git work tree: what is tracked, what is committed, its history, and careful writes.

Paths are POSIX, relative to the top of the work tree.
"""

from __future__ import annotations

import contextlib
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from l10nsync.errors import LocalIOError, RefusedError, RepositoryError
from l10nsync.model import Commit, FileStep
from l10nsync.workspace import edits, whole_files
from l10nsync.workspace.command import Git, fields, filters, scrub_environment, server_of, without_filters
from l10nsync.workspace.objects import Objects

LFS_MARK = edits.LFS_MARK
_LFS_LIMIT = 1024
_VERSIONS = 100
"""Earlier contents of one file that are worth looking at."""
_MERGED = re.compile(
    r"Merge (?:remote-tracking )?branch '(?:origin/)?(?P<branch>[^']+)'"
    r"|Merge pull request #\d+ from [^/\s]+/(?P<request>\S+)"
    r"|Merged in (?P<bitbucket>\S+) \(pull request"
)
_REBASES = ("rebase-merge", "rebase-apply")
"""Folders of git's own folder in which its two kinds of rebase keep what they have to know."""
_MODES = {"120000": "symlink", "160000": "submodule"}


@dataclass(frozen=True, slots=True)
class TrackedFiles:
    """What git tracks."""

    files: Mapping[str, str]
    """Path to blob id, regular files only."""
    specials: Mapping[str, str]
    """Path to `symlink` or `submodule`."""
    left_out: frozenset[str] = frozenset()
    """Paths of files that the work tree is not to have, as in a sparse checkout."""


class Workspace:
    """A git work tree, opened at its top."""

    def __init__(self, root: Path, git_dir: Path, objects: str = "", kind: str = "sha1") -> None:
        self.root = root
        self.git_dir = git_dir
        """Git's own folder for this work tree: for a linked one, its part of the main repository's."""
        self.git = Git(root)
        self.objects = Objects(self.git, objects or str(git_dir / "objects"), kind)
        self._head: tuple[str, Mapping[str, str]] = ("", {})
        """HEAD's commit, and its files once they were asked for."""
        self._branch: str | None = None

    @classmethod
    def open(cls, start: Path) -> Workspace:
        """Open the work tree that START lies in; raise `RepositoryError` if there is none."""
        scrub_environment()
        if not _is_folder(start):
            raise RepositoryError(f"{start} is not a folder", hint="Check the path given to -C.")
        out = Git(start)(
            "rev-parse", "--path-format=absolute", "--is-inside-work-tree", "--show-toplevel",
            "--absolute-git-dir", "--git-path", "objects", "--show-object-format",
        )  # fmt: skip
        lines = out.decode("utf-8", "surrogateescape").split("\n")
        if lines[0] != "true":
            raise RepositoryError(
                f"{start} is inside a .git folder or a bare repository",
                hint="Run l10nsync in a checkout with a work tree.",
            )
        return cls(Path(lines[1]), Path(lines[2]), lines[3], lines[4])

    # --- what git knows -------------------------------------------------------------------------

    def tracked(self) -> TrackedFiles:
        """Return what the index holds; raise `RepositoryError` while a merge is unresolved."""
        files: dict[str, str] = {}
        specials: dict[str, str] = {}
        left_out: list[str] = []
        for record in fields(self.git("ls-files", "-t", "-s", "-z")):
            meta, _, path = record.partition("\t")
            tag, mode, blob, stage = meta.split(" ")
            if stage != "0":
                raise RepositoryError(
                    f"{path} has unresolved merge conflicts",
                    hint="Finish the merge or rebase, then run again.",
                )
            if mode in _MODES:
                specials[path] = _MODES[mode]
            else:
                files[path] = blob
            if tag == "S":
                left_out.append(path)
        return TrackedFiles(files, specials, frozenset(left_out))

    def commit(self) -> str:
        """Return the id of HEAD's commit, as it was when it was first asked for; empty before the first one.

        A run speaks of one commit from its beginning to its end, also where somebody commits meanwhile.
        """
        if not self._head[0]:
            self._head = (self.resolve("HEAD"), {})
        return self._head[0]

    def resolve(self, revision: str) -> str:
        """Return the id of the commit that REVISION names; empty if there is none."""
        out = self.git(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", ok=(0, 1, 128)
        )
        return out.decode().strip()

    def tree(self, revision: str = "HEAD") -> Mapping[str, str]:
        """Return path to blob id of the regular files in a commit; raise `RepositoryError` if unknown."""
        commit = self.commit() if revision == "HEAD" else self.resolve(revision)
        if not commit:
            raise RepositoryError(
                f"{revision} is not a commit of this repository",
                hint="In CI, check out with more history (fetch-depth)."
                if revision != "HEAD"
                else "Create a commit first.",
            )
        head, known = self._head
        if commit == head and known:
            return known
        files: dict[str, str] = {}
        for record in fields(self.git("ls-tree", "-r", "-z", "--full-tree", commit)):
            meta, _, path = record.partition("\t")
            mode, _kind, blob = meta.split(" ")
            if mode not in _MODES:
                files[path] = blob
        if commit == head:
            self._head = (head, files)
        return files

    def blobs(self, ids: Iterable[str]) -> dict[str, bytes]:
        """Return the contents of blobs by id; ids that can be found nowhere are left out."""
        return self.objects.contents(ids)

    def lfs_pointers(self, files: Mapping[str, str]) -> frozenset[str]:
        """Return the paths among FILES (path to blob id) whose committed content is a Git LFS pointer."""
        small = self.objects.small(files.values(), _LFS_LIMIT)
        pointers = {blob for blob, content in small.items() if content.startswith(LFS_MARK)}
        return frozenset(path for path, blob in files.items() if blob in pointers)

    def branch(self) -> str:
        """Return the branch that HEAD points at, with its slashes, or that is being rebased; else empty.

        It is the one that HEAD pointed at when it was first asked for.
        """
        if self._branch is None:
            # Not `--short`: where a tag has the same name, that gives `heads/…`.
            out = self.git("symbolic-ref", "--quiet", "HEAD", ok=(0, 1, 128))
            reference = out.decode("utf-8", "surrogateescape").strip() or self._rebased()
            self._branch = reference.removeprefix("refs/heads/")
        return self._branch

    def _rebased(self) -> str:
        """Return the reference of the branch that a rebase has taken off HEAD; empty for none."""
        for folder in _REBASES:
            with contextlib.suppress(OSError):
                name = (self.git_dir / folder / "head-name").read_bytes().decode("utf-8", "surrogateescape")
                # A rebase that began on a detached HEAD says so in words.
                return name.strip() if name.startswith("refs/heads/") else ""
        return ""

    def default_tip(self, default: str) -> str:
        """Return the commit of branch DEFAULT, as its remote had it last, else here; empty if neither."""
        names = (f"refs/remotes/{self.remote() or 'origin'}/{default}", f"refs/heads/{default}")
        return next((commit for name in names if (commit := self.resolve(name))), "")

    def remote_default(self) -> str:
        """Return the default branch as the clone got it from its remote; empty if it did not."""
        prefix = f"refs/remotes/{self.remote() or 'origin'}/"
        out = self.git("symbolic-ref", "--quiet", f"{prefix}HEAD", ok=(0, 1, 128)).decode("utf-8", "replace")
        return out.strip().removeprefix(prefix)

    def remote(self) -> str:
        """Return the name of the remote that is asked: `origin`, else the first one; empty for none."""
        names = self.git("remote").decode("utf-8", "surrogateescape").split()
        return "origin" if "origin" in names else next(iter(names), "")

    def asked_default(self) -> str:
        """Ask the remote for its default branch; empty if it does not say."""
        out = self.git.remote(self.remote(), "ls-remote", "--symref", self.remote(), "HEAD")
        found = re.match(r"ref: refs/heads/(\S+)\tHEAD", out.decode("utf-8", "surrogateescape"))
        return found[1] if found else ""

    def remote_server(self) -> str:
        """Return the server of the remote that is asked, as `server_of` writes it; empty for none."""
        name = self.remote()
        return server_of(self.git("ls-remote", "--get-url", name).decode("utf-8", "replace")) if name else ""

    def is_shallow(self) -> bool:
        """Return whether history ends where a clone has cut it."""
        return self.git("rev-parse", "--is-shallow-repository").strip() == b"true"

    def cut(self) -> frozenset[str]:
        """Return the commits at which a shallow clone ends; none of a whole one."""
        place = self.git("rev-parse", "--git-path", "shallow").decode("utf-8", "surrogateescape").strip()
        try:
            return frozenset((self.root / place).read_text("ascii").split())
        except (OSError, ValueError):
            return frozenset()

    def heads(self) -> dict[str, str]:
        """Return the branches that are here, with their commits; what a remote had is not among them."""
        out = self.git("for-each-ref", "--format=%(objectname) %(refname)", "refs/heads")
        return parse_heads(out.decode("utf-8", "surrogateescape"))

    def branch_names(self) -> frozenset[str]:
        """Return the names of the branches here, and of those that a remote had at the last fetch."""
        out = self.git("for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes")
        references = out.decode("utf-8", "surrogateescape").split("\n")
        return frozenset(map(_branch_name, references)) - {"", "HEAD"}

    def remote_heads(self) -> dict[str, str]:
        """Ask the remote for its branches, with their commits; empty where there is no remote.

        What an earlier fetch has left here may be old: a branch that is not there may be new, not gone.
        """
        name = self.remote()
        if not name:
            return {}
        try:
            out = self.git.remote(name, "ls-remote", "--heads", name)
        except RepositoryError as error:
            raise RepositoryError(
                f"remote {name!r} does not list its branches: {error.message}",
                hint=f"Give them with --heads FILE, the output of `git ls-remote --heads {name}`.",
            ) from error
        return parse_heads(out.decode("utf-8", "surrogateescape"))

    def remote_head(self, branch: str, seconds: float) -> str:
        """Ask the remote where BRANCH is; empty where it has none, or does not answer within SECONDS."""
        reference = f"refs/heads/{branch}"
        try:
            out = self.git.remote("origin", "ls-remote", "--quiet", "origin", reference, seconds=seconds)
        except RepositoryError:
            return ""
        return parse_heads(out.decode("utf-8", "surrogateescape")).get(branch, "")

    def parents(self, commit: str) -> tuple[str, ...]:
        """Return the parents of a commit, those included that a shallow clone does not have."""
        head = self.git("cat-file", "commit", commit).partition(b"\n\n")[0].decode("utf-8", "replace")
        return tuple(line.split(" ")[1] for line in head.split("\n") if line.startswith("parent "))

    def present(self, commits: Iterable[str]) -> frozenset[str]:
        """Return those of COMMITS that are here."""
        return frozenset(commit for commit in commits if self.resolve(commit))

    def is_ancestor(self, commit: str, of: str) -> bool:
        """Return whether OF holds COMMIT."""
        return self.git("merge-base", "--all", commit, of, ok=(0, 1)).decode().split()[:1] == [commit]

    def changed_blobs(self, default: str, tip: str) -> dict[str, str]:
        """Return what TIP changed since it left DEFAULT: path to blob id, empty for what it deleted."""
        base = self.git("merge-base", default, tip, ok=(0, 1)).decode().split()
        if not base:
            return {}
        out = self.git("diff", "--raw", "-z", "--no-abbrev", "--no-renames", base[0], tip)
        return {step.new: step.new_blob for step in steps_of(out) if isinstance(step, FileStep)}

    def merged_names(self, tip: str) -> frozenset[str]:
        """Return the branches that merges in the history of TIP name, in the words of git and its hosts."""
        out = self.git("log", "--merges", "--format=%s", tip).decode("utf-8", "surrogateescape")
        found = (_MERGED.match(line) for line in out.split("\n"))
        return frozenset(next(filter(None, match.groups())) for match in found if match)

    def uncommitted(self) -> frozenset[str]:
        """Return tracked paths whose index or work tree differs from HEAD, without running a filter program.

        Where a file would have to pass one, it is unedited if its size and time are those of the checkout, or
        if it is what its Git LFS pointer names; else it counts as edited.
        """
        environment = without_filters(self.git)
        out = self.git(
            "status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames",
            "--ignore-submodules=all", env=environment,
        )  # fmt: skip
        states = {record[3:]: record[:2] for record in fields(out)}
        doubtful = [path for path, state in states.items() if state == " M"]
        return frozenset(states) - edits.unedited(self, self.filtered(doubtful))

    def filtered(self, paths: Iterable[str]) -> dict[str, str]:
        """Return those of PATHS that a program of the configuration converts, each with its filter's name."""
        wanted = sorted(set(paths))
        known = filters(self.git) if wanted else frozenset()
        if not known:
            return {}
        names = "".join(f"{path}\0" for path in wanted).encode("utf-8", "surrogateescape")
        out = self.git("check-attr", "--stdin", "-z", "filter", stdin=names)
        values = out.decode("utf-8", "surrogateescape").split("\0")
        pairs = zip(values[0::3], values[2::3], strict=False)
        return {path: name for path, name in pairs if name in known}

    def untracked(self, folders: Iterable[str] = (), *, ignored: bool = False) -> frozenset[str]:
        """Return files below FOLDERS (anywhere) that git does not track; with IGNORED, that it ignores."""
        kind = ("--ignored", "--exclude-standard") if ignored else ("--exclude-standard",)
        return frozenset(fields(self.git("ls-files", "--others", *kind, "-z", "--", *sorted(folders))))

    def past_paths(self, *revisions: str) -> frozenset[str]:
        """Return every path that REVISIONS (HEAD) deleted or renamed away, as far as history is here."""
        return self._paths("--diff-filter=D", *(revisions or ("HEAD",)))

    def paths_elsewhere(self) -> frozenset[str]:
        """Return every path that a branch, here or of a remote, has changed beside HEAD."""
        return self._paths("--branches", "--remotes", "--not", "HEAD")

    def _paths(self, *options: str) -> frozenset[str]:
        if not self.commit():
            return frozenset()
        out = self.git("log", "--format=", "--name-only", "--no-renames", "-z", *options, "--")
        return frozenset(record.lstrip("\n") for record in fields(out) if record.strip("\n"))

    def history(self, paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return the blob ids that each path had in the history of HEAD, the newest first, up to a limit.

        A shallow clone knows only what it has; a path without history has none.
        """
        found: dict[str, dict[str, None]] = {path: {} for path in paths}
        if found and self.commit():
            arguments = (
                "--format=",
                "--raw",
                "--no-abbrev",
                "--no-renames",
                "-z",
                "HEAD",
                "--",
                *sorted(found),
            )
            records = iter(fields(self.git("log", *arguments)))
            for meta, path in zip(records, records, strict=False):
                mode, blob = meta.lstrip("\n").split(" ")[1:4:2]
                if mode.startswith("100") and len(found[path]) < _VERSIONS:
                    found[path][blob] = None
        return {path: tuple(blobs) for path, blobs in found.items()}

    def beside(self, path: str, other: str) -> str:
        """Return the blob that OTHER had in the newest commit that changed PATH; empty if there is none."""
        commit = self.git("log", "-1", "--format=%H", "HEAD", "--", path).decode().strip()
        if not commit:
            return ""
        out = self.git("rev-parse", "--verify", "--quiet", f"{commit}:{other}", ok=(0, 1, 128))
        return out.decode().strip()

    def commits(self, *revisions: str) -> Iterator[Commit]:
        """Yield the commits of the line of REVISIONS (HEAD), the newest first, with the renames git sees.

        A merge counts as one commit with all that it brought in. Ends where a shallow clone ends.
        """
        if not self.commit():
            return
        # -l: with more pairs to compare than that, git finds only renames without edits; it never guesses.
        out = self.git(
            "-c", "log.showRoot=true", "log", "--first-parent", "-m", "--raw", "-z", "--no-abbrev",
            "-B", "-M", "-l3000", "--format=%H %P", *(revisions or ("HEAD",)), "--",
        )  # fmt: skip
        yield from _commits(out)

    def brought(self, merge: str) -> Iterator[Commit]:
        """Yield the commits of the branch that MERGE took in, the newest first."""
        return self.commits(f"{merge}^2", f"^{merge}^1")

    def worktree_blobs(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the work tree's contents as `git add` would store them (encodings and line ends applied).

        Raises `RefusedError` for a file that a filter program would have to convert: none is run.
        """
        wanted = [path for path in sorted(set(paths)) if (self.root / path).is_file()]
        if not wanted:
            return {}
        for path, name in sorted(self.filtered(wanted).items()):
            raise RefusedError(
                f"{path} passes the filter {name!r}, a program from git's configuration that is not run",
                hint="Commit it, and push without --worktree: a commit holds what the filter made of it.",
            )
        with tempfile.TemporaryDirectory(prefix="l10nsync-objects-") as place:
            environment = {
                "GIT_OBJECT_DIRECTORY": place,
                "GIT_ALTERNATE_OBJECT_DIRECTORIES": self.objects.folder,
            }
            ids = [
                self.git("hash-object", "-w", "--", path, env=environment).decode().strip() for path in wanted
            ]
            contents = replace(self.objects, folder=place, also=self.objects.folder).contents(ids)
        return {path: contents[blob] for path, blob in zip(wanted, ids, strict=True)}

    def user(self) -> str:
        """Return git's `user.name`; empty if it is not set."""
        return self.git.setting("user.name").strip()

    def name(self) -> str:
        """Return the repository's name: the last part of origin's address, else the folder's name.

        In a linked work tree the folder is that of the main one: all of them are one repository.
        """
        return self.origin_name() or self._main_folder().name

    def origin_name(self) -> str:
        """Return the last part of the address of `origin`; empty where there is no such remote."""
        last = re.split(r"[/:\\]", self._origin())[-1]
        return "" if last in {".", ".."} else last

    def owned_name(self) -> str:
        """Return the repository's name after its owner's, where `origin` is on a host; else `name`.

        Two owners may have repositories of one name; the end is common to all addresses of a repository.
        """
        on_host = re.fullmatch(r"(?:\w+://[^/]+|[^/:]{2,}:(?!//))/?(.+)", self._origin())
        # Azure has a folder of its own before the name in one kind of address, and not in the other.
        parts = [part for part in on_host[1].split("/") if part not in {"", "_git"}] if on_host else []
        return "/".join(parts[-2:]) if len(parts) > 1 else self.name()

    def _origin(self) -> str:
        """Return the address of `origin` without what its end may have or not; empty where there is none."""
        return self.git.setting("remote.origin.url").strip().rstrip("/\\").removesuffix(".git")

    def _main_folder(self) -> Path:
        if self.git_dir.parent.name != "worktrees":
            return self.root
        common = self.git("rev-parse", "--path-format=absolute", "--git-common-dir")
        folder = Path(common.decode("utf-8", "surrogateescape").strip())
        return folder.parent if folder.name == ".git" else folder.with_suffix("")

    # --- the work tree --------------------------------------------------------------------------

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a regular file of the work tree; None if there is none at PATH."""
        full = self.root / path
        try:
            if not stat.S_ISREG(full.lstat().st_mode):
                return None
            return full.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise LocalIOError(f"cannot read {path}: {error.strerror}") from error

    def checked_out(self, path: str, content: bytes) -> bytes:  # noqa: ARG002 - see `targets.Targets`
        """Return CONTENT as it is: a place that git does not look at has no attributes."""
        return content

    def write(self, path: str, content: bytes) -> None:
        """Replace PATH by CONTENT and make sure of it; see `files.Replacements` for what it raises."""
        whole_files.write(self.root, path, content)
        whole_files.flush_names(self.root, [path])


def _is_folder(path: Path) -> bool:
    """Whether PATH is a folder; what the system takes for no name is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _branch_name(reference: str) -> str:
    """Return the name of a branch from its full reference, `refs/heads/…` or `refs/remotes/REMOTE/…`."""
    kind, _, name = reference.removeprefix("refs/").partition("/")
    return name if kind == "heads" else name.partition("/")[2]


def parse_heads(text: str) -> dict[str, str]:
    """Read lines of commit and `refs/heads/…`, as `git ls-remote --heads` prints them."""
    pairs = (line.split(maxsplit=1) for line in text.split("\n") if line.strip())
    return {
        pair[1].removeprefix("refs/heads/"): pair[0]
        for pair in pairs
        if len(pair) == 2 and pair[1].startswith("refs/heads/")
    }


def _commits(out: bytes) -> Iterator[Commit]:
    """Read commits, each with its id and those of its parents, that did anything to a file."""
    found: Commit | None = None
    steps: list[FileStep] = []
    for step in steps_of(out):
        if isinstance(step, FileStep):
            steps.append(step)
            continue
        if found and steps:
            yield replace(found, steps=tuple(steps))
        ident, *parents = step.split()
        found, steps = Commit(ident, (), merge=len(parents) > 1), []
    if found and steps:
        yield replace(found, steps=tuple(steps))


def steps_of(out: bytes) -> Iterator[FileStep | str]:
    """Read the raw records of commits, and the line where one begins; links and submodules are not files."""
    records = fields(out)
    for record in records:
        if not record.lstrip("\n").startswith(":"):
            yield record.strip("\n")
            continue
        old_mode, new_mode, old_blob, new_blob, status = record.lstrip("\n")[1:].split(" ")
        kind = status[0]
        old = next(records)
        new = next(records) if kind in "RC" else old
        if {old_mode, new_mode} & _MODES.keys():
            continue
        kind = {"T": "M", "C": "A"}.get(kind, kind)
        yield FileStep(
            kind,
            new if kind == "A" else old,
            new,
            "" if kind == "A" else old_blob,
            "" if kind == "D" else new_blob,
        )
