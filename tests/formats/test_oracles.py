"""Our readers find the keys and texts that well-known libraries find, on the same files.

The libraries serve the tests only. Files are the samples, those of the examples, and the real ones in the
folder that `L10NSYNC_CORPUS` names. A difference is allowed only where `TOLERATED` says so, and why.
"""

from __future__ import annotations

import csv
import html
import io
import json
import os
import plistlib
import random
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats import Document, Unit
from tests.formats.samples import FILES, XCSTRINGS

Strings = Counter[tuple[str, str]]
"""Key and text, with how often they stand in the file."""
EXAMPLES = Path(__file__).parents[2] / "examples"
CORPUS = os.environ.get("L10NSYNC_CORPUS", "")
_CATEGORIES = {"zero", "one", "two", "few", "many", "other"}


TOLERATED = {
    "json": "a file that names `translate_paths` holds other strings too: both read it without that name",
    "ios": "openstep-plist keeps one entry of a duplicate key, and a carriage return inside a text",
    "yaml": "ruamel.yaml reads YAML 1.2, where `0o7`, `1_000`, `12:30` and dates without a style are texts",
    "android": "of mixed content the words alone are compared: XML tools write its tags anew",
    "xml": "of mixed content the words alone are compared",
    "resx": "a file with another root is refused; lxml reads it and finds no text of resources",
}
"""Why the comparison of a type is not one of everything; what is not named here must agree in full."""
_NUMBER_1_1 = re.compile(r"[-+]?0o?[0-7_]+|[-+]?[\d_:.]+|\d{4}-\d\d?-\d\d?.*|=|<<")


