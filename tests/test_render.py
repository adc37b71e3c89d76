"""What is printed: verdict first, places exact, and no name can break out of its line."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Literal

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10nsync import formats
from l10nsync.errors import Diagnostic, ServiceError, ServiceReply, SupersededError, worst
from l10nsync.model import JobRequest
from l10nsync.plan import (
    Action,
    Awaits,
    Brings,
    JobPlan,
    JobResult,
    Orphan,
    Plan,
    Reason,
    Report,
    Result,
    SourceChange,
    TargetChange,
)
from l10nsync.render import diagnostics, plans, reports
from l10nsync.render.paint import escape
from l10nsync.render.pull_requests import RunContext, plan_markdown
from tests.effort import effort

EVIL = "x\n::add-mask::e\n`@team` <img src=x>|\x1b[31m\u202e.json"


def upload(path: str = "en.json", **values: Any) -> SourceChange:
    defaults: dict[str, Any] = {
        "action": Action.UPLOAD,
        "reason": Reason.NEW,
        "project": "default",
        "resource": "web",
        "path": path,
        "uri": path,
        "file_type": "json",
        "namespace": path,
        "locales": ("de-DE",),
        "directives": {"string_format": "icu"},
        "job": "j",
        "strings": 2,
        "words": 3,
        "new_strings": 2,
        "new_words": 3,
        "words_to_translate": 3,
    }
    return SourceChange(**(defaults | values))


def target(action: Action, reason: Reason, path: str = "de.json", **values: Any) -> TargetChange:
    return TargetChange(action, reason, "default", "web", "en.json", "en.json", "de-DE", path, **values)


def test_a_pull_request_is_told_what_all_locales_take_together() -> None:
    """New words in every locale, and all words in a locale that was added; the plan says so, too."""
    added = upload(
        "b.json",
        reason=Reason.LOCALE_ADDED,
        brings=Brings.LOCALES,
        new_strings=0,
        new_words=0,
        words_to_translate=40,
        last_uploaded="t",
    )
    plan = Plan("push", (upload(locales=("de-DE", "fr-FR"), words_to_translate=6), added))
    shared = upload(new_strings=1, new_words=1)
    assert "2 strings, 3 words (1 new)" in plans.text(Plan("push", (shared,)))
    assert "at most **46 words** in all" in plan_markdown(plan.as_data(), RunContext("0.1"))
    assert (
        plans.verdict(plan)
        == "Plan: 1 file to add, 1 file to update, 3 new words, 40 words in added locales."
    )


@given(st.text())
def test_a_name_in_markdown_reads_as_it_is(name: str) -> None:
    """Every character that means something is an entity, and the reader sees the name itself."""
    shown = plans.cell(name)
    assert not set("\\`*_[]<>|@") & set(shown)
    assert html.unescape(shown) == escape(name)


FINDING = formats.Finding("keys", "error", "a key is missing", "b", 2)
PUSH = Plan(
    "push",
    (upload(), upload("old.json", action=Action.KEEP, reason=Reason.UNCHANGED, job="", strings=0)),
    (JobPlan("default", JobRequest("j", authorize=True), words=3),),
    (Orphan("default", "gone.json"),),
    ("a notice",),
)
PULL = Plan(
    "pull",
    (
        target(Action.WRITE, Reason.NEW, new=True),
        target(Action.HOLD, Reason.INVALID, "fr.json", detail="keys: a key is missing", findings=(FINDING,)),
        target(Action.KEEP, Reason.NOT_PUBLISHED, "ja.json", awaits=Awaits.PUBLICATION),
    ),
)


def schema(name: str) -> dict[str, Any]:
    path = Path(__file__).parent.parent / "schemas" / f"{name}.schema.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


@pytest.mark.parametrize("plan", [PUSH, PULL, Plan("push"), Plan("push", base="main")])
def test_a_plan_as_data_fits_its_schema(plan: Plan) -> None:
    """And so does the report of a run that carried it out, or failed to."""
    data = plan.as_data()
    jsonschema.validate(data, schema("plan"))
    error = ServiceError("refused", ServiceReply(400, "VALIDATION_ERROR", "key", "no", "", "id", "upload"))
    results = tuple(Result(each, "failed", error) for each in plan.work)
    jobs = (JobResult("default", "j", error=error),)

    jsonschema.validate(Report(plan, results, jobs, {"upload": 1}).as_data(), schema("report"))


@pytest.mark.parametrize(
    ("plan", "verdict"),
    [
        (PUSH, "Plan: 1 file to add, 3 new words."),
        (PULL, "Plan: 1 translation to write. 1 held back."),
        (Plan("push"), "No changes: sources match the TMS."),
        (Plan("push", base="main"), "No changes: sources match main."),
        (Plan("pull"), "No changes: translations are up to date."),
        (Plan("pull", PULL.changes[1:]), "Nothing to pull. 1 held back."),
    ],
)
def test_the_first_line_is_the_verdict(plan: Plan, verdict: str) -> None:
    """In text and, as a heading, in Markdown."""
    assert plans.text(plan).split("\n")[0] == verdict
    assert plans.markdown(plan).split("\n")[0] == f"### {verdict}"


def test_a_report_says_what_came_about() -> None:
    """What failed is named with the service's words and its request id."""
    error = ServiceError(
        "refused", ServiceReply(400, "VALIDATION_ERROR", "", "not today", "", "r-1", "upload")
    )
    report = Report(PUSH, (Result(PUSH.work[0], "failed", error),), (JobResult("default", "j"),))

    text = reports.text(report)

    assert text.split("\n")[0] == "Sent 0 of 1 file, 1 failed."
    assert "400 VALIDATION_ERROR: not today (request id r-1)" in text
    assert report.exit_code == 7


