"""Files over 1 MB: each content is read once, though it is asked for again and again."""

from __future__ import annotations

import gc
import weakref
from collections import Counter

import pytest

from l10nsync import formats
from l10nsync.formats import resource_files, xmltree
from l10nsync.formats.documents import Directives, Document

STRINGS = 12_000


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[bytes]:
    """Count how often the bytes of a file are read."""
    found: Counter[bytes] = Counter()

    def counted(data: bytes, directives: Directives, charset: str | None) -> Document:
        found[data] += 1
        return real(data, directives, charset)

    readers = dict(resource_files._READERS)
    real = readers["android"]
    monkeypatch.setattr(resource_files, "_READERS", {**readers, "android": counted})
    monkeypatch.setattr(resource_files, "_LARGE", resource_files._LargeFiles(room=40_000_000, most=4))
    return found


def android(word: str) -> bytes:
    """Return a file of more than a megabyte."""
    lines = (
        f'    <string name="key_{number}">{word} {number} {"x" * 60}</string>\n' for number in range(STRINGS)
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n<resources>\n{"".join(lines)}</resources>\n'.encode()


def test_a_translation_is_judged_and_laid_out_with_one_reading_of_each_file(reads: Counter[bytes]) -> None:
    """Source, delivery, the file that is there and the one that is made; of equal bytes, none."""
    source, delivered, target = android("Open"), android("Auf"), android("Zu").replace(b"    <s", b"  <s")
    assert len(source) > 1_000_000
    assert formats.check("android", source, delivered, locale="de-DE", language="en-US") == ()
    made = formats.restyle("android", delivered, source=source, target=target)
    assert made == delivered.replace(b"    <s", b"  <s")
    assert reads == {source: 1, delivered: 1, target: 1, made: 1}

    assert formats.check("android", source, delivered, locale="fr-FR", language="en-US") == ()
    assert formats.restyle("android", delivered, source=source, target=delivered) == delivered
    assert reads[delivered] == 1


def test_what_does_not_fit_is_forgotten() -> None:
    """So many files, and so many bytes together; the last one used stays longest."""
    kept = resource_files._LargeFiles(room=100, most=3)
    texts = [f'{{"{letter}": "{letter * 20}"}}'.encode() for letter in "abcd"]
    first = [kept.read("json", text, (), None) for text in texts]
    again = [kept.read("json", text, (), None) for text in reversed(texts)]
    assert [one is other for one, other in zip(first, reversed(again), strict=True)] == [
        False,
        True,
        True,
        True,
    ]
    kept.read("json", b'{"e": "' + b"e" * 80 + b'"}', (), None)
    assert kept.read("json", texts[0], (), None) is not again[-1]


def test_a_tree_of_xml_goes_with_its_last_use() -> None:
    """It has no circles: Python's collector has nothing to look for."""
    gc.disable()
    try:
        root = xmltree.read("<a><b><c/></b></a>")
        inner = root.children[0].children[0]
        assert inner.parent is root.children[0]
        seen = weakref.ref(root)
        del root, inner
        assert seen() is None
    finally:
        gc.enable()
