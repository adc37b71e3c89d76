"""Workflows: the steps that content goes through from its authorization to its publication.

A string in one locale is in one step of one workflow at a time. Whatever has no entry of its own is in the
first step of `TRANSLATION`, the workflow that every new project has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.store import Row


@dataclass(frozen=True, slots=True)
class WorkflowStep:
    """One step of a workflow."""

    uid: str
    name: str
    kind: str
    """As the progress of a job spells it: TRANSLATION, POST_TRANSLATION__EDIT, PUBLISH."""


@dataclass(frozen=True, slots=True)
class ProjectWorkflow:
    """A way from authorization to publication; the last step is always the published one."""

    uid: str
    name: str
    about: str
    steps: tuple[WorkflowStep, ...]
    machine: bool = False
    """Whether the service translates and publishes by itself."""


TRANSLATION = ProjectWorkflow(
    "sandboxflow1",
    "Translation",
    "A translator translates; submitting publishes.",
    (
        WorkflowStep("sandboxstep1", "Translation", "TRANSLATION"),
        WorkflowStep("sandboxstep2", "Published", "PUBLISH"),
    ),
)
REVIEW = ProjectWorkflow(
    "sandboxflow2",
    "Translation and review",
    "A translator translates, a reviewer checks; only then it is published.",
    (
        WorkflowStep("sandboxstep3", "Translation", "TRANSLATION"),
        WorkflowStep("sandboxstep4", "Review", "POST_TRANSLATION__EDIT"),
        WorkflowStep("sandboxstep5", "Published", "PUBLISH"),
    ),
)
MACHINE = ProjectWorkflow(
    "sandboxflow3",
    "Machine translation",
    "Pseudo-localized and published without anybody's help.",
    (
        WorkflowStep("sandboxstep6", "Machine translation", "TRANSLATION"),
        WorkflowStep("sandboxstep7", "Published", "PUBLISH"),
    ),
    machine=True,
)
WORKFLOWS = (TRANSLATION, REVIEW, MACHINE)
"""All there are; any other workflowUid is taken for `TRANSLATION`, so that real manifests work here."""


def named(uid: str | None) -> ProjectWorkflow:
    """Return the workflow with that uid."""
    return next((workflow for workflow in WORKFLOWS if workflow.uid == uid), TRANSLATION)


def default(world: World, project: str, locale: str) -> ProjectWorkflow:
    """Return the workflow of a locale where an authorization names none."""
    sql = "select workflow from workflow_defaults where project = ? and locale = ?"
    return named(world.store.value(sql, project, locale))


def set_default(world: World, project: str, locale: str, uid: str) -> None:
    """Choose the workflow of a locale for authorizations that name none."""
    sql = "insert or replace into workflow_defaults values (?, ?, ?)"
    world.store.run(sql, project, locale, named(uid).uid)


def assign(world: World, job: Row, locale: str, uid: str | None) -> None:
    """Put a job's unauthorized strings of a locale into the first step of a workflow."""
    chosen = named(uid) if uid else default(world, job["project"], locale)
    waiting = """select js.project, js.hash, js.locale from job_strings js
                 left join translations t using (project, hash, locale)
                 where js.job = :job and js.locale = :locale and coalesce(t.state, 'new') = 'new'"""
    sql = f"insert or replace into workflow_strings select *, :workflow, 0 from ({waiting})"  # noqa: S608
    if chosen is TRANSLATION:
        sql = f"delete from workflow_strings where (project, hash, locale) in ({waiting})"  # noqa: S608
    world.store.named(sql, {"job": job["uid"], "locale": locale, "workflow": chosen.uid})


def position(world: World, project: str, ident: str, locale: str) -> tuple[ProjectWorkflow, int]:
    """Return the workflow of a string in a locale and the number of its step, from 0."""
    sql = "select workflow, step from workflow_strings where project = ? and hash = ? and locale = ?"
    row = world.store.row(sql, project, ident, locale)
    return (named(row["workflow"]), int(row["step"])) if row else (TRANSLATION, 0)


def advance(world: World, project: str, ident: str, locale: str) -> bool:
    """Move a string to its next step; return whether that is the published one (then nothing is written)."""
    workflow, step = position(world, project, ident, locale)
    if step + 2 >= len(workflow.steps):
        return True
    sql = "update workflow_strings set step = ? where project = ? and hash = ? and locale = ?"
    world.store.run(sql, step + 1, project, ident, locale)
    return False


def step_of(workflow: ProjectWorkflow, number: int, state: str) -> WorkflowStep:
    """Return the step of a string by its state: what is published or excluded is in the last one."""
    return workflow.steps[-1 if state in {"published", "excluded"} else min(number, len(workflow.steps) - 2)]


def waiting_for_machine(world: World, project: str, before: float) -> Mapping[str, set[str]]:
    """Return the hashes by locale that the machine has to translate, authorized at BEFORE or earlier.

    Asked at every request: the cross join makes the few entries lead, not the many translations.
    """
    sql = """select ws.locale, ws.hash from workflow_strings ws
             cross join translations t using (project, hash, locale)
             where ws.project = ? and ws.workflow = ? and t.state = 'authorized' and t.modified <= ?"""
    found: dict[str, set[str]] = {}
    for locale, ident in world.store.rows(sql, project, MACHINE.uid, before):
        found.setdefault(locale, set()).add(ident)
    return found
