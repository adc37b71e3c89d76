"""Writes what is made from the commands: man page, completions, reference pages; `make docs` calls it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from l10nsync import __version__
from l10nsync.cli import cli, skill
from l10nsync.cli.commands.explain import EXIT_CODES, codes
from l10nsync.cli.help import DOCS, HELP, examples
from l10nsync.cli.options import COMMON

DOCS_FOLDER = Path(__file__).parents[1] / "docs"
COMPLETIONS = {"bash": "l10nsync.bash", "zsh": "_l10nsync", "fish": "l10nsync.fish"}


def files() -> dict[str, str]:
    """Return the files, by path below `docs`."""
    found = {
        "man/l10nsync.1": page(),
        "agents.md": skill.page(),
        "commands.md": commands(),
        "errors.md": errors(),
    }
    for shell, path in COMPLETIONS.items():
        kind = get_completion_class(shell)
        assert kind is not None
        script = kind(click.Group("l10nsync"), {}, "l10nsync", "_L10NSYNC_COMPLETE").source()
        found[f"completions/{path}"] = f"{script.strip()}\n"
    return found


def page() -> str:
    """Return the man page: every command with its options and examples."""
    lines = [
        f'.TH L10NSYNC 1 "" "l10nsync {__version__}" "User Commands"',
        ".SH NAME",
        r"l10nsync \- keep resource files of a git repository and their translations in step with a TMS",
        ".SH SYNOPSIS",
        ".B l10nsync",
        ".RI [ OPTIONS ] \\~ COMMAND \\~ [ ARGUMENTS ]",
        ".SH DESCRIPTION",
        _text(cli.help or ""),
        f"The documentation is at {_text(DOCS)}.",
        ".SH COMMON OPTIONS",
        *_options(cli, common=True),
        ".SH COMMANDS",
        *_commands(cli, ""),
        ".SH EXIT STATUS",
    ]
    for code, meaning in EXIT_CODES.items():
        lines += [".TP", f".B {code}", _text(meaning)]
    return "\n".join(lines) + "\n"


def _commands(group: click.Group, path: str) -> Iterator[str]:
    context = click.Context(group, info_name="l10nsync")
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        full = f"{path} {name}".strip()
        pieces = " ".join(command.collect_usage_pieces(click.Context(command)))
        yield from (f".SS l10nsync {_text(full)} {_text(pieces)}", *_paragraphs(command.help or ""))
        yield from _options(command, common=False)
        for typed, about in examples(HELP[full]) if full in HELP else ():
            yield from (".PP", f".RS 2\n.B {_text(typed)}", ".br", f"{_text(about)}", ".RE")
        if isinstance(command, click.Group):
            yield from _commands(command, full)


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text.strip())):
        yield from ([".PP"] if number else [])
        yield _text(" ".join(paragraph.split()))


def _options(command: click.Command, *, common: bool) -> Iterator[str]:
    context = click.Context(command)
    for option in command.params:
        record = option.get_help_record(context) if isinstance(option, click.Option) else None
        if record and (option.name in COMMON) == common:
            yield from (".TP", f".B {_text(record[0])}", _text(record[1]))


def commands() -> str:
    """Return the reference page of the commands."""
    lines = [
        "# Commands",
        "",
        "`l10nsync COMMAND --help` says the same in the terminal, `man l10nsync` on one page. It is made",
        "from the commands themselves.",
        "",
        "## Common options",
        "",
        "Every command takes those that are of use to it, before or after its name.",
        "",
        *_option_table(cli, common=True),
    ]
    for path, command in _every(cli, ""):
        pieces = " ".join(command.collect_usage_pieces(click.Context(command)))
        lines += ["", f"## {path}", "", *_sentences(command.help or ""), "", "```text"]
        lines += [f"l10nsync {path} {pieces}", "```"]
        table = _option_table(command, common=False)
        lines += ["", *table] if table else []
        if path in HELP:
            shown = examples(HELP[path])
            lines += ["", "```sh", *(f"{typed}  # {about}" for typed, about in shown), "```"]
            lines += ["", f"More: [{HELP[path].page}]({HELP[path].page}.md)"]
    return "\n".join(lines) + "\n"


def _every(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group, info_name="l10nsync")
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        full = f"{path} {name}".strip()
        yield full, command
        if isinstance(command, click.Group):
            yield from _every(command, full)


def _sentences(text: str) -> list[str]:
    """Return a help text as paragraphs of one line each."""
    paragraphs = [" ".join(part.replace("\b", "").split()) for part in re.split(r"\n\s*\n", text.strip())]
    return "\n\n".join(paragraphs).split("\n")


def _option_table(command: click.Command, *, common: bool) -> list[str]:
    context = click.Context(command)
    rows = []
    for option in command.params:
        record = option.get_help_record(context) if isinstance(option, click.Option) else None
        if record and (option.name in COMMON) == common:
            spelled, about = (text.replace("|", "\\|") for text in record)
            rows.append(f"| `{spelled}` | {about} |")
    return ["| Option | Effect |", "|---|---|", *rows] if rows else []


def errors() -> str:
    """Return the reference page of the codes that problems have."""
    lines = [
        "# Codes of problems",
        "",
        "A problem of a manifest or of files has a code: `E` for an error, `W` for a warning.",
        "`l10nsync explain E204` prints the entry that stands here; this page is made from the same texts.",
        "[Exit codes](exit-codes.md) are another matter.",
    ]
    for code, text in sorted(codes().items()):
        lines += ["", f"## {code}", "", text]
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    """Return TEXT so that troff takes each character for itself."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    return f"\\&{escaped}" if escaped[:1] in {".", "'"} else escaped


def main() -> None:
    """Write them."""
    for path, text in files().items():
        target = DOCS_FOLDER / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
