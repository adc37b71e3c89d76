"""`init --from crowdin.yml` means the files that Crowdin's own command line lists."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from l10nsync.discovery import Draft, convert
from tests.judges import programs

ROOT = Path(__file__).parents[2]
LANGUAGES = (
    "de,de,deu,de-DE,de-rDE,de.lproj,de,German",
    "fr,fr,fra,fr-FR,fr-rFR,fr.lproj,fr,French",
    "pt-BR,pt,por,pt-BR,pt-rBR,pt-BR.lproj,pt_BR,Portuguese",
    "ja,ja,jpn,ja-JP,ja-rJP,ja.lproj,ja,Japanese",
)
MAPPING = ", languages_mapping: {two_letters_code: {pt-BR: br}}"
"""What the program checks with the service; it is given as an argument instead."""
CONFIGURATIONS = {
    "a star": (
        "files: [{source: /l/en/*.json, translation: '/l/%two_letters_code%/%original_file_name%'}]",
        ("l/en/a.json", "l/en/b.json", "l/en/deep/c.json", "l/en/d.txt"),
    ),
    "folders": (
        "files: [{source: '/app/**/en.json', translation: '/app/**/%locale%.json'}]",
        ("app/en.json", "app/x/en.json", "app/x/y/en.json", "other/en.json"),
    ),
    "Android": (
        "files: [{source: /a/values/*.xml, translation: '/a/values-%android_code%/%original_file_name%'}]",
        ("a/values/strings.xml", "a/values/more.xml"),
    ),
    "Apple": (
        "files: [{source: /A/en.lproj/*.strings, translation: '/A/%osx_code%/%original_file_name%'}]",
        ("A/en.lproj/L.strings", "A/en.lproj/M.strings"),
    ),
    "ignored": (
        """
files:
  - source: /docs/**/*.md
    ignore: ['/docs/drafts/**', '/docs/%two_letters_code%/**']
    translation: '/docs/%two_letters_code%/**/%original_file_name%'
""",
        ("docs/a.md", "docs/guide/b.md", "docs/drafts/c.md"),
    ),
    "parts of the path": (
        """
files:
  - source: /src/**/x_*.yml
    translation: '%original_path%/%file_name%.%locale_with_underscore%.%file_extension%'
""",
        ("src/x_a.yml", "src/deep/x_b.yml", "src/y_a.yml"),
    ),
    "classes": (
        "files: [{source: '/l/[a-b]?.json', translation: '/l/%locale%/%original_file_name%'}]",
        ("l/a1.json", "l/b2.json", "l/c3.json", "l/a.json"),
    ),
    "mappings": (
        f"files: [{{source: /l/en.json, translation: '/l/%two_letters_code%.json'{MAPPING}}}]",
        ("l/en.json",),
    ),
    "a folder of its own": (
        "base_path: web\nfiles: [{source: /l/en/*.json, translation: '/l/%locale%/%original_file_name%'}]",
        ("web/l/en/a.json", "l/en/b.json"),
    ),
}
"""By what is peculiar: a configuration, and the files beside it that are no translations."""


@pytest.mark.judges
@pytest.mark.parametrize("name", sorted(CONFIGURATIONS))
def test_files_are_those_that_the_program_lists(name: str, tmp_path: Path) -> None:
    """Sources are the same, and so are translations, which lie where the program would write them."""
    jar = Path(os.environ.get("L10NSYNC_CROWDIN_CLI", str(ROOT / ".judges" / "crowdin-cli.jar")))
    if not jar.is_file() or programs.missing("java"):
        pytest.skip("needs tool: java, and Crowdin's command line (make .judges/.ready)")
    text, files = CONFIGURATIONS[name]
    for path in files:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("{}", "utf-8")
    said = text.replace(MAPPING, "")
    (tmp_path / "crowdin.yml").write_text(f"project_id: '1'\napi_token: none\n{said}\n", "utf-8")

    sources, translations = listed(jar, tmp_path, [] if said == text else ["+two_letters_code,pt-BR,br"])

    draft = convert("crowdin.yml", text.encode(), [*files, *translations])
    assert {meaning.source for meaning in draft.meaning} == sources
    assert targets(draft) == translations


def listed(jar: Path, folder: Path, mapping: list[str]) -> tuple[set[str], set[str]]:
    """Return the sources and the translations that the program lists, as paths from FOLDER."""
    base = "web/" if (folder / "web").is_dir() else ""
    program = str(Path(__file__).parent / "Crowdin.java")
    done = subprocess.run(
        ["java", "-cp", str(jar), program, "crowdin.yml", *LANGUAGES, *mapping],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split(" ", 1) for line in done.stdout.splitlines()]
    assert {kind for kind, _path in lines} == {"source", "translation"}, done.stdout
    sources = {f"{base}{path}" for kind, path in lines if kind == "source"}
    return sources, {f"{base}{path}" for kind, path in lines if kind == "translation"}


def targets(draft: Draft) -> set[str]:
    """Return where the draft says that translations lie."""
    return {
        (meaning.template or "").replace("{locale}", name)
        for meaning in draft.meaning
        for names in meaning.names.values()
        for name in names
    }
