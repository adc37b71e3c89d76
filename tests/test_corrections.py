"""Translations that are put right in the repository: a pull keeps them, and takes what else is new."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest

from l10nsync.model import Edition, Translated
from l10nsync.plan.corrections import (
    Changed,
    CorrectionEvidence,
    TextBySpot,
    brought,
    judge,
    packed,
    unpacked,
)
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.runner import Runner
from tests.test_pull import clone, strings, translated
from tests.test_push_pull import MANIFEST, forget

SPOT = ("", "a", "", 0)
T1, T2, T3 = "2026-01-01T00:00:00", "2026-01-02T00:00:00", "2026-01-03T00:00:00"


def texts(text: str) -> TextBySpot:
    return {SPOT: text} if text else {}


def who(
    here: str,
    there: str,
    editions: tuple[Edition, ...] = (),
    remembered: str = "",
    published: str = "",
    changed: str = "",
) -> Changed:
    """Return who changed a string; the blob id of an edition is its text."""
    evidence = CorrectionEvidence(
        local=texts(here),
        delivered=texts(there),
        remembered=unpacked(packed(texts(remembered))),
        sources=lambda: frozenset({"Save"}),
        editions=lambda: editions,
        deepen=lambda: None,
        texts=texts,
        published=published,
        since=T1,
        translations=lambda: (Translated(("a",), there, changed),) if changed else (),
    )
    return judge([SPOT], evidence)[SPOT]


PULL = Edition(T1, "old", (), pulled=True, marked=True)
HAND = Edition(T2, "mine", ("old",))


@pytest.mark.parametrize(
    ("here", "there", "remembered", "expected"),
    [
        ("old", "new", "old", Changed.SERVICE),
        ("mine", "old", "old", Changed.HERE),
        ("mine", "new", "old", Changed.BOTH),
    ],
)
def test_what_the_last_pull_found_tells_who_changed_a_string(
    here: str, there: str, remembered: str, expected: Changed
) -> None:
    """Three versions are enough, where the cache has the third."""
    assert who(here, there, (HAND, Edition(T1, "old")), remembered) is expected


@pytest.mark.parametrize(
    ("here", "there", "editions", "expected"),
    [
        ("old", "new", (PULL,), Changed.SERVICE),
        ("mine", "old", (HAND, PULL), Changed.HERE),
        ("mine", "new", (HAND, PULL), Changed.BOTH),
        # A later pull that wrote other strings of the file, and kept this one, did not make its text.
        ("mine", "old", (Edition(T3, "mine", ("mine",), pulled=True, marked=True), HAND, PULL), Changed.HERE),
        # A merge of two branches did not make it either.
        ("old", "new", (Edition(T3, "old", ("mine", "old")), PULL), Changed.SERVICE),
    ],
)
def test_without_a_cache_the_commits_of_pulls_tell(
    here: str, there: str, editions: tuple[Edition, ...], expected: Changed
) -> None:
    """The text's own commit decides, not the newest one."""
    assert who(here, there, editions) is expected


def test_what_another_clone_pulled_is_no_conflict() -> None:
    """The cache here is older than the text; the commit says that a pull brought it."""
    assert who("old", "new", (PULL,), remembered="older") is Changed.SERVICE


@pytest.mark.parametrize(
    ("published", "changed", "expected"),
    [
        (T1, "", Changed.HERE),  # nothing was published since the commit
        (T3, T3, Changed.SERVICE),
        (T3, T1, Changed.HERE),  # another string of the file was
        (T3, "", Changed.SERVICE),  # it does not say which
    ],
)
def test_where_no_commit_is_known_to_be_a_pulls_the_later_one_counts(
    published: str, changed: str, expected: Changed
) -> None:
    """The service's date of the translation is held against the commit that brought the text in."""
    squashed = Edition(T2, "mine", ("older",), marked=True)

    assert who("mine", "new", (squashed,), published=published, changed=changed) is expected


TOLD = Edition(T2, "mine", ("old",), marked=True, brought=brought({}, texts("there")))


