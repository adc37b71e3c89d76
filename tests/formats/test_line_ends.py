"""Line ends of what a pull adds to a file."""

from __future__ import annotations

import pytest

from l10nsync import formats

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.mark.parametrize(
    ("file_type", "target", "added"),
    [
        ("json", '{\n  "a": "Ah"\n}\n', '{\n  "a": "Ah",\n  "b": "Be"\n}\n'),
        (
            "gettext",
            f'{HEAD}msgid "a"\nmsgstr "Ah"\n',
            f'{HEAD}msgid "a"\nmsgstr "Ah"\n\n# New\nmsgid "b"\nmsgstr "Be"\n',
        ),
        ("ios", '"a" = "Ah";\n', '"a" = "Ah";\n\n/* New */\n"b" = "Be";\n'),
        ("javaProperties", "a=Ah\n", "a=Ah\n\n# New\nb=Be\n"),
        ("yaml", "a: Ah\n", "a: Ah\n\n# New\nb: Be\n"),
    ],
)
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_an_added_entry_ends_its_lines_as_the_target(
    file_type: str, target: str, added: str, end: str
) -> None:
    """A target with CRLF gets no bare LF with a new string, and one with LF no CR."""
    made = formats.restyle(
        file_type,
        added.encode(),
        source=target.replace("Ah", "A").encode(),
        target=target.replace("\n", end).encode(),
        style="repo",
        directives={},
        charset=None,
    )

    assert b"Be" in made
    assert made.count(b"\n") == made.count(end.encode())
    assert made.count(b"\r") == (made.count(b"\n") if end == "\r\n" else 0)
