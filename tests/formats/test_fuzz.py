"""Damaged files: whatever happens to the bytes, a file is read as a whole or refused with a place.

The mutations come from a generator with a fixed seed, so a failure names the one that made it. The normal
run tries a few per type; `make test-long` tries ten thousand and takes the time of each.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats import Document
from tests.formats.samples import FILES, XCSTRINGS

FEW = 150
MANY = 10_000
SLOWEST = 1.0
"""Seconds of processor time that one damaged file may take."""
SAMPLES: dict[str, bytes] = {
    **FILES,
    "xcstrings": XCSTRINGS,
    "mdx": FILES["markdown"],
    "freemarker": b"Hello ${name}\n",
}
_PIECES = (
    *(bytes([code]) for code in (0, 9, 10, 13, 27, 0x7F, 0x85, 0xA0, 0xC3, 0xE2, 0xED, 0xFE, 0xFF)),
    *(character.encode() for character in "\"'\\<>&{}[]()#:;=,.|!?*@%$-+~`^/ 0n\u00e9\u2028\u2029\ufeff日🧘"),
    *(b"\r\n", b"\n\n", b"  ", b"\\u", b"\\uD83E", b"\\x", b"&#0;", b"&#x110000;", b"&e;", b"]]>", b"-->"),
    *(b"<![CDATA[", b"<!--", b"<?xml", b"<!DOCTYPE a [", b"<a>", b"</a>", b"<a/>", b"/>", b"xml:lang='x'"),
    *(
        b'msgid "',
        b"msgstr[99999999999] ",
        b"#~ ",
        b"#, ",
        b"##{few}",
        b"- ",
        b"? ",
        b"&a ",
        b"*a ",
        b"!!int ",
    ),
    *(
        b"---\n",
        b"...\n",
        b"%YAML 9.9\n",
        b"<<: ",
        b"|2\n",
        b">-\n",
        b"{{",
        b"}}",
        b"/*",
        b"*/",
        b"//",
        b"<?php",
    ),
    *(
        b"smartling.sltrans = notranslate",
        b"# smartling.translate_paths = */(a+)+$\n",
        b"```",
        b"|---|",
        b"-->\n",
    ),
    *(b"NaN", b"1e999", b"9" * 5000, b"[" * 300, b"{a: " * 300, b"<a>" * 300, b'{"a":' * 300, b"(" * 300),
)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
_CODECS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252")


def mutations(file_type: str, number: int) -> Iterator[bytes]:
    """Yield damaged versions of a sample: one to four changes each, the same ones in every run."""
    chance = random.Random(f"damage {file_type}")
    for _index in range(number):
        data = SAMPLES[file_type]
        for _change in range(chance.choice((1, 1, 1, 2, 3, 4))):
            data = damaged(data, chance)
        yield data


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return DATA with one change."""
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.choice((1, 1, 2, 5, 20, 200)))
    piece = chance.choice(_PIECES)
    match chance.randrange(10):
        case 0:
            return data[:start]
        case 1:
            return data[:start] + data[end:]
        case 2:
            return data[:end] + data[start:end] * chance.choice((1, 2, 50)) + data[end:]
        case 3:
            other = SAMPLES[chance.choice(sorted(SAMPLES))]
            return data[:start] + other[chance.randrange(len(other)) :][:80] + data[end:]
        case 4:
            return data[:start] + bytes([chance.randrange(256)]) + data[start + 1 :]
        case 5:
            return data[end:] + data[:start]
        case 6 if chance.random() < 0.3:
            return chance.choice(_MARKS) + data
        case 7 if chance.random() < 0.3:
            return data.decode("utf-8", "replace").encode(chance.choice(_CODECS), "replace")
        case _:
            return data[:start] + piece + data[end if chance.random() < 0.5 else start :]


def outcome(file_type: str, data: bytes) -> str:
    """Read one file; return `read` or `refused`, and fail on everything else."""
    try:
        document = formats.parse(file_type, data)
    except ContentError as error:
        refusal = error
    else:
        return _held(document, data)
    assert refusal.line >= 1, f"{refusal} has no line"
    assert refusal.column >= 1, f"{refusal} has no column"
    assert refusal.line <= data.count(b"\n") + data.count(b"\r") + 2
    return "refused"


def _held(document: Document | None, data: bytes) -> str:
    assert document is not None
    assert document.replace({}) == data
    assert all(0 <= unit.start <= unit.end <= len(document.text) for unit in document.units)
    return "read"


def outcomes(file_type: str, number: int, *, slowest: float = 0.0) -> Counter[str]:
    """Count the outcomes of all mutations; with SLOWEST also hold each to that many seconds."""
    found: Counter[str] = Counter()
    for index, data in enumerate(mutations(file_type, number)):
        started = time.process_time()
        try:
            found[outcome(file_type, data)] += 1
            formats.check(file_type, SAMPLES[file_type], data, locale="de-DE")
        except Exception as error:
            raise AssertionError(f"{file_type}, mutation {index}, {data[:3000]!r}: {error!r}") from error
        spent = time.process_time() - started
        assert not slowest or spent < slowest, f"{file_type}, mutation {index} took {spent:.2f} s"
    return found


@pytest.mark.parametrize("file_type", sorted(SAMPLES))
def test_damaged_files_are_read_or_refused_with_a_place(file_type: str) -> None:
    """Nothing but `ContentError` comes out; checking a damaged translation never fails."""
    found = outcomes(file_type, FEW)
    assert found.total() == FEW
    assert found["refused"]


@pytest.mark.long
@pytest.mark.parametrize("file_type", sorted(SAMPLES))
def test_many_damaged_files_are_read_or_refused_in_time(file_type: str) -> None:
    """Ten thousand mutations: the same promise, and none takes a second."""
    assert outcomes(file_type, MANY, slowest=SLOWEST).total() == MANY


def test_the_mutations_are_the_same_in_every_run() -> None:
    """A failure can be repeated by its number."""
    assert list(mutations("json", 20)) == list(mutations("json", 20))
    assert len(set(mutations("json", FEW))) > FEW * 0.9
