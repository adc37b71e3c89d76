"""What every reader promises: untouched files keep their bytes, and any text can be put in."""

from __future__ import annotations

import os
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats import Document, Unit
from tests.formats.samples import FILES

TYPES = sorted(FILES)
_KEPT = {"xcstrings"}
"""Types whose units stand for the source and are never written."""
_XML = {"android", "resx", "xliff", "xliff2", "qt", "stringsdict", "xml", "svg"}
_LINE_BREAKS = re.compile(r"[\r\n]")
_CLEANED = {
    "plainText": _LINE_BREAKS,
    "fluent": re.compile(r"[{}\r\n]"),
    "srt": re.compile(r"\r"),
    "vtt": re.compile(r"\r"),
    "html": re.compile(r"[<>&\r\n]"),
    "markdown": re.compile(r"[|\r\n]"),
    "mdx": re.compile(r"[|<>{}\r\n]"),
    "csv": re.compile(r"\r"),
    "stringsdict": re.compile("(?!)"),
}
"""What a text of these types cannot hold; beside that, it must be more than white space."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\r]")


def read(file_type: str, data: bytes) -> Document:
    """Read a file of a type that has a reader."""
    document = formats.parse(file_type, data)
    assert document is not None
    return document


def writable(file_type: str, unit: Unit, text: str) -> str:
    """Return what of TEXT a file of the type can hold; beside a tag the signs of XML are references."""
    if file_type in _XML:
        text = _NOT_IN_XML.sub("", text)
        if unit.markup:
            text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + "<g/>"
    return f"x{_CLEANED[file_type].sub('', text)}x" if file_type in _CLEANED else text


def replaced(file_type: str, data: bytes, texts: list[str]) -> None:
    """Put TEXTS into all strings of a file, one after the other and over again, and read them back."""
    document = read(file_type, data)
    new = {
        index: writable(file_type, unit, texts[index % len(texts)])
        for index, unit in enumerate(document.units)
    }
    again = read(file_type, document.replace(dict(new)))
    assert [unit.key for unit in again.units] == [unit.key for unit in document.units]
    assert [unit.value for unit in again.units] == list(new.values())


@pytest.mark.parametrize("file_type", TYPES)
def test_a_file_without_changes_keeps_its_bytes(file_type: str) -> None:
    """Reading and writing without an edit gives the same bytes."""
    assert read(file_type, FILES[file_type]).replace({}) == FILES[file_type]


@pytest.mark.parametrize("file_type", TYPES)
def test_crlf_files_keep_their_bytes(file_type: str) -> None:
    """Windows line ends change neither the strings nor, without an edit, a byte."""
    data = FILES[file_type].replace(b"\n", b"\r\n")
    document = read(file_type, data)
    assert document.replace({}) == data
    assert [unit.key.replace("\r", "") for unit in document.units] == [
        unit.key for unit in read(file_type, FILES[file_type]).units
    ]


@pytest.mark.parametrize("file_type", TYPES)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_marked_encodings_are_kept(file_type: str, encoding: str) -> None:
    """A byte order mark decides how a file is read, and is written back."""
    text = FILES[file_type].decode().replace('encoding="utf-8"', "").replace("charset=UTF-8", "")
    data = text.encode(encoding)
    document = read(file_type, data)
    assert document.units
    assert document.replace({}) == data


@pytest.mark.parametrize("file_type", TYPES)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(texts=st.lists(st.text(max_size=12), min_size=1, max_size=20))
def test_any_text_can_be_put_in_and_read_back(file_type: str, texts: list[str]) -> None:
    """Every string at once takes any text; reading the result gives these texts and the same keys."""
    replaced(file_type, FILES[file_type], texts)


@pytest.mark.parametrize("file_type", TYPES)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(text=st.text("ab \n\t'\"\\<>&{}[]#:-%=;|!@?*,.\u2028é日\u202e\u0627\U0001f9d8\x1b\x7f", max_size=20))
def test_the_signs_of_the_formats_are_only_text(file_type: str, text: str) -> None:
    """Signs that mean something to one of the formats, or turn the direction, can stand in any string."""
    replaced(file_type, FILES[file_type], [text])


# --- the examples, and real files ---------------------------------------------------------------------------

EXAMPLES = Path(__file__).parents[2] / "examples"
CORPUS = os.environ.get("L10NSYNC_CORPUS", "")


def files_below(folder: Path) -> list[tuple[str, Path]]:
    """Return the files of a folder that have a reader which finds strings, with their types."""
    found = []
    for path in sorted(folder.rglob("*")):
        row = formats.detect(path.relative_to(folder).as_posix())
        if row and row.parse and not row.whole and path.is_file() and ".git" not in path.parts:
            found.append((row.name, path))
    return found


_EXAMPLES = files_below(EXAMPLES)
_CORPUS = files_below(Path(CORPUS)) if CORPUS else []
_real = pytest.mark.skipif(not CORPUS, reason="L10NSYNC_CORPUS does not name the folder of real repositories")


def test_there_are_examples_of_many_types() -> None:
    """The tests below would say nothing of a folder that holds nothing."""
    assert len({name for name, _path in _EXAMPLES}) >= 7


@pytest.mark.parametrize(
    ("file_type", "path"), _EXAMPLES, ids=[path.relative_to(EXAMPLES).as_posix() for _, path in _EXAMPLES]
)
def test_examples_keep_their_bytes(file_type: str, path: Path) -> None:
    """Reading and writing without an edit gives the same bytes."""
    assert read(file_type, path.read_bytes()).replace({}) == path.read_bytes()


@pytest.mark.parametrize(
    ("file_type", "path"), _EXAMPLES, ids=[path.relative_to(EXAMPLES).as_posix() for _, path in _EXAMPLES]
)
@settings(max_examples=15, deadline=None, derandomize=True)
@given(texts=st.lists(st.text(max_size=30), min_size=1, max_size=8))
def test_examples_take_any_text(file_type: str, path: Path, texts: list[str]) -> None:
    """Every string of every example at once."""
    if file_type not in _KEPT:
        replaced(file_type, path.read_bytes(), texts)


@_real
@settings(max_examples=3, deadline=None, derandomize=True)
@given(texts=st.lists(st.text(max_size=30), min_size=1, max_size=8))
def test_real_files_take_any_text(texts: list[str]) -> None:
    """Every string of every real file at once; those that are no file of their type are left out."""
    number = 0
    for file_type, path in _CORPUS:
        data = path.read_bytes()
        try:
            assert read(file_type, data).replace({}) == data
        except ContentError:
            continue
        if file_type not in _KEPT:
            replaced(file_type, data, texts)
            number += 1
    assert number


@pytest.mark.parametrize("file_type", TYPES)
def test_positions_are_those_of_the_raw_values(file_type: str) -> None:
    """Lines count from 1 and grow with the file; spans do not overlap."""
    document = read(file_type, FILES[file_type])
    spans = [(unit.start, unit.end) for unit in document.units]
    assert all(start <= end for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert all(1 <= unit.line <= document.text.count("\n", 0, unit.end) + 1 for unit in document.units)


@pytest.mark.parametrize("file_type", TYPES)
def test_pseudo_localized_files_read_as_their_type(file_type: str) -> None:
    """Pseudo-localization keeps keys, placeholders and structure, and changes texts."""
    made = formats.pseudo(file_type, FILES[file_type])
    findings = formats.check(file_type, FILES[file_type], made, locale="de-DE")
    assert [each for each in findings if each.severity == "error"] == []
    assert made != FILES[file_type]
    assert made == formats.pseudo(file_type, FILES[file_type])


@pytest.mark.parametrize("file_type", TYPES)
@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    cut=st.tuples(st.integers(0, 2000), st.integers(0, 40)),
    put=st.text("\"'<>/=:;,{}[]\\\n \x00#&é-|>*!a1%", max_size=6),
)
def test_damaged_files_are_read_or_refused(file_type: str, cut: tuple[int, int], put: str) -> None:
    """Whatever is cut out of a file and put into it, it is read as a whole or refused as content."""
    text = FILES[file_type].decode()
    start = cut[0] % (len(text) + 1)
    data = f"{text[:start]}{put}{text[start + cut[1] :]}".encode()
    try:
        document = read(file_type, data)
    except ContentError as error:
        line = error.line
    else:
        line = 0
        assert document.replace({}) == data
        values = {index: unit.value for index, unit in enumerate(document.units)}
        assert formats.same(file_type, document.replace(dict(values)), data)
    assert 0 <= line <= data.count(b"\n") + 2
