"""The glossary of a manifest: taken from the account, and held against the translations."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft7Validator

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats.tbx import TermEntry, read_tbx
from l10nsync.plan.terms import term_findings
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.test_push_pull import MANIFEST
from tests.test_questions import translator

SCHEMA = Path(__file__).parents[1] / "schemas" / "glossary.schema.json"
NAMED = "glossary: {name: Shop %s, file: l10n/glossary.tbx}\n"
TABLE = "en-US,de-DE,fr-FR\nshopping cart,Warenkorb,panier\ncart,Wagen,chariot\nAcme Pay,Acme Pay,Acme Pay\n"
SOURCE = {"a": "Open the shopping cart", "b": "Pay with Acme Pay", "c": "A cart", "d": "The cartoon"}
RIGHT = {"a": "Warenkorb öffnen", "b": "Mit Acme Pay zahlen", "c": "Ein Wagen", "d": "Der Zeichentrickfilm"}
WRONG = {"a": "Einkaufswagen öffnen", "b": "Mit Akme zahlen", "c": "Ein Karren", "d": "Der Zeichentrickfilm"}
UNAUTHORIZED = MANIFEST % {"authorize": "false"}


def keep(runner: InProcess) -> None:
    """Give the account a glossary that is called after the project, and one whose name holds that."""
    with translator(runner) as desk:
        account = desk.send("GET", f"/projects-api/v2/projects/{runner.ident}")["accountUid"]
        where = f"/glossary-api/v3/accounts/{account}/glossaries"
        for name in ("", " old"):
            body = {"glossaryName": f"Shop {runner.ident}{name}", "localeIds": ["en-US", "de-DE", "fr-FR"]}
            uid = desk.send("POST", where, body)["glossaryUid"]
            if not name:
                fill(desk.client, f"{where}/{uid}/import")


def fill(client: httpx.Client, where: str) -> None:
    """Bring the table in."""
    form = {"importFileName": "a.csv", "importFileMediaType": "text/csv", "archiveMode": "false"}
    begun = client.post(where, data=form, files={"importFile": ("a.csv", TABLE, "text/csv")})
    uid = begun.raise_for_status().json()["response"]["data"]["glossaryImport"]["importUid"]
    client.post(f"{where}/{uid}/confirm", json={}).raise_for_status()
    for _look in range(9):
        client.get(f"{where}/{uid}")


@pytest.fixture
def shop(in_process: InProcess, repo: Repo) -> InProcess:
    """Give a repository that names a glossary which its account has."""
    repo.commit({".l10n.yml": NAMED % in_process.ident + UNAUTHORIZED, "src/en/a.json": json.dumps(SOURCE)})
    keep(in_process)
    return in_process


def test_a_second_pull_writes_nothing(shop: InProcess, repo: Repo) -> None:
    """Neither by bytes nor by requests that change anything; an edit is kept."""
    first = json.loads(shop.run(repo, "glossary", "pull", "--format", "json").out)
    Draft7Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(first)
    row = {"name": f"Shop {shop.ident}", "file": "l10n/glossary.tbx", "entries": 3, "written": True}
    assert first["glossaries"] == [row]
    content, stamp = repo.read("l10n/glossary.tbx"), (repo.root / "l10n/glossary.tbx").stat().st_mtime_ns
    mark = shop.mark()
    assert shop.run(repo, "glossary", "pull").out == "No changes: 3 terms in l10n/glossary.tbx.\n"
    assert repo.read("l10n/glossary.tbx") == content
    assert (repo.root / "l10n/glossary.tbx").stat().st_mtime_ns == stamp
    asked = [row["operation"] for row in shop.control.requests(mark) if "lossar" in row["operation"]]
    assert len(asked) == 2, asked

    repo.commit()
    repo.write({"l10n/glossary.tbx": b"mine"})
    assert "not committed" in shop.run(repo, "glossary", "pull", code=8).err
    shop.run(repo, "glossary", "pull", "--force")
    assert repo.read("l10n/glossary.tbx") == content


FAULTS = [{"action": "status", "status": 429}, {"action": "close_middle"}, {"action": "drop_after"}]


@pytest.mark.parametrize("fault", FAULTS, ids=["busy", "cut", "silent"])
def test_a_glossary_survives_what_passes(shop: InProcess, repo: Repo, fault: dict[str, Any]) -> None:
    """A busy service, a cut answer and none are asked again."""
    shop.control.fault(**fault, path="*/entries/download", count=1)
    assert shop.run(repo, "glossary", "pull").out.startswith("Wrote 3 terms")


def test_what_is_no_glossary_is_not_written(shop: InProcess, repo: Repo) -> None:
    """Neither another kind of file, nor a glossary of another name."""
    shop.control.fault(action="status", status=200, body="<other/>", path="*/entries/download", count=1)
    assert shop.run(repo, "glossary", "pull", code=None).code != 0
    assert not (repo.root / "l10n").exists()
    repo.commit({".l10n.yml": NAMED % "x" + UNAUTHORIZED})
    assert "the account has no glossary 'Shop x'" in shop.run(repo, "glossary", "pull", code=2).err


def test_verify_warns_of_terms(shop: InProcess, repo: Repo) -> None:
    """Each at its line, as a warning, which a manifest may make an error."""
    shop.run(repo, "glossary", "pull")
    repo.commit({"src/de/a.json": json.dumps(RIGHT, ensure_ascii=False, indent=1)})
    assert "0 warnings" in shop.run(repo, "verify", "--offline").out
    repo.commit({"src/de/a.json": json.dumps(WRONG, ensure_ascii=False, indent=1)})
    found = json.loads(shop.run(repo, "verify", "--offline", "--format", "json").out)["diagnostics"]
    assert [(row["code"], row["severity"], row["key"], row["line"]) for row in found] == [
        ("term", "warning", "a", 2), ("term", "warning", "b", 3), ("term", "warning", "c", 4),
    ]  # fmt: skip
    assert "the glossary does not translate `Acme Pay`" in found[1]["message"]
    repo.commit({".l10n.yml": NAMED % shop.ident + UNAUTHORIZED + "    rules: {term: error}\n"})
    shop.run(repo, "verify", "--offline", code=6)
    repo.write({"l10n/glossary.tbx": "<martif>"})
    assert "l10n/glossary.tbx cannot be read" in shop.run(repo, "verify", "--offline", code=2).err


def test_smartmate_has_no_glossaries(in_process: InProcess, repo: Repo) -> None:
    """`check` says so at the key."""
    repo.commit({".l10n.yml": f"provider: smartmate\n{NAMED % 1}{UNAUTHORIZED}", "src/en/a.json": "{}"})
    done = in_process.run(repo, "check", code=2)
    assert "smartmate has no glossaries" in done.err + done.out


# --- the rule ---------------------------------------------------------------------------------------------

WORDS = {
    "de-DE": {"cart": "Wagen", "order": "Bestellung", "Acme Pay": "Acme Pay", "gift card": "Geschenkkarte"},
    "ja-JP": {"cart": "カート", "order": "注文", "Acme Pay": "Acme Pay", "gift card": "ギフトカード"},
    "th-TH": {"cart": "รถเข็น", "order": "คำสั่งซื้อ", "Acme Pay": "Acme Pay", "gift card": "บัตรของขวัญ"},
}
FRAMES = [
    ("Open the {0}", {"de-DE": "{0} öffnen", "ja-JP": "{0}を開く", "th-TH": "เปิด{0}"}),
    (
        "Your {0} and {1}: here",
        {"de-DE": "{0} und {1}: da", "ja-JP": "この{0}と{1}です", "th-TH": "{0}และ{1}"},
    ),
]


def sample(locale: str, number: int) -> tuple[list[str], list[str], list[list[str]]]:
    """Return sources, right translations, and the terms of each."""
    chance = random.Random(7)
    rows = []
    for index in range(number):
        frame, translations = FRAMES[index % 2]
        terms = chance.sample(sorted(WORDS[locale]), frame.count("{"))
        translated = translations[locale].format(*(WORDS[locale][term] for term in terms))
        rows.append((f"{frame.format(*terms)} {index}", f"{translated} {index}", terms))
    sources, targets, used = zip(*rows, strict=True)
    return list(sources), list(targets), list(used)


def judged(locale: str, sources: list[str], targets: list[str]) -> list[str]:
    """Return the keys of the strings that are warned of."""
    entries = [TermEntry({"en": (term,), locale.lower(): (word,)}) for term, word in WORDS[locale].items()]
    documents = [
        formats.parse("json", json.dumps({f"k{index}": text for index, text in enumerate(texts)}).encode())
        for texts in (sources, targets)
    ]
    before, after = documents
    assert before
    assert after
    return [finding.key for finding in term_findings(entries, ("en-US", locale), before, after)]


@pytest.mark.parametrize("locale", WORDS)
def test_every_violation_is_found_and_good_strings_are_left_alone(locale: str) -> None:
    """At most 1 % of a thousand good strings are warned of, and each planted violation is."""
    sources, targets, used = sample(locale, 1000)
    assert len(judged(locale, sources, targets)) <= 10
    planted = zip(targets, used, strict=True)
    broken = [target.replace(WORDS[locale][terms[0]], "???") for target, terms in planted]
    assert len(set(judged(locale, sources, broken))) == 1000
    assert judged(locale, ["Border cartoons, reorder"], ["???"]) == []


def test_tbx_of_both_versions_is_read() -> None:
    """Several terms of a language are all right; what is no TBX is an error with its place."""
    second = (
        b'<martif><text><body><termEntry><langSet xml:lang="en"><tig><term>A &amp; B</term></tig></langSet>'
    )
    second += b'<langSet xml:lang="de_DE"><tig><term>C</term></tig><tig><term>D</term></tig></langSet>'
    (entry,) = read_tbx(second + b"</termEntry></body></text></martif>")
    assert (entry.of("en-US"), entry.of("de-DE"), entry.of("fr")) == (("A & B",), ("C", "D"), ())
    third = (
        b'<tbx><text><body><conceptEntry><langSec xml:lang="en"><termSec><term>A</term></termSec></langSec>'
    )
    (entry,) = read_tbx(third + b"</conceptEntry></body></text></tbx>")
    assert entry.of("en") == ("A",)
    for broken in (b"<html/>", b"", b"<tbx>", b"\xff"):
        with pytest.raises(ContentError):
            read_tbx(broken)
