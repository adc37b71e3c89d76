"""A translation that is its source with other texts is judged and laid out as any other, only quicker."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l10nsync import formats
from l10nsync.formats import Language, resource_files, twins
from tests.effort import effort

NAMES = st.sampled_from(
    ["a", "b", "title", "n_one", "n_other", "n_male", "one", "other", "message", "description", "errors",
     "@metadata", "smartling", "translate_paths", "k\\", 'k"', "ü", "", "0", "date", "formats"]
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(
        ["", " ", "Text", "Some words here", "{name}", "{{count}} files", "%s", "%(a)s", "<b>x</b>", "*/a",
         "a:b", "{n, plural, one {# x} other {# y}}", "{n, plural, other {# y}}", "$t(a)", "</b>",
         "@:link.ed", "\u202eabc", "\u200eabc", "\ud83d", "😀", 'a "b" \\', "line\nline", "Tab\t", "50 %",
         "{", "__x__"]
    ),
    st.text(max_size=8),
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(TEXTS, TEXTS, st.integers(), st.booleans(), st.none(), st.floats(allow_nan=True)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)
SOURCES = st.dictionaries(NAMES, VALUES, max_size=5)
DIRECTIVES = st.sampled_from(
    [
        {},
        {},
        {"translate_paths": "*/title"},
        {"plurals_detection": "on"},
        {"placeholder_format_custom": r"\[\w+\]"},
        {"placeholder_format": "c"},
        {"placeholder_format": "markdown"},
        {"string_format": "icu"},
        {"string_format_paths": "icu:[*/a]"},
        {"source_key_paths": "{*}"},
    ]
)
CODINGS = st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16-le", "utf-16", "latin-1"])
LANGUAGE = Language("de-DE", "de", "en-US", "de", "de/a.json")


@st.composite
def writings(draw: st.DrawFn, value: object) -> bytes:
    """Return a value as one of many programs would write it."""
    text = json.dumps(
        value,
        indent=draw(st.sampled_from([None, 0, 2, "\t"])),
        ensure_ascii=draw(st.booleans()),
        separators=draw(st.sampled_from([None, (",", ":"), (" , ", " : ")])),
    )
    text = draw(st.sampled_from(["", "\n"])) + text + draw(st.sampled_from(["", "\n", "\n\n"]))
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    if draw(st.integers(0, 9)) == 0:
        text = text.replace('"title"', '"a"')  # a name may be there twice
    return text.encode(draw(CODINGS), "xmlcharrefreplace" if draw(st.booleans()) else "replace")


def other_texts(draw: st.DrawFn, value: Any) -> Any:
    """Return a value with other strings; now and then with something else that is another."""
    if isinstance(value, dict):
        found = {name: other_texts(draw, member) for name, member in value.items()}
        if found and draw(st.integers(0, 19)) == 0:
            del found[next(iter(found))]
        return found
    if isinstance(value, list):
        return [other_texts(draw, member) for member in value]
    if isinstance(value, str) and draw(st.integers(0, 3)):
        return draw(st.one_of(st.just(f"{value}ß"), TEXTS))
    return value if draw(st.integers(0, 30)) else None


@st.composite
def families(draw: st.DrawFn) -> tuple[bytes, bytes, bytes]:
    """Return a source, a translation, and the file that is here."""
    source = draw(SOURCES)
    versions = [source, *(other_texts(draw, source) for _number in range(2))]
    found = [draw(writings(version)) for version in versions]
    return found[0], found[1], draw(st.sampled_from([found[1], found[2], found[2]]))


def all_of(
    source: bytes, came: bytes, here: bytes | None, directives: dict[str, str], charset: str | None
) -> Iterator[object]:
    """Yield everything that is said of a translation."""
    for incomplete in ("source", "empty", "skip"):
        for language in ("en-US", ""):
            yield formats.check(
                "json", source, came, locale="de-DE", directives=directives, charset=charset,
                incomplete=incomplete, language=language,
            )  # fmt: skip
    for target in (None, here):
        for style in ("repo", "smartling"):
            yield formats.restyle(
                "json", came, source=source, target=target, style=style,
                directives=directives, charset=charset, language=LANGUAGE,
            )  # fmt: skip
    yield dict(formats.texts("json", source, came, directives, charset))


def slowly(*arguments: Any) -> list[object]:
    """Return the same without what is said here."""
    with patch.object(twins, "twin_of", return_value=None):
        return list(all_of(*arguments))


@given(families(), DIRECTIVES, st.sampled_from([None, None, "utf-8", "latin-1", "utf-16"]))
@settings(max_examples=int(os.environ.get("TWINS", "150")), deadline=None)
def test_nothing_is_said_of_a_twin_that_its_reader_does_not_lead_to(
    files: tuple[bytes, bytes, bytes], directives: dict[str, str], charset: str | None
) -> None:
    assert list(all_of(*files, directives, charset)) == slowly(*files, directives, charset)


def corpus() -> list[tuple[Path, Path]]:
    """Return JSON files of real repositories, each with another of the same name."""
    root = os.environ.get("L10NSYNC_CORPUS", "")
    by_name: dict[str, list[Path]] = {}
    for path in sorted(Path(root).rglob("*.json")) if root else ():
        by_name.setdefault(path.name, []).append(path)
    return [(paths[0], other) for paths in by_name.values() for other in paths[1:9]]


@pytest.mark.skipif(not os.environ.get("L10NSYNC_CORPUS"), reason="needs the corpus")
def test_real_files_are_written_as_they_were() -> None:
    found = 0
    for one, other in corpus():
        source, came = one.read_bytes(), other.read_bytes()
        assert list(all_of(source, came, None, {}, None)) == slowly(source, came, None, {}, None), other
        found += twins.twin_of(resource_files.row_of("json"), source, came, {}, None) is not None
    assert found > 20


def test_a_translation_of_many_locales_costs_a_fifth() -> None:
    """The source is read once; of a twin neither places are looked for, nor is the result read back."""
    source = json.dumps({f"key{at}": f"Text {at}" for at in range(200)}, indent=2).encode()
    came = source.replace(b"Text", "Übersetzung".encode())

    def whole(number: int) -> None:
        data = came + b" " * number
        assert not formats.check("json", source, data, locale="de-DE", language="en-US")
        assert b"bersetzung" in formats.restyle("json", data, source=source, language=LANGUAGE)
        assert len(formats.texts("json", source, data)) == 200

    whole(0)
    quick = effort(lambda: whole(1))
    with patch.object(twins, "twin_of", return_value=None):
        whole(2)
        slow = effort(lambda: whole(3))
    assert quick < slow / 5
