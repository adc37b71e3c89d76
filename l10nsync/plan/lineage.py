"""Which earlier paths the files of a repository had, as its history tells. Pure."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from l10nsync.model import Commit, Step


@dataclass(frozen=True, slots=True)
class Stage:
    """A time during which a file had one path."""

    path: str
    blobs: frozenset[str]
    """Blob ids of what it held then."""


@dataclass(frozen=True, slots=True)
class Lineages:
    """The past of the files that a repository has now."""

    stages: Mapping[str, tuple[Stage, ...]] = field(default_factory=dict)
    """Present path to its stages, the present one first."""
    former: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Path to the blob ids of every file that ever had it, apart from its present stage."""

    def held(self, path: str, blob: str) -> bool:
        """Whether the file that has PATH now held BLOB since it has it."""
        stages = self.stages.get(path)
        return bool(stages) and blob in stages[0].blobs  # type: ignore[index]

    def earlier(self, path: str) -> tuple[Stage, ...]:
        """Return the stages before the present one, the latest first."""
        return self.stages.get(path, ())[1:]


def contents_of(commits: Iterable[Commit]) -> Mapping[str, frozenset[str]]:
    """Return path to the blob ids of everything that was ever there."""
    found: dict[str, set[str]] = {}
    for commit in commits:
        for step in commit.steps:
            for path, blob in ((step.old, step.old_blob), (step.new, step.new_blob)):
                if blob:
                    found.setdefault(path, set()).add(blob)
    return {path: frozenset(blobs) for path, blobs in found.items()}


def trace(
    commits: Iterable[Commit],
    present: Mapping[str, str],
    brought: Callable[[str], Iterable[Commit]] | None = None,
    curious: Container[str] = (),
) -> Lineages:
    """Follow the files of PRESENT (path to blob id) back through COMMITS, the newest first.

    Where a merge added a file, BROUGHT, given the merge's id, returns the commits that it brought in: through
    them the files of CURIOUS, paths of PRESENT, are followed.
    """
    past = _Past({path: [(path, {blob})] for path, blob in present.items()}, {}, brought, curious)
    past.follow(commits, {path: path for path in present})
    lineages = {
        path: tuple(Stage(name, frozenset(blobs)) for name, blobs in found)
        for path, found in past.stages.items()
    }
    return Lineages(
        lineages,
        {
            path: frozenset(blobs - (lineages[path][0].blobs if path in lineages else frozenset()))
            for path, blobs in past.former.items()
        },
    )


@dataclass
class _Past:
    """What is known so far."""

    stages: dict[str, list[tuple[str, set[str]]]]
    former: dict[str, set[str]]
    brought: Callable[[str], Iterable[Commit]] | None
    curious: Container[str]

    def follow(self, commits: Iterable[Commit], names: dict[str, str]) -> dict[str, str]:
        """Follow NAMES (then to now); return those that are older than COMMITS."""
        for commit in commits:
            begun: list[tuple[str, str, Step]] = []
            ended: list[str] = []
            for step in paired(commit.steps):
                owner = names.get(step.new)
                if step.kind != "D" and owner is not None:
                    self.stages[owner][-1][1].add(step.new_blob)
                    if step.kind == "R":
                        begun.append((step.new, owner, step))
                    elif step.kind == "A":
                        ended.append(step.new)
                    else:
                        self.stages[owner][-1][1].add(step.old_blob)
                for path, blob in ((step.old, step.old_blob), (step.new, step.new_blob)):
                    if blob and path:
                        self.former.setdefault(path, set()).add(blob)
            came = {name: names[name] for name in ended if names[name] in self.curious}
            for name in [*ended, *(name for name, _, _ in begun)]:
                del names[name]
            for _, owner, step in begun:
                names[step.old] = owner
                self.stages[owner].append((step.old, {step.old_blob}))
            if came and commit.merge and self.brought:
                for name, owner in self.follow(self.brought(commit.id), came).items():
                    names.setdefault(name, owner)
        return names


def paired(commit: Sequence[Step]) -> list[Step]:
    """Return the steps of one commit, with the renames that git does not look for.

    Git pairs added files with deleted ones, and breaks up changed ones only if they are large: two small
    files that swap their names are two changes to it. Here a file that holds exactly what another one of
    the same commit held before, and no longer holds, was that other one.
    """
    taken = {step.old for step in commit if step.kind == "R"}
    left: dict[str, list[Step]] = {}
    for step in commit:
        if step.kind in {"D", "M"} and step.old not in taken:
            left.setdefault(step.old_blob, []).append(step)
    found: list[Step] = []
    came: dict[str, int] = {}
    for step in commit:
        if step.kind in {"A", "M"}:
            came[step.new_blob] = came.get(step.new_blob, 0) + 1
    for step in commit:
        sources = [each for each in left.get(step.new_blob, ()) if each.old != step.new]
        if step.kind in {"A", "M"} and len(sources) == 1 == came[step.new_blob]:
            found.append(replace(step, kind="R", old=sources[0].old, old_blob=sources[0].old_blob))
        else:
            found.append(step)
    return found
