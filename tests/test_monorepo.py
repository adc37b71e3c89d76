"""Several projects and several manifests: one run, one report, and filters that do what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from l10nsync import layout, manifest
from l10nsync.app.repository import Repository, Settings, open_repository
from l10nsync.errors import ManifestError, UsageError
from l10nsync.layout import TrackedTree
from l10nsync.model import Manifest
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.runner import Runner


def package(project: str = "", extra: str = "", resource: str = "web") -> str:
    """Return the manifest of one package."""
    return f"""\
version: 1
sourceLocale: en-US
{project}
locales: {{de-DE: de}}
{extra}
resources:
  - name: {resource}
    source: en/*.json
    target: "{{locale}}/*.json"
"""


def source(text: str) -> str:
    return json.dumps({"title": text})


MONOREPO = {
    "shop/.l10n.yml": package(),
    "shop/en/a.json": source("Shop text"),
    "admin/.l10n.yml": package(),
    "admin/en/a.json": source("Admin text"),
}


def opened(repo: Repo, *names: str, folder: str = ".", **settings: Any) -> Repository:
    return open_repository(
        Settings(repo.root / folder, manifests=names, **settings),
        {"SMARTLING_PROJECT_ID": "p1"},
    )


def paths(repo: Repo, *names: str, folder: str = ".", **settings: Any) -> list[str]:
    return [each.path for each in opened(repo, *names, folder=folder, **settings).sources]


def test_two_manifests_are_one_push_and_one_pull(repo: Repo, runner: Runner) -> None:
    """Packages that share a project fill one job with one list request; then there is nothing left to do."""
    repo.commit(MONOREPO)

    mark = runner.mark()
    pushed = runner.run(repo, "push", "--authorize")
    operations = runner.requests_since(mark)
    assert pushed.out.startswith("Sent 2 files.")
    assert operations.count("addJob") == 1
    assert operations.count("getProjectDetails") == 1
    runner.translate()
    assert runner.run(repo, "pull").out.startswith("Wrote 2 files.")
    assert json.loads(repo.read("admin/de/a.json"))["title"].endswith("(de-DE)")
    repo.commit()
    for command in ("push", "pull"):
        assert runner.run(repo, command).out.startswith("No changes")
    assert runner.run(repo, "push", "-f", "shop/.l10n.yml").out.startswith("No changes")


def test_two_projects_with_credentials_of_their_own(repo: Repo, runner: Runner) -> None:
    """Each project is reached with its own credentials; the report says which file and job is whose."""
    first = runner.ident
    second = runner.control.project(("de-DE",))
    runner.environ = {
        "SMARTLING_MARKETING_USER_IDENTIFIER": runner.environment()["SMARTLING_USER_IDENTIFIER"],
        "SMARTLING_MARKETING_USER_SECRET": runner.environment()["SMARTLING_USER_SECRET"],
        "SMARTLING_MARKETING_PROJECT_ID": second,
    }
    repo.commit({**MONOREPO, "admin/.l10n.yml": package("credentials: MARKETING")})

    pushed = runner.run(repo, "push")

    assert "shop/default:\n  + shop/en/a.json" in pushed.out
    assert "admin/default:\n  + admin/en/a.json" in pushed.out
    assert 'Job "repo main" of admin/default' in pushed.out
    assert list(runner.control.view(first)["files"]) == ["shop/en/a.json"]
    assert list(runner.control.view(second)["files"]) == ["admin/en/a.json"]
    page = runner.run(repo, "plan", "--pull", "--format", "markdown").out
    assert page.startswith("### No changes")
    data = json.loads(runner.run(repo, "push", "--dry-run", "--format", "json").out)
    assert {(each["project"], each["resource"]) for each in data["plan"]["changes"]} == {
        ("shop/default", "shop/web"),
        ("admin/default", "admin/web"),
    }

    # Without the credentials of one project, the other can still be worked on, and only that.
    runner.environ = {"SMARTLING_MARKETING_PROJECT_ID": second}
    assert "SMARTLING_MARKETING_USER_IDENTIFIER" in runner.run(repo, "push", code=4).err
    assert runner.run(repo, "push", "--project", "shop/default").out.startswith("No changes")


def test_a_project_that_fails_is_named_and_the_others_are_not_hidden(repo: Repo, runner: Runner) -> None:
    """One that cannot be read ends the run before anything is changed; one that takes no file ends itself."""
    first, second = runner.ident, runner.control.project(("de-DE",))
    admin = package(f"project: {second}")
    repo.commit({**MONOREPO, "admin/.l10n.yml": admin})
    runner.control.fault("status", operation="getRecentlyUploaded*", status=403, count=0, project=second)
    runner.control.fault("status", operation="getProjectDetails", status=403, count=0, project=second)

    failed = runner.run(repo, "push", code=4)

    assert "error: project 'admin/default': " in failed.err
    assert "Nothing was changed; --project selects one project without the others." in failed.err
    assert runner.control.view(first)["files"] == {}
    alone = runner.run(repo, "push", "--project", "admin/default", code=4)
    assert "project 'admin/default'" not in alone.err
    runner.control.clear_faults(second)
    runner.control.fault("status", operation="createJobBatchV2", status=400, count=0, project=second)

    partial = runner.run(repo, "push", "--format", "json", code=7)

    results = {each["change"]["project"]: each["status"] for each in json.loads(partial.out)["results"]}
    assert results == {"shop/default": "done", "admin/default": "failed"}
    told = runner.run(repo, "push", code=7)
    assert told.out.startswith("Sent 0 of 1 file, 1 failed.")
    assert "error: admin/en/a.json: " in told.out
    assert 'error: job "repo main" of admin/default: ' in told.out or "of admin/default" in told.out
    runner.control.clear_faults(second)
    assert runner.run(repo, "push").out.startswith("Sent 1 file.")


def test_manifests_are_found_above_then_below(repo: Repo) -> None:
    """The nearest manifest above counts alone; without one, all below do; -f takes names and globs."""
    repo.commit({**MONOREPO, "untracked-soon/x": ""})
    assert paths(repo) == ["admin/en/a.json", "shop/en/a.json"]
    assert paths(repo, folder="shop") == ["shop/en/a.json"]
    assert paths(repo, "shop/.l10n.yml") == ["shop/en/a.json"]
    assert paths(repo, "*/.l10n.yml") == ["admin/en/a.json", "shop/en/a.json"]
    assert paths(repo, "shop/.l10n.yml", "shop/.l10n.yml") == ["shop/en/a.json"]
    with pytest.raises(UsageError, match="no manifest at none"):
        paths(repo, "none/*.yml")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"resources": ("web",)}, ["admin/en/a.json", "shop/en/a.json"]),
        ({"resources": ("shop/web",)}, ["shop/en/a.json"]),
        ({"resources": ("sh*",)}, ["shop/en/a.json"]),
        ({"project": "default"}, ["admin/en/a.json", "shop/en/a.json"]),
    ],
)
def test_filters_take_the_plain_and_the_full_name(
    repo: Repo, filters: dict[str, Any], expected: list[str]
) -> None:
    """A resource is known by the name in its manifest and by the one with its folder."""
    repo.commit(MONOREPO)
    assert paths(repo, **filters) == expected
    with pytest.raises(UsageError, match="no resource 'shop'"):
        paths(repo, resources=("shop",))


