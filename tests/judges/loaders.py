"""What loads each type in production, programs and libraries behind one face: files in, texts out."""

from __future__ import annotations

import csv
import gettext
import io
import json
import plistlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.judges import programs
from tests.judges.programs import Program, Question, Reply

Loader = Callable[[Question], Reply]


def singly(load: Callable[[Path, str], Sequence[str]]) -> Program:
    """Make a program of a function that loads one file."""

    def answer(question: Question) -> Reply:
        assert question.path is not None
        try:
            return Reply(tuple(load(question.path, question.locale)))
        except Exception as error:  # noqa: BLE001 a library refuses in its own way
            return Reply(error=f"{type(error).__name__}: {error}")

    return lambda questions: [answer(question) for question in questions]


def by_python_gettext(path: Path, locale: str) -> list[str]:
    """Compile with `msgfmt --check` and find the catalogue by the local name, as programs do."""
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder) / locale / "LC_MESSAGES" / "app.mo"
        compiled.parent.mkdir(parents=True)
        _run("msgfmt", "--check", f"--output-file={compiled}", str(path))
        catalogue = gettext.translation("app", folder, [locale])
        said = catalogue.info().get("language", "")
        if said.replace("-", "_") not in {locale.replace("-", "_"), ""}:
            raise ValueError(f"the header says {said}")
        entries: dict[Any, str] = vars(catalogue)["_catalog"]
    return [text for key, text in entries.items() if key]


def by_polib(path: Path, _locale: str) -> list[str]:
    """Read the entries that count as translated."""
    import polib

    entries = polib.pofile(str(path)).translated_entries()
    return [
        text
        for entry in entries
        for text in ([entry.msgstr] if entry.msgstr else entry.msgstr_plural.values())
    ]


def by_babel_catalogue(path: Path, locale: str) -> list[str]:
    """Read a catalogue, whose header must name the locale."""
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        found = read_po(file, abort_invalid=True)
    if str(found.locale) != locale.replace("-", "_"):
        raise ValueError(f"the header says {found.locale_identifier}")
    return [
        text
        for message in found
        if message.id and not message.fuzzy
        for text in ([message.string] if isinstance(message.string, str) else message.string or ())
        if text
    ]


def by_aapt(path: Path, locale: str) -> list[str]:
    """Compile and link a `values` folder, and read the table that Android's runtime reads."""
    with tempfile.TemporaryDirectory() as folder:
        below = Path(folder)
        for values in (path.parent.parent / "values", path.parent):
            if values.is_dir():
                shutil.copytree(values, below / "res" / values.name, dirs_exist_ok=True)
        manifest = below / "AndroidManifest.xml"
        manifest.write_text('<manifest package="a.b"/>')
        compiled, linked = below / "compiled.zip", below / "linked.apk"
        _run("aapt2", "compile", "--dir", str(below / "res"), "-o", str(compiled))
        _run("aapt2", "link", "--manifest", str(manifest), "-o", str(linked), str(compiled))
        table = _run("aapt2", "dump", "resources", str(linked))
    return _of_configuration(table, path.parent.name.removeprefix("values-"))


def _of_configuration(table: str, name: str) -> list[str]:
    """Return the texts that a dump of a table shows for one configuration."""
    found: list[str] = []
    inside = False
    for line in table.splitlines():
        text = line.strip()
        if text.startswith("("):
            inside = text.startswith(f"({name})")
        elif text.startswith(("resource ", "type ")):
            inside = False
        if inside and '"' in text:
            found += _quoted(text)
    return found


def _quoted(text: str) -> list[str]:
    if text.startswith("[") or '", "' in text:
        return text.strip("[]")[1:-1].split('", "')
    return [text.partition('"')[2].rpartition('"')[0]]