def test_names_from_outside_stay_in_their_place() -> None:
    """Neither a terminal sequence, nor Markdown, nor a workflow command can be made of a file name."""
    plan = Plan("push", (upload(EVIL),))
    for text in (
        plans.text(plan),
        plans.markdown(plan),
        reports.text(Report(plan)),
        reports.markdown(Report(plan)),
    ):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "\n::add-mask" not in text
    marked = plans.markdown(plan)
    assert "<img" not in marked
    assert "@team" not in marked
    found = diagnostics.github([Diagnostic("E1", EVIL, file=EVIL, line=1, column=2)])
    assert "\n" not in found
    assert found.startswith("::error file=x%0A%3A%3Aadd-mask")


def test_the_caret_stands_under_the_mistake() -> None:
    """Tabs are kept, so that the columns agree in any editor."""
    found = diagnostics.text(
        [
            Diagnostic(
                "E1", "wrong", file="a.yml", line=12, column=3, end_column=6, text="\tabcde", help="do this"
            )
        ]
    )

    assert found.split("\n")[1:6] == [
        "  --> a.yml:12:3",
        "   |",
        "12 | \tabcde",
        "   | \t ^^^",
        "   = help: do this",
    ]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [(set(), 0), ({0}, 0), ({7, 5}, 7), ({7, 8}, 8), ({5, 4}, 4), ({130, 7}, 130), ({1, 4}, 1)],
)
def test_one_exit_code_stands_for_all(codes: set[int], expected: int) -> None:
    """The most telling one wins."""
    assert worst(codes) == expected


def test_what_another_push_was_faster_with_is_one_message(report_schema: dict[str, Any]) -> None:
    """Verdict, files, what is true now and what to do, once for each reason; the code is 8, not 7."""
    faster = SupersededError("superseded: another push was faster", hint="Push again.")
    lost = [Result(upload(f"{number:02}.json"), "failed", faster) for number in range(12)]
    broken = Result(upload("broken.json"), "failed", ServiceError("does not parse"))
    report = Report(Plan("push", tuple(each.change for each in (*lost, broken))), (*lost, broken))

    shown = reports.text(report).split("\n")

    assert shown[0] == "Sent 0 of 13 files, 12 superseded, 1 failed."
    said = [line for line in shown if "superseded: another" in line]
    names = ", ".join(f"{number:02}.json" for number in range(10))
    assert said == [f"error: {names} and 2 more: superseded: another push was faster"]
    assert shown.count("  hint: Push again.") == 1
    assert any(line.startswith("error: broken.json") for line in shown)
    assert reports.markdown(report).count("superseded: another push was faster") == 1
    data = report.as_data()
    jsonschema.validate(data, report_schema)
    assert (data["exitCode"], len(data["superseded"])) == (8, 12)


