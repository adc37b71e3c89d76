"""`l10nsync job`: list, show, files, update, authorize, cancel, open."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from l10nsync.cli.console import emit, emit_json, emit_result, note, painter
from l10nsync.cli.help import CommandGroup
from l10nsync.cli.linked import linked
from l10nsync.cli.options import Options, common_with

if TYPE_CHECKING:
    from l10nsync.plan import JobResult
    from l10nsync.plan.jobs import FoundJob

_wanted = click.argument("job", required=False, metavar="[JOB]")
_yes = click.option("--yes", is_flag=True, help="Confirm: exceed the manifest's limits, or lose work.")


@click.group("job", cls=CommandGroup)
def command() -> None:
    """Look at the translation jobs of this manifest and branch; change, authorize or cancel one.

    JOB is a uid, a number or a name; without it the job of this branch is meant.
    """


def _request(options: Options, wanted: str | None = None, **flags: Any) -> Any:
    from l10nsync.app import PushRequest
    from l10nsync.app.jobs import JobsRequest

    return JobsRequest(wanted, push=PushRequest(environ=options.environ), **flags)


@command.command("list")
@click.option(
    "--all", "everything", is_flag=True, help="All jobs of the projects, including those of others."
)
@click.option("--open", "only_open", is_flag=True, help="Only jobs that are not finished.")
@common_with(formats=("text", "json"))
def list_command(options: Options, *, everything: bool, only_open: bool) -> int:
    """List the jobs of this manifest and branch, the newest first."""
    from l10nsync.app.jobs import list_jobs
    from l10nsync.plan.jobs import OPEN
    from l10nsync.render import jobs

    with linked(options) as (repository, links):
        found = list_jobs(repository, links, _request(options, everything=everything))
    found = tuple(found_job for found_job in found if not only_open or found_job.job.status in OPEN)
    if options.format == "json":
        emit_json(jobs.data("job list", 0, found, None))
    else:
        emit_result(options, jobs.table(found, painter(options, sys.stdout)))
    return 0


@command.command("show")
@_wanted
@click.option("--cost", is_flag=True, help="Also ask the service to estimate the cost of authorizing it.")
@common_with(formats=("text", "json"))
def show_command(options: Options, *, job: str | None, cost: bool) -> int:
    """Show one job: state, files, progress by locale, page."""
    from l10nsync.app.jobs import find_job
    from l10nsync.render import jobs

    with linked(options) as (repository, links):
        found = find_job(repository, links, _request(options, job, cost=cost))
    if options.format == "json":
        emit_json(jobs.data("job show", 0, [found], None))
    else:
        emit(jobs.card(found, painter(options, sys.stdout)))
    return 0


@command.command("files")
@_wanted
@common_with(formats=("text", "json"))
def files_command(options: Options, *, job: str | None) -> int:
    """List the files that a job holds, with the locales."""
    from l10nsync.app.jobs import find_job
    from l10nsync.render import jobs, lookups

    with linked(options) as (repository, links):
        found = find_job(repository, links, _request(options, job))
        paths = {source.file_uri: source.path for source in repository.sources}
    if options.format == "json":
        emit_json(jobs.data("job files", 0, [found], None))
    elif found.details:
        emit_result(options, lookups.job_files(found.details, paths, painter(options, sys.stdout)))
    return 0


@command.command("update")
@_wanted
@click.option(
    "--due-date", metavar="DATE", help="A date (2026-12-24), date and time, or an offset from now (+5d)."
)
@click.option("--description", metavar="TEXT", help="For translators and managers.")
@click.option("--reference-number", metavar="TEXT", help="Number or text of your own system.")
@click.option(
    "--custom-field", "custom", metavar="UID=VALUE", multiple=True, help="A custom field; may be repeated."
)
@common_with(formats=("text", "json"))
def update_command(options: Options, *, job: str | None, custom: tuple[str, ...], **given: str | None) -> int:
    """Change what an open job says, where the manifest does not say it; all else of the job stays."""
    from l10nsync.app.jobs import update_job
    from l10nsync.errors import UsageError

    names = {"due_date": "dueDate", "description": "description", "reference_number": "referenceNumber"}
    fields = {names[name]: value for name, value in given.items() if value}
    wrong = [text for text in custom if not all(text.partition("=")[::2])]
    if wrong:
        raise UsageError(f"--custom-field {wrong[0]} is not UID=VALUE")
    custom_fields = {uid: value for uid, _sign, value in (text.partition("=") for text in custom)}
    if not (fields or custom_fields):
        raise UsageError(
            "nothing to change: give --due-date, --description, --reference-number, --custom-field"
        )
    with linked(options) as (repository, links):
        result = update_job(repository, links, _request(options, job), fields, custom_fields)
    return _finish(options, "job update", result)


@command.command("authorize")
@_wanted
@_yes
@common_with(formats=("text", "json"))
def authorize_command(options: Options, *, job: str | None, yes: bool) -> int:
    """Start the work on a job, within the manifest's `maxWords` and `maxCost`."""
    from l10nsync.app.jobs import authorize_job

    with linked(options) as (repository, links):
        result = authorize_job(repository, links, _request(options, job, yes=yes))
    return _finish(options, "job authorize", result)


@command.command("cancel")
@_wanted
@click.option("--reason", default="cancelled with l10nsync", help="The reason, shown with the job.")
@_yes
@common_with(formats=("text", "json"))
def cancel_command(options: Options, *, job: str | None, reason: str, yes: bool) -> int:
    """Cancel a job; a job with content needs --yes."""
    from l10nsync.app.jobs import cancel_job

    with linked(options) as (repository, links):
        result = cancel_job(repository, links, _request(options, job, yes=yes), reason)
    return _finish(options, "job cancel", result)


@command.command("open")
@_wanted
@click.option("--print", "only_print", is_flag=True, help="Print the address; open nothing.")
@common_with(formats=("text", "json"))
def open_command(options: Options, *, job: str | None, only_print: bool) -> int:
    """Print the address of a job's page, and open it in a browser if there is a terminal."""
    from l10nsync.app.jobs import find_job
    from l10nsync.errors import UsageError

    with linked(options) as (repository, links):
        found: FoundJob = find_job(repository, links, _request(options, job))
    url = found.job.url
    if not url:
        raise UsageError(f'job "{found.job.name}" has no web page')
    emit(url)
    if not only_print and sys.stdout.isatty() and click.launch(url) != 0:
        note(options, "no browser could be started")
    return 0


def _finish(options: Options, name: str, result: JobResult) -> int:
    from l10nsync.errors import EXIT_OK
    from l10nsync.render import jobs

    code = result.error.exit_code if result.error else EXIT_OK
    if options.format == "json":
        emit_json(jobs.data(name, code, (), result))
    else:
        emit(jobs.outcome(result, painter(options, sys.stdout)))
    return code
