"""What the command line says about itself: help, mistyped lines, formats, and columns of a terminal."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from l10nsync.cli import cli, skill
from l10nsync.cli.commands.explain import EXIT_CODES
from l10nsync.cli.console import emit_result, run
from l10nsync.cli.help import DOCS, HELP, examples
from l10nsync.cli.options import COMMON, Options
from l10nsync.discovery.draft import SCHEMA
from l10nsync.errors import Diagnostic, UsageError
from l10nsync.extras import install_command, require_sandbox
from l10nsync.layout.path_arguments import chosen_locales
from l10nsync.model import Source, Target
from l10nsync.render import diagnostics
from l10nsync.render.folding import LONG, folded
from l10nsync.render.paint import cells, pad, plain
from l10nsync.render.plans import table
from l10nsync.sandbox.commands import export_lines
from tests.repositories import Repo

ROOT = Path(__file__).parents[1]


def commands(group: click.Command = cli, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every command that we write, with its name as it is typed."""
    yield path, group
    if isinstance(group, click.Group) and path != "sandbox":
        context = click.Context(group, info_name="l10nsync")
        for name in group.list_commands(context):
            found = group.get_command(context, name)
            assert found is not None
            yield from commands(found, f"{path} {name}".strip())


EVERY = [
    pytest.param(path, command, id=path or "l10nsync") for path, command in commands() if path != "sandbox"
]


def said(capsys: pytest.CaptureFixture[str], *argv: str, code: int = 2) -> tuple[str, str]:
    """Run a command line and return both its outputs."""
    assert run(cli, list(argv)) == code
    found = capsys.readouterr()
    return found.out, found.err


