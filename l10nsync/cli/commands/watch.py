"""`l10nsync watch`."""

from __future__ import annotations

from typing import Any

import click

from l10nsync.cli.console import note
from l10nsync.cli.help import Command
from l10nsync.cli.options import Duration, Options, common_with


@click.command("watch", cls=Command)
@click.option(
    "--listen",
    default="127.0.0.1:8765",
    metavar="HOST:PORT",
    help="Where to listen; `none` only polls. [default: 127.0.0.1:8765]",
)
@click.option(
    "--every", type=Duration(), default=600.0, metavar="TIME", help="Poll at least this often. [default: 10m]"
)
@click.option("--once", is_flag=True, help="End after the first poll that finds something.")
@click.option(
    "--dispatch",
    metavar="OWNER/NAME",
    help="Notify this GitHub repository (repository_dispatch) instead of pulling.",
)
@click.argument("argv", nargs=-1, type=click.UNPROCESSED, metavar="[-- COMMAND…]")
@common_with(endless=True)
def command(
    options: Options, *, listen: str, every: float, once: bool, dispatch: str | None, argv: tuple[str, ...]
) -> int:
    """Pull whenever the service says that something was published, then run COMMAND."""
    from l10nsync.app.watch import WatchRequest, watch
    from l10nsync.cli.connect import callback_url, connector
    from l10nsync.cli.result import show
    from l10nsync.cli.settings import settings
    from l10nsync.errors import UsageError
    from l10nsync.github import API, GitHub
    from l10nsync.plan.notify import Address, WatchPace
    from l10nsync.providers.base import Secret

    if dispatch and argv:
        raise UsageError("--dispatch cannot be combined with a command: GitHub does the work")
    environ = options.environ
    github = None
    if dispatch:
        api = environ.get("GITHUB_API_URL") or API
        github = GitHub(api, dispatch, Secret(environ.get("GITHUB_TOKEN", "")))
    request = WatchRequest(
        listen=_address(listen),
        address=Address(callback_url(options), environ.get("L10NSYNC_WEBHOOK_SECRET", "")),
        pace=WatchPace(every=every),
        once=once,
        limit=options.timeout,
        command=argv,
        github=github,
    )

    def show_report(report: Any) -> None:
        show(options, report)

    return watch(
        settings(options),
        environ,
        connector(options),
        request,
        tell=lambda text: note(options, text),
        show=show_report,
    )


def _address(text: str) -> tuple[str, int] | None:
    from l10nsync.errors import UsageError

    if text == "none":
        return None
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise UsageError(
            f"`--listen {text}` is not an address", hint="Write HOST:PORT, such as 127.0.0.1:8765."
        )
    return host.strip("[]"), int(port)
