"""`l10nsync ci github`: what the GitHub Action calls."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from l10nsync.cli.help import Command
from l10nsync.cli.options import FORMATS, Options, common_with

if TYPE_CHECKING:
    from l10nsync.ci.github import Ran


@click.command("ci", cls=Command, hidden=True)
@click.argument("system", type=click.Choice(["github"]))
@click.option("--memory", is_flag=True, help="Only say where to restore the memory of earlier runs from.")
@common_with(formats=FORMATS)
def command(options: Options, *, system: str, memory: bool) -> int:  # noqa: ARG001 - there is one system
    """Run as a step of a CI system; its inputs come from the environment (docs/github-action.md)."""
    from l10nsync.ci.github import act, remember

    environ = dict(options.environ)
    for name in ("L10NSYNC_ACTION_INPUTS", "L10NSYNC_ACTION_TOKEN"):
        os.environ.pop(name, None)  # git, and what a checkout's settings make it start, get no secret
    return remember(environ) if memory else act(environ, _invoke)


def _invoke(
    argv: Sequence[str],
    environ: Mapping[str, str],
    hide: Callable[[str], None],
    head_of: Callable[[str], str],
) -> Ran:
    """Run a command in this process, exactly as a terminal would."""
    from l10nsync.ci.github import Ran
    from l10nsync.cli import cli
    from l10nsync.cli.console import run

    inner = Options(environ=environ, hide=hide, head_of=head_of)
    code = run(cli, argv, inner)
    return Ran(code, tuple(inner.shown))