def test_filters_limit_what_is_written(repo: Repo, runner: Runner) -> None:
    """A pull of one locale and one resource writes these targets alone, and spoils no later pull."""
    both = MONOREPO["shop/.l10n.yml"].replace("{de-DE: de}", "{de-DE: de, fr-FR: fr}")
    repo.commit({**MONOREPO, "shop/.l10n.yml": both})
    runner.run(repo, "push", "--authorize")
    runner.translate()

    assert runner.run(repo, "pull", "-r", "shop/web", "-l", "fr-FR").out.startswith("Wrote 1 file.")
    assert repo.git("status", "--short", "--untracked-files=all").split() == ["??", "shop/fr/a.json"]
    assert runner.run(repo, "pull", "-r", "admin/*").out.startswith("Wrote 1 file.")
    assert runner.run(repo, "pull").out.startswith("Wrote 1 file.")
    assert (repo.root / "shop/de/a.json").is_file()


def loaded(folder: str, text: str) -> Manifest:
    return manifest.load(
        text.encode(),
        file=f"{folder}/.l10n.yml".lstrip("/"),
        folder=folder,
        environ={"SMARTLING_PROJECT_ID": "p1"},
    )


def codes(*manifests: Manifest, files: list[str]) -> list[str]:
    whole = layout.join_manifests(manifests)
    return [each.code for each in layout.lay_out(whole, TrackedTree(sorted(files))).diagnostics]


def test_manifests_that_get_into_each_others_way_are_refused() -> None:
    """One fileUri, one target, or one's target as the other's source: an error that names both sides."""
    wide = package().replace("en/*.json", "sub/en/*.json").replace('"{locale}', '"sub/{locale}')
    inner, outer = loaded("sub", package()), loaded("", wide)
    assert codes(inner, outer, files=["sub/en/a.json"]) == ["E207", "E204"]
    other = loaded("other", package())
    assert codes(inner, other, files=["sub/en/a.json", "other/en/a.json"]) == []
    reader = loaded("", package().replace("en/*.json", "sub/de/*.json").replace('"{locale}', '"x/{locale}'))
    assert codes(inner, reader, files=["sub/en/a.json", "sub/de/a.json"]) == ["E205"]
    found = layout.lay_out(layout.join_manifests([inner, outer]), TrackedTree(["sub/en/a.json"])).diagnostics
    assert {(each.file, each.related[0].file) for each in found} == {(".l10n.yml", "sub/.l10n.yml")}


