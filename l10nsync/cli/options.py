"""Options that every command takes, before or after its name; the later one wins."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from math import inf
from pathlib import Path
from typing import Any, TypeVar

import click

from l10nsync.deadline import within
from l10nsync.errors import UsageError

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


LONGEST = 1000 * 3600.0
"""Seconds of the longest time: the system cannot wait for longer."""


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
            self.fail(f"{text!r} is not a duration; write 90s, 10m or 1h", param, ctx)
        if not 0 < seconds <= LONGEST:  # nor is "nan" between them
            self.fail(f"a duration must be positive, and at most {LONGEST // 3600:.0f}h", param, ctx)
        return seconds


FORMATS = ("text", "json", "markdown", "github", "tsv", "sarif")
"""All there are."""
REPORTS = ("text", "json", "markdown", "github")
"""Those of a command that makes a plan or a report."""
COMMON: Mapping[str, tuple[tuple[str, ...], Mapping[str, Any]]] = {
    "directory": (("-C", "--directory"), {"metavar": "DIR", "help": "Work in DIR."}),
    "manifests": (
        ("-f", "--manifest", "manifests"),
        {
            "metavar": "FILE",
            "multiple": True,
            "help": "A manifest, or a glob for several. [default: .l10n.yml here, in parents, or below]",
        },
    ),
    "resources": (
        ("-r", "--resource", "resources"),
        {"metavar": "NAME", "multiple": True, "help": "Only this resource (name or glob)."},
    ),
    "locales": (
        ("-l", "--locale", "locales"),
        {"metavar": "ID", "multiple": True, "help": "Only this locale: its id or its local name."},
    ),
    "project": (("--project",), {"metavar": "NAME", "help": "Only this project of the manifest."}),
    "branch": (("--branch",), {"metavar": "NAME", "help": "The branch. [default: from CI or git]"}),
    "format": (("--format",), {"help": "Output format."}),
    "color": (("--color",), {"type": click.Choice(["auto", "always", "never"]), "help": "Colours."}),
    "verbose": (
        ("-v", "--verbose"),
        {"count": True, "help": "Show requests and complete lists; -vv also shows details of requests."},
    ),
    "quiet": (("-q", "--quiet"), {"is_flag": True, "help": "Errors only."}),
    "log_file": (("--log-file",), {"metavar": "FILE", "help": "Log the details of requests as JSON lines."}),
    "concurrency": (
        ("--concurrency",),
        {"type": click.IntRange(1, 10), "metavar": "N", "help": "Parallel requests. [default: 8]"},
    ),
    "timeout": (
        ("--timeout",),
        {
            "type": Duration(),
            "metavar": "TIME",
            "help": "Give up after this long, e.g. 90s or 10m. [default: 30m]",
        },
    ),
}
"""Names of the options that every command takes, and how each is declared."""


def global_options(
    formats: Sequence[str] = FORMATS, unused: Container[str] = ()
) -> list[Callable[[_Decorated], _Decorated]]:
    """Return what adds the common options; those that are UNUSED are taken and not shown."""
    found = []
    for name, (spellings, attributes) in COMMON.items():
        given = {"default": None, "hidden": name in unused, **attributes}
        if name == "format":
            given["type"] = click.Choice(list(formats))
        if given.get("multiple") or given.get("count"):
            del given["default"]
        found.append(click.option(*spellings, **given))
    return found


def apply(options: Options, values: Mapping[str, Any]) -> None:
    """Put the VALUES that were given into OPTIONS; filters add up, all others replace."""
    for name, value in values.items():
        if value in (None, (), 0) and not (name == "quiet" and value):
            continue
        if name in {"manifests", "resources", "locales"}:
            value = (*getattr(options, name), *value)  # noqa: PLW2901 - the same value, completed
        setattr(options, name, value)


def common_with(
    *, formats: Sequence[str] = REPORTS, unused: Container[str] = (), endless: bool = False
) -> Callable[[Callable[..., int]], Callable[..., Any]]:
    """Give a command the common options too, and `Options` as its first argument.

    FORMATS are those that it can print; options that are UNUSED are not in its help. One that is ENDLESS
    looks again and again, and gives each of its looks the deadline.
    """

    def decorate(function: Callable[..., int]) -> Callable[..., Any]:
        @click.pass_context
        @wraps(function)
        def command(ctx: click.Context, /, *args: Any, **kwargs: Any) -> None:
            options: Options = ctx.ensure_object(Options)
            apply(options, {name: kwargs.pop(name, None) for name in COMMON})
            if options.format not in formats:
                raise UsageError(
                    f"`{ctx.command_path}` has no format {options.format!r}",
                    hint=f"It has: {', '.join(formats)}.",
                )
            from l10nsync.cli.pulse import beating

            with (
                within(inf if endless else options.timeout),
                beating(options, ctx.command_path.partition(" ")[2]),
            ):
                code = function(options, *args, **kwargs)
            ctx.exit(code)

        decorated: Callable[..., Any] = command
        for option in reversed(global_options(formats, unused)):
            decorated = option(decorated)
        return decorated

    return decorate


common = common_with()
"""For a command that makes a plan or a report."""
OFFLINE = frozenset({"log_file", "concurrency", "timeout"})
"""Options of no use to a command that asks no service."""
BARE = frozenset(COMMON) - {"directory", "color", "quiet"}
"""Options of no use to a command that reads no manifest either."""
