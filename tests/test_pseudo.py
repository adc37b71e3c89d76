"""`l10nsync pseudo`: pseudo-localized targets from committed sources, through the real command line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from l10nsync import formats
from l10nsync.model import Source, Target
from l10nsync.plan import Action, LocalTarget, Reason, TargetChange
from l10nsync.plan.pseudo import PseudoFacts, plan_pseudo
from tests.command_line import CommandLine
from tests.formats.samples import FILES as FILES_BY_TYPE
from tests.manifests import small_manifest
from tests.repositories import Repo

MANIFEST = (
    small_manifest("web", source_locale="en")
    + """\
  - name: server
    source: config/en.yml
    target: config/{locale}.yml
"""
)
FILES = {
    ".l10n.yml": MANIFEST,
    "web/en/app.json": '{\n    "hello": "Hello, {name}!",\n    "empty": ""\n}\n',
    "config/en.yml": "en:\n  title: Good morning\n",
}


@pytest.fixture
def call(repo: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Give the command line in a repository with sources, with a network that leads nowhere."""
    monkeypatch.setenv("SMARTLING_API_URL", "http://127.0.0.1:9")
    repo.commit(FILES)
    return CommandLine(repo, capsys)


def texts(repo: Repo, path: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(repo.read(path))
    return found


def test_every_target_is_written_without_a_service(repo: Repo, call: CommandLine) -> None:
    """Texts are accented and longer, placeholders stay, and a second run has nothing to do."""
    done = call("pseudo")

    assert done.out.startswith("Wrote 4 files.")
    made = texts(repo, "web/de/app.json")
    assert made["hello"].startswith("Hélló".replace("ó", "ö"))
    assert "{name}" in made["hello"]
    assert len(made["hello"]) > len("Hello, {name}!")
    assert made["empty"] == ""
    assert call("pseudo").out.startswith("No changes: targets are pseudo-localized.")


def test_a_target_looks_like_its_source(repo: Repo, call: CommandLine) -> None:
    """Layout is the source's, and a YAML root key is the local name."""
    call("pseudo")

    assert repo.read("web/fr/app.json").startswith(b'{\n    "hello": "')
    assert repo.read("config/fr.yml").startswith("fr:\n  title: Göö".encode())


def test_a_target_keeps_the_layout_it_has(repo: Repo, call: CommandLine) -> None:
    """A committed target is overwritten in its own style; a root key becomes the local name."""
    repo.commit(
        {
            "web/de/app.json": '{\r\n  "hello": "Hallo, {name}!",\r\n  "empty": ""\r\n}\r\n',
            "config/de.yml": "de-AT:\n  title: 'Guten Morgen'\n",
        }
    )

    assert call("pseudo", "-l", "de-DE").out.startswith("Wrote 2 files.")

    assert repo.read("web/de/app.json").startswith(b'{\r\n  "hello": "H')
    assert repo.read("config/de.yml").startswith("de:\n  title: 'Göö".encode())
    assert not (repo.root / "web/fr").exists()


def test_only_what_is_asked_for(repo: Repo, call: CommandLine) -> None:
    """Filters leave the rest alone; one that names nothing is an error."""
    call("pseudo", "-r", "web", "-l", "fr-FR")

    assert repo.git("status", "--porcelain", "-uall").split() == ["??", "web/fr/app.json"]
    assert "no resource" in call("pseudo", "-r", "wbe", code=2).err


def test_the_committed_source_counts(repo: Repo, call: CommandLine) -> None:
    """An edit that is not committed is named and not used."""
    repo.write({"web/en/app.json": '{"hello": "zzz"}'})

    done = call("pseudo")

    assert set(texts(repo, "web/de/app.json")) == {"hello", "empty"}
    assert "web/en/app.json: uncommitted changes are not used" in done.out


def test_a_source_that_was_never_committed_is_left_out(repo: Repo, call: CommandLine) -> None:
    """It may be staged, but HEAD does not hold it."""
    repo.write({"web/en/new.json": '{"a": "b"}'})
    repo.git("add", "--all")

    assert "2 targets not committed" in call("pseudo").out
    assert not (repo.root / "web/de/new.json").exists()


@pytest.mark.parametrize("committed", [True, False])
def test_uncommitted_edits_are_kept(repo: Repo, call: CommandLine, committed: bool) -> None:
    """Neither a changed nor an untracked file is overwritten without --force; the others are written."""
    mine = '{"hello": "mine", "empty": ""}'
    if committed:
        repo.commit({"web/de/app.json": "{}"})
    repo.write({"web/de/app.json": mine})

    done = call("pseudo", code=8)

    assert done.out.startswith("Wrote 3 files, 1 blocked.")
    assert "--force" in done.out
    assert repo.read("web/de/app.json") == mine.encode()
    assert call("pseudo", code=8).out.startswith("Nothing to pseudo-localize. 1 blocked.")
    call("pseudo", "--force")
    assert "mine" not in repo.read("web/de/app.json").decode()


def test_a_dry_run_writes_nothing(repo: Repo, call: CommandLine) -> None:
    """It shows what would be written."""
    done = call("pseudo", "--dry-run")

    assert done.out.startswith("Plan: 4 pseudo-localized targets to write.")
    assert "web/de/app.json" in done.out
    assert repo.git("status", "--porcelain") == ""


def test_texts_grow_as_asked(repo: Repo, call: CommandLine) -> None:
    """With 0 they keep their length; more than 100 percent is refused."""
    call("pseudo", "--inflation", "0", "--into", "none")
    call("pseudo", "--inflation", "100", "--into", "double")

    assert len(texts(repo, "none/web/de/app.json")["hello"]) == len("Hello, {name}!")
    assert len(texts(repo, "double/web/de/app.json")["hello"]) > len("Hello, {name}!") + 5
    call("pseudo", "--inflation", "101", code=2)


def test_another_folder_takes_the_place_of_the_repository(
    repo: Repo, call: CommandLine, tmp_path: Path
) -> None:
    """The repository stays as it is, whatever it holds; what lies in the folder is not overwritten."""
    repo.write({"web/de/app.json": "mine"})
    into = tmp_path / "out" / "deep"

    assert call("pseudo", "--into", str(into)).out.startswith("Wrote 4 files.")

    assert repo.read("web/de/app.json") == b"mine"
    assert (into / "config/fr.yml").read_text("utf-8").startswith("fr:")
    (into / "config/fr.yml").write_text("fr: {}\n", "utf-8")
    call("pseudo", "--into", str(into), code=8)
    assert (into / "config/fr.yml").read_text("utf-8") == "fr: {}\n"
    call("pseudo", "--into", str(into), "--force")
    assert "title" in (into / "config/fr.yml").read_text("utf-8")


def test_the_repository_by_another_name_is_protected_too(repo: Repo, call: CommandLine) -> None:
    """`--into .` is the repository: committed files are overwritten, edits are not."""
    repo.commit({"web/de/app.json": '{"hello": "Hallo, {name}!", "empty": ""}'})
    repo.write({"web/fr/app.json": "mine"})

    call("pseudo", "-r", "web", "--into", ".", code=8)

    assert texts(repo, "web/de/app.json")["hello"] != "Hallo, {name}!"
    assert repo.read("web/fr/app.json") == b"mine"


@pytest.mark.parametrize("into", [".git/x", "web/en/app.json"])
def test_no_place_to_write(call: CommandLine, into: str) -> None:
    """Git's own folder and a file are refused."""
    assert "--into" in call("pseudo", "--into", into, code=2).err


def test_what_cannot_be_pseudo_localized_is_left_out_with_a_reason(repo: Repo, call: CommandLine) -> None:
    """Copies of the source, files for all locales, and types without strings of their own."""
    repo.commit(
        {
            ".l10n.yml": """\
version: 1
sourceLocale: en
locales: {de-DE: de}
resources:
  - name: copied
    source: a/en.json
    target: a/{locale}.json
    copies: [en-GB]
  - name: catalog
    source: b/App.xcstrings
    target: b/{locale}/App.xcstrings
  - name: picture
    source: c/en.png
    target: c/{locale}.png
""",
            "a/en.json": '{"a": "word"}',
            "b/App.xcstrings": '{"sourceLanguage": "en", "strings": {}, "version": "1.0"}',
            "c/en.png": b"\x89PNG",
        }
    )

    done = call("pseudo")

    assert done.out.startswith("Wrote 1 file")
    for reason in ("a copy of the source", "one file for all locales", "no text that can be changed"):
        assert f"1 target left out: {reason}" in done.out


def test_a_source_that_does_not_parse_is_held_back(repo: Repo, call: CommandLine) -> None:
    """The others are written, and the exit code says that the work is partial."""
    repo.commit({"web/en/bad.json": '{"a": '})

    done = call("pseudo", code=7)

    assert done.out.startswith("Wrote 4 files, 2 held back.")
    assert "web/en/bad.json" in done.out
    assert not (repo.root / "web/de/bad.json").exists()


def test_a_link_is_not_followed(repo: Repo, call: CommandLine, tmp_path: Path) -> None:
    """A folder that is a symbolic link leads nowhere: the write fails, the others go on."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (repo.root / "web/de").symlink_to(outside)

    done = call("pseudo", code=8)

    assert "symbolic link" in done.out
    assert list(outside.iterdir()) == []
    assert (repo.root / "web/fr/app.json").exists()


@pytest.mark.parametrize("dry", [True, False])
def test_the_report_fits_its_schema(call: CommandLine, report_schema: dict[str, Any], dry: bool) -> None:
    """Scripts read the same object as after a pull; the command is named."""
    data = json.loads(call("pseudo", "--format", "json", *(["--dry-run"] if dry else [])).out)

    jsonschema.validate(data, report_schema)
    assert data["command"] == "pseudo"
    assert data["dryRun"] is dry
    assert {each["action"] for each in data["plan"]["changes"]} == {"write"}


# --- the planner ---------------------------------------------------------------------------------------


def source(file_type: str, path: str) -> Source:
    return Source(
        path,
        "r",
        "default",
        path,
        path,
        file_type,
        None,
        {},
        ("de-DE",),
        (Target("de-DE", "de", "T"),),
        source_locale="en",
    )


def planned(
    file_type: str, content: str, model: str | None = None, *, committed: bool = False
) -> tuple[TargetChange, str]:
    """Return what is planned for one committed source and target."""
    present = {"T": LocalTarget(model.encode(), "", not committed)} if model is not None else {}
    models = {path: each.content for path, each in present.items()}
    facts = PseudoFacts((source(file_type, "S"),), {"S": "1"}, {"1": content.encode()}, present, models)
    plan, contents = plan_pseudo(facts)
    change = plan.changes[0]
    assert isinstance(change, TargetChange)
    return change, contents.get("T", b"").decode()


@pytest.mark.parametrize(
    ("file_type", "content", "expected"),
    [
        ("arb", '{"@@locale": "en", "a": "word"}', '"@@locale": "de"'),
        (
            "gettext",
            (
                'msgid ""\nmsgstr ""\n"Language: en\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
                'msgid "word"\nmsgstr ""\n'
            ),
            '"Language: de\\n"',
        ),
        ("yaml", "en:\n  a: word\n", "de:\n"),
        ("yaml", "shop:\n  a: word\n", "shop:\n"),
        (
            "xliff",
            (
                '<xliff version="1.2"><file source-language="en" target-language="x" original="o"><body>'
                '<trans-unit id="a"><source>word</source></trans-unit></body></file></xliff>'
            ),
            'target-language="de"',
        ),
    ],
)
def test_a_file_names_the_language_of_its_target(file_type: str, content: str, expected: str) -> None:
    """A file that names its language does not go on naming the source's."""
    change, made = planned(file_type, content)

    assert (change.action, change.reason) == (Action.WRITE, Reason.NEW)
    assert expected in made
    assert "wörd" in made


def test_the_language_that_a_target_names_stays() -> None:
    """The repository's own spelling is better known than ours."""
    _, made = planned(
        "arb", '{"@@locale": "en", "a": "word"}', '{"@@locale": "de_AT", "a": "Wort"}', committed=True
    )

    assert '"@@locale": "de_AT"' in made


PO = """\
msgid ""
msgstr ""
"Language: %s\\n"
"Plural-Forms: nplurals=%d; plural=0;\\n"

msgid "%%d bird"
msgid_plural "%%d birds"
%s"""


def test_another_number_of_plural_forms_is_no_obstacle() -> None:
    """A catalogue with three forms is replaced by one with the two of the source, and says so."""
    forms = [f'msgstr[{index}] ""\n' for index in range(3)]
    committed = PO % ("cs", 3, "".join(forms))

    change, made = planned("gettext", PO % ("en", 2, "".join(forms[:2])), committed, committed=True)

    assert change.action is Action.WRITE
    assert "nplurals=2" in made
    assert "Language: de" in made


@pytest.mark.parametrize("file_type", sorted(FILES_BY_TYPE))
def test_every_format_can_be_pseudo_localized_again_and_again(file_type: str) -> None:
    """What is written passes the verification, and a second run changes nothing."""
    content = FILES_BY_TYPE[file_type].decode("utf-8")
    kind = formats.get(file_type)
    assert kind
    change, made = planned(file_type, content)
    if kind.multilingual:
        assert change.reason is Reason.MULTILINGUAL
        return

    assert (change.action, change.reason) == (Action.WRITE, Reason.NEW)
    assert made != content
    assert planned(file_type, content, made)[0].reason is Reason.UNCHANGED


def test_an_encoding_without_the_accents_is_named() -> None:
    """The source is sound, and says so: it is its encoding that is in the way."""
    latin = replace(source("yaml", "S"), charset="us-ascii")
    facts = PseudoFacts((latin,), {"S": "1"}, {"1": b"en:\n  a: word\n"}, {}, {})

    plan, contents = plan_pseudo(facts)

    assert [(each.action, each.reason) for each in plan.changes] == [(Action.HOLD, Reason.INVALID)]
    assert contents == {}


@pytest.mark.parametrize("content", ["", " \n"])
def test_an_empty_source_is_left_alone(content: str) -> None:
    """There is nothing to pseudo-localize."""
    change, _ = planned("json", content)

    assert (change.action, change.reason) == (Action.KEEP, Reason.NO_STRINGS)


@pytest.mark.parametrize(
    "text", ["{count, plural, one {# day} other {# days}}", "<b>bold</b> &amp; {x}", "…"]
)
def test_what_is_written_passes_the_verification(text: str) -> None:
    """Message syntax, tags and signs come through."""
    content = json.dumps({"smartling": {"string_format": "icu"}, "a": text})
    change, made = planned("json", content)

    assert change.action in {Action.WRITE, Action.KEEP}
    assert formats.check("json", content.encode(), made.encode(), locale="de-DE") == ()
