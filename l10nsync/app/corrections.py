"""A push of corrections: what was put right in the repository goes into the TMS, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from l10nsync.app.imports import ImportRequest, PreparedImport, prepare_import
from l10nsync.app.links import Link
from l10nsync.app.pull import PullRequest, prepare_pull
from l10nsync.app.repository import Repository
from l10nsync.plan import TargetChange
from l10nsync.plan.imports import ImportOptions


def prepare_corrections(
    repository: Repository, links: Mapping[str, Link], *, yes: bool
) -> tuple[PreparedImport, ImportRequest]:
    """Return the import of the strings that a pull would keep because they were corrected here."""
    pulled = prepare_pull(repository, links, PullRequest())
    changes = (change for change in pulled.plan.changes if isinstance(change, TargetChange))
    only = {change.path: change for change in changes if change.spots}
    request = ImportRequest(ImportOptions(overwrite=True, equal=True, only=only), yes)
    able = {name: link for name, link in links.items() if link.provider.abilities.imports}
    return prepare_import(repository, able, request), request
