"""The git work tree: what is tracked, what is committed, and careful writes; the only user of gitpython.

Git is called through gitpython's command interface with argument lists, a scrubbed environment and
`-z` output; no hook, filesystem monitor, pager, external diff or prompt of the repository can run.
Paths are POSIX, relative to the top of the work tree.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from l10nsync import paths
from l10nsync.errors import LocalIOError, RefusedError, RepositoryError
from l10nsync.model import Step

os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")  # a missing git is reported by us, not on import

import git

_SAFE = (
    "--no-pager",
    "--literal-pathspecs",
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "core.quotePath=false",
    "-c",
    "diff.external=",
)
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ASKPASS": "",
    "LC_ALL": "C",
}
_KEPT = (
    "GIT_SSL",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_EXEC_PATH",
    "GIT_PYTHON_",
)
_TEMPORARY_SUFFIX = ".l10nsync-tmp"
_STALE_AFTER = 3600.0  # seconds; an older temporary file belongs to a run that was killed
_LFS_MARK = b"version https://git-lfs.github.com/spec/"
_LFS_LIMIT = 1024
_VERSIONS = 100
"""Earlier contents of one file that are worth looking at."""
_HAS_FOLDER_HANDLES = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY")
_MERGED = re.compile(
    r"Merge (?:remote-tracking )?branch '(?:origin/)?(?P<branch>[^']+)'"
    r"|Merge pull request #\d+ from [^/\s]+/(?P<request>\S+)"
    r"|Merged in (?P<bitbucket>\S+) \(pull request"
)
_MODES = {"120000": "symlink", "160000": "submodule"}


@dataclass(frozen=True, slots=True)
class Tracked:
    """What git tracks."""

    files: Mapping[str, str]
    """Path to blob id, regular files only."""
    specials: Mapping[str, str]
    """Path to `symlink` or `submodule`."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A commit's tree with some paths as the work tree has them; made without touching index or HEAD."""

    base: str
    """Id of the commit's tree."""
    tree: str
    """Id of the new tree; equal to `base` where nothing differs."""
    modes: Mapping[str, str]
    """Path to git's file mode, of the paths that differ."""
    contents: Mapping[str, bytes]
    """Path to content as git stores it, of the paths that differ."""
    added: frozenset[str] = frozenset()
    """Those of them that the commit does not have at all."""
    digest: str = ""
    """Of the difference alone, in hex: equal on another base where the same files change in the same way."""


