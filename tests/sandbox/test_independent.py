"""What the sandbox counts and delivers, judged by libraries that know nothing of it.

The product and the sandbox share their readers, so their agreement proves little. Here others read what goes
in and what comes out: every string of a source is there again at its place, translated, and nothing else.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.files import downloads, uploads
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.groups.translators import rules as translators
from l10nsync.sandbox.refusal import Refusal
from tests.formats import test_oracles as oracles
from tests.formats.samples import FILES

Strings = Counter[tuple[str, str]]
TYPES = ("json", "android", "gettext", "javaProperties", "yaml", "xliff", "ios", "csv")
PROJECT = "judged000"
MARKS: Any = SimpleNamespace(marks=[SimpleNamespace(value=name) for name in ("en", "en-US", "de", "de-DE")])
"""What an oracle may pass over in YAML: a root that names the language."""
PIECES = (
    "Hello {name}", 'say "hello"', "it's", "back\\slash", "two\nlines", "tab\there", "é ü ñ ß", "日本語 😀",
    "a < b & c > d", "100 %", "%1$s of %2$d", "# hash", "key: value", "- dash", "a, b; c", "@at ?q !x",
    "null", "true", "12", "~", "{{x}} ${y}", "end:", "[list] {map}", "* star & &amp;", "=equals=",
    "|pipe >", "\u00a0nbsp",
)  # fmt: skip


def translated(text: str) -> str:
    """Return what the translators make of a text."""
    return f"«{text}»"


# --- others' views of a source and of a translation -----------------------------------------------------


def _plain(data: bytes, file_type: str) -> Strings:
    return oracles.ORACLES[file_type].read(data, MARKS)


def _po_sources(data: bytes) -> Strings:
    polib = pytest.importorskip("polib")
    found: Strings = Counter()
    for entry in polib.pofile(data.decode("utf-8-sig")):
        if not entry.obsolete:
            key = entry.msgid if entry.msgctxt is None else f"{entry.msgctxt}\x04{entry.msgid}"
            forms = [(f"{key}/{index}", index) for index in entry.msgstr_plural] or [(key, 0)]
            found.update((name, entry.msgid_plural if index else entry.msgid) for name, index in forms)
    return found


def _sides(data: bytes, side: int) -> Strings:
    return Counter(("", pair[side]) for pair in oracles.by_lxml_xliff(data, MARKS).elements())


def _xliff_strings(data: bytes) -> int:
    """Return how many strings there are: an id, which holds within its `file`, tells equal texts apart."""
    found = set()
    for element in oracles._root(data).iter():
        if isinstance(element.tag, str) and oracles._local(element) == "trans-unit":
            said = [holder.get("translate") for holder in (element, *element.iterancestors())]
            text = oracles._said(next(iter(oracles._named(element, "source")), None))
            if text.strip() and next((each for each in said if each), "yes") == "yes":
                file = next(each for each in element.iterancestors() if oracles._local(each) == "file")
                found.add((file.get("original"), element.get("id"), text))
    return len(found)


def sources(file_type: str, data: bytes) -> Strings:
    """Return what there is to translate, by place."""
    if file_type == "gettext":
        return _po_sources(data)
    return _sides(data, 0) if file_type == "xliff" else _plain(data, file_type)


def targets(file_type: str, data: bytes) -> Strings:
    """Return what a translated file says, by place."""
    return _sides(data, 1) if file_type == "xliff" else _plain(data, file_type)


def judge(file_type: str, data: bytes) -> None:
    """Upload, translate all, download; compare counts and texts with what the libraries see."""
    if file_type == "json":  # chooses strings, which a library for JSON does not
        data = data.replace(b'"translate_paths"', b'"all_paths"')
    world = World()
    projects.create(world, PROJECT, locales=["de-DE"])
    try:
        counts = uploads.apply(world, PROJECT, uploads.UploadedFile("a", file_type, data))
    except Refusal:
        assert oracles._refused(oracles.ORACLES[file_type], data)
        return
    expected = sources(file_type, data)
    spoken = {place: text for place, text in expected.items() if place[1].strip()}
    assert counts["stringCount"] == (_xliff_strings(data) if file_type == "xliff" else len(spoken))
    for row in world.store.rows("select hash, text from strings"):
        translators.write(world, PROJECT, row["hash"], "de-DE", "published", translated(row["text"]))
    given = downloads.translated(world, PROJECT, "a", ["de-DE"], downloads.DeliveryOptions())
    wanted: Strings = Counter()
    for (place, text), number in expected.items():
        wanted[place, translated(text) if text.strip() else text] += number
    found = targets(file_type, given.content)
    assert (wanted - found, found - wanted) == (Counter(), Counter())


# --- files -----------------------------------------------------------------------------------------------


def _json(texts: dict[str, str]) -> bytes:
    return json.dumps({"flat": texts, "list": [*texts.values()]}).encode()


def _properties(texts: dict[str, str]) -> bytes:
    library = pytest.importorskip("javaproperties")
    return str(library.dumps(texts, timestamp=False, ensure_ascii=False)).encode()


def _yaml(texts: dict[str, str]) -> bytes:
    library = pytest.importorskip("ruamel.yaml")
    stream = io.BytesIO()
    library.YAML().dump({"menu": texts, "list": [*texts.values()]}, stream)
    return stream.getvalue()


def _gettext(texts: dict[str, str]) -> bytes:
    polib = pytest.importorskip("polib")
    catalogue = polib.POFile(wrapwidth=40)
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": "en"}
    for key, text in texts.items():
        catalogue.append(polib.POEntry(msgctxt=key, msgid=text))
        plural = {"msgid_plural": f"{text} many", "msgstr_plural": {0: "", 1: ""}}
        catalogue.append(polib.POEntry(msgctxt=f"{key} n", msgid=text, **plural))
    return str(catalogue).encode()


def _csv(texts: dict[str, str]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([key, text] for key, text in texts.items())
    return stream.getvalue().encode()


def _ios(texts: dict[str, str]) -> bytes:
    library = pytest.importorskip("openstep_plist")
    lines = (
        f"{library.dumps(key)} = {library.dumps(text, unicode_escape=False)};" for key, text in texts.items()
    )
    return "\n".join(lines).encode()


def _android(texts: dict[str, str]) -> bytes:
    library = pytest.importorskip("lxml.etree")
    root = library.Element("resources")
    for key, text in texts.items():
        escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"').replace("\n", "\\n")
        escaped = f"\\{escaped}" if escaped[0] in "@?" else escaped.replace("\t", "\\t")
        library.SubElement(root, "string", name=key).text = escaped
    return bytes(library.tostring(root, xml_declaration=True, encoding="utf-8"))


def _xliff(texts: dict[str, str]) -> bytes:
    library = pytest.importorskip("lxml.etree")
    root = library.Element("xliff", version="1.2", nsmap={None: "urn:oasis:names:tc:xliff:document:1.2"})
    file = library.SubElement(
        root, "file", {"source-language": "en", "datatype": "plaintext", "original": "a"}
    )
    body = library.SubElement(file, "body")
    for key, text in texts.items():
        unit = library.SubElement(body, "trans-unit", id=key)
        library.SubElement(unit, "source").text = text
    return bytes(library.tostring(root, xml_declaration=True, encoding="utf-8"))


WRITERS: dict[str, Callable[[dict[str, str]], bytes]] = {
    "json": _json, "javaProperties": _properties, "yaml": _yaml, "gettext": _gettext, "csv": _csv,
    "ios": _ios, "android": _android, "xliff": _xliff,
}  # fmt: skip


@pytest.mark.parametrize("file_type", TYPES)
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_samples_come_back_translated_string_by_string(file_type: str, line_end: bytes) -> None:
    """The sample of each type, with all its odd things."""
    judge(file_type, FILES[file_type].replace(b"\n", line_end))


@pytest.mark.parametrize("file_type", TYPES)
def test_files_that_others_wrote_come_back_translated(file_type: str) -> None:
    """Twelve files of hard texts, written by the library of the type."""
    chance = random.Random(f"independent {file_type}")
    for _index in range(12):
        texts = {f"key {n}": " ".join(chance.sample(PIECES, chance.randrange(1, 4))) for n in range(8)}
        judge(file_type, WRITERS[file_type](texts))


_REAL = [pair for pair in (*oracles._EXAMPLES, *oracles._CORPUS) if pair[0] in TYPES]


@pytest.mark.parametrize("file_type", TYPES)
def test_real_files_come_back_translated(file_type: str) -> None:
    """Those of the examples, and of the real repositories where they are at hand."""
    paths: list[Path] = [path for name, path in _REAL if name == file_type]
    for path in paths[:60]:
        judge(file_type, path.read_bytes())


def test_every_type_has_a_judge_that_can_say_no() -> None:
    """A delivery with one other letter does not pass."""
    assert set(TYPES) == set(WRITERS)
    for file_type in TYPES:
        data = WRITERS[file_type]({"key 1": "Some text"})
        other = data.replace(b"Some text", b"Some test")
        assert sources(file_type, data) != sources(file_type, other)