def by_lrelease(path: Path, _locale: str) -> list[str]:
    """Compile, and convert back what was compiled; a warning of the compiler is a refusal."""
    with tempfile.TemporaryDirectory() as folder:
        compiled, back = Path(folder) / "app.qm", Path(folder) / "app.ts"
        said = _run("lrelease", str(path), "-qm", str(compiled), both=True)
        if "warning" in said.lower():
            raise ValueError(said)
        _run("lconvert", "-i", str(compiled), "-o", str(back))
        from lxml import etree

        root = etree.parse(back).getroot()
        forms = [form for form in root.iter("translation", "numerusform") if not len(form)]
        return [form.text or "" for form in forms]


def by_openstep(path: Path, _locale: str) -> list[str]:
    """Read a .strings file of the old syntax, or a property list."""
    import openstep_plist

    data = path.read_bytes()
    if data.startswith((b"bplist", b"<?xml")):
        return list(plistlib.loads(data).values())
    text = data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    return list(openstep_plist.loads(text, use_numbers=False).values())


def by_plistlib(path: Path, _locale: str) -> list[str]:
    """Read every text of a property list."""
    return list(_leaves(plistlib.loads(path.read_bytes())))


def by_catalog(path: Path, locale: str) -> list[str]:
    """Read a String Catalog's texts of one language, by its exact id, that Xcode takes as translated."""
    found: list[str] = []
    for entry in json.loads(path.read_bytes())["strings"].values():
        unit = entry.get("localizations", {}).get(locale)
        found += _translated(unit) if unit else []
    return found


def _translated(value: Any) -> list[str]:
    if not isinstance(value, dict):
        return []
    if isinstance(unit := value.get("stringUnit"), dict):
        return [unit["value"]] if unit.get("state") == "translated" else []
    return [text for inner in value.values() for text in _translated(inner)]


def _leaves(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _leaves(part)]


def by_json(path: Path, _locale: str) -> list[str]:
    """Read every text of a JSON file."""
    return _leaves(json.loads(path.read_bytes().decode("utf-8-sig")))


def by_chrome(path: Path, _locale: str) -> list[str]:
    """Read the messages of an extension: each has a `message`, as Chrome documents it."""
    entries = json.loads(path.read_bytes().decode("utf-8-sig"))
    return [entry["message"] for entry in entries.values()]


def by_arb(path: Path, locale: str) -> list[str]:
    """Read messages where file name and `@@locale` agree, as `gen-l10n` of Flutter demands."""
    found: dict[str, Any] = json.loads(path.read_bytes())
    if (said := found.get("@@locale", locale)) != locale:
        raise ValueError(f"the locale in the file ({said}) is not that of its name ({locale})")
    return [text for name, text in found.items() if not name.startswith("@")]


def by_pyyaml(path: Path, _locale: str) -> list[str]:
    """Read every text of a YAML file."""
    import yaml

    return _leaves(yaml.safe_load(path.read_bytes()))


def by_resx(path: Path, _locale: str) -> list[str]:
    """Read the `data` elements without type."""
    from lxml import etree

    root = etree.fromstring(path.read_bytes())
    if root.tag != "root":
        raise ValueError(f"the root element is {root.tag}")
    return [
        data.findtext("value") or ""
        for data in root.iter("data")
        if not data.get("type") and not data.get("mimetype")
    ]


def by_fluent_runtime(path: Path, locale: str) -> list[str]:
    """Format every message of a bundle; what the grammar refuses counts as an error."""
    from fluent.runtime import FluentBundle, FluentResource
    from fluent.syntax import ast
    from fluent.syntax import parse as parsed

    text = path.read_text("utf-8")
    junk = [entry for entry in parsed(text).body if isinstance(entry, ast.Junk)]
    if junk:
        raise ValueError(junk[0].annotations[0].message)
    bundle = FluentBundle([locale.replace("_", "-")], use_isolating=False)
    bundle.add_resource(FluentResource(text))
    found: list[str] = []
    for entry in vars(bundle)["_messages"]:
        message = bundle.get_message(entry)
        patterns = [message.value, *message.attributes.values()]
        found += [str(bundle.format_pattern(pattern, {})[0]) for pattern in patterns if pattern]
    return found


