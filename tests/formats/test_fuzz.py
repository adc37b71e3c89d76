"""Damaged files: whatever happens to the bytes, a file is read as a whole or refused with a place.

The mutations come from a generator with a fixed seed, so a failure names the one that made it. The normal
run tries a few per type; `make test-long` tries ten thousand and takes the time of each.
"""

from __future__ import annotations

import io
import random
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats import Document
from tests.formats.samples import FILES, XCSTRINGS

FEW = 150
MANY = 10_000
MOST_MEMORY = 200_000_000
"""Bytes that reading may take beside the program itself."""
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


_BOUNDED = """
import resource
from tests.formats import test_fuzz
with open("/proc/self/statm") as file:
    pages = int(file.read().split()[0])
limit = pages * resource.getpagesize() + test_fuzz.MOST_MEMORY
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
"""


def bounded(call: str) -> None:
    """Run a call of this module in a process that may take 200 MB more than it has after its imports."""
    made = subprocess.run(
        [sys.executable, "-c", f"{_BOUNDED}test_fuzz.{call}"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr[-3000:]


_STATM = Path("/proc/self/statm")
needs_linux = pytest.mark.skipif(not _STATM.exists(), reason="memory is bounded as on Linux")


@needs_linux
@pytest.mark.long
@pytest.mark.parametrize("file_type", sorted(SAMPLES))
def test_many_damaged_files_are_read_or_refused_in_time(file_type: str) -> None:
    """Ten thousand mutations: the same promise, and none takes a second or 200 MB."""
    bounded(f"outcomes({file_type!r}, {MANY}, slowest={SLOWEST})")


@needs_linux
def test_a_reader_that_takes_too_much_is_noticed() -> None:
    """The bound itself: what takes more than 200 MB does not come through."""
    bounded("take(50_000_000)")
    with pytest.raises(AssertionError, match="MemoryError"):
        bounded("take(400_000_000)")


def take(size: int) -> None:
    """Use so many bytes."""
    assert len(bytearray(size)) == size


@needs_linux
@pytest.mark.long
@pytest.mark.parametrize("file_type", sorted(SAMPLES))
def test_large_files_take_little_more_than_their_size(file_type: str) -> None:
    """A million characters without a structure, or of brackets alone, are read or refused in 200 MB."""
    bounded(f"swallow({file_type!r}, 1_000_000)")


@pytest.mark.parametrize("file_type", sorted(SAMPLES))
def test_files_without_a_structure_are_read_or_refused_at_once(file_type: str) -> None:
    """Twenty thousand signs of one kind take no more than their number does."""
    started = time.process_time()
    swallow(file_type, 20_000)
    assert time.process_time() - started < 5 * SLOWEST


def swallow(file_type: str, size: int) -> None:
    """Read files of one sign each."""
    for piece in b"x\0[\0<a \0<a>\0<?\0<!--\0{\0- \0> \0`\0'\0\"\0&#\0* \0|\0\n\0# \0a=\0\\\0/*".split(b"\0"):
        try:
            formats.parse(file_type, piece * (size // len(piece)))
        except ContentError:
            continue


# --- containers -------------------------------------------------------------------------------------------

CONTAINERS = {
    name: ("mimetype" if name == "idml" else "[Content_Types].xml")
    for name in ("docx", "xlsx", "pptx", "idml")
}


def container(needed: str) -> bytes:
    """Return a small ZIP container, in part compressed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr(needed, "<Types/>" if needed.endswith("xml") else "application/vnd")
        made.writestr("word/document.xml", "<a>Hello</a>" * 1, zipfile.ZIP_DEFLATED)
        made.writestr("media/image.png", bytes(range(256)) * 3, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def judged(file_type: str, number: int) -> Counter[str]:
    """Check damaged containers against a sound one; count those that pass and those that do not."""
    source = container(CONTAINERS[file_type])
    chance = random.Random(f"containers {file_type}")
    found: Counter[str] = Counter()
    for index in range(number):
        data = source
        for _change in range(chance.choice((1, 1, 2, 4))):
            data = damaged(data, chance)
        started = time.process_time()
        try:
            findings = formats.check(file_type, source, data, locale="de-DE")
        except Exception as error:
            raise AssertionError(f"{file_type}, mutation {index}, {data!r}: {error!r}") from error
        assert time.process_time() - started < SLOWEST
        found["refused" if findings else "passed"] += 1
    return found


@pytest.mark.parametrize("file_type", sorted(CONTAINERS))
def test_damaged_containers_are_findings(file_type: str) -> None:
    """Whatever happens to an archive, checking it ends in a finding or in none."""
    assert judged(file_type, FEW)["refused"] > FEW / 2


@needs_linux
@pytest.mark.long
@pytest.mark.parametrize("file_type", sorted(CONTAINERS))
def test_many_damaged_containers_are_findings(file_type: str) -> None:
    """Ten thousand of them, in 200 MB."""
    bounded(f"judged({file_type!r}, {MANY})")


@needs_linux
@pytest.mark.long
def test_a_container_of_zeros_is_read_piece_by_piece() -> None:
    """A part that unpacks to more than the bound does not lie in memory as a whole."""
    bounded("unpack(250)")


def test_a_container_that_unpacks_to_too_much_is_refused() -> None:
    """The sizes that it names are believed before anything is unpacked."""
    source = zeros(1)
    entry = source.rindex(b"PK\x01\x02") + 24
    bomb = source[:entry] + (0x7FFFFFFF).to_bytes(4, "little") + source[entry + 4 :]
    found = formats.check("docx", container("[Content_Types].xml"), bomb, locale="de")
    assert [(each.rule, "500 MB" in each.message) for each in found] == [("container", True)]


def zeros(megabytes: int) -> bytes:
    """Return a container with a part of so many megabytes of zeros."""
    target = io.BytesIO(container("[Content_Types].xml"))
    with (
        zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
        made.open("media/x.bin", "w") as part,
    ):
        for _index in range(megabytes):
            part.write(bytes(1_000_000))
    return target.getvalue()


def unpack(megabytes: int) -> None:
    """Check a container that unpacks to so much."""
    assert formats.check("docx", container("[Content_Types].xml"), zeros(megabytes), locale="de") == ()


def test_the_mutations_are_the_same_in_every_run() -> None:
    """A failure can be repeated by its number."""
    assert list(mutations("json", 20)) == list(mutations("json", 20))
    assert len(set(mutations("json", FEW))) > FEW * 0.9
