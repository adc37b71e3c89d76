"""What every reader promises: untouched files keep their bytes, and any text can be put in."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats import Document
from tests.formats.samples import FILES

TYPES = sorted(FILES)
_XML = {"android", "resx", "xliff", "xliff2", "qt", "stringsdict", "xml", "svg"}
_LINE_BREAKS = re.compile(r"[\r\n]")
_NOT_WORDS = re.compile(r"[^\w ]|_")
_CLEANED = {
    "plainText": _LINE_BREAKS,
    "fluent": _LINE_BREAKS,
    "srt": re.compile(r"\r"),
    "vtt": re.compile(r"\r"),
    "html": _NOT_WORDS,
    "markdown": _NOT_WORDS,
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


def writable(file_type: str, text: str) -> str:
    """Take out of TEXT what no file of the type can hold."""
    if file_type in _XML:
        text = _NOT_IN_XML.sub("", text)
    return f"x{_CLEANED[file_type].sub('', text)}x" if file_type in _CLEANED else text


def changeable(document: Document) -> list[int]:
    """Return the units that take any text: mixed content takes only what is well-formed."""
    return [index for index, unit in enumerate(document.units) if not unit.markup]


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
@given(data=st.data())
def test_any_text_can_be_put_in_and_read_back(file_type: str, data: st.DataObject) -> None:
    """Every string at once takes any text; reading the result gives these texts and the same keys."""
    document = read(file_type, FILES[file_type])
    texts = {index: writable(file_type, data.draw(st.text(max_size=12))) for index in changeable(document)}
    again = read(file_type, document.replace(dict(texts)))
    assert [unit.key for unit in again.units] == [unit.key for unit in document.units]
    assert {index: again.units[index].value for index in texts} == texts


@pytest.mark.parametrize("file_type", TYPES)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(text=st.text("ab \n\t'\"\\<>&{}[]#:-%=;|!@?*,.\u2028é日", max_size=20))
def test_the_signs_of_the_formats_are_only_text(file_type: str, text: str) -> None:
    """Signs that mean something to one of the formats can stand in any string."""
    document = read(file_type, FILES[file_type])
    plain, text = changeable(document), writable(file_type, text)
    again = read(file_type, document.replace(dict.fromkeys(plain, text)))
    assert [again.units[index].value for index in plain] == [text] * len(plain)


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
