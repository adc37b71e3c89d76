"""The release gate: what it asks, what it lets through, and what it says."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from typing import Any

import pytest

from l10nsync import formats
from l10nsync.model import Gate, Threshold, Waiver
from l10nsync.plan import Action, Awaits, Counts, Plan, Reason, SourceStatus, Standing, Status, TargetChange
from l10nsync.plan.gate import Baseline, GateCheck, GateFacts, Judgement, baseline_of, judge
from l10nsync.plan.status import LocaleStatus
from l10nsync.plan.verify import Judged, Verification
from l10nsync.render import gate as render
from tests.repositories import Repo
from tests.runner import Runner
from tests.test_push_pull import MANIFEST, files

TODAY = "2026-12-01"


def counts(published: int, words: int = 100) -> Counts:
    return Counts(strings=words, words=words, published_strings=published, published_words=published)


def source(
    de: int = 100,
    fr: int = 100,
    *,
    standing: Standing = Standing.CURRENT,
    resource: str = "web",
    **values: Any,
) -> SourceStatus:
    cells = (LocaleStatus("de-DE", counts(de)), LocaleStatus("fr-FR", counts(fr)))
    return SourceStatus(
        "default",
        resource,
        f"{resource}.json",
        f"{resource}.json",
        standing,
        cells,
        last_uploaded="x",
        **values,
    )


def target(
    action: Action = Action.KEEP, reason: Reason = Reason.UNCHANGED, locale: str = "de-DE"
) -> TargetChange:
    return TargetChange(action, reason, "default", "web", "web.json", "web.json", locale, f"{locale}.json")


def broken(*keys: str) -> Verification:
    findings = tuple(formats.Finding("key-missing", "error", f"{key} is missing", key, 3) for key in keys)
    return Verification((Judged("web", "web.json", "de-DE", "de.json", findings),))


def said(
    *sources: SourceStatus,
    gate: Gate | None = None,
    pull: tuple[TargetChange, ...] = (),
    verification: Verification | None = None,
    baseline: Baseline | None = None,
    waived: frozenset[str] = frozenset(),
) -> Judgement:
    status = Status(sources or (source(),), commit="4f2c9aa0")
    plan = Plan("pull", pull)
    return judge(
        GateFacts(gate or Gate("release"), status, plan, verification or broken(), baseline, TODAY, waived)
    )


def checks(found: Judgement) -> list[tuple[GateCheck, str, str]]:
    return [(each.check, each.locale, each.message) for each in found.obstacles]


def test_all_is_complete_fresh_and_valid() -> None:
    """The verdict counts what was judged."""
    found = said()

    assert (found.passed, found.exit_code) == (True, 0)
    assert (
        render.verdict(found)
        == "gate release: passed (2 locales, 1 resource, 1 valid target, commit 4f2c9aa)"
    )


def test_each_locale_has_its_threshold() -> None:
    """Over all files, in words, rounded down."""
    gate = Gate("release", complete=Threshold(100, {"fr-FR": 90}))

    found = said(source(99, 91), source(100, 90, resource="docs"), gate=gate)

    assert checks(found) == [("complete", "de-DE", "99 % < 100 %")]
    assert render.verdict(found) == "gate release: not passed: de-DE 99 % < 100 %"
    assert found.exit_code == 6


def test_the_work_of_an_old_source_does_not_count() -> None:
    """100 % of what was uploaded is not 100 % of what is here; and the source has to be pushed."""
    found = said(source(standing=Standing.STALE, new_strings=10, new_words=25))

    assert [each[0] for each in checks(found)] == ["complete", "complete", "fresh"]
    assert "80 % < 100 %" in checks(found)[0]
    assert "1 source not pushed" in render.verdict(found)


@pytest.mark.parametrize(
    ("action", "reason", "fresh"),
    [
        (Action.WRITE, Reason.NEWER, False),
        (Action.HOLD, Reason.INVALID, False),
        (Action.BLOCK, Reason.EDITED, False),
        (Action.KEEP, Reason.NOT_PUBLISHED, True),
        (Action.KEEP, Reason.KEPT, True),
    ],
)
def test_the_targets_are_what_is_published(action: Action, reason: Reason, fresh: bool) -> None:
    """Whatever a pull would do, or refuse to do, is not released; `fresh: false` does not ask."""
    found = said(pull=(target(action, reason),))

    assert found.passed is fresh
    assert said(gate=Gate("release", fresh=False), pull=(target(action, reason),)).passed


def test_a_translation_of_another_version_is_not_released() -> None:
    """It stays away from the target, and is not what this commit needs."""
    waiting = replace(target(reason=Reason.OTHER_VERSION), awaits=Awaits.VERSION)

    assert not said(pull=(waiting,)).passed


def test_a_gate_judges_only_its_resources_and_locales() -> None:
    """Others may be as they are."""
    incomplete = (source(50, 50, resource="docs"), source(100, 0))

    assert said(*incomplete, gate=Gate("release", resources=("we*",), locales=("de-DE",))).passed
    assert not said(*incomplete, gate=Gate("release", resources=("we*",))).passed


@pytest.mark.parametrize(
    ("waiver", "passes"),
    [
        (Waiver(locale="fr-FR", until="2026-12-01"), True),
        (Waiver(locale="fr-FR", until="2026-11-30"), False),
        (Waiver(locale="de-DE", until="2026-12-31"), False),
        (Waiver(check="complete", until="2026-12-31"), True),
        (Waiver(check="valid", until="2026-12-31"), False),
        (Waiver(resource="web", until="2026-12-31"), True),
        (Waiver(resource="docs", until="2026-12-31"), False),
    ],
)
def test_a_waiver_lets_through_what_it_names_until_its_day(waiver: Waiver, passes: bool) -> None:
    """The day itself included; afterwards the gate is closed and names the waiver."""
    found = said(source(100, 50), gate=Gate("release", allow=(waiver,)))

    assert found.passed is passes
    assert len(found.waived) == passes
    if waiver.until < TODAY:
        assert "[the waiver for fr-FR until 2026-11-30]" in render.text(found)


def test_an_ended_waiver_that_nobody_needs_is_only_noticed() -> None:
    """It should be removed."""
    found = said(gate=Gate("release", allow=(Waiver(locale="fr-FR", until="2026-11-30"),)))

    assert found.passed
    assert found.notices == ("the waiver for fr-FR ended on 2026-11-30 and is no longer needed: remove it",)


def test_a_locale_can_be_waived_this_once() -> None:
    """`--waive fr-FR`."""
    assert said(source(100, 50), waived=frozenset({"fr-FR"})).passed


def test_a_baseline_lets_only_what_is_worse_close_the_gate() -> None:
    """Percentages and findings that were there before are known; new ones are not."""
    known = Baseline({"fr-FR": 50}, frozenset({"de.json: key-missing: a"}))

    same = said(source(100, 50), baseline=known, verification=broken("a"))
    worse = said(source(100, 49), baseline=known)
    other = said(baseline=known, verification=broken("a", "b"))

    assert (same.passed, len(same.known)) == (True, 2)
    assert same.verification is not None
    assert same.verification.warnings == 1
    assert checks(worse) == [("complete", "fr-FR", "49 % < 100 %")]
    assert [each.key for each in other.obstacles] == ["de.json: key-missing: b"]


def test_a_baseline_only_becomes_stricter() -> None:
    """What has become better stays so, what has become worse is not taken in."""
    first = baseline_of(said(source(100, 50), verification=broken("a", "b")), None)
    assert first == Baseline({"fr-FR": 50}, frozenset({"de.json: key-missing: a", "de.json: key-missing: b"}))

    better = baseline_of(said(source(90, 70), verification=broken("b", "c"), baseline=first), first)

    assert better == Baseline({"fr-FR": 70}, frozenset({"de.json: key-missing: b"}))
    assert "better than the baseline: fr-FR" in said(source(100, 70), baseline=first).notices[0]


# --- the command --------------------------------------------------------------------------------------


def released(repo: Repo, runner: Runner, **changes: str) -> None:
    """Push, translate, pull and commit two files."""
    given = dict(files(2))
    given[".l10n.yml"] = str(given[".l10n.yml"]) + changes.get("manifest", "")
    repo.commit(given)
    runner.run(repo, "push")
    runner.translate()
    runner.run(repo, "pull")
    repo.commit()


def test_the_gate_follows_the_work(repo: Repo, runner: Runner) -> None:
    """Open when all is done; closed by an edit that is not pushed, by a translation that is not pulled."""
    released(repo, runner)
    done = runner.run(repo, "verify")
    assert done.out.startswith("gate release: passed (2 locales, 1 resource, 4 valid targets, commit ")
    assert done.out.count("\n") == 1

    repo.commit({"src/en/f0.json": '{"title": "Another text", "more": "And more"}'})
    done = runner.run(repo, "verify", code=6)
    first = done.out.split("\n")[0]
    assert first.startswith("gate release: not passed: de-DE ")
    assert "1 source not pushed" in first

    runner.run(repo, "push")
    runner.translate()
    done = runner.run(repo, "verify", "--format", "json", code=6)
    data = json.loads(done.out)
    assert (data["exitCode"], data["passed"], data["gate"]) == (6, False, "release")
    assert {each["check"] for each in data["obstacles"]} >= {"fresh"}
    annotated = runner.run(repo, "verify", "--format", "github", code=6).out
    assert "::error title=l10nsync verify::gate release: not passed" in annotated
    assert "% <" not in annotated.split("::error", 1)[1]  # escaped, as the runner wants it
    assert runner.run(repo, "verify", "--warn-only").out.startswith("gate release: not passed")
    runner.run(repo, "pull")
    runner.run(repo, "verify")


GATES = """\
gates:
  release: {complete: {default: 100, fr-FR: 0}, baseline: known.json}
  all: {allow: [{locale: fr-FR, until: 2099-12-31, reason: the agency is late}]}
