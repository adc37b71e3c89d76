"""Format strings of gettext are judged as `msgfmt --check` judges them."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from l10nsync import formats

HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)
DIRECTIVES = {
    "awk": "%s %d %1$s %2$d %%",
    "boost": "%1% %2% %s %|1$s| %%",
    "c": "%s %d %ld %5d %.2f %1$s %2$d %%",
    "csharp": "{0} {1} {0:N2} {{ }}",
    "elisp": "%s %d %S %c %%",
    "gcc-internal": "%s %d %qs %< %> %E %T %%",
    "javascript": "%s %d %j %f %1$s %%",
    "kde": "%1 %2 %9",
    "lisp": "~a ~s ~d ~~ ~%",
    "lua": "%s %d %q %x %f %%",
    "object-pascal": "%s %d %0:s %1:d %5d %x %%",
    "perl-brace": "{a} {b} {c}",
    "php": "%s %d %1$s %2$d %05d %%",
    "python": "%s %d %(a)s %(b)d %r %%",
    "python-brace": "{0} {1} {a} {b} {{ }}",
    "qt": "%1 %2 %9",
    "ruby": "%s %d %{a} %<b>d %1$s %%",
    "scheme": "~a ~s ~d ~~",
    "smalltalk": "%1 %2",
    "tcl": "%s %d %1$s %2$d %%",
    "ycp": "%1 %2 %9",
}
"""By language: what its format strings may have."""
STRAY = {"awk": "%", "c": "%", "lisp": "~", "lua": "%", "python": "%", "ruby": "%", "tcl": "%"}
"""Signs that begin no directive where a letter or a space follows."""
ROUNDS = 40


def entries(language: str) -> list[str]:
    """Return entries of a catalogue whose translations have lost, changed or added directives."""
    chance = random.Random(language)
    choices = DIRECTIVES[language].split()
    made = []
    for number in range(ROUNDS):
        source = chance.choices(choices, k=chance.choice([0, 1, 1, 2, 2, 3]))
        translation = list(source)
        if source and chance.random() < 0.4:
            translation.pop(chance.randrange(len(translation)))
        if chance.random() < 0.5:
            more = [*choices, STRAY.get(language, choices[0])]
            translation.insert(chance.randrange(len(translation) + 1), chance.choice(more))
        if chance.random() < 0.3:
            chance.shuffle(translation)
        texts = (" ".join(["w", *(f"{part} w" for part in parts)]) for parts in (source, translation))
        msgid, msgstr = texts
        made.append(f'#, {language}-format\nmsgid "{language} {number} {msgid}"\nmsgstr "{msgstr}"\n\n')
    return made


@pytest.mark.judges
def test_what_msgfmt_refuses_is_an_error(tmp_path: Path) -> None:
    """Whatever directives a translation loses, changes or adds, in any of twenty languages."""
    if shutil.which("msgfmt") is None:
        pytest.skip("needs tool: msgfmt")
    catalogue = tmp_path / "app.po"
    made = [entry for language in DIRECTIVES for entry in entries(language)]
    catalogue.write_text(HEADER + "".join(made))
    first = HEADER.count("\n") + 1
    done = subprocess.run(
        ["msgfmt", "--check-format", "--output-file=/dev/null", str(catalogue)],
        capture_output=True,
        text=True,
        check=False,
    )
    refused = {(int(line) - first) // 4 for line in re.findall(r":(\d+): ", done.stderr)}

    found = formats.check("gettext", catalogue.read_bytes(), catalogue.read_bytes(), locale="de-DE")

    errors = {(finding.line - first) // 4 for finding in found if finding.severity == "error"}
    assert [made[index] for index in sorted(refused - errors)] == []
    assert len(refused) > ROUNDS * 5