class Workspace:
    """A git work tree, opened at its top."""

    def __init__(self, root: Path, git_dir: Path) -> None:
        self.root = root
        self.git_dir = git_dir
        """Git's own folder for this work tree: for a linked one, its part of the main repository's."""
        self._git = git.Git(str(root))

    @classmethod
    def open(cls, start: Path) -> Workspace:
        """Open the work tree that START lies in; raise `RepositoryError` if there is none."""
        _scrub_environment()
        if not start.is_dir():
            raise RepositoryError(f"{start} is not a folder", hint="Check the path given to -C.")
        out = _run(
            git.Git(str(start)), "rev-parse", "--is-inside-work-tree", "--show-toplevel", "--absolute-git-dir"
        )
        lines = out.decode("utf-8", "surrogateescape").split("\n")
        if lines[0] != "true":
            raise RepositoryError(
                f"{start} is inside a git folder or a bare repository",
                hint="Run l10nsync in a checkout with a work tree.",
            )
        return cls(Path(lines[1]), Path(lines[2]))

    # --- what git knows -------------------------------------------------------------------------

    def tracked(self) -> Tracked:
        """Return what the index holds; raise `RepositoryError` while a merge is unresolved."""
        files: dict[str, str] = {}
        specials: dict[str, str] = {}
        for record in _records(self._call("ls-files", "-s", "-z")):
            meta, _, path = record.partition("\t")
            mode, blob, stage = meta.split(" ")
            if stage != "0":
                raise RepositoryError(
                    f"{path} has unresolved merge conflicts",
                    hint="Finish the merge or rebase, then run again.",
                )
            if mode in _MODES:
                specials[path] = _MODES[mode]
            else:
                files[path] = blob
        return Tracked(files, specials)

    def commit(self) -> str:
        """Return the id of HEAD's commit; empty before the first commit."""
        return self.resolve("HEAD")

    def resolve(self, revision: str) -> str:
        """Return the id of the commit that REVISION names; empty if there is none."""
        out = self._call(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", ok=(0, 1, 128)
        )
        return out.decode().strip()

    def tree(self, revision: str = "HEAD") -> Mapping[str, str]:
        """Return path to blob id of the regular files in a commit; raise `RepositoryError` if unknown."""
        commit = self.resolve(revision)
        if not commit:
            raise RepositoryError(
                f"{revision} is not a commit of this repository",
                hint="In CI, check out with more history (fetch-depth)."
                if revision != "HEAD"
                else "Commit something first.",
            )
        files: dict[str, str] = {}
        for record in _records(self._call("ls-tree", "-r", "-z", "--full-tree", commit)):
            meta, _, path = record.partition("\t")
            mode, _kind, blob = meta.split(" ")
            if mode not in _MODES:
                files[path] = blob
        return files

    def blobs(self, ids: Iterable[str]) -> dict[str, bytes]:
        """Return the contents of blobs by id; ids that the repository lacks are left out."""
        wanted = sorted(set(ids))
        if not wanted:
            return {}
        out = self._call("cat-file", "--batch", stdin="".join(f"{blob}\n" for blob in wanted).encode())
        contents: dict[str, bytes] = {}
        position = 0
        while position < len(out):
            end = out.index(b"\n", position)
            header = out[position:end].decode().split(" ")
            position = end + 1
            if header[-1] in {"missing", "ambiguous"}:
                continue
            size = int(header[2])
            contents[header[0]] = out[position : position + size]
            position += size + 1
        return contents

    def lfs_pointers(self, files: Mapping[str, str]) -> frozenset[str]:
        """Return the paths among FILES (path to blob id) whose committed content is a Git LFS pointer."""
        ids = sorted(set(files.values()))
        if not ids:
            return frozenset()
        out = self._call("cat-file", "--batch-check", stdin="".join(f"{blob}\n" for blob in ids).encode())
        rows = (line.split(" ") for line in out.decode().split("\n") if line)
        small = [row[0] for row in rows if row[-1].isdigit() and int(row[-1]) <= _LFS_LIMIT]
        pointers = {blob for blob, content in self.blobs(small).items() if content.startswith(_LFS_MARK)}
        return frozenset(path for path, blob in files.items() if blob in pointers)

    def branch(self) -> str:
        """Return the branch that HEAD points at, with its slashes; empty when HEAD is detached."""
        # Not `--short`: where a tag has the same name, that gives `heads/…`.
        out = self._call("symbolic-ref", "--quiet", "HEAD", ok=(0, 1, 128))
        return out.decode("utf-8", "surrogateescape").strip().removeprefix("refs/heads/")

    def changed_since(self, default: str) -> frozenset[str] | None:
        """Return paths that differ between HEAD and its merge base with branch DEFAULT.

        A shallow clone may lack the merge base: then the tip of DEFAULT stands for it. None if DEFAULT
        is not there at all.
        """
        tip = self.default_tip(default)
        if not tip:
            return None
        base = self._call("merge-base", tip, "HEAD", ok=(0, 1, 128)).decode().strip() or tip
        return frozenset(_records(self._call("diff", "--name-only", "--no-renames", "-z", base, "HEAD")))

    def default_tip(self, default: str) -> str:
        """Return the commit of branch DEFAULT, as its remote had it last, else here; empty if neither."""
        names = (f"refs/remotes/origin/{default}", f"refs/heads/{default}")
        return next((commit for name in names if (commit := self.resolve(name))), "")

    def is_shallow(self) -> bool:
        """Return whether history ends where a clone has cut it."""
        return self._call("rev-parse", "--is-shallow-repository").strip() == b"true"

    def heads(self) -> dict[str, str]:
        """Return the branches that are here, with their commits; what a remote had is not among them."""
        out = self._call("for-each-ref", "--format=%(objectname) %(refname)", "refs/heads")
        return parse_heads(out.decode("utf-8", "surrogateescape"))

    def remote_heads(self) -> dict[str, str]:
        """Ask the remote for its branches, with their commits; empty where there is no remote.

        What an earlier fetch has left here may be old: a branch that is not there may be new, not gone.
        """
        remotes = self._call("remote").decode("utf-8", "surrogateescape").split()
        if not remotes:
            return {}
        name = "origin" if "origin" in remotes else remotes[0]
        try:
            out = self._call("-c", "protocol.ext.allow=never", "ls-remote", "--heads", name)
        except RepositoryError as error:
            raise RepositoryError(
                f"remote {name!r} does not say which branches it has: {error.message}",
                hint=f"Give them with --heads FILE, the output of `git ls-remote --heads {name}`.",
            ) from error
        return parse_heads(out.decode("utf-8", "surrogateescape"))

    def present(self, commits: Iterable[str]) -> frozenset[str]:
        """Return those of COMMITS that are here."""
        return frozenset(each for each in commits if self.resolve(each))

    def is_ancestor(self, commit: str, of: str) -> bool:
        """Return whether OF holds COMMIT."""
        return self._call("merge-base", "--all", commit, of, ok=(0, 1)).decode().split()[:1] == [commit]

    def changed_blobs(self, default: str, tip: str) -> dict[str, str]:
        """Return what TIP changed since it left DEFAULT: path to blob id, empty for what it deleted."""
        base = self._call("merge-base", default, tip, ok=(0, 1)).decode().split()
        if not base:
            return {}
        out = self._call("diff", "--raw", "-z", "--no-abbrev", "--no-renames", base[0], tip)
        return {step.new: step.new_blob for step in _steps(out) if step is not None}

    def merged_names(self, tip: str) -> frozenset[str]:
        """Return the branches that merges in the history of TIP name, in the words of git and its hosts."""
        out = self._call("log", "--merges", "--format=%s", tip).decode("utf-8", "surrogateescape")
        found = (_MERGED.match(line) for line in out.split("\n"))
        return frozenset(next(filter(None, each.groups())) for each in found if each)

    def uncommitted(self) -> frozenset[str]:
        """Return tracked paths whose index or work tree differs from HEAD."""
        records = iter(
            _records(self._call("status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames"))
        )
        return frozenset(record[3:] for record in records)

    def past_paths(self) -> frozenset[str]:
        """Return every path that the history of HEAD deleted or renamed away, as far as it is here."""
        if not self.commit():
            return frozenset()
        out = self._call("log", "--format=", "--name-only", "--diff-filter=D", "--no-renames", "-z", "HEAD")
        return frozenset(record.lstrip("\n") for record in _records(out) if record.strip("\n"))

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
            records = iter(_records(self._call("log", *arguments)))
            for meta, path in zip(records, records, strict=False):
                mode, blob = meta.lstrip("\n").split(" ")[1:4:2]
                if mode.startswith("100") and len(found[path]) < _VERSIONS:
                    found[path][blob] = None
        return {path: tuple(blobs) for path, blobs in found.items()}

    def commits(self, revision: str = "HEAD") -> Iterator[tuple[Step, ...]]:
        """Yield what each commit of the line of REVISION did, the newest first, with the renames git sees.

        A merge counts as one commit with all that it brought in. Ends where a shallow clone ends.
        """
        if not self.commit():
            return
        # -l: with more pairs to compare than that, git finds only renames without edits; it never guesses.
        out = self._call(
            "-c", "log.showRoot=true", "log", "--first-parent", "-m", "--raw", "-z", "--no-abbrev",
            "-B", "-M", "-l3000", "--format=%H", revision,
        )  # fmt: skip
        steps: list[Step] = []
        for step in _steps(out):
            if step is not None:
                steps.append(step)
            elif steps:
                yield tuple(steps)
                steps = []
        if steps:
            yield tuple(steps)

    def worktree_blobs(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the work tree's contents as `git add` would store them (filters and line ends applied)."""
        wanted = [path for path in sorted(set(paths)) if (self.root / path).is_file()]
        if not wanted:
            return {}
        with tempfile.TemporaryDirectory(prefix="l10nsync-objects-") as objects:
            environment = {
                "GIT_OBJECT_DIRECTORY": objects,
                "GIT_ALTERNATE_OBJECT_DIRECTORIES": self._object_directory(),
            }
            ids = [
                self._call("hash-object", "-w", "--", path, env=environment).decode().strip()
                for path in wanted
            ]
            out = self._call(
                "cat-file", "--batch", stdin="".join(f"{each}\n" for each in ids).encode(), env=environment
            )
        contents: dict[str, bytes] = {}
        position = 0
        for path in wanted:
            end = out.index(b"\n", position)
            size = int(out[position:end].decode().split(" ")[2])
            contents[path] = out[end + 1 : end + 1 + size]
            position = end + 1 + size + 1
        return contents

    def user(self) -> str:
        """Return git's `user.name`; empty if it is not set."""
        return self._call("config", "--get", "user.name", ok=(0, 1)).decode("utf-8", "replace").strip()

    def name(self) -> str:
        """Return the repository's name: the last part of origin's address, else the folder's name."""
        url = self._call("config", "--get", "remote.origin.url", ok=(0, 1)).decode("utf-8", "replace").strip()
        last = url.rstrip("/").replace(":", "/").rpartition("/")[2].removesuffix(".git")
        return last or self.root.name

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

    def write(self, path: str, content: bytes, *, root: Path | None = None) -> None:
        """Replace PATH by CONTENT so that a reader sees the old file or the new one, never half of it.

        Missing folders are made. Symbolic links are never followed or replaced, below the root; raises
        `RefusedError` for them, for anything that is not a regular file and for a path that leads out of
        the root or is dangerous otherwise, `LocalIOError` when the file system refuses.
        """
        if reason := paths.unsafe(path):
            raise RefusedError(
                f"{path!a} is not written: {reason}", hint="Targets must lie in plain folders."
            )
        top = root or self.root
        try:
            if _HAS_FOLDER_HANDLES:
                with _folder(top, PurePosixPath(path).parts[:-1]) as folder:
                    _replace(folder, PurePosixPath(path).name, content)
            else:
                _replace_by_path(top, path, content)
        except OSError as error:
            if error.errno in {errno.ELOOP, errno.ENOTDIR}:
                raise RefusedError(
                    f"{path} leads through a symbolic link or a file",
                    hint="Targets must lie in plain folders.",
                ) from error
            raise LocalIOError(
                f"cannot write {path}: {error.strerror}", hint="The old file was kept."
            ) from error

    def sweep(self, paths: Iterable[str]) -> None:
        """Remove temporary files that a killed run left beside PATHS more than an hour ago."""
        now = time.time()
        for folder in {(self.root / path).parent for path in paths}:
            with contextlib.suppress(OSError):
                for entry in os.scandir(folder):
                    ours = entry.name.startswith(".") and entry.name.endswith(_TEMPORARY_SUFFIX)
                    if ours and now - entry.stat(follow_symlinks=False).st_mtime > _STALE_AFTER:
                        Path(entry.path).unlink()

    # --- commits beside the work tree ------------------------------------------------------------

    def snapshot(self, paths: Iterable[str], base: str = "HEAD") -> Snapshot:
        """Return the tree of BASE with PATHS as the work tree has them, filtered as `git add` would.

        Only objects are written; index, HEAD, branches and work tree stay as they are.
        """
        base = self._call("rev-parse", "--verify", f"{base}^{{tree}}").decode().strip()
        wanted = sorted(set(paths))
        with tempfile.TemporaryDirectory(prefix="l10nsync-index-") as folder:
            environment = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._call("read-tree", base, env=environment)
            names = "".join(f"{path}\0" for path in wanted).encode("utf-8", "surrogateescape")
            self._call("update-index", "--add", "-z", "--stdin", stdin=names, env=environment)
            tree = self._call("write-tree", env=environment).decode().strip()
        differing = self._call("diff-tree", "-r", "-z", "--no-renames", base, tree)
        records = _records(differing)
        modes: dict[str, str] = {}
        blobs: dict[str, str] = {}
        added = set()
        for meta, path in zip(records, records, strict=True):
            _old, modes[path], _before, blobs[path], status = meta.split(" ")
            added |= {path} if status == "A" else set()
        found = self.blobs(blobs.values())
        contents = {path: found[blob] for path, blob in blobs.items()}
        return Snapshot(base, tree, modes, contents, frozenset(added), hashlib.sha256(differing).hexdigest())

    def commit_tree(self, tree: str, parent: str, message: str, author: tuple[str, str]) -> str:
        """Return the id of a new commit of TREE on PARENT; no branch moves. AUTHOR is name and address."""
        name, address = author
        environment = {
            "GIT_AUTHOR_NAME": name,
            "GIT_AUTHOR_EMAIL": address,
            "GIT_COMMITTER_NAME": name,
            "GIT_COMMITTER_EMAIL": address,
        }
        out = self._call(
            "commit-tree", tree, "-p", parent, "-F", "-", stdin=message.encode(), env=environment
        )
        return out.decode().strip()

    def push_commit(self, commit: str, branch: str, expected: str | None) -> None:
        """Set BRANCH of `origin` to COMMIT (empty deletes it), if it is still at EXPECTED there.

        With EXPECTED None the branch only moves forward. Raises `RepositoryError` if the remote refuses.
        """
        lease = () if expected is None else (f"--force-with-lease=refs/heads/{branch}:{expected}",)
        self._call("push", "--quiet", *lease, "origin", f"{commit}:refs/heads/{branch}")

    def remote_branch(self, branch: str) -> str:
        """Return the commit that BRANCH has at `origin`; empty if it is not there. Fetches that commit."""
        out = self._call("ls-remote", "--quiet", "origin", f"refs/heads/{branch}").decode()
        commit = out.partition("\t")[0]
        if commit:
            reference = f"refs/heads/{branch}"
            self._call("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "origin", reference)
        return commit

    def commit_details(self, commit: str) -> tuple[str, tuple[str, ...], str]:
        """Return tree, parents and message of a commit."""
        out = self._call("show", "--no-patch", "--format=%T%n%P%n%B", commit).decode("utf-8", "replace")
        tree, parents, message = out.split("\n", 2)
        return tree, tuple(parents.split()), message.strip()

    def _object_directory(self) -> str:
        return self._call("rev-parse", "--path-format=absolute", "--git-path", "objects").decode().strip()

    def _call(
        self,
        *arguments: str,
        ok: tuple[int, ...] = (0,),
        stdin: bytes | None = None,
        env: Mapping[str, str] | None = None,
    ) -> bytes:
        return _run(self._git, *arguments, ok=ok, stdin=stdin, env=env)


def _run(
    command: git.Git,
    *arguments: str,
    ok: tuple[int, ...] = (0,),
    stdin: bytes | None = None,
    env: Mapping[str, str] | None = None,
) -> bytes:
    """Run git and return its standard output; raise `RepositoryError` for an exit status not in OK."""
    with tempfile.TemporaryFile() as feed:
        feed.write(stdin or b"")
        feed.seek(0)
        options: dict[str, Any] = {
            "istream": feed,
            "with_extended_output": True,
            "with_exceptions": False,
            "stdout_as_string": False,
            "strip_newline_in_stdout": False,
            "env": {**_ENVIRONMENT, **(env or {})},
        }
        try:
            status, out, complaint = command.execute(["git", *_SAFE, *arguments], **options)
        except git.GitCommandNotFound as error:
            raise RepositoryError(
                "git was not found", hint="Install git 2.25 or newer and put it on PATH."
            ) from error
    if status not in ok:
        raise _repository_error(
            complaint if isinstance(complaint, str) else complaint.decode("utf-8", "replace")
        )
    return bytes(out)


def _repository_error(complaint: str) -> RepositoryError:
    """Turn git's own words into one line with what to do."""
    lines = complaint.strip().split("\n")
    first = lines[0].removeprefix("fatal: ").removeprefix("error: ")
    if "not a git repository" in complaint:
        return RepositoryError(
            "not inside a git repository", hint="Run l10nsync in a checkout, or name one with -C."
        )
    if "dubious ownership" in complaint:
        command = next((line.strip() for line in lines if "safe.directory" in line), "")
        return RepositoryError("git refuses this folder: it belongs to another user", hint=f"Run: {command}")
    return RepositoryError(f"git failed: {first}")


def parse_heads(text: str) -> dict[str, str]:
    """Read lines of commit and `refs/heads/…`, as `git ls-remote --heads` prints them."""
    pairs = (line.split(maxsplit=1) for line in text.split("\n") if line.strip())
    return {
        pair[1].removeprefix("refs/heads/"): pair[0]
        for pair in pairs
        if len(pair) == 2 and pair[1].startswith("refs/heads/")
    }


def _steps(out: bytes) -> Iterator[Step | None]:
    """Read the raw records of commits, None where one begins; links and submodules are no files."""
    records = _records(out)
    for record in records:
        if not record.lstrip("\n").startswith(":"):
            yield None
            continue
        old_mode, new_mode, old_blob, new_blob, status = record.lstrip("\n")[1:].split(" ")
        kind = status[0]
        old = next(records)
        new = next(records) if kind in "RC" else old
        if {old_mode, new_mode} & _MODES.keys():
            continue
        kind = {"T": "M", "C": "A"}.get(kind, kind)
        yield Step(
            kind,
            new if kind == "A" else old,
            new,
            "" if kind == "A" else old_blob,
            "" if kind == "D" else new_blob,
        )


def _scrub_environment() -> None:
    """Drop `GIT_*` variables that a hook or a wrapper left behind: they would redirect our reads."""
    for name in [name for name in os.environ if name.startswith("GIT_") and not name.startswith(_KEPT)]:
        del os.environ[name]


def _records(out: bytes) -> Iterator[str]:
    """Split NUL-terminated output; names that are not UTF-8 keep their bytes as surrogates."""
    return (part.decode("utf-8", "surrogateescape") for part in out.split(b"\0") if part)


@contextlib.contextmanager
def _folder(root: Path, parts: tuple[str, ...]) -> Iterator[int]:
    """Open the folder ROOT/PARTS, making what is missing, without following any link below ROOT."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    handle = os.open(root, flags)
    try:
        for part in parts:
            with contextlib.suppress(FileExistsError):
                os.mkdir(part, dir_fd=handle)
            inner = os.open(part, flags | os.O_NOFOLLOW, dir_fd=handle)
            os.close(handle)
            handle = inner
        yield handle
    finally:
        os.close(handle)


def _replace(folder: int, name: str, content: bytes) -> None:
    """Write CONTENT beside NAME, flush it to the disk, and rename it over NAME."""
    mode = _mode_for(folder, name)
    temporary = f".{name[:100]}.{secrets.token_hex(6)}{_TEMPORARY_SUFFIX}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(temporary, flags, 0o666, dir_fd=folder)
    try:
        try:
            _write_all(handle, content)
            if mode is not None:
                os.fchmod(handle, mode)
            os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary, dir_fd=folder)
        raise
    with contextlib.suppress(OSError):  # some network file systems cannot flush a folder
        os.fsync(folder)


def _replace_by_path(root: Path, path: str, content: bytes) -> None:
    """Write without folder handles, where the system has none (Windows): checked, then renamed."""
    full = root / path
    existing = next(each for each in full.parents if each.exists())
    if existing.resolve() != root.resolve() / existing.relative_to(root):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    full.parent.mkdir(parents=True, exist_ok=True)
    if full.is_symlink() or (full.exists() and not full.is_file()):
        raise RefusedError(f"{path} is not a regular file", hint="It was left as it is.")
    temporary = full.with_name(f".{full.name[:100]}.{secrets.token_hex(6)}{_TEMPORARY_SUFFIX}")
    try:
        with temporary.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(full)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _mode_for(folder: int, name: str) -> int | None:
    """Return the permission bits to keep; None for a new file; refuse what is not a regular file."""
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise RefusedError(f"{name} is not a regular file", hint="It was left as it is.")
    return stat.S_IMODE(found.st_mode)


def _write_all(handle: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(handle, view) :]
