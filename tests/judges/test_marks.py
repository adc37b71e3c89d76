"""An entry that says that it is not translated is loaded once its translation has been pulled."""

from __future__ import annotations

import pytest

from l10nsync.sandbox.testing import SandboxServer
from tests.in_process import InProcess
from tests.judges import loaders, programs
from tests.judges.loaders import PROGRAMS
from tests.judges.platforms import PLATFORMS
from tests.judges.programs import Question
from tests.repositories import Repo

BY_NAME = {platform.name: platform for platform in PLATFORMS}
PRESENT = {
    "gettext": (
        b'msgid ""\nmsgstr ""\n"Language: de\\n"\n"MIME-Version: 1.0\\n"\n'
        b'"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
        b'#, fuzzy, python-format\n#| msgid "Hi %(name)s"\n'
        b'msgid "Hello %(name)s"\nmsgstr "Hallo %(name)s"\n\n'
        b'#, fuzzy\nmsgid "Save"\nmsgstr "Speichern"\n'
    ),
    "Qt": (
        b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'
        b'<TS version="2.1" language="de" sourcelanguage="en">\n<context>\n    <name>Main</name>\n'
        b"    <message>\n        <source>Hello %1</source>\n"
        b'        <translation type="unfinished">Hallo %1</translation>\n    </message>\n'
        b"    <message>\n        <source>Save</source>\n"
        b'        <translation type="unfinished">Speichern</translation>\n    </message>\n</context>\n</TS>\n'
    ),
}
"""By platform: a target whose entries all carry the mark; one already has the text that is published."""


@pytest.mark.judges
@pytest.mark.parametrize("name", sorted(PRESENT))
def test_marked_entries_are_loaded_after_a_pull(name: str, repo: Repo, sandbox_server: SandboxServer) -> None:
    """A program that leaves marked entries out shows them; also the one whose text stays the same."""
    platform = BY_NAME[name]
    judge = platform.judges[0]
    if programs.missing(PROGRAMS[judge][0]):
        pytest.skip(f"needs tool: {PROGRAMS[judge][0]}")
    target = platform.path("de-DE")
    manifest = (
        "version: 1\nsourceLocale: en-US\nlocales: {de-DE: de}\nresources:\n"
        f"  - name: a\n    source: {platform.source}\n    target: '{platform.target}'\n"
        f"    fileType: {platform.file_type}\n"
    )
    runner = InProcess(sandbox_server)
    runner.ident = runner.control.project(("de-DE",), "en-US")
    runner.control.policies(runner.ident, batch={"looks": 1})
    repo.commit({".l10n.yml": manifest, platform.source: platform.bytes(), target: PRESENT[name]})
    runner.run(repo, "push", "--authorize")
    texts = {f"Hello {platform.argument}": f"Hallo {platform.argument}", "Save": "Sichern"}
    runner.translate({"de-DE": 100}, how={"texts": texts})

    runner.run(repo, "pull")

    [reply] = loaders.ask([Question(judge, "de", repo.root / target)])
    assert not reply.error, reply.error
    assert set(reply.texts) == {f"Hallo {platform.argument}", "Sichern"}
    assert b"fuzzy" not in repo.read(target)
    assert b"unfinished" not in repo.read(target)
