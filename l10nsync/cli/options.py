"""Options that every command takes, before or after its name; the later one wins."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])


@dataclass
class Options:
    """The values of the options that every command takes."""

    directory: str = "."
    manifests: tuple[str, ...] = ()
    branch: str | None = None
    resources: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    project: str | None = None
    format: str = "text"
    color: str = "auto"
    verbose: int = 0
    quiet: bool = False
    log_file: str | None = None
    concurrency: int = 8
    timeout: float = 1800.0
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    hide: Callable[[str], None] | None = None
    """Has a token hidden wherever output goes, the moment it is received."""
    head_of: Callable[[str], str] | None = None
    """Asks the CI's own API for the newest commit of a branch; empty where it does not say."""
    shown: list[object] = field(default_factory=list)
    """Results and errors as values, for a caller that runs commands in this process (`ci`)."""

    @property
    def path(self) -> Path:
        """The folder to work in."""
        return Path(self.directory)


class Duration(click.ParamType[float]):
    """A time such as `90`, `90s`, `10m` or `1h`, in seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return VALUE in seconds."""
        if isinstance(value, float):
            return value
        text = str(value)
        unit = {"s": 1, "m": 60, "h": 3600}.get(text[-1:], 0)
        try:
            seconds = float(text[:-1]) * unit if unit else float(text)
        except ValueError:
            self.fail(f"{text!r} is not a time; write 90s, 10m or 1h", param, ctx)
        if seconds <= 0:
            self.fail("a time must be positive", param, ctx)
        return seconds


GLOBAL_OPTIONS: tuple[Callable[[_Decorated], _Decorated], ...] = (
    click.option("-C", "--directory", metavar="DIR", default=None, help="Work in DIR."),
    click.option(
        "-f",
        "--manifest",
        "manifests",
        metavar="FILE",
        multiple=True,
        help="A manifest, or a glob of several; else .l10n.yml, upwards, then below.",
    ),
    click.option(
        "-r",
        "--resource",
        "resources",
        metavar="NAME",
        multiple=True,
        help="Only this resource (name or glob).",
    ),
    click.option("-l", "--locale", "locales", metavar="ID", multiple=True, help="Only this locale."),
    click.option("--project", metavar="NAME", default=None, help="Only this project of the manifest."),
    click.option(
        "--branch", metavar="NAME", default=None, help="The branch; else from the CI, else from git."
    ),
    click.option(
        "--format",
        type=click.Choice(["text", "json", "markdown", "github", "tsv", "sarif"]),
        default=None,
        help="How the result is printed.",
    ),
    click.option("--color", type=click.Choice(["auto", "always", "never"]), default=None, help="Colours."),
    click.option("-v", "--verbose", count=True, help="Show requests; -vv their details."),
    click.option("-q", "--quiet", is_flag=True, default=None, help="Errors only."),
    click.option(
        "--log-file", metavar="FILE", default=None, help="Keep the details of requests as JSON lines."
    ),
    click.option(
        "--concurrency",
        type=click.IntRange(1, 10),
        default=None,
        metavar="N",
        help="Requests at once (1 to 10; 8).",
    ),
    click.option(
        "--timeout", type=Duration(), default=None, metavar="TIME", help="Longest run: 90s, 10m, 1h (30m)."
    ),
)


def apply(options: Options, values: Mapping[str, Any]) -> None:
    """Put the VALUES that were given into OPTIONS; filters add up, all others replace."""
    for name, value in values.items():
        if value in (None, (), 0) and not (name == "quiet" and value):
            continue
        if name in {"manifests", "resources", "locales"}:
            value = (*getattr(options, name), *value)  # noqa: PLW2901 - the same value, completed
        setattr(options, name, value)


_NAMES = (
    "directory",
    "manifests",
    "resources",
    "locales",
    "project",
    "branch",
    "format",
    "color",
    "verbose",
    "quiet",
)
_MORE = ("log_file", "concurrency", "timeout")


def common(function: Callable[..., int]) -> Callable[..., Any]:
    """Give a command the global options too, and `Options` as its first argument."""

    @click.pass_context
    @wraps(function)
    def command(ctx: click.Context, /, *args: Any, **kwargs: Any) -> None:
        options: Options = ctx.ensure_object(Options)
        apply(options, {name: kwargs.pop(name, None) for name in (*_NAMES, *_MORE)})
        ctx.exit(function(options, *args, **kwargs))

    decorated: Callable[..., Any] = command
    for option in reversed(GLOBAL_OPTIONS):
        decorated = option(decorated)
    return decorated