@pytest.mark.parametrize(
    ("there", "editions", "expected"),
    [
        # A squash of a pull with a correction tells the pull's strings: the other text is a person's.
        ("newest", (TOLD, PULL), Changed.BOTH),
        ("there", (TOLD, PULL), Changed.HERE),
        # A pull that was rebased is no longer what its digest says, and its strings are still the TMS's.
        ("new", (replace(TOLD, brought=brought({}, texts("mine"))), PULL), Changed.SERVICE),
    ],
)
def test_a_squashed_pull_tells_its_strings(
    there: str, editions: tuple[Edition, ...], expected: Changed
) -> None:
    """Whoever changed what in one commit, its trailer tells the texts apart."""
    assert who("mine", there, editions, published=T3, changed=T3) is expected


def test_source_text_that_was_committed_is_nobodys_correction() -> None:
    """A pull writes it where nothing is translated yet."""
    assert who("Save", "Sichern", (Edition(T2, "Save"),), published=T1) is Changed.SERVICE


def test_what_is_remembered_holds_no_text() -> None:
    """And anything that is not of its form counts as nothing."""
    kept = packed({SPOT: "Sichern"})

    assert "Sichern" not in kept
    assert len(unpacked(kept)) == 1
    assert unpacked("no base64!") == {}


SOURCE = {"src/en/f0.json": json.dumps({"a": "Save the file", "b": "Open the file", "c": "Close it"})}


@pytest.fixture
def project(repo: Repo) -> Repo:
    """Give a repository with a manifest."""
    repo.write({".l10n.yml": MANIFEST % {"authorize": "true"}})
    return repo


def published(runner: Runner, path: str = "src/en/f0.json", **given: str) -> None:
    """Publish German texts, after a while."""
    runner.control.advance(5)
    runner.translate({"de-DE": 100}, how={"texts": given}, fileUris=[path], again=True)
    runner.control.advance(5)


@pytest.mark.parametrize("cached", [True, False])
def test_a_correction_outlives_pulls_and_what_else_is_published_arrives(
    in_process: InProcess, project: Repo, cached: bool
) -> None:
    """String by string; it is named each time, and the same pull again writes nothing."""
    translated(project, in_process, SOURCE)
    before = strings(project, "src/de/f0.json")
    project.commit({"src/de/f0.json": json.dumps({**before, "a": "Von Hand"})}, "Fix")
    published(in_process, a=before["a"], b="Neu", c=before["c"])
    if not cached:
        forget(project)
        # Real time has passed between pull and correction; the fixed dates of the tests know none.
        project.git("commit", "--quiet", "--amend", "--no-edit", "--date=2099-01-01T00:00:00Z")
    done = in_process.run(project, "pull", "--format", "json")
    again = in_process.run(project, "pull")

    assert strings(project, "src/de/f0.json") == {**before, "a": "Von Hand", "b": "Neu"}
    (change,) = [one for one in json.loads(done.out)["plan"]["changes"] if one.get("corrected")]
    assert change["corrected"] == ["a"]
    assert "corrected here (a" in again.out
    assert again.out.startswith("No changes")


def test_a_conflict_is_named_and_the_manifest_decides(in_process: InProcess, project: Repo) -> None:
    """`keep`, the default, keeps the repository's text; `service` takes the other one."""
    translated(project, in_process, SOURCE)
    before = strings(project, "src/de/f0.json")
    project.commit({"src/de/f0.json": json.dumps({**before, "a": "Von Hand"})})
    published(in_process, a="Vom TMS", b=before["b"], c=before["c"])

    kept = in_process.run(project, "pull")
    manifest = project.read(".l10n.yml").decode()
    project.commit({".l10n.yml": f"{manifest}defaults:\n  pull: {{corrections: service}}\n"})
    taken = in_process.run(project, "pull")

    assert "changed here and on the TMS (a): the text here is kept" in kept.out
    assert "changed here and on the TMS (a): the TMS's text is used" in taken.out
    assert strings(project, "src/de/f0.json")["a"] == "Vom TMS"