@pytest.mark.parametrize(("path", "command"), EVERY)
def test_help_has_two_examples_and_a_link(
    path: str, command: click.Command, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each help ends with two examples that the command line itself can read, and with a page that exists."""
    out, _err = said(capsys, *path.split(), "--help", code=0)
    page = re.search(rf"{re.escape(DOCS)}/([\w-]+\.md)$", out, re.MULTILINE)
    assert page
    assert (ROOT / "docs" / page[1]).is_file()
    shown = [
        line.strip().partition("  # ")[0]
        for line in out.partition("Examples:")[2].splitlines()
        if "  # " in line
    ]
    assert len(shown) == 2
    assert shown == [typed for typed, _about in examples(HELP[path])]
    for line in shown:
        typed = re.sub(r'^eval "\$\((.*)\)"$', r"\1", line).partition(" > ")[0]
        _program, *words = shlex.split(typed)
        found: click.Command = cli
        context = click.Context(cli, info_name="l10nsync")
        while isinstance(found, click.Group):
            _name, inner, words = found.resolve_command(context, words)
            assert inner is not None
            found = inner
        found.make_context("l10nsync", words)


@pytest.mark.parametrize(("path", "command"), EVERY)
def test_common_options_are_a_group_of_their_own(
    path: str, command: click.Command, capsys: pytest.CaptureFixture[str]
) -> None:
    """What only this command has stands first; what all have stands below a headline of its own."""
    if isinstance(command, click.Group):
        return
    own, _, common = said(capsys, *path.split(), "--help", code=0)[0].partition("Common options:")
    assert "--color" in common
    spellings = {
        spelling for names, _attributes in COMMON.values() for spelling in names if spelling[0] == "-"
    }
    assert not spellings & set(re.findall(r"^  (-\w|--[\w-]+)", own, re.MULTILINE))


def test_a_push_does_not_offer_what_it_always_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    """A push sends a file for all its locales: its help has no -l; whoever gives it is told why."""
    assert "--locale" not in said(capsys, "push", "--help", code=0)[0]
    assert "--locale" in said(capsys, "pull", "--help", code=0)[0]


def test_a_mistyped_line_is_an_error_like_all_others(capsys: pytest.CaptureFixture[str]) -> None:
    """What click refuses has our shape, and is JSON where JSON was asked for."""
    out, err = said(capsys, "explain", "--color", "never")
    assert (out, err) == (
        "",
        "error: missing argument 'WHAT'\n  hint: `l10nsync explain --help` shows how it is called.\n",
    )
    out, err = said(capsys, "push", "--no-such", "--format", "json")
    found = json.loads(out)
    assert found["exitCode"] == 2
    assert "--no-such" in found["error"]["message"]


@pytest.mark.parametrize("argv", [("list", "--format", "sarif"), ("--format", "sarif", "list")])
def test_a_format_that_a_command_lacks_names_those_it_has(
    argv: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """Before or behind the command's name, the error lists what can be asked for."""
    _out, err = said(capsys, *argv)
    assert re.search(r"'?text'?, '?json'?, '?tsv'?", err)
    assert "markdown" not in err


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("upload", "push"),
        ("download", "pull"),
        ("lint", "check"),
        ("validate", "check"),
        ("jobs", "job"),
        ("stauts", "status"),
    ],
)
def test_what_other_tools_call_a_command_suggests_ours(
    typed: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A synonym, or a slip, names the command that is meant."""
    assert f"Did you mean {meant!r}?" in said(capsys, typed)[1]


def test_help_and_version_are_commands_too(capsys: pytest.CaptureFixture[str]) -> None:
    """`help`, `help COMMAND` and `version` say what the options of these names say."""
    assert said(capsys, "version", code=0) == said(capsys, "--version", code=0)
    assert said(capsys, "help", code=0) == said(capsys, "--help", code=0)
    assert said(capsys, "help", "job", "show", code=0) == said(capsys, "job", "show", "--help", code=0)


# --- columns and long lists -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "width"), [("Größe", 5), ("設定", 4), ("한국어", 6), ("🎉.json", 7), ("e\u0301", 1)]
)
def test_columns_are_counted_as_terminals_do(text: str, width: int) -> None:
    """Ideographs and emoji take two columns, a combining mark none."""
    assert cells(text) == width
    assert cells(pad(text, 9)) == cells(pad(text, 9, right=True)) == 9


def test_a_table_of_changes_lines_up_whatever_its_names_are_written_in() -> None:
    """The column behind a name begins at the same cell in each line."""
    rows = [("+", "new", name, "new", "") for name in ("plain.json", "設定.json", "a\u202e.json")]
    assert len({cells(line.rpartition("new")[0]) for line in table(rows, plain)}) == 1


def test_a_caret_stands_below_what_it_marks() -> None:
    """Wide characters before the mark, and inside of it, count as the columns that they take."""
    line = "名前: 設定 x"
    found = Diagnostic(code="E1", message="m", file="f", line=1, column=5, end_column=7, text=line)
    *_, excerpt, marks, _end, _count = diagnostics.text([found]).splitlines()
    before = excerpt.partition("設定")[0]
    assert cells(before) == marks.index("^")
    assert marks.count("^") == 4


def test_long_lists_are_folded() -> None:
    """The first fifty lines of a list are shown, and how many more there are; a table keeps its last line."""
    items = [f"  + {number}" for number in range(LONG + 7)]
    assert folded(["Wrote.", *items, "Job"]) == [
        "Wrote.",
        *items[:LONG],
        "  … and 7 more (-v shows all)",
        "Job",
    ]
    rows = [f"{number} %" for number in range(LONG + 7)]
    assert folded(["Status.", "", *rows, "", "end"])[-4:] == [
        "… and 6 more (-v shows all)",
        rows[-1],
        "",
        "end",
    ]
    assert folded(items[:LONG]) == items[:LONG]


@pytest.mark.parametrize(
    ("terminal", "verbose", "lines"), [(True, 0, LONG + 3), (True, 1, 82), (False, 0, 82)]
)
def test_a_long_result_ends_with_its_verdict(
    terminal: bool,
    verbose: int,
    lines: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A pipe and -v get everything, a terminal the beginning; the verdict is the first line and the last."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal, raising=False)
    emit_result(Options(verbose=verbose), "\n".join(["Wrote.", *(f"  + {number}" for number in range(80))]))
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) == lines
    assert shown[0] == shown[-1] == "Wrote."


def test_a_short_result_says_its_verdict_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Fifty lines still fit below it."""
    emit_result(Options(), "\n".join(["Wrote.", *["  +"] * LONG]))
    assert capsys.readouterr().out.count("Wrote.") == 1


# --- locales by their local names -----------------------------------------------------------------------


def source(*targets: tuple[str, str]) -> Source:
    """Return a source with a target for each locale under a local name."""
    locales = tuple(dict.fromkeys(locale for locale, _name in targets))
    return Source(
        resource="web",
        project="default",
        path="en.json",
        file_uri="en.json",
        file_type="json",
        namespace="en.json",
        locales=locales,
        targets=tuple(Target(locale, name, f"{name}.json") for locale, name in targets),
        charset="UTF-8",
        directives={},
    )


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ("de", "de-DE"),
        ("de-DE", "de-DE"),
        ("es-MX", "es-ES"),
        ("de-*", "de-DE"),
        ("fr", "fr"),
        ("DE", "de-DE"),
        ("de_de", "de-DE"),
    ],
)
def test_a_locale_is_chosen_by_id_or_by_local_name(given: str, chosen: str) -> None:
    """What the repository calls a locale is enough; an id that is spelled alike goes first."""
    sources = [
        source(("de-DE", "de"), ("es-ES", "es-ES"), ("es-ES", "es-MX"), ("fr-CA", "fr"), ("fr", "fr-x"))
    ]
    assert chosen_locales([given], ["de-DE", "es-ES", "fr-CA", "fr"], sources) == {chosen}


