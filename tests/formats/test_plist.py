"""`.strings` as property lists, and escapes as Apple reads them."""

from __future__ import annotations

import plistlib

import pytest

from l10nsync import formats
from l10nsync.errors import ContentError

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n'
    '<plist version="1.0">\n<dict>\n'
)
TAIL = "</dict>\n</plist>\n"
SOURCE = b'"hello" = "Hello, %@";\n"bye" = "Bye & go";\n'


def xml(strings: dict[str, str], indent: str = "\t") -> bytes:
    pairs = (f"{indent}<key>{key}</key>\n{indent}<string>{text}</string>\n" for key, text in strings.items())
    return (HEAD + "".join(pairs) + TAIL).encode()


def binary(strings: dict[str, str]) -> bytes:
    return plistlib.dumps(strings, fmt=plistlib.FMT_BINARY, sort_keys=False)


def texts(data: bytes) -> dict[str, str]:
    document = formats.parse("ios", data)
    assert document is not None
    return {unit.key: unit.value for unit in document.units}


@pytest.mark.parametrize("made", [xml, binary])
def test_a_property_list_is_read_as_plistlib_reads_it(made: object) -> None:
    """Keys, texts, and the places of the plural categories."""
    assert callable(made)
    data = made({"hello": "Hallo", "songs##{one}": "Lied"})
    document = formats.parse("ios", data)
    assert document is not None
    assert [(unit.key, unit.plural, unit.text) for unit in document.units] == [
        ("hello", "", "Hallo"), ("songs", "one", "Lied"),
    ]  # fmt: skip
    assert document.replace({}) == data
    assert plistlib.loads(document.replace({0: "Tach & <so>"}))["hello"] == "Tach & <so>"
    assert "hello" not in plistlib.loads(document.replace({0: None}))


@pytest.mark.parametrize("delivered", [
    b'"hello" = "Hallo, %@";\n"bye" = "Los & geht";\n',
    xml({"hello": "Hallo, %@", "bye": "Los &amp; geht"}),
    binary({"hello": "Hallo, %@", "bye": "Los & geht"}),
])  # fmt: skip
@pytest.mark.parametrize("target", [
    b'"hello" = "Alt %@";\n', xml({"hello": "Alt %@"}), xml({"hello": "Alt %@"}, "    "),
    binary({"hello": "Alt %@"}),
    xml({"bye": "x", "old": "y"}), binary({}),
])  # fmt: skip
def test_a_target_keeps_its_syntax(target: bytes, delivered: bytes) -> None:
    """Whatever is delivered; its platform's reader finds the new strings, and a second pull nothing."""
    made = formats.restyle("ios", delivered, source=SOURCE, target=target)

    assert texts(made) == {"hello": "Hallo, %@", "bye": "Los & geht"}
    assert made[:6] == target[:6] or made[:1] == target[:1] == b'"'
    if not made.startswith(b'"'):
        assert plistlib.loads(made) == texts(made)
    if b"\t<key>" in target:
        assert b"\n\t<key>bye</key>\n\t<string>Los &amp; geht</string>\n" in made
    assert formats.restyle("ios", delivered, source=SOURCE, target=made) == made


def test_a_new_target_has_the_syntax_of_its_source() -> None:
    """A property list makes property lists."""
    source = xml({"hello": "Hello"}, "  ")
    assert formats.restyle("ios", b'"hello" = "Hallo";\n', source=source) == xml({"hello": "Hallo"}, "  ")


@pytest.mark.parametrize(
    "data", [b"bplist00", b"bplist00\x00\xff" * 9, binary({"a": "b"})[:-9], b"<plist><array/></plist>"]
)
def test_a_damaged_list_is_an_error(data: bytes) -> None:
    """Never a traceback, never an empty file."""
    with pytest.raises(ContentError):
        formats.parse("ios", data)


@pytest.mark.parametrize(("raw", "text"), [
    (r"\u203A", "u203A"), (r"\U203A", "›"), (r"\U41", "A"), (r"\ud83d\ude00", "ud83dude00"),
    (r"\UD83D\UDE00", "😀"), (r"a\nb", "a\nb"), (r"\\u203A", r"\u203A"),
])  # fmt: skip
def test_escapes_are_read_as_core_foundation_reads_them(raw: str, text: str) -> None:
    """Only a capital U names a character."""
    assert texts(f'"a" = "{raw}";'.encode()) == {"a": text}


def test_an_escape_without_meaning_is_reported() -> None:
    """With what people would see, and what to write."""
    source, translation = rb'"a" = "Go on";', rb'"a" = "Weiter \u203A";'
    (found,) = formats.check("ios", source, translation, locale="de-DE")
    assert (found.rule, found.severity, found.key, found.line) == ("syntax", "error", "a", 1)
    assert r"`\u203A` is shown as `u203A`" in found.message


@pytest.mark.parametrize("value", ["١٢", "１２", "३.५"])
def test_only_ascii_digits_make_numbers_in_yaml(value: str) -> None:
    """Other digits are text, as YAML says."""
    document = formats.parse("yaml", f"a: {value}\nb: 12\n".encode())
    assert document is not None
    assert [unit.text for unit in document.units] == [value]
