"""How fast files are read and judged: MB/s of each type on generated files, and a check of 20,000 strings.

`python benchmarks/formats.py`; processor time, the best of several runs, because other work disturbs.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable

from l10nsync import formats

RUNS = 2
STRINGS = 20_000
SENTENCE = "The ferry to {0} leaves at %1$s; please be on board five minutes before – no. "


def texts(number: int) -> list[str]:
    """Return that many different sentences."""
    return [f"{SENTENCE}{index}" for index in range(number)]


def _joined(head: str, line: str, tail: str = "") -> Callable[[int], bytes]:
    """Return a maker of files that repeat LINE; `@i` is the number and `@t` the text."""

    def make(number: int) -> bytes:
        rows = (
            line.replace("@i", str(index)).replace("@t", text) for index, text in enumerate(texts(number))
        )
        return f"{head}{''.join(rows)}{tail}".encode()

    return make


def _json(number: int) -> bytes:
    groups: dict[str, dict[str, str]] = {}
    for index, text in enumerate(texts(number)):
        groups.setdefault(f"group{index // 50}", {})[f"key{index}"] = text
    return json.dumps(groups, indent=2, ensure_ascii=False).encode()


def _catalog(number: int) -> bytes:
    strings = {text: {"comment": "Shown on top"} for text in texts(number)}
    return json.dumps({"sourceLanguage": "en", "strings": strings, "version": "1.0"}, indent=2).encode()


_XML = '<?xml version="1.0" encoding="utf-8"?>\n'
MAKERS: dict[str, Callable[[int], bytes]] = {
    "json": _json,
    "arb": _joined('{\n  "@@locale": "en"', ',\n  "key@i": "@t"', "\n}\n"),
    "xcstrings": _catalog,
    "yaml": _joined("en:\n  app:\n", '    key@i: "@t"\n'),
    "javaProperties": _joined("", "# Timetable\nkey.@i = @t\n"),
    "android": _joined(f"{_XML}<resources>\n", '    <string name="key_@i">@t</string>\n', "</resources>\n"),
    "ios": _joined("", '/* Timetable */\n"key@i" = "@t";\n\n'),
    "stringsdict": _joined(
        f'{_XML}<plist version="1.0"><dict>\n',
        "<key>k@i</key><dict><key>n</key><dict><key>one</key><string>@t</string>"
        "<key>other</key><string>@t</string></dict></dict>\n",
        "</dict></plist>\n",
    ),
    "gettext": _joined(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n',
        '\n#: a.c:@i\n#, c-format\nmsgid "@t"\nmsgstr "@t"\n',
    ),
    "xliff": _joined(
        f'{_XML}<xliff version="1.2"><file original="a"><body>\n',
        '<trans-unit id="u@i"><source>@t</source><target>@t</target></trans-unit>\n',
        "</body></file></xliff>\n",
    ),
    "xliff2": _joined(
        f'{_XML}<xliff version="2.0"><file id="a">\n',
        '<unit id="u@i"><segment><source>@t</source><target>@t</target></segment></unit>\n',
        "</file></xliff>\n",
    ),
    "resx": _joined(
        f"{_XML}<root>\n", '  <data name="K@i" xml:space="preserve"><value>@t</value></data>\n', "</root>\n"
    ),
    "qt": _joined(
        f"{_XML}<TS><context><name>Main</name>\n",
        "<message><source>@t</source><translation>@t</translation></message>\n",
        "</context></TS>\n",
    ),
    "xml": _joined(
        f"{_XML}<!-- smartling.translate_paths = items/item -->\n<items>\n", "<item>@t</item>\n", "</items>\n"
    ),
    "svg": _joined('<svg xmlns="http://www.w3.org/2000/svg">\n', '<text x="@i">@t</text>\n', "</svg>\n"),
    "csv": _joined("key,text\n", 'k@i,"@t, ""quoted"""\n'),
    "srt": _joined("", "@i\n00:00:01,000 --> 00:00:02,500\n@t\n\n"),
    "vtt": _joined("WEBVTT\n\n", "00:01.000 --> 00:02.000\n@t\n\n"),
    "phpResource": _joined("<?php\nreturn [\n", "    'key@i' => '@t',\n", "];\n"),
    "fluent": _joined("", "key-@i = @t\n"),
    "plainText": _joined("", "@t\n"),
    "html": _joined("<!DOCTYPE html>\n<html><body>\n", "<p>@t <b>bold</b></p>\n", "</body></html>\n"),
    "markdown": _joined("# Title\n", "\n## Part @i\n\n@t\n\n- item *one*\n"),
}


def best(work: Callable[[], object]) -> float:
    """Return the least processor time of several runs, in seconds."""
    times = []
    for _run in range(RUNS):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


READ_AT_LEAST = 5.0
"""MB a second."""
JUDGED_WITHIN = 2.0
"""Seconds for a translation of `STRINGS` strings."""


def row(file_type: str) -> tuple[str, bool]:
    """Return the line of one type, and whether it is as fast as is promised.

    Size, strings, reading, changing every string, checking a translation.
    """
    data = MAKERS[file_type](STRINGS)
    translation = formats.pseudo(file_type, data)
    reading = best(lambda: formats.parse(file_type, data))
    writing = best(lambda: formats.translate(file_type, data, lambda unit: f"{unit.value}!"))
    checking = best(lambda: formats.check(file_type, data, translation, locale="de-DE"))
    size = len(data) / 1e6
    strings = formats.count(file_type, data).strings
    met = size / reading >= READ_AT_LEAST and checking * STRINGS / strings <= JUDGED_WITHIN
    line = (
        f"{file_type:<16}{size:7.1f}{strings:9,}{size / reading:8.1f}{size / writing:9.1f}"
        f"{checking * 1000:9.0f}{strings / checking:13,.0f}"
    )
    return (line if met else f"{line}  too slow"), met


def main() -> None:
    """Print one row per type."""
    print(f"{'type':<16}{'MB':>7}{'strings':>9}{'read':>8}{'change':>9}{'verify':>9}{'verify':>13}")
    print(f"{'':<32}{'MB/s':>8}{'MB/s':>9}{'ms':>9}{'strings/s':>13}")
    met = True
    for file_type in MAKERS:
        line, fast = row(file_type)
        met = met and fast
        print(line, flush=True)
    promise = f"{READ_AT_LEAST:.0f} MB/s and {STRINGS:,} strings judged in {JUDGED_WITHIN:.0f} s"
    print(f"{promise}: {'met by all' if met else 'NOT met by all'}")
    print(f"best of {RUNS} runs, {os.cpu_count()} processors, Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
