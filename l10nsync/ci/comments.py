"""The one comment that a plan has on its pull request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from l10nsync.ci.step import ActionStep
from l10nsync.errors import UsageError
from l10nsync.github import GitHub
from l10nsync.render import pull_requests


def comment(step: ActionStep, github: GitHub, number: int, data: Mapping[str, Any], *, create: bool) -> None:
    """Keep the one comment of this key up to date; a token without the permission is not a failure."""
    key, context = step.inputs.comment_key, step.context()
    body = pull_requests.plan_comment(data, key, context, step.questions)
    marker = pull_requests.marker(step.inputs.comment_key)

    def upsert() -> str:
        marked = [comment for comment in github.comments(number) if comment.body.startswith(marker)]
        # Anybody can write a marker: only a comment of this token's owner is ours.
        personal = not step.inputs.github_token.startswith("ghs_")
        me = github.login() if marked and personal else ""
        ours = next((comment for comment in marked if (comment.author == me if me else comment.bot)), None)
        if ours is None:
            return github.create_comment(number, body) if create else ""
        if pull_requests.same_text(ours.body, body):
            return ours.url
        return github.update_comment(ours.id, body)

    step.outputs["comment-url"] = step.forgive("there is no comment", upsert)


def comment_for_fork(step: ActionStep) -> None:
    """Comment the plan that an unprivileged run left in a file; the file is a stranger's data."""
    from l10nsync.ci.left_plan import read_plan

    data = read_plan(step.inside("comment-file", step.inputs.comment_file))
    with step.github() as github:
        found = [
            pull
            for pull in github.pulls_of_commit(step.event.ran_sha)
            if pull.head_repository == step.event.ran_repository and pull.head_ref == step.event.ran_branch
        ]
        if len(found) != 1:
            raise UsageError(
                "the pull request of the run is not known",
                hint="It may be closed, or have a newer commit, whose own run then comments.",
            )
        comment(step, github, found[0].number, data, create=True)