def decoded(data: bytes) -> str:
    """Return the text of a file by its mark, else as UTF-8, else as Latin-1."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


# --- JSON and what is made of it ------------------------------------------------------------------------


class _Pairs(list[tuple[str, Any]]):
    """The members of an object, duplicates included."""


def _loaded(data: bytes) -> Any:
    return json.loads(decoded(data), object_pairs_hook=_Pairs)


def _strings(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, _Pairs):
        for name, each in value:
            yield from _strings(each, (*path, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _strings(each, (*path, str(index)))


def by_json(data: bytes, document: Document) -> Strings:
    """Every string of a JSON text but the directives."""
    found = _strings(_loaded(data), ())
    return Counter(("/".join(path), text) for path, text in found if path[:1] != ("smartling",))


def by_json_arb(data: bytes, document: Document) -> Strings:
    """Every string of the top level that does not describe another one."""
    value = _loaded(data)
    return Counter((name, each) for name, each in value if isinstance(each, str) and not name.startswith("@"))


def by_json_xcstrings(data: bytes, document: Document) -> Strings:
    """Read the source strings of a catalog; a key without one is its own text."""
    value = json.loads(data)
    found: Strings = Counter()
    for key, entry in value["strings"].items():
        if entry.get("shouldTranslate") is False:
            continue
        own = entry.get("localizations", {}).get(value["sourceLanguage"])
        found.update((key, text) for text in (_states(own) if own else [key]))
    return found


def _states(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "stringUnit" in value:
            yield value["stringUnit"]["value"]
        for name, each in value.items():
            if name != "stringUnit":
                yield from _states(each)


# --- YAML -----------------------------------------------------------------------------------------------


def by_ruamel(data: bytes, document: Document) -> Strings:
    """Every scalar that YAML 1.2 calls a string, each anchor once; duplicates stay."""
    ruamel = pytest.importorskip("ruamel.yaml")
    reader = ruamel.YAML(typ="safe", pure=True)
    reader.allow_duplicate_keys = True
    root = reader.compose(decoded(data))
    locale = {mark.value for mark in document.marks}
    found: Strings = Counter()
    for path, text in _scalars(root, (), set()):
        found["/".join(path[1:] if path[0] in locale else path), text] += 1
    return found


def _scalars(node: Any, path: tuple[str, ...], seen: set[int]) -> Iterator[tuple[tuple[str, ...], str]]:
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node.value, str):
        if node.tag.endswith(":str") and (node.style or not _NUMBER_1_1.fullmatch(node.value)):
            yield path, node.value
        return
    for index, each in enumerate(node.value):
        if isinstance(each, tuple):
            yield from _scalars(each[1], (*path, each[0].value), seen)
        else:
            yield from _scalars(each, (*path, str(index)), seen)


# --- line-based types -----------------------------------------------------------------------------------


def by_javaproperties(data: bytes, document: Document) -> Strings:
    """Every key with its value, in the order of the file."""
    library = pytest.importorskip("javaproperties")
    entries = library.parse(io.StringIO(decoded(data), newline=""))
    return Counter((entry.key, entry.value) for entry in entries if hasattr(entry, "key"))


def by_openstep_plist(data: bytes, document: Document) -> Strings:
    """Read a dictionary, so every key once."""
    library = pytest.importorskip("openstep_plist")
    found = library.loads(decoded(data), use_numbers=False)
    return Counter(
        {(key.replace("\r\n", "\n"), text.replace("\r\n", "\n")): 1 for key, text in found.items()}
    )


def by_polib(data: bytes, document: Document) -> Strings:
    """Every translation, read from a path: given a text, the library would break it at U+2029."""
    library = pytest.importorskip("polib")
    found: Strings = Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.po"
        path.write_bytes(data)
        entries = list(library.pofile(str(path)))
    for entry in entries:
        if entry.obsolete:
            continue
        key = entry.msgid if entry.msgctxt is None else f"{entry.msgctxt}\x04{entry.msgid}"
        forms = [*entry.msgstr_plural.items()] if entry.msgid_plural else [("", entry.msgstr)]
        found.update((f"{key}/{index}" if index != "" else key, text) for index, text in forms)
    return found


def by_csv(data: bytes, document: Document) -> Strings:
    """Every cell that is not empty."""
    rows = csv.reader(io.StringIO(decoded(data), newline=""))
    return Counter(("", cell.replace("\r\n", "\n")) for row in rows for cell in row if cell)


# --- Markdown -------------------------------------------------------------------------------------------

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n.*?\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


def by_markdown_it(data: bytes, document: Document) -> Strings:
    """Every block of running text, the white space around its lines aside; front matter is none of it."""
    library = pytest.importorskip("markdown_it")
    text = decoded(data)
    front = _FRONT_MATTER.match(text)
    tokens = library.MarkdownIt("commonmark").enable("table").parse(text[front.end() if front else 0 :])
    return Counter(("", _trimmed(each.content)) for each in tokens if each.type == "inline" if each.content)


def _trimmed(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n")).strip()


# --- XML ------------------------------------------------------------------------------------------------


def _root(data: bytes) -> Any:
    library = pytest.importorskip("lxml.etree")
    parser = library.XMLParser(resolve_entities=False, recover=b":" in data, remove_comments=True)
    return library.fromstring(data, parser)


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def _named(element: Any, *names: str) -> list[Any]:
    return [child for child in element if isinstance(child.tag, str) and _local(child) in names]


def _said(element: Any | None) -> str:
    """Return the text of an element; what has elements inside is compared by its words alone."""
    if element is None:
        return ""
    return "".join(element.itertext()) if len(element) else element.text or ""


def by_lxml_android(data: bytes, document: Document) -> Strings:
    """Every resource that is a string, plural or array."""
    found: Strings = Counter()
    for element in _root(data):
        if not isinstance(element.tag, str) or element.get("translatable") == "false":
            continue
        name = element.get("name", "")
        if _local(element) == "string":
            found[name, _android_text(element)] += 1
        elif _local(element) == "plurals":
            for item in _named(element, "item"):
                found[f"{name}/{item.get('quantity')}", _android_text(item)] += 1
        elif _local(element) == "string-array":
            for index, item in enumerate(_named(element, "item")):
                found[f"{name}/{index}", _android_text(item)] += 1
    return found


def _android_text(element: Any) -> str:
    """Resolve Android's escapes and quotes, one character after the other."""
    characters = iter(_said(element).strip(" \t\r\n"))
    parts: list[str] = []
    quoted = False
    for each in characters:
        if each == "\\":
            escaped = next(characters, "")
            if escaped == "u":
                parts.append(chr(int("".join(next(characters) for _digit in range(4)), 16)))
            else:
                parts.append({"n": "\n", "t": "\t"}.get(escaped, escaped))
        elif each == '"':
            quoted = not quoted
        elif each in " \t\r\n" and not quoted:
            if not parts or parts[-1] != " ":
                parts.append(" ")
        else:
            parts.append(each)
    return "".join(parts).encode("utf-16", "surrogatepass").decode("utf-16")


