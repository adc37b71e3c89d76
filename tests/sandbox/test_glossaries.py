"""Glossaries: kept by the account, brought in and taken out as files."""

from __future__ import annotations

from typing import Any

import pytest

from l10nsync.sandbox.groups.glossaries.termbase import MEDIA, TBX_VERSIONS, GlossaryEntry, read, write
from l10nsync.sandbox.refusal import Refusal
from tests.sandbox_fixtures import RestClient

WORDS = b"en-US,de-DE,en-US [Notes]\r\ncart,Warenkorb,The shop's\r\ncheckout,Kasse,\r\n"
EVERYTHING = {"format": "CSV", "filter": {}, "localeIds": ["en-US", "de-DE"]}


class Glossary:
    """A glossary of an account that no other test uses."""

    def __init__(self, rest: RestClient) -> None:
        self.rest = rest
        rest.control.send("POST", "projects", {"accountUid": f"acc{rest.project}"})
        self.where = f"/glossary-api/v3/accounts/acc{rest.project}/glossaries"
        body = {"glossaryName": "Shop", "description": "Words of the shop", "localeIds": ["en-US", "de-DE"]}
        self.uid = self.send("POST", "", body=body)["glossaryUid"]

    def send(self, method: str, path: str, **more: Any) -> Any:
        """Send a request below the account's glossaries and return the answer's data."""
        answer = self.rest.send(method, self.where + path, **more)
        assert answer.status == 200, answer.body
        return answer.data

    def status(self, method: str, path: str, **more: Any) -> int:
        """Send a request and return the answer's status."""
        return self.rest.send(method, self.where + path, **more).status

    def begin(self, content: bytes, media: str = MEDIA["CSV"], **fields: str) -> Any:
        """Begin an import."""
        form = [("importFileName", "a.csv"), ("importFileMediaType", media), *fields.items()]
        return self.send("POST", f"/{self.uid}/import", form=form, file=content, part="importFile")

    def take(self, content: bytes, **fields: str) -> Any:
        """Import to the end and return what the import said first."""
        begun = self.begin(content, **fields)
        path = f"/{self.uid}/import/{begun['glossaryImport']['importUid']}"
        assert self.send("POST", f"{path}/confirm")["importStatus"] == "IN_PROGRESS"
        while self.send("GET", path)["importStatus"] == "IN_PROGRESS":
            pass
        assert self.send("GET", path)["importStatus"] == "SUCCESSFUL"
        return begun

    def export(self, **body: Any) -> bytes:
        """Download entries."""
        wanted = {**EVERYTHING, **body}
        return self.rest.send("POST", f"{self.where}/{self.uid}/entries/download", body=wanted).body


@pytest.fixture
def glossary(rest: RestClient) -> Glossary:
    """Give a glossary without entries."""
    return Glossary(rest)


def test_an_import_tells_first_and_changes_when_it_is_confirmed(glossary: Glossary) -> None:
    """New entries, then updates by term; what is missing goes only in archive mode."""
    begun = glossary.begin(WORDS)
    assert begun["entryChanges"]["newEntries"] == 2
    assert begun["translationChanges"][1] == {
        "localeId": "de-DE",
        "newTranslations": 2,
        "updatedTranslations": 0,
        "translationsToRemove": 0,
    }
    assert glossary.export().count(b"\r\n") == 1, "nothing but the header"
    glossary.take(WORDS)
    assert b"Warenkorb" in glossary.export()
    again = glossary.take(b"en-US,de-DE\r\ncart,Einkaufswagen\r\n", archiveMode="true")
    assert again["entryChanges"] == {
        "newEntries": 0,
        "existingEntryUpdates": 1,
        "notMatchedEntries": 0,
        "entriesToArchive": 1,
    }
    text = glossary.export().decode()
    assert ("Einkaufswagen" in text, "Kasse" in text, "The shop's" in text) == (True, False, True)
    assert b"Kasse" in glossary.export(filter={"entryState": "BOTH"})
    twice = f"/{glossary.uid}/import/{again['glossaryImport']['importUid']}/confirm"
    assert glossary.status("POST", twice) == 400


def test_what_an_import_cannot_place_is_named(glossary: Glossary) -> None:
    """Unknown entries are counted, unknown locales warned of, broken files refused."""
    begun = glossary.begin(b"Entry UID,en-US,xx-XX\r\nnone,a,b\r\n")
    assert begun["entryChanges"]["notMatchedEntries"] == 1
    assert "xx-XX" in begun["warnings"][0]["message"]
    for content, media in (
        (b"", "CSV"),
        (b"\xff", "CSV"),
        (b"a b c", "CSV"),
        (b"PK", "XLSX"),
        (b"<a/>", "TBX"),
    ):
        form = [("importFileName", "a"), ("importFileMediaType", MEDIA[media])]
        path = f"{glossary.where}/{glossary.uid}/import"
        answer = glossary.rest.send("POST", path, form=form, file=content, part="importFile")
        assert (answer.status, answer.error["key"]) == (400, "importFile")
    form = [("importFileName", "a"), ("importFileMediaType", "application/pdf")]
    assert glossary.status("POST", f"/{glossary.uid}/import", form=form, file=b"", part="importFile") == 400


