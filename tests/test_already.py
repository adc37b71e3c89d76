"""Nothing is paid for twice: what the repository has translated, and what another branch has sent."""

from __future__ import annotations

import json

import pytest

from tests.manifests import GERMAN_ONLY, small_manifest
from tests.repositories import Repo
from tests.runner import Runner
from tests.test_push_pull import forget

pytestmark = pytest.mark.in_process

MANIFEST = small_manifest(
    "app",
    "branch: {default: main}",
    "job: {authorize: true}",
    locales=GERMAN_ONLY,
    resource=('fileUri: "{branch}/{path}"', 'directives: {source_key_paths: "{*}"}'),
)
ENGLISH = {"a": "Open the door", "b": "Close it again", "ok": "OK"}
GERMAN = {"a": "Die Tür öffnen", "b": "", "ok": "OK"}


def statuses(runner: Runner) -> list[str]:
    return [each["status"] for each in runner.control.view(runner.ident)["jobs"]]


def test_translations_of_the_repository_are_not_paid_for_unasked(repo: Repo, runner: Runner) -> None:
    """The first push of a translated project names `import`, and authorizes nothing without `--yes`."""
    repo.commit(
        {".l10n.yml": MANIFEST, "app/en/x.json": json.dumps(ENGLISH), "app/de/x.json": json.dumps(GERMAN)}
    )

    plan = runner.run(repo, "plan")
    refused = runner.run(repo, "push", code=8)

    assert "1 string × locales would be paid for although their translations are in app/de/x.json" in plan.out
    assert "`l10nsync import`" in plan.out
    assert "`l10nsync import`" in refused.err
    assert statuses(runner) == []

    runner.run(repo, "push", "--no-authorize")
    assert runner.run(repo, "import").out.startswith("Imported 1 string")
    runner.run(repo, "push")
    assert statuses(runner) == ["IN_PROGRESS"]


@pytest.mark.parametrize("cached", [True, False], ids=["cache", "no cache"])
@pytest.mark.parametrize("command", [("push", "--authorize"), ("job", "authorize")], ids=" ".join)
def test_what_waits_and_is_translated_here_is_not_paid_for_unasked(
    repo: Repo, runner: Runner, command: tuple[str, ...], cached: bool
) -> None:
    """Sent without authorization, it is named when that is asked for; an edit after the import is not."""
    repo.commit(
        {".l10n.yml": MANIFEST, "app/en/x.json": json.dumps(ENGLISH), "app/de/x.json": json.dumps(GERMAN)}
    )
    runner.run(repo, "push", "--no-authorize")
    if not cached:
        forget(repo)

    refused = runner.run(repo, *command, code=8)

    assert "would pay for 1 string × locales" in refused.err
    assert "`l10nsync import`" in refused.err
    assert statuses(runner) == ["AWAITING_AUTHORIZATION"]
    runner.run(repo, "import")
    repo.commit({"app/en/x.json": json.dumps({**ENGLISH, "a": "Open the window"})})
    runner.run(repo, "push", "--no-authorize")
    runner.run(repo, *command)
    assert statuses(runner) == ["IN_PROGRESS"]


def test_a_person_may_pay_for_what_waits(repo: Repo, runner: Runner) -> None:
    """`--yes` lets `job authorize` through, too."""
    repo.commit(
        {".l10n.yml": MANIFEST, "app/en/x.json": json.dumps(ENGLISH), "app/de/x.json": json.dumps(GERMAN)}
    )
    runner.run(repo, "push", "--no-authorize")

    runner.run(repo, "job", "authorize", "--yes")

    assert statuses(runner) == ["IN_PROGRESS"]


def test_a_person_may_pay_for_what_is_translated(repo: Repo, runner: Runner) -> None:
    """`--yes` lets it through."""
    repo.commit(
        {".l10n.yml": MANIFEST, "app/en/x.json": json.dumps(ENGLISH), "app/de/x.json": json.dumps(GERMAN)}
    )

    runner.run(repo, "push", "--yes")

    assert statuses(runner) == ["IN_PROGRESS"]


@pytest.mark.parametrize("cached", [True, False], ids=["cache", "no cache"])
def test_an_added_locale_that_is_translated_is_named(repo: Repo, runner: Runner, cached: bool) -> None:
    """Only its own target counts, not those of locales that were asked for before."""
    repo.commit({".l10n.yml": MANIFEST, "app/en/x.json": json.dumps(ENGLISH)})
    runner.run(repo, "push")
    added = MANIFEST.replace("{de-DE: de}", "{de-DE: de, fr-FR: fr}")
    repo.commit({".l10n.yml": added, "app/fr/x.json": json.dumps({"a": "Ouvrir", "b": "Fermer"})})
    if not cached:
        forget(repo)

    refused = runner.run(repo, "push", code=8)

    assert "would pay for 2 strings × locales" in refused.err
    assert "app/fr/x.json" in runner.run(repo, "plan").out


def test_an_edited_text_has_no_translation_yet(repo: Repo, runner: Runner) -> None:
    """What a target says of an earlier text stops no push: not on the default branch, not on another."""
    repo.commit({".l10n.yml": MANIFEST, "app/en/x.json": json.dumps(ENGLISH)})
    runner.run(repo, "push")
    runner.translate()
    runner.run(repo, "pull")
    repo.commit()
    repo.commit({"app/en/x.json": json.dumps({**ENGLISH, "a": "Open the window"})})
    assert "import" not in runner.run(repo, "push").out
    repo.git("checkout", "--quiet", "-b", "topic")
    repo.commit({"app/en/x.json": json.dumps({**ENGLISH, "a": "Open the gate"})})

    pushed = runner.run(repo, "push")

    assert "import" not in pushed.out
    assert "IN_PROGRESS" in statuses(runner)


@pytest.mark.parametrize("cached", [True, False], ids=["cache", "no cache"])
def test_the_words_of_a_plan_are_those_that_the_job_takes(repo: Repo, runner: Runner, cached: bool) -> None:
    """What a branch has had translated is not counted again after its merge, nor what a rename brings."""
    texts = {f"k{number}": f"Text number {number}" for number in range(8)}
    repo.commit({".l10n.yml": MANIFEST, "app/en/x.json": json.dumps(texts)})
    runner.run(repo, "push")
    repo.git("checkout", "--quiet", "-b", "topic")
    repo.git("mv", "app/en/x.json", "app/en/y.json")
    repo.commit(
        {
            "app/en/y.json": json.dumps({**texts, "k3": "Something else entirely"}),
            "app/en/n.json": '{"n": "A new one"}',
        }
    )
    if not cached:
        forget(repo)
    (job,) = json.loads(runner.run(repo, "plan", "--format", "json").out)["jobs"]
    assert (job["newWords"], job["wordsToTranslate"]) == (6, 6)
    assert "6 words × locales" in runner.run(repo, "plan").out
    runner.run(repo, "push")
    runner.translate()
    runner.run(repo, "pull")
    repo.commit()
    repo.git("checkout", "--quiet", "main")
    repo.git("merge", "--quiet", "--squash", "topic")
    repo.commit()
    if not cached:
        forget(repo)

    merged = json.loads(runner.run(repo, "plan", "--format", "json").out)["jobs"]

    assert sum(each["wordsToTranslate"] for each in merged) == 0
    runner.run(repo, "push")