def test_a_local_name_of_two_locales_is_refused() -> None:
    """Which one is meant cannot be known: both are named."""
    sources = [source(("pt-BR", "pt")), source(("pt-PT", "pt"))]
    with pytest.raises(UsageError, match="pt-BR and pt-PT"):
        chosen_locales(["pt"], ["pt-BR", "pt-PT"], sources)
    with pytest.raises(UsageError, match="no locale 'xx'"):
        chosen_locales(["xx"], ["pt-BR", "pt-PT"], sources)


# --- the sandbox ----------------------------------------------------------------------------------------


def test_lines_for_a_shell_keep_values_whole() -> None:
    """A value with a space or a quote is one word to the shell."""
    lines = export_lines("http://127.0.0.1:1", "it's one")
    words = [shlex.split(line) for line in lines]
    assert {len(each) for each in words} == {2}
    assert ["export", "SMARTMATE_CUSTOMER=Example Corporation"] in words
    assert ["export", "SMARTLING_PROJECT_ID=it's one"] in words


@pytest.mark.parametrize("name", ["uvicorn", "starlette", "jinja2", "python_multipart"])
def test_a_missing_part_of_the_sandbox_is_one_message(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever starts a sandbox or the demo without the extra gets the command that installs it."""
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UsageError, match=name):
        require_sandbox()
    for argv in (("sandbox", "start"), ("sandbox", "run", "true"), ("demo",)):
        out, err = said(capsys, *argv, "--color", "never") if argv == ("demo",) else said(capsys, *argv)
        assert (out, err.count("\n")) == ("", 2)
        assert "l10nsync[sandbox]" in err


@pytest.mark.parametrize(
    ("receipt", "begins"),
    [("uv-receipt.toml", "uv tool install "), ("pipx_metadata.json", "pipx install "), ("", "pip install ")],
)
def test_the_command_is_that_of_the_tool_that_installed_it(
    receipt: str, begins: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Uv and pipx leave a file by which their environments are known."""
    if receipt:
        (tmp_path / receipt).touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert install_command("sandbox").startswith(begins)


# --- for scripts, agents and editors --------------------------------------------------------------------


def test_the_skill_names_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Its head is one that agents read; its commands, flags and schemas exist; every exit code is in it."""
    out, _err = said(capsys, "skill", code=0)
    head = yaml.safe_load(out.split("---\n")[1])
    assert head["name"] == "l10nsync"
    assert len(head["description"]) <= 1024
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", out, re.MULTILINE)} == EXIT_CODES.keys()
    assert all((ROOT / "schemas" / schema).is_file() for schema in skill.OUTPUTS.values())
    for line, _about in skill.STEPS:
        _program, name, *words = shlex.split(line)
        found = cli.get_command(click.Context(cli), name)
        assert found is not None
        found.make_context(name, words)
    flags = {flag for given in skill.PEOPLE for flag in re.findall(r"--[\w-]+", given)}
    known = {name for _path, command in commands() for param in command.params for name in param.opts}
    assert flags <= known


def test_every_key_of_the_manifest_has_a_hover_text() -> None:
    """An editor shows something for each key, itself or where it refers to."""
    schema = json.loads((ROOT / "schemas/manifest.schema.json").read_text("utf-8"))

    def bare(node: object, path: str) -> Iterator[str]:
        if isinstance(node, dict):
            for key, value in node.get("properties", {}).items():
                aim = schema["definitions"].get(value.get("$ref", "").removeprefix("#/definitions/"), {})
                if not (value.get("description") or aim.get("description")):
                    yield f"{path}/{key}"
            for key, value in node.items():
                yield from bare(value, f"{path}/{key}")

    assert list(bare(schema, "")) == []
    assert (ROOT / SCHEMA.partition("/main/")[2]).is_file()


@pytest.mark.parametrize(
    ("typed", "code", "begins"), [("7", "exit 7", "Partial"), ("e204", "E204", "Two translations")]
)
def test_a_code_is_explained_as_json_too(
    typed: str, code: str, begins: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What scripts ask in JSON is answered in JSON."""
    out, _err = said(capsys, "explain", typed, "--format", "json", code=0)
    found = json.loads(out)
    assert found["code"] == code
    assert found["meaning"].startswith(begins)


@pytest.mark.parametrize(
    ("argv", "said_of_it"),
    [
        (("demo", "--into", "{file}/x"), "cannot make the folder"),
        (("demo", "--into", "{file}"), "cannot make the folder"),
        (("sandbox", "start", "--state", "{file}/x"), "does not exist"),
        (("sandbox", "start", "--record", "{folder}/none/x"), "does not exist"),
        (("sandbox", "run", "--state", "{folder}", "--", "true"), "is a directory"),
        (("completion",), "missing argument"),
        (("explain", "99"), "no exit code 99"),
        (("explain", "E999"), "unknown code E999"),
        (("push", "-C"), "requires an argument"),
    ],
)
def test_what_cannot_be_is_said_in_one_line_with_what_to_do(
    argv: tuple[str, ...], said_of_it: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a place that cannot be written nor a slip is a defect of ours."""
    (tmp_path / "file").touch()
    _out, err = said(capsys, *(word.format(file=tmp_path / "file", folder=tmp_path) for word in argv))
    first, *more = err.splitlines()
    assert said_of_it in first
    assert "\\" not in first
    assert [line.partition(":")[0] for line in more] == ["  hint"]


def test_a_name_is_explained_without_what_moves_a_terminal(
    repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    """Control characters of a name that somebody typed, or that is in the repository, are made visible."""
    repo.commit({".l10n.yml": MANIFEST})
    out, _err = said(capsys, "-C", str(repo.root), "explain", "a\x1b[2Jb", code=0)
    assert "\x1b" not in out


def test_a_list_begins_with_its_figures(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    """How many sources and targets there are stands first, and last where the list is long."""
    repo.commit({".l10n.yml": MANIFEST, **{f"en/{number}.json": "{}" for number in range(30)}})
    out, _err = said(capsys, "-C", str(repo.root), "list", code=0)
    lines = out.splitlines()
    assert lines[0] == lines[-1] == "30 sources, 30 targets."
    assert lines[1:3] == ["  en/0.json  [en/*.json, json]", "    de-DE                 de-DE/0.json"]
    assert len(lines) == 2 + 60


MANIFEST = """version: 1
project: p
locales: [de-DE]
resources: [{source: en/*.json, target: "{locale}/*.json", optional: true}]
"""
