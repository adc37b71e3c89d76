"""Several hundred hostile names through everything that the Action says: each stays a name."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pytest

from l10nsync.ci.log import Log
from l10nsync.errors import Diagnostic, ManifestError
from l10nsync.formats import Finding
from l10nsync.plan import Action, Plan, Reason, Report, TargetChange
from l10nsync.render import reports
from l10nsync.render.paint import escape
from l10nsync.render.pull_requests import RunContext, plan_comment, pull_body
from tests.github.stage import outputs_of
from tests.names import names

NAMES = tuple(names())
_RUN = "https://github.example/run"
_MARKUP = re.compile(
    r"<(?!/?(?:code|sub)>|!-- l10nsync:plan key=default -->)|\]\(|!\[|(?<![\w&])@\w|```|\x1b"
    r"|[\u202a-\u202e\u2066-\u2069]"
)


def markdown_of(name: str) -> list[str]:
    """Return what a comment, a body, a report and a failure say of a file called NAME."""
    upload: dict[str, Any] = {
        "action": "upload", "reason": name, "project": name, "resource": name, "source": name,
        "fileUri": name, "locales": [name], "newStrings": 1, "newWords": 1, "strings": 1, "detail": name,
    }  # fmt: skip
    data = {
        "changes": [upload, upload | {"action": "block"}],
        "orphans": [{"project": name, "fileUri": name}],
        "notices": [name],
        "base": name,
    }
    finding = Finding("placeholder-missing", "error", name, name, 3)
    change = TargetChange(
        Action.HOLD, Reason.INVALID, name, name, name, name, name, name, detail=name, findings=(finding,)
    )
    report = Report(Plan("pull", (change,), notices=(name,)))
    problem = ManifestError([Diagnostic("E101", name, file=name, line=1, column=1, text=name, help=name)])
    context = RunContext("0.1.0", "a" * 40, _RUN, name)
    return [
        plan_comment(data, "", context),
        pull_body(report, {name: True}, context),
        reports.markdown(report),
        reports.failure(problem),
    ]


def test_no_name_becomes_markup() -> None:
    """No element, link, image, mention, code block or direction mark leaves its place in Markdown."""
    for name in NAMES:
        for text in markdown_of(name):
            ours = text.replace(f'<a href="{_RUN}">run</a>', "")
            assert not _MARKUP.search(ours), (name, _MARKUP.search(ours), text)


def test_a_comment_is_found_by_its_own_marker_alone() -> None:
    """A name cannot make another first line, nor a second marker."""
    for name in NAMES:
        comment = markdown_of(name)[0]
        assert comment.startswith("<!-- l10nsync:plan key=default -->\n")
        assert comment.count("<!--") == 1


def test_no_name_becomes_a_command_of_the_runner() -> None:
    """An annotation is one line, whatever its message and file are."""
    for name in NAMES:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            Log({}).say("error", escape(name), file=name)
        lines = printed.getvalue().split("\n")
        assert len(lines) == 2, name
        assert lines[0].startswith("::error title=l10nsync")
        assert "\r" not in lines[0]


def test_no_name_ends_an_output(tmp_path: Path) -> None:
    """An output that holds a hostile name is read back as it was, and makes no other output."""
    path = tmp_path / "output"
    for name in NAMES:
        path.write_text("")
        Log({"GITHUB_OUTPUT": str(path)}).outputs({"changed-files": name, "outcome": "clean"})
        found = outputs_of(path.read_text("utf-8"))
        assert found.keys() == {"changed-files", "outcome"}, name
        assert found["outcome"] == "clean"


def test_an_unknown_output_is_a_defect() -> None:
    """Only the outputs that action.yml declares are ever written."""
    with pytest.raises(ValueError, match="else"):
        Log({}).outputs({"else": "x"})