def by_lxml_resx(data: bytes, document: Document) -> Strings:
    """Every `data` element of text."""
    return Counter(
        (element.get("name", ""), _said(next(iter(_named(element, "value")), None)))
        for element in _named(_root(data), "data")
        if element.get("type") is None and element.get("mimetype") is None
        if not element.get("name", "").startswith(">>")
    )


def by_lxml_qt(data: bytes, document: Document) -> Strings:
    """Every message that is in use, by its source, with each form of its translation."""
    found: Strings = Counter()
    for message in _root(data).iter("message"):
        translation = message.find("translation")
        if translation is None or translation.get("type") in {"vanished", "obsolete"}:
            continue
        for form in translation.findall("numerusform") or [translation]:
            found[message.findtext("source", ""), _said(form)] += 1
    return found


def by_lxml_xliff(data: bytes, document: Document) -> Strings:
    """Every source with its target, in units that may be translated."""
    found: Strings = Counter()
    for element in _root(data).iter():
        if not isinstance(element.tag, str) or _local(element) not in {"trans-unit", "segment"}:
            continue
        said = [each.get("translate") for each in (element, *element.iterancestors())]
        if next((each for each in said if each), "yes") == "yes":
            source, target = (next(iter(_named(element, name)), None) for name in ("source", "target"))
            found[_said(source), _said(target)] += 1
    return found


def by_lxml_xml(data: bytes, document: Document) -> Strings:
    """Read the words of the elements that the sample's own paths name."""
    found = [element for element in _root(data).iter() if _local(element) in {"item", "title"}]
    return Counter(("", _said(element)) for element in found)


def by_lxml_svg(data: bytes, document: Document) -> Strings:
    """Read the words of titles, descriptions and texts."""
    found = [element for element in _root(data).iter() if _local(element) in {"title", "desc", "text"}]
    return Counter(("", _said(element)) for element in found)


def by_plistlib(data: bytes, document: Document) -> Strings:
    """Every plural form, and the formats that hold words."""
    found: Strings = Counter()
    for name, rule in plistlib.loads(data).items():
        for inner, value in rule.items():
            if isinstance(value, dict):
                found.update(
                    (f"{name}/{inner}/{category}", text)
                    for category, text in value.items()
                    if category in _CATEGORIES
                )
            elif re.search(r"[^\W\d_]", re.sub(r"%(?:\d+\$)?#@[^@]*@", "", value)):
                found[name, value] += 1
    return found


# --- ours -----------------------------------------------------------------------------------------------

_TAG = re.compile(r"<[^>]*>")


def _slashed(unit: Unit) -> tuple[str, str]:
    return f"{unit.key}/{unit.plural}" if unit.plural else unit.key, unit.value


def _spoken(unit: Unit) -> tuple[str, str]:
    return f"{unit.key}/{unit.plural}" if unit.plural else unit.key, _words(unit, unit.text)


def _keyless(unit: Unit) -> tuple[str, str]:
    return "", _words(unit, unit.text)


def _marked(unit: Unit) -> tuple[str, str]:
    return (f"{unit.key}##{{{unit.plural}}}" if unit.plural else unit.key), unit.value


def _sided(unit: Unit) -> tuple[str, str]:
    return _words(unit, unit.text), _words(unit, unit.value)


def _words(unit: Unit, text: str) -> str:
    return html.unescape(_TAG.sub("", text)) if unit.markup else text


class Oracle(NamedTuple):
    """A library's view of a type, and how our units are put beside it."""

    read: Callable[[bytes, Document], Strings]
    entry: Callable[[Unit], tuple[str, str]] = _slashed