def test_a_clone_asks_only_where_texts_differ(in_process: InProcess, project: Repo) -> None:
    """One request for one target, however many there are."""
    translated(project, in_process, SOURCE | {"src/en/f1.json": '{"t": "Title"}'})
    before = strings(project, "src/de/f0.json")
    published(in_process, a="Vom TMS", b=before["b"], c=before["c"])
    fresh = clone(project, "fresh")
    mark = in_process.mark()

    in_process.run(fresh, "pull")

    assert strings(fresh, "src/de/f0.json")["a"] == "Vom TMS"
    assert Counter(in_process.requests_since(mark))["getAllTranslationsByProjectPost"] == 1


def test_what_differs_at_first_is_listed_with_both_ways_out_once(in_process: InProcess, repo: Repo) -> None:
    """Whose text it is nobody knows yet: a line for each file, and what can be done for all of them."""
    docs = "  - {name: docs, source: src/en/*.md, target: 'src/{locale}/*.md'}\n"
    sources = {f"src/en/{name}.properties": f"{name}=Save\nopen{name}=Open\n" for name in "ab"}
    here = {f"src/de/{name}.properties": f"{name}=Sichern\nopen{name}=Auf\n" for name in "ab"}
    repo.commit({".l10n.yml": YAML + docs, **sources, "src/en/c.md": "One text\n"})
    in_process.run(repo, "push")
    in_process.translate()
    repo.commit({**here, "src/de/c.md": "Ein Text\n"})
    repo.git("commit", "--quiet", "--amend", "--no-edit", "--date=2099-01-01T00:00:00Z")

    done = in_process.run(repo, "pull")

    assert repo.read("src/de/a.properties").decode() == here["src/de/a.properties"]
    assert done.out.count("2 strings corrected here") == 2
    assert done.out.count("push --corrections") == 1
    assert "notice: 4 strings differ from the TMS and stay: `push --corrections` sends them" in done.out
    assert "notice: src/de/c.md stays unchanged, but markdown cannot be imported to the TMS" in done.out


def test_force_takes_the_services_text(in_process: InProcess, project: Repo) -> None:
    """That is one of the two ways out that the message names."""
    translated(project, in_process, SOURCE)
    before = strings(project, "src/de/f0.json")
    project.commit({"src/de/f0.json": json.dumps({**before, "a": "Von Hand"})})

    in_process.run(project, "pull", "--force")

    assert strings(project, "src/de/f0.json") == before


YAML = "version: 1\nsourceLocale: en-US\nlocales: {de-DE: de}\njob: {authorize: true}\nresources:\n"
YAML += "  - {name: web, source: src/en/*.properties, target: 'src/{locale}/*.properties'}\n"


def test_corrections_go_to_the_tms_and_nothing_else_does(in_process: InProcess, repo: Repo) -> None:
    """Shown as old and new, sent with --yes; afterwards a pull changes nothing, in a fresh clone too."""
    translated(repo, in_process, {".l10n.yml": YAML, "src/en/a.properties": "a=Save the file\nb=Open {0}\n"})
    before = repo.read("src/de/a.properties").decode()
    fixed = before.splitlines()[0].partition("=")[0] + "=Von Hand\n" + before.partition("\n")[2]
    repo.commit({"src/de/a.properties": fixed})

    refused = in_process.run(repo, "push", "--corrections", code=8)
    assert "→ Von Hand" in refused.out
    mark = in_process.mark()
    assert in_process.run(repo, "push", "--corrections", "--yes").out.startswith("Imported 1 string")
    assert Counter(in_process.requests_since(mark))["importFileTranslations"] == 1

    assert in_process.run(repo, "pull").out.startswith("No changes")
    fresh = clone(repo, "fresh")
    assert in_process.run(fresh, "pull").out.startswith("No changes")
    assert fresh.read("src/de/a.properties").decode() == fixed
    assert in_process.run(repo, "push", "--corrections").out.startswith("No changes")


