"""Reads the default branch's manifest, whose limits count on a pull request."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

from l10nsync import layout, manifest
from l10nsync.ci_variables import PullRequest
from l10nsync.errors import ManifestError, RepositoryError
from l10nsync.model import Manifest
from l10nsync.plan.limits import TrustedLimits, jobs_of
from l10nsync.workspace import Workspace, merge_base


def trusted_limits(
    workspace: Workspace, loaded: Manifest, request: PullRequest, environ: Mapping[str, str], *, fetch: bool
) -> TrustedLimits:
    """Return the limits of the default branch; with FETCH, a clone that lacks it asks its remote.

    The CI, or the remote, says which branch that is: the pull request's own manifest could name any.
    """
    branch = request.default or workspace.remote_default() or request.target or loaded.default_branch
    commit = _commit(workspace, branch, request, fetch=fetch)
    if not commit:
        return TrustedLimits(branch, doubt="this clone does not have it")
    tree = workspace.tree(commit)
    blobs = {layout.own_path(part): part for part in loaded.parts or (loaded,)}
    contents = workspace.blobs(tree[path] for path in blobs if path in tree)
    found: list[tuple[str, Manifest]] = []
    for path, own in blobs.items():
        content = contents.get(tree.get(path, ""))
        if content is None:
            continue
        try:
            found.append((path, manifest.load(content, file=path, folder=own.folder, environ=environ)))
        except ManifestError:
            return TrustedLimits(branch, doubt=f"its {path} is invalid")
    if not found:
        return TrustedLimits(branch, doubt=f"it has no {next(iter(blobs), 'manifest')}")
    whole = layout.join_manifests([part for _, part in found])
    return TrustedLimits(branch, jobs_of(whole.resources))


def _commit(workspace: Workspace, branch: str, request: PullRequest, *, fetch: bool) -> str:
    """Return the default branch's newest commit that is here; empty for none."""
    hints = merge_base.CiHints()
    if request.target == branch:
        hints = merge_base.CiHints(request.merge, request.base)
    if hints.merge == workspace.commit() and (found := merge_base.find(workspace, branch, hints)):
        return found.commit  # what the pull request is merged into: newer than any branch of this clone
    if tip := workspace.default_tip(branch):
        return tip
    if fetch:
        with contextlib.suppress(RepositoryError):
            return merge_base.fetch(workspace, branch, hints).commit
    return ""