ORACLES: dict[str, Oracle] = {
    "json": Oracle(by_json),
    "arb": Oracle(by_json_arb),
    "xcstrings": Oracle(by_json_xcstrings, lambda unit: (unit.key, unit.text)),
    "yaml": Oracle(by_ruamel),
    "javaProperties": Oracle(by_javaproperties),
    "ios": Oracle(by_openstep_plist, _marked),
    "gettext": Oracle(by_polib),
    "csv": Oracle(by_csv, _keyless),
    "android": Oracle(by_lxml_android, _spoken),
    "resx": Oracle(by_lxml_resx),
    "qt": Oracle(by_lxml_qt, lambda unit: (unit.text, unit.value)),
    "xliff": Oracle(by_lxml_xliff, _sided),
    "xliff2": Oracle(by_lxml_xliff, _sided),
    "xml": Oracle(by_lxml_xml, _keyless),
    "svg": Oracle(by_lxml_svg, _keyless),
    "stringsdict": Oracle(by_plistlib),
    "markdown": Oracle(by_markdown_it, lambda unit: ("", _trimmed(unit.text))),
}


# --- the comparison -------------------------------------------------------------------------------------


def agree(file_type: str, data: bytes) -> None:
    """Compare one file; what our reader refuses, the library must refuse too or find nothing in."""
    data = data.replace(b'"translate_paths"', b'"all_paths"') if file_type == "json" else data
    oracle = ORACLES[file_type]
    try:
        document = formats.parse(file_type, data)
    except ContentError:
        assert _refused(oracle, data)
        return
    assert document is not None
    ours = Counter(map(oracle.entry, document.units))
    theirs = oracle.read(data, document)
    if file_type == "ios":
        ours = Counter(dict(map(oracle.entry, document.units)).items())
    assert (ours - theirs, theirs - ours) == (Counter(), Counter())


def _refused(oracle: Oracle, data: bytes) -> bool:
    try:
        return not oracle.read(data, Document("", ()))
    except (ValueError, OSError):
        return True


def files_below(folder: Path) -> list[tuple[str, Path]]:
    """Return the files of a folder that an oracle can read, with their types."""
    found = []
    for path in sorted(folder.rglob("*")):
        row = formats.detect(path.as_posix())
        if row and row.name in ORACLES and path.is_file() and ".git" not in path.parts:
            found.append((row.name, path))
    return found


SAMPLES = {**FILES, "xcstrings": XCSTRINGS}
_EXAMPLES = files_below(EXAMPLES)
_CORPUS = files_below(Path(CORPUS)) if CORPUS else []


@pytest.mark.parametrize("file_type", sorted(ORACLES))
def test_samples_agree(file_type: str) -> None:
    """The sample of each type, with all its odd things, reads as the library reads it."""
    agree(file_type, SAMPLES[file_type])


@pytest.mark.parametrize("file_type", sorted(ORACLES))
def test_samples_agree_with_windows_line_ends(file_type: str) -> None:
    """Line ends change what neither side finds."""
    agree(file_type, SAMPLES[file_type].replace(b"\n", b"\r\n"))


@pytest.mark.parametrize("file_type", sorted(ORACLES))
def test_translated_samples_agree(file_type: str) -> None:
    """What our writers make of a sample, the library reads as we do."""
    agree(file_type, formats.pseudo(file_type, SAMPLES[file_type]))


@pytest.mark.parametrize(
    ("file_type", "path"), _EXAMPLES, ids=[path.relative_to(EXAMPLES).as_posix() for _, path in _EXAMPLES]
)
def test_examples_agree(file_type: str, path: Path) -> None:
    """Every resource file of the examples reads as the library reads it."""
    agree(file_type, path.read_bytes())


@pytest.mark.skipif(not CORPUS, reason="L10NSYNC_CORPUS does not name the folder of real repositories")
@pytest.mark.parametrize("file_type", sorted({name for name, _ in _CORPUS}) or ["json"])
def test_real_files_agree(file_type: str) -> None:
    """Every real file reads as the library reads it."""
    for name, path in _CORPUS:
        if name == file_type:
            agree(name, path.read_bytes())


