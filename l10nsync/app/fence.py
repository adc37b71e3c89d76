"""Whether what a push sends is still the newest: by the branch here, its head at the remote, and the history.

A TMS keeps whatever comes last, and knows neither commits nor versions. So what another push has put there
is judged by git: an earlier version of a file is older than ours; what our history does not know is newer
where the branch has moved on without us. A CI asks the remote for the branch, a person's clone only itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from l10nsync.app.repository import Repository
from l10nsync.ci_variables import in_ci
from l10nsync.model import Fence, blob_id, fold
from l10nsync.plan import Plan, SourceChange
from l10nsync.plan.ownership import ContentOrigin
from l10nsync.workspace import Workspace
from l10nsync.workspace.origins import ContentSighting, Histories

PATIENCE = 10.0
"""Timeout in seconds for asking the remote where a branch is."""
_SHORT = 10
"""Digits of a commit in a message."""


@dataclass(frozen=True, slots=True)
class Head:
    """The commit that a push is planned from, and the branch whose newest commit it must be."""

    workspace: Workspace
    commit: str
    branch: str
    """Name of the branch that the push works for; empty for none."""
    here: str
    """Name of the branch that is checked out; empty where HEAD is detached, or the work tree is sent."""
    asks: bool
    """Whether the remote is asked; else what the last fetch has left here is looked at."""
    head_of: Callable[[str], str] | None = None
    """Asks the CI's own API, which answers where git may have no credentials."""
    histories: Histories = field(kw_only=True)
    """Finds the history that held a content."""

    @classmethod
    def of(
        cls,
        repository: Repository,
        environ: Mapping[str, str],
        *,
        worktree: bool,
        head_of: Callable[[str], str] | None,
    ) -> Head:
        """Return the head of a push that is planned now."""
        workspace, branch = repository.workspace, repository.branch
        here = "" if worktree else workspace.branch()
        commit = workspace.resolve(f"refs/heads/{here}") if here else workspace.commit()
        name = "" if branch.fork else branch.name
        histories = Histories(workspace, repository.manifest.default_branch, name)
        return cls(workspace, commit, name, here, in_ci(environ), head_of, histories=histories)

    def moved(self) -> str:
        """Return in words that the branch that is checked out has another commit by now; empty if not."""
        now = self.workspace.resolve(f"refs/heads/{self.here}") if self.here else ""
        if not now or now == self.commit:
            return ""
        moved = f"{self.here} has moved from {self.commit[:_SHORT]} to {now[:_SHORT]}"
        return f"{moved} since the push was planned"

    def strange(self, contents: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """Return those of CONTENTS, path and blob id, that nothing up to our commit ever held."""
        asked = frozenset(contents)
        return asked - self.histories.past(asked)

    def ahead(self) -> tuple[bool | None, str]:
        """Return whether the branch has commits that ours lacks, None where nobody knows; and its head."""
        if not (self.branch and self.commit):
            return None, ""
        if not self.asks:
            # What was fetched may be old: it shows that we are behind, never that we are the newest.
            tip = self.workspace.resolve(f"refs/remotes/origin/{self.branch}")
            behind = tip not in {"", self.commit} and self.workspace.is_ancestor(self.commit, tip)
            return (True if behind else None), tip
        tip = self.head_of(self.branch) if self.head_of else ""
        tip = tip or self.workspace.remote_head(self.branch, PATIENCE)
        if not tip:
            return None, ""
        # A pull request's checkout merges the head into the base: the head is a parent there.
        if tip == self.commit or tip in self.workspace.parents(self.commit):
            return False, tip
        return not (self.workspace.resolve(tip) and self.workspace.is_ancestor(tip, self.commit)), tip

    def origins(
        self, rivals: Iterable[tuple[str, str]], is_same: Callable[[tuple[str, str], bytes], bool]
    ) -> dict[tuple[str, str], ContentOrigin]:
        """Return where each of RIVALS, path and blob id of what the TMS has, comes from.

        IS_SAME says whether a version of the path that git has is that content in another encoding.
        """
        rivals = frozenset(rivals)
        found = self.histories.find(rivals, is_same)
        strange = [pair for pair in rivals if not (pair in found and found[pair].past)]
        newer = self._newer() if strange else ""
        cut, obstacle = self.histories.is_cut(), self.histories.obstacle
        default = bool(strange) and self.histories.is_default()
        origins = {}
        for pair in rivals:
            place = found.get(pair, ContentSighting())
            origins[pair] = ContentOrigin(
                place.past, "" if place.past else newer, place.branch, place.here, cut, obstacle, default
            )
        return origins

    def _newer(self) -> str:
        """Return where the newer commit of our branch is, in words; empty if none is known.

        A shallow clone does not know its past.
        """
        if self.workspace.is_shallow():
            return ""
        ahead, tip = self.ahead()
        return f"{self.branch} is at {tip[:_SHORT]}, which is not here" if ahead else ""

    def fence(self, plan: Plan) -> Fence:
        """Return what the providers ask while PLAN is carried out."""
        changes = {fold(change.uri): change for change in plan.changes if isinstance(change, SourceChange)}

        def outranks(uri: str, content: bytes) -> bool:
            change = changes.get(fold(uri))
            if change is None:
                return False
            pair = (change.path, blob_id(content, change.blob))
            return not self.strange([pair]) or self.ahead()[0] is False

        return Fence(self.moved, outranks)