def _large(size: int) -> tuple[Plan, Report]:
    """Return a plan of SIZE changes in many jobs, a third of them kept, and what came of it."""
    jobs = [f"job {at}" for at in range(size // 10)]
    sent = [upload(f"en/{at}.json", job=jobs[at % len(jobs)], locales=("de-DE",)) for at in range(size)]
    kept: dict[str, Any] = {"action": Action.KEEP, "reason": Reason.UNCHANGED, "job": ""}
    left = [upload(f"en/k{at}.json", **kept) for at in range(size // 2)]
    plan = Plan("push", (*sent, *left), tuple(JobPlan("default", JobRequest(name)) for name in jobs))
    results = [Result(each, "failed" if at % 7 else "done") for at, each in enumerate(sent)]
    return plan, Report(plan, tuple(results), tuple(JobResult("default", name) for name in jobs))


@pytest.mark.parametrize("shape", ["text", "markdown", "data"])
@pytest.mark.parametrize("what", ["plan", "report"])
def test_what_is_printed_grows_with_what_is_said(what: str, shape: str) -> None:
    """Twice as many changes take twice the work: no change is compared with all others."""
    ways: dict[tuple[str, str], Callable[[Plan, Report], object]] = {
        ("plan", "text"): lambda plan, _report: plans.text(plan),
        ("plan", "markdown"): lambda plan, _report: plans.markdown(plan),
        ("plan", "data"): lambda plan, _report: json.dumps(plan.as_data()),
        ("report", "text"): lambda _plan, report: reports.text(report),
        ("report", "markdown"): lambda _plan, report: reports.markdown(report),
        ("report", "data"): lambda _plan, report: json.dumps(report.as_data()),
    }
    way = ways[what, shape]

    half, whole = (effort(partial(way, *_large(size))) for size in (400, 800))

    assert whole < 2.2 * half


def finding(rule: str, severity: Literal["error", "warning"], message: str) -> formats.Finding:
    """Return what is wrong with the string of key `a`."""
    return formats.Finding(rule, severity, message, key="a", line=1)


def test_a_string_that_is_held_back_is_named_once() -> None:
    """Its line counts it, the line below names it with the rule; the text that stays is still said."""
    error = finding("placeholder-missing", "error", "`{name}` is missing in 'a'")
    detail = "1 string held back (a): the text here is kept"
    change = target(Action.WRITE, Reason.NEWER, detail=detail, findings=(error, error), held=("a",))
    shown = plans.text(Plan("pull", (change,)))
    assert shown.splitlines()[1:] == [
        "  ~ de.json  updated  1 string held back: the text here is kept",
        "      error[placeholder-missing] line 1: `{name}` is missing in 'a'",
    ]


def test_a_file_that_is_held_back_has_its_reasons_below_it() -> None:
    """What the line would say of the first of them is not said twice."""
    error = finding("unreadable", "error", "it does not end")
    change = target(Action.HOLD, Reason.INVALID, detail="unreadable: it does not end", findings=(error,))
    assert plans.text(Plan("pull", (change,))).count("it does not end") == 1


def test_warnings_of_what_is_written_are_shown() -> None:
    """A pull writes the file, and says what its JSON says: a policy is not kept."""
    warning = finding("punctuation", "warning", "ends with `!`")
    change = target(Action.WRITE, Reason.NEW, findings=(warning,))
    report = Report(Plan("pull", (change,)), (Result(change, "done"),))
    assert "      warning[punctuation] line 1: ends with `!` (key a)" in reports.text(report).splitlines()
