"""`l10nsync questions`: list, show, answer, close, reopen."""

from __future__ import annotations

import sys
from typing import Any, Literal

import click

from l10nsync.cli.console import emit, emit_json, emit_result, painter
from l10nsync.cli.help import CommandGroup
from l10nsync.cli.linked import linked
from l10nsync.cli.options import Options, common_with

_number = click.argument("number", metavar="NUMBER")


@click.group("questions", cls=CommandGroup, invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> int | None:
    """Show what translators ask about strings, at file and line, and answer it; without a command, list."""
    if context.invoked_subcommand is None:
        found: int = context.invoke(list_command)
        return found
    return None


@command.command("list")
@click.option(
    "--state",
    type=click.Choice(["open", "answered", "closed", "all"]),
    default="open",
    help="State of the questions; `open` is all that are not closed.",
)
@click.option(
    "--since", default="", metavar="DATE", help="Only questions asked since this date, e.g. 2026-08-01."
)
@click.option("--changed", is_flag=True, help="Only on strings that this branch has changed.")
@click.argument("paths", nargs=-1)
@common_with(formats=("text", "json", "markdown", "github", "sarif"))
def list_command(options: Options, *, state: Any, since: str, changed: bool, paths: tuple[str, ...]) -> int:
    """List translators' questions; with PATHS, those on strings of these files, folders or patterns."""
    from l10nsync import __version__
    from l10nsync.app.questions import QuestionsRequest, find_questions
    from l10nsync.plan.questions import QuestionList, question_data
    from l10nsync.render import questions

    json = options.format == "json"
    with linked(options) as (repository, links):
        locales = frozenset(options.locales)
        request = QuestionsRequest(state, locales, paths, since, comments=json, changed=changed)
        found = find_questions(repository, links, request)
    options.shown.append(QuestionList(found))
    if json:
        emit_json(question_data(found))
    elif options.format == "sarif":
        emit_json(questions.sarif(found, version=__version__))
    elif options.format == "markdown":
        emit(questions.markdown(found))
    elif options.format == "github":
        emit(questions.github(found))
    else:
        emit_result(options, questions.text(found, painter(options, sys.stdout)))
    return 0


@command.command("show")
@_number
@common_with(formats=("text", "json"))
def show_command(options: Options, *, number: str) -> int:
    """Show one question with its comments."""
    from l10nsync.app.questions import find_question

    with linked(options) as (repository, links):
        found = find_question(repository, links, number)
    return _shown(options, found)


def _shown(options: Options, found: Any) -> int:
    from l10nsync.plan.questions import question_data
    from l10nsync.render import questions

    if options.format == "json":
        emit_json(question_data([found]))
    else:
        emit(questions.card(found, painter(options, sys.stdout)))
    return 0


@command.command("answer")
@_number
@click.argument("text")
@click.option("--close", is_flag=True, help="Also close the question.")
@common_with(formats=("text", "json"))
def answer_command(options: Options, *, number: str, text: str, close: bool) -> int:
    """Answer a question: TEXT becomes a comment, and the question counts as answered."""
    from l10nsync.errors import UsageError

    if not text.strip() or len(text) > 4000:
        raise UsageError("an answer has 1 to 4,000 characters")
    return _replied(options, number, "RESOLVED" if close else "", comment=text, answered=True)


@command.command("close")
@_number
@common_with(formats=("text", "json"))
def close_command(options: Options, *, number: str) -> int:
    """Close a question."""
    return _replied(options, number, "RESOLVED")


@command.command("reopen")
@_number
@common_with(formats=("text", "json"))
def reopen_command(options: Options, *, number: str) -> int:
    """Open a closed question again."""
    return _replied(options, number, "OPENED")


def _replied(options: Options, number: str, state: Literal["", "OPENED", "RESOLVED"], **fields: Any) -> int:
    """Carry out a reply, and show the question as the service has it then."""
    from l10nsync.app.questions import find_question, send_reply
    from l10nsync.model import IssueReply

    with linked(options) as (repository, links):
        found = find_question(repository, links, number)
        found = send_reply(repository, links, found, IssueReply(found.issue.uid, state=state, **fields))
    return _shown(options, found)