def test_projects_are_joined_by_what_they_are() -> None:
    """The same id with the same credentials is one project; one name for two projects becomes two names."""
    same = layout.join_manifests([loaded("a", package("project: x1")), loaded("b", package("project: x1"))])
    assert {name: each.id for name, each in same.projects.items()} == {"default": "x1"}
    two = layout.join_manifests([loaded("a", package("project: x1")), loaded("b", package("project: x2"))])
    assert {name: each.id for name, each in two.projects.items()} == {"a/default": "x1", "b/default": "x2"}
    assert [each.project for each in two.resources] == ["a/default", "b/default"]


def test_the_problems_of_all_manifests_are_told_at_once(repo: Repo, tmp_path: Path) -> None:
    """Two broken manifests give the errors of both, each with its file."""
    broken = package().replace("sourceLocale", "sourceLocal")
    repo.commit({**MONOREPO, "shop/.l10n.yml": broken, "admin/.l10n.yml": broken})
    with pytest.raises(ManifestError) as raised:
        opened(repo)
    assert {each.file for each in raised.value.diagnostics} == {"shop/.l10n.yml", "admin/.l10n.yml"}


def test_manifests_agree_on_the_default_branch(repo: Repo) -> None:
    """A run has one default branch."""
    repo.commit({**MONOREPO, "shop/.l10n.yml": package(extra="branch: {default: trunk}")})
    with pytest.raises(UsageError, match="trunk"):
        opened(repo)


def test_a_path_is_explained_by_the_manifest_that_knows_it(repo: Repo, runner: Runner) -> None:
    """`explain` and `check` work over all manifests."""
    repo.commit(MONOREPO)
    assert "a source of `admin/web`" in runner.run(repo, "explain", "admin/en/a.json").out
    assert runner.run(repo, "check").out.startswith("admin/.l10n.yml, shop/.l10n.yml: valid (2 sources")
    plan = runner.run(repo, "plan", "--offline", "--base", "HEAD").out
    assert plan.startswith("No changes"), plan


TWO = """\
version: 1
sourceLocale: en-US
locales: {de-DE: de, fr-FR: fr}
projects: {docs: {id: SECOND, job: {name: "{repo} docs"}}}
resources:
  - {name: web, source: web/en/*.json, target: "web/{locale}/*.json"}
  - {name: docs, project: docs, source: docs/en/*.json, target: "docs/{locale}/*.json"}
"""


def test_every_command_is_limited_to_what_the_filters_say(repo: Repo, in_process: InProcess) -> None:
    """By resource, project and locale: nothing else is shown, and no other project is asked."""
    runner = in_process
    first, second = runner.ident, runner.control.project(("de-DE", "fr-FR"))
    repo.commit({".l10n.yml": TWO.replace("SECOND", second)})
    for name in ("web", "docs"):
        repo.commit({f"{name}/en/a.json": source(f"Text of {name}"), f"{name}/en/old.json": source(name)})
    runner.run(repo, "push", "--authorize")
    runner.control.translate(first)
    runner.control.translate(second)
    repo.commit({f"{name}/{to}/a.json": source("Alt") for name in ("web", "docs") for to in ("de", "fr")})
    repo.git("rm", "--quiet", "web/en/old.json", "docs/en/old.json")
    repo.commit({f"{name}/en/a.json": source(f"Newer text of {name}") for name in ("web", "docs")})
    commands = (
        ("plan",), ("plan", "--pull"), ("push", "--dry-run"), ("pull", "--dry-run"), ("status",),
        ("import", "--dry-run"), ("verify",), ("list",), ("prune",), ("job", "list", "--all"),
    )  # fmt: skip
    for flags, wanted, other in (
        (("-r", "w*"), "web", "docs"),
        (("--project", "docs"), "docs", "web"),
    ):
        for command in commands:
            mark = runner.mark()
            shown = runner.run(repo, *command, *flags, code=None).out
            asked = " ".join(each["path"] for each in runner.control.requests(mark))
            assert f"{other}/" not in shown, (command, flags, shown)
            assert wanted in shown or command[0] == "job", (command, flags, shown)
            assert (first if wanted == "docs" else second) not in asked, (command, flags)
    for command in commands:
        shown = runner.run(repo, *command, "-l", "de-DE", code=None).out
        assert "/fr/" not in shown, (command, shown)
        assert "fr-FR" not in shown or command[0] == "job", (command, shown)
