"""Translations brought in from outside: by key, checked."""

from __future__ import annotations

from tests.sandbox_fixtures import RestClient


def test_a_translation_that_loses_placeholders_goes_to_translation(rest: RestClient) -> None:
    """It is not published, and an issue is raised; the others are taken."""
    rest.upload("a.properties", b"count=You have {0} files\nhello=Hello\n", "javaProperties")
    form = [("fileUri", "a.properties"), ("fileType", "javaProperties"), ("translationState", "PUBLISHED")]
    content = b"count=Sie haben Dateien\nhello=Hallo\n"
    path = rest.files("/locales/de-DE/file/import")
    answer = rest.send("POST", path, form=form, file=content)
    assert (answer.data["stringCount"], answer.data["translationImportErrors"]) == (1, [])
    german = rest.status("a.properties").data["items"][0]
    assert (german["completedStringCount"], german["authorizedStringCount"]) == (1, 1)
    issues = rest.send("POST", "/issues-api/v2/projects/{project}/issues/list", body={}).data["items"]
    assert [(each["issueSubTypeCode"], each["string"]["localeId"]) for each in issues] == [
        ("PLACEHOLDER_ISSUE", "de-DE")
    ]
    assert issues[0]["issueText"] == "Placeholders differ: `{0}` is missing"