@pytest.mark.parametrize("how", ["XLSX", "TBX"])
def test_other_formats_take_and_give_the_same(glossary: Glossary, how: str) -> None:
    """What one glossary exports another one imports."""
    glossary.take(WORDS)
    version = {"tbxVersion": "TBXcoreStructV03"} if how == "TBX" else {}
    content = glossary.export(format=how, **version)
    entries = read(MEDIA[how], content)
    terms = [{locale: item["term"] for locale, item in each.terms.items()} for each in entries]
    assert terms == [{"en-US": "cart", "de-DE": "Warenkorb"}, {"en-US": "checkout", "de-DE": "Kasse"}]
    assert glossary.begin(content, MEDIA[how])["entryChanges"]["existingEntryUpdates"] == 0


@pytest.mark.parametrize("how", ["XLSX", "TBX"])
def test_characters_that_xml_cannot_hold_are_left_out(glossary: Glossary, how: str) -> None:
    """A term may have them; the export is well-formed all the same."""
    glossary.take(b"en-US,de-DE\r\nca\x17rt,Waren\x11korb\r\n")
    version = {"tbxVersion": "TBXcoreStructV03"} if how == "TBX" else {}
    (entry,) = read(MEDIA[how], glossary.export(format=how, **version))
    assert {item["term"] for item in entry.terms.values()} == {"cart", "Warenkorb"}


def test_exports_are_filtered(glossary: Glossary) -> None:
    """By text, by missing and present translation; the focus locale comes first; or the header alone."""
    glossary.take(WORDS + b"only english,,\r\n")
    assert b"Kasse" not in glossary.export(filter={"query": "cart"})
    assert b"only english" in glossary.export(filter={"missingTranslationLocaleId": "de-DE"})
    assert b"only english" not in glossary.export(filter={"presentTranslationLocaleId": "de-DE"})
    head = glossary.export(focusLocaleId="de-DE", skipEntries=True).decode()
    assert head.index("de-DE [Term]") < head.index("en-US [Term]")
    assert head.count("\r\n") == 1
    path = f"/{glossary.uid}/entries/download"
    refused: list[dict[str, Any]] = [
        {"format": "PDF"},
        {"format": "TBX"},
        {"filter": None},
        {"localeIds": []},
    ]
    for wrong in refused:
        assert glossary.status("POST", path, body={**EVERYTHING, **wrong}) == 400


def test_glossaries_are_found_and_changed(glossary: Glossary) -> None:
    """By name, description, uid and locale; names are unique."""
    other = glossary.send("POST", "", body={"glossaryName": "Legal", "localeIds": ["fr-FR"]})["glossaryUid"]

    def found(**body: Any) -> list[str]:
        return [each["glossaryUid"] for each in glossary.send("POST", "/search", body=body)["items"]]

    assert found() == [other, glossary.uid]
    assert found(sorting={"field": "glossaryName", "direction": "DESC"}, paging={"limit": 1}) == [
        glossary.uid
    ]
    assert found(query="words of") == found(query=glossary.uid) == [glossary.uid]
    assert found(targetLocaleId="fr-FR") == found(glossaryUids=[other]) == [other]
    assert found(glossaryState="ARCHIVED") == []
    glossary.take(WORDS)
    (counted,) = glossary.send("POST", "/search", body={"query": "shop", "includeEntriesCount": True})[
        "items"
    ]
    assert counted["entriesCount"] == 2
    body = {"glossaryName": "Shop 2", "localeIds": ["en-US"], "verificationMode": True}
    assert glossary.send("PUT", f"/{glossary.uid}", body=body)["verificationMode"] is True
    assert glossary.send("GET", f"/{glossary.uid}")["glossaryName"] == "Shop 2"
    for wrong in ({"glossaryName": "Legal"}, {"glossaryName": ""}, {"glossaryName": "x" * 171}):
        assert glossary.status("POST", "", body=wrong) == 400
    assert glossary.status("POST", "/search", body={"sorting": {"field": "x"}}) == 400
    assert glossary.status("GET", "/none") == 404


@pytest.mark.parametrize("version", TBX_VERSIONS)
def test_tbx_keeps_what_xml_would_not(version: str) -> None:
    """Markup characters in terms, notes and definitions."""
    terms = {"en": {"term": "R&D <b>", "notes": '"q"'}}
    made = write("TBX", [GlossaryEntry("e1", {"definition": "a < b"}, terms)], ["en"], version)
    (entry,) = read(MEDIA["TBX"], made)
    assert (entry.uid, entry.fields, entry.terms) == ("e1", {"definition": "a < b"}, terms)


def test_a_table_needs_locales_in_its_header() -> None:
    """Flags and labels are read as what they are."""
    (entry,) = read(MEDIA["CSV"], b'Labels,en,en [Exact Match]\n"a, b",cart,TRUE\n')
    assert (entry.fields, entry.terms) == (
        {"labels": ["a", "b"]},
        {"en": {"term": "cart", "exactMatch": True}},
    )
    with pytest.raises(Refusal, match="no column is named by a locale"):
        read(MEDIA["CSV"], b"Definition\nx\n")
    with pytest.raises(Refusal, match=r"column 'en \[Colour\]' is not known"):
        read(MEDIA["CSV"], b"en [Colour]\nx\n")