_PIECES = (
    "a b", "c", "# h", "## h2 ##", "- x", "  - y", "    code", "  two", "* * *", "---", "===", "> q",
    "> > qq", ">", "1. one", "2. two", "   cont", "\ttab", "```", "~~~", "| a | b |", "|---|---|", "a | b",
    "--- | ---", "| c \\| d | e |", "<div>", "</div>", "<b>x</b>", "<!-- c", "-->", "\n[ref]: /u 'T'\n",
    "\n[x]: <u>\n   'title'\n", "", "", "-", "  * z", "10) ten", "- - n", "+ p", "  > iq", "\\# no", "text  ",
    "* ", "![i](u)", "<br>", "a < b",
)  # fmt: skip


def test_blocks_are_those_of_commonmark_however_they_are_mixed() -> None:
    """Two thousand mixtures of what opens, goes on with and ends a block."""
    chance = random.Random("blocks")
    for _index in range(2000):
        text = "\n".join(chance.choice(_PIECES) for _line in range(chance.randrange(1, 8)))
        agree("markdown", text.encode())


@pytest.mark.long
def test_blocks_are_those_of_commonmark_in_many_mixtures() -> None:
    """A hundred thousand of them."""
    chance = random.Random("many blocks")
    for _index in range(100_000):
        text = "\n".join(chance.choice(_PIECES) for _line in range(chance.randrange(1, 8)))
        agree("markdown", text.encode())


# --- HTML: by words, as no library knows our blocks ----------------------------------------------------

_UNSEEN = {"script", "style", "pre", "textarea"}
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>")
_MARKUP = re.compile(r"""<!--.*?-->|</?[A-Za-z!](?:"[^"]*"|'[^']*'|[^'">])*>""", re.DOTALL)


def words_by_lxml(data: bytes) -> Counter[str]:
    """Count the words that a page shows; scripts, styles and preformatted text aside."""
    library = pytest.importorskip("lxml.html")
    found: Counter[str] = Counter()
    for element in library.document_fromstring(_PROLOGUE.sub("", decoded(data))).iter():
        inside = any(each.tag in _UNSEEN for each in element.iterancestors())
        shown = isinstance(element.tag, str) and element.tag not in _UNSEEN
        for text in (element.text if shown and not inside else None, None if inside else element.tail):
            found.update(_spoken_words(text or ""))
    return found


def words_of_units(data: bytes) -> Counter[str]:
    """Count the words of our strings, those of attributes aside."""
    document = formats.parse("html", data, {"include_translatable_attributes": ""})
    assert document is not None
    return Counter(
        word for unit in document.units for word in _spoken_words(html.unescape(_MARKUP.sub(" ", unit.text)))
    )


def _spoken_words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_html_holds_the_words_that_a_browser_would_show() -> None:
    """The sample, and pages with what trips readers of HTML."""
    odd = (
        b"<!DOCTYPE html>\n<title>A &amp; B</title><p title='a > b'>One<br>two <b>three</b>&nbsp;four"
        b"<!-- no <p>word</p> --><ul><li>five<li>six</ul><textarea>no</textarea><p>seven<img alt='x'>eight"
    )
    for data in (SAMPLES["html"], odd):
        assert words_of_units(data) == words_by_lxml(data)
    assert sum(words_of_units(odd).values()) >= 10


@pytest.mark.skipif(not CORPUS, reason="L10NSYNC_CORPUS does not name the folder of real repositories")
def test_real_pages_hold_the_words_that_a_browser_would_show() -> None:
    """Every page of the real repositories."""
    pages = sorted(Path(CORPUS).rglob("*.html"))
    assert [
        path for path in pages if words_of_units(path.read_bytes()) != words_by_lxml(path.read_bytes())
    ] == []
    assert pages


def test_the_oracles_find_strings() -> None:
    """An oracle that found nothing would agree with anything that finds nothing."""
    for file_type, oracle in ORACLES.items():
        document = formats.parse(file_type, SAMPLES[file_type])
        assert document is not None
        assert sum(oracle.read(SAMPLES[file_type], document).values()) >= 2, file_type
    assert TOLERATED.keys() <= ORACLES.keys()