def by_markdown_it(path: Path, _locale: str) -> list[str]:
    """Return the page as HTML."""
    from markdown_it import MarkdownIt

    return [MarkdownIt("commonmark").enable("table").render(path.read_text("utf-8"))]


def by_lxml_html(path: Path, locale: str) -> list[str]:
    """Read the texts of a page, whose `lang` must be the local name."""
    from lxml import html

    root = html.document_fromstring(path.read_bytes())
    if root.get("lang") != locale:
        raise ValueError(f"the page says {root.get('lang')}")
    return [text.strip() for text in root.itertext() if text.strip()]


def by_lxml(path: Path, _locale: str) -> list[str]:
    """Read the texts of an XML file."""
    from lxml import etree

    texts = etree.fromstring(path.read_bytes()).itertext()
    return [text.strip() for text in texts if text.strip()]


def by_csv(path: Path, _locale: str) -> list[str]:
    """Read every cell."""
    return [cell for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")) for cell in row]


def by_webvtt(path: Path, _locale: str) -> list[str]:
    """Read the cues of a WebVTT or SubRip file."""
    import webvtt

    cues = webvtt.from_srt(str(path)) if path.suffix == ".srt" else webvtt.read(str(path))
    return [cue.text for cue in cues.captions]


def _run(*argv: str, both: bool = False) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ValueError((done.stderr or done.stdout).strip()[:500])
    return done.stdout + done.stderr if both else done.stdout


PROGRAMS: dict[str, tuple[str, Program]] = {
    "gettext": ("msgfmt", singly(by_python_gettext)),
    "polib": ("", singly(by_polib)),
    "babel": ("", singly(by_babel_catalogue)),
    "ResourceBundle": ("java", programs.java),
    "message": ("java", programs.java),
    "printf": ("java", programs.java),
    "i18next": ("npm:i18next", programs.node),
    "ngx": ("npm:i18next", programs.node),
    "vue": ("npm:@intlify/core-base", programs.node),
    "icu": ("npm:@formatjs/icu-messageformat-parser", programs.node),
    "messageformat": ("npm:@messageformat/core", programs.node),
    "banana": ("npm:banana-i18n", programs.node),
    "fluent": ("npm:@fluent/bundle", programs.node),
    "fluent.runtime": ("", singly(by_fluent_runtime)),
    "angular": ("npm:@angular/localize", programs.node),
    "mdx": ("npm:@mdx-js/mdx", programs.node),
    "symfony": ("symfony", programs.php),
    "php": ("php", programs.php),
    "rails": ("ruby-i18n", programs.ruby),
    "pyyaml": ("", singly(by_pyyaml)),
    "aapt": ("aapt2", singly(by_aapt)),
    "lrelease": ("lrelease", singly(by_lrelease)),
    "openstep": ("", singly(by_openstep)),
    "plistlib": ("", singly(by_plistlib)),
    "catalog": ("", singly(by_catalog)),
    "chrome": ("", singly(by_chrome)),
    "arb": ("", singly(by_arb)),
    "resx": ("", singly(by_resx)),
    "json": ("", singly(by_json)),
    "markdown-it": ("", singly(by_markdown_it)),
    "html": ("", singly(by_lxml_html)),
    "lxml": ("", singly(by_lxml)),
    "csv": ("", singly(by_csv)),
    "webvtt": ("", singly(by_webvtt)),
}
"""By name: the tool from outside that a judge needs, if it needs one, and what answers."""


def ask(questions: Sequence[Question]) -> list[Reply]:
    """Put questions to the judges that they name; a program is started once for all of its questions."""
    replies: dict[int, Reply] = {}
    by_program: dict[Program, list[int]] = {}
    for index, question in enumerate(questions):
        by_program.setdefault(PROGRAMS[question.judge][1], []).append(index)
    for program, indexes in by_program.items():
        replies |= dict(zip(indexes, program([questions[index] for index in indexes]), strict=True))
    return [replies[index] for index in range(len(questions))]