def test_what_was_sent_is_remembered_although_a_pull_would_write_the_file(
    in_process: InProcess, repo: Repo
) -> None:
    """The cache was lost, and other strings were published: a later text of what was sent arrives too."""
    source, target = "src/en/a.properties", "src/de/a.properties"
    repo.commit({".l10n.yml": YAML, source: "a=Save the file\nb=Close it\n"})
    in_process.run(repo, "push")
    published(in_process, source, a="Sichern", b="Zu")
    trailer = in_process.run(repo, "pull").out.partition("commit trailer: ")[2]
    repo.commit(message=f"Translations\n\n{trailer}")
    repo.commit({target: "a=Von Hand\nb=Zu\n"}, "Fix")
    forget(repo)
    published(in_process, source, a="Sichern", b="Neu")

    in_process.run(repo, "push", "--corrections", "--yes")
    published(in_process, source, a="Besser", b="Neu")
    in_process.run(repo, "pull")

    assert repo.read(target).decode() == "a=Besser\nb=Neu\n"


def test_a_correction_that_loses_a_placeholder_is_not_sent(in_process: InProcess, repo: Repo) -> None:
    """It is refused here, before the service sees it."""
    translated(repo, in_process, {".l10n.yml": YAML, "src/en/a.properties": "a=Open {0}\n"})
    repo.commit({"src/de/a.properties": "a=Von Hand\n"})
    mark = in_process.mark()

    assert "placeholder" in in_process.run(repo, "push", "--corrections", "--yes", code=7).out
    assert not Counter(in_process.requests_since(mark))["importFileTranslations"]


@pytest.mark.parametrize("trouble", ["not delivered", "does not fit"])
def test_what_was_sent_is_remembered_although_a_pull_could_write_nothing(
    in_process: InProcess, repo: Repo, trouble: str
) -> None:
    """A download that failed or a text that is held back changes nothing: the next good text arrives."""
    source, target = "src/en/a.properties", "src/de/a.properties"
    repo.commit({".l10n.yml": YAML, source: "a=Open {0}\nb=Close it\n"})
    in_process.run(repo, "push")
    published(in_process, source, a="Auf {0}", b="Zu")
    in_process.run(repo, "pull")
    repo.commit()
    repo.commit({target: "a=Von Hand {0}\nb=Zu\n"}, "Fix")
    repo.git("commit", "--quiet", "--amend", "--no-edit", "--date=2099-01-01T00:00:00Z")
    in_process.run(repo, "push", "--corrections", "--yes")

    if trouble == "not delivered":
        in_process.control.fault("html", operation="download*", project=in_process.ident, count=0)
    else:
        published(in_process, source, a="Ohne", b="Zu")
    failed = in_process.run(repo, "pull", code=7)
    in_process.control.clear_faults(in_process.ident)
    published(in_process, source, a="Besser {0}", b="Zu")
    in_process.run(repo, "pull")

    assert "changed here" not in failed.out
    assert repo.read(target).decode() == "a=Besser {0}\nb=Zu\n"


@pytest.mark.parametrize("cached", [True, False])
def test_a_correction_of_a_text_that_is_held_back_goes_to_the_tms(
    in_process: InProcess, repo: Repo, cached: bool
) -> None:
    """A translator lost the placeholder, and somebody here has put it back."""
    source, target = "src/en/a.properties", "src/de/a.properties"
    repo.commit({".l10n.yml": YAML, source: "a=Open {0}\nb=Close it\n"})
    in_process.run(repo, "push")
    published(in_process, source, a="Ohne", b="Zu")
    in_process.run(repo, "pull", code=7)
    repo.commit()
    assert repo.read(target).decode() == "a=Open {0}\nb=Zu\n"
    repo.commit({target: "a=Von Hand {0}\nb=Zu\n"}, "Fix")
    repo.git("commit", "--quiet", "--amend", "--no-edit", "--date=2099-01-01T00:00:00Z")
    if not cached:
        forget(repo)

    pulled = in_process.run(repo, "pull", code=7)
    sent = in_process.run(repo, "push", "--corrections", "--yes")

    assert "string differs from the TMS and stays: `push --corrections` sends it" in pulled.out
    assert "Ohne → Von Hand {0}" in sent.out
    assert in_process.run(repo, "pull").out.startswith("No changes")