"""


def test_gates_of_the_manifest(repo: Repo, runner: Runner) -> None:
    """Each has its own thresholds and waivers; a baseline is written, and holds."""
    repo.commit({**files(1), ".l10n.yml": MANIFEST % {"authorize": "true"} + GATES})
    runner.run(repo, "push")
    runner.translate({"de-DE": 100})
    runner.run(repo, "pull")
    repo.commit()

    assert runner.run(repo, "verify").out.startswith("gate release: passed")
    waived = runner.run(repo, "verify", "--gate", "all").out
    assert waived.startswith("gate all: passed (2 locales, 1 resource, 1 valid target, 1 waived, ")
    assert "the agency is late" in waived
    assert "there are: release, all" in runner.run(repo, "verify", "--gate", "al", code=2).err.lower()

    repo.write({".l10n.yml": repo.read(".l10n.yml").replace(b"fr-FR: 0", b"fr-FR: 50")})
    runner.run(repo, "verify", code=6)
    assert runner.run(repo, "verify", "--write-baseline").out.startswith("wrote known.json: 1 locale")
    assert "1 known from the baseline" in runner.run(repo, "verify").out
    assert "nothing can" not in runner.run(repo, "verify", "--waive", "fr-FR").out


def test_a_waiting_gate_opens_when_the_work_is_done(repo: Repo, runner: Runner) -> None:
    """`--wait` looks again; the last verdict stands first in the output."""
    repo.commit({**files(1), ".l10n.yml": MANIFEST % {"authorize": "true"} + "gates: {g: {fresh: false}}\n"})
    runner.run(repo, "push")
    process = runner.start(repo, "verify", "--wait", "60s", "--every", "1s")
    assert process.stderr is not None
    assert "not passed" in process.stderr.readline()
    runner.translate()
    out, _err = process.communicate(timeout=60)

    assert process.returncode == 0
    assert out.startswith("gate g: passed")


def test_not_knowing_is_not_the_same_as_not_translated(repo: Repo, runner: Runner) -> None:
    """Exit 5 with the verdict `unknown` first; `--if-unavailable pass` lets it through, loudly."""
    repo.commit(files(1))
    runner.environ = {"SMARTLING_API_URL": "http://127.0.0.1:9"}

    failed = runner.run(repo, "verify", "--timeout", "1s", code=5)
    passed = runner.run(repo, "verify", "--timeout", "1s", "--if-unavailable", "pass")

    assert failed.out.startswith("gate release: unknown: ")
    assert passed.out.startswith("gate release: unknown: ")
    assert "was not checked" in passed.err


@pytest.mark.parametrize("tool", ["make", "git"])
def test_the_gate_works_in_a_hook_that_knows_only_two_exit_codes(
    repo: Repo, runner: Runner, tool: str
) -> None:
    """The hook stops whatever runs it, and the first line of what it prints is the verdict."""
    if not shutil.which(tool):
        pytest.skip(f"needs tool: {tool}")
    repo.commit(files(1))
    runner.run(repo, "push")
    script = f"{__import__('sys').executable} -m l10nsync verify"
    if tool == "make":
        repo.write({"Makefile": f"release:\n\t@{script}\n"})
        command = ["make", "release"]
    else:
        other = Repo(repo.root.parent / "remote")
        repo.git("remote", "add", "origin", str(other.root))
        repo.write({".git/hooks/pre-push": f"#!/bin/sh\nexec {script}\n"})
        (repo.root / ".git/hooks/pre-push").chmod(0o755)
        command = ["git", "push", "origin", "HEAD:refs/heads/release"]

    done = subprocess.run(
        command, cwd=repo.root, env=runner.environment(), capture_output=True, text=True, check=False
    )

    assert done.returncode not in {0, 6}
    said = done.stdout if tool == "make" else done.stderr + done.stdout
    assert [line for line in said.splitlines() if line.startswith("gate release: not passed: ")], said
    assert "Traceback" not in done.stderr


@pytest.mark.in_process
def test_a_gate_asks_only_what_it_judges(repo: Repo, runner: Runner) -> None:
    """Translations come if they have to be fresh, and questions if they are counted."""
    gates = (
        "gates:\n"
        "  counted: {fresh: false, valid: false}\n"
        "  fresh: {valid: false}\n"
        "  asked: {fresh: false, valid: false, questions: 0}\n"
    )
    repo.commit({**files(1), ".l10n.yml": MANIFEST % {"authorize": "true"} + gates})
    runner.run(repo, "push")
    runner.translate()
    asked: dict[str, set[str]] = {}
    for name in ("counted", "fresh", "asked"):
        mark = runner.mark()
        runner.run(repo, "verify", "--gate", name, code=None)
        asked[name] = set(runner.requests_since(mark))

    assert asked["fresh"] - asked["counted"] == {"downloadMultipleFilesTranslations"}
    assert asked["asked"] - asked["counted"] == {"getProjectIssuesList"}
