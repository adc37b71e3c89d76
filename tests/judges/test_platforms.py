"""The program that loads a type in production shows what was pulled, under the local name.

Product and sandbox share their readers, so what they agree on proves nothing about a platform.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from l10nsync import formats
from l10nsync.sandbox.testing import SandboxServer
from tests.in_process import InProcess
from tests.judges import loaders, programs
from tests.judges.loaders import PROGRAMS
from tests.judges.platforms import LOCALES, PLATFORMS, WITHOUT_JUDGE, WORDS
from tests.judges.programs import Question, Reply
from tests.repositories import Repo

BY_NAME = {platform.name: platform for platform in PLATFORMS}
Shown = dict[tuple[str, str, str], Reply]
"""By platform, judge and locale."""


def manifest() -> str:
    """Return the manifest of a repository with the sources of all platforms."""
    lines = ["version: 1", "sourceLocale: en-US", "locales: {de-DE: de, pt-BR: pt-BR}", "resources:"]
    for index, platform in enumerate(PLATFORMS):
        spelled = ", ".join(f"{locale}: {platform.local(locale)}" for locale in LOCALES)
        lines += [
            f"  - name: p{index}",
            f"    source: {platform.source}",
            f'    target: "{platform.target}"',
            f"    fileType: {platform.file_type}",
            f"    locales: {{map: {{{spelled}}}}}",
        ]
    return "\n".join([*lines, ""])


def translations(locale: str) -> dict[str, str]:
    """Return what the translators make of every text of the samples."""
    hello, save = WORDS[locale]
    greetings = {f"Hello {platform.argument}": f"{hello} {platform.argument}" for platform in PLATFORMS}
    return {**greetings, "Hello": hello, "Save": save, "Save %#@count@": f"{save} %#@count@"}


@pytest.fixture(scope="module")
def pulled(tmp_path_factory: pytest.TempPathFactory, sandbox_server: SandboxServer) -> Repo:
    """Push all sources, translate them, pull: once for all tests of a process."""
    runner = InProcess(sandbox_server)
    runner.ident = runner.control.project(tuple(LOCALES), "en-US")
    runner.control.policies(runner.ident, batch={"looks": 1})
    repo = Repo(tmp_path_factory.mktemp("platforms") / "repo")
    sources = {platform.source: platform.bytes() for platform in PLATFORMS}
    repo.commit({".l10n.yml": manifest(), **sources})
    runner.run(repo, "push", "--authorize")
    for locale in LOCALES:
        runner.translate({locale: 100}, how={"texts": translations(locale)})
    runner.run(repo, "pull")
    return repo


def judged(repo: Repo, chosen: list[tuple[str, str]]) -> Shown:
    """Return what judges make of the pulled files, if they are on this machine."""
    asked = [
        (name, judge, locale)
        for name, judge in chosen
        for locale in LOCALES
        if not programs.missing(PROGRAMS[judge][0])
    ]
    questions = [
        Question(judge, BY_NAME[name].local(locale), repo.root / BY_NAME[name].path(locale))
        for name, judge, locale in asked
    ]
    return dict(zip(asked, loaders.ask(questions), strict=True))


@pytest.fixture(scope="module")
def by_libraries(pulled: Repo) -> Shown:
    """Ask the judges that are libraries."""
    return judged(pulled, cases(outside=False))


@pytest.fixture(scope="module")
def by_programs(pulled: Repo) -> Shown:
    """Ask the judges that are programs from outside; each program is started once."""
    return judged(pulled, cases(outside=True))


def cases(*, outside: bool) -> list[tuple[str, str]]:
    """Return platforms with their judges that need, or need not, a tool from outside."""
    return [
        (platform.name, judge)
        for platform in PLATFORMS
        for judge in platform.judges
        if bool(PROGRAMS[judge][0]) == outside
    ]


def assert_shown(name: str, judge: str, shown: Shown) -> None:
    """Check that a platform shows both translations in both languages."""
    platform = BY_NAME[name]
    for locale in LOCALES:
        reply = shown[name, judge, locale]
        hello, save = WORDS[locale]
        greeting = f"{hello} {platform.shown.get(judge, platform.argument)}".strip()
        assert not reply.error, (locale, reply.error)
        assert any(greeting in text for text in reply.texts), (locale, greeting, reply.texts)
        assert any(save in text for text in reply.texts), (locale, save, reply.texts)
        assert reply.locale in {"", LOCALES[locale]}, (locale, reply.locale)


@pytest.mark.parametrize(("name", "judge"), cases(outside=False))
def test_libraries_load_what_was_pulled(name: str, judge: str, by_libraries: Shown) -> None:
    """A library reads the file and finds the translations in it."""
    assert_shown(name, judge, by_libraries)


@pytest.mark.judges
@pytest.mark.parametrize(("name", "judge"), cases(outside=True))
def test_platforms_load_what_was_pulled(name: str, judge: str, by_programs: Shown) -> None:
    """The platform's own program loads the file under the local name and shows the translations."""
    tool = PROGRAMS[judge][0]
    if programs.missing(tool):
        pytest.skip(f"needs tool: {tool}")
    assert_shown(name, judge, by_programs)


@pytest.mark.parametrize("name", [platform.name for platform in PLATFORMS if platform.mark])
def test_pulled_files_name_the_local_language(name: str, pulled: Repo) -> None:
    """Whatever the service delivers, the file says the repository's name of its language."""
    platform = BY_NAME[name]
    for locale, plain in LOCALES.items():
        wanted = platform.mark.format(local=platform.local(locale), tag=plain)
        assert wanted in "\n" + pulled.read(platform.path(locale)).decode(), (wanted, platform.path(locale))


@pytest.mark.parametrize("name", [platform.name for platform in PLATFORMS if platform.argument])
def test_a_lost_argument_is_an_error(name: str) -> None:
    """A translation without the argument of its source does not pass."""
    platform = BY_NAME[name]
    source = platform.bytes()
    lost = formats.translate(
        platform.file_type, source, lambda unit: unit.text.replace(platform.argument, "").strip()
    )

    findings = formats.check(platform.file_type, source, platform.lost.encode() or lost, locale="de-DE")

    assert [found.rule for found in findings if found.severity == "error"], lost.decode()


def test_every_row_of_the_format_table_is_judged() -> None:
    """A type needs a sample with a judge, or a reason; its language and arguments are tried out."""
    for name, row in formats.TYPES.items():
        platforms = [platform for platform in PLATFORMS if platform.file_type == name]
        if row.parse is None:
            assert not platforms, f"{name} is opaque"
            assert name not in WITHOUT_JUDGE
            continue
        assert bool(platforms) != (name in WITHOUT_JUDGE), f"{name} has neither a judge nor a reason"
        assert all(platform.judges for platform in platforms), name
        marked = any(platform.mark for platform in platforms)
        assert marked == (row.naming is not None), f"{name}: no sample shows where the language is named"
        argued = any(platform.argument for platform in platforms)
        assert argued or row.placeholders == "prose" or name in WITHOUT_JUDGE, (
            f"{name}: no sample has an argument"
        )


def test_judges_refuse_what_their_platforms_refuse(tmp_path: Path) -> None:
    """A judge that took everything would prove nothing."""
    broken = {
        "polib": ("po", 'msgid "a"\nmsgstr "b\nc'),
        "babel": ("po", 'msgid ""\nmsgstr "Language: de\\n"\n\nmsgid a'),
        "fluent.runtime": ("ftl", "a = { $b\n"),
        "pyyaml": ("yml", "a: b: c\n"),
        "openstep": ("strings", '"a" = "b"c";\n'),
        "plistlib": ("stringsdict", "<plist><dict>"),
        "resx": ("resx", "<resources/>"),
        "arb": ("arb", '{"@@locale": "fr"}'),
        "html": ("html", "<html lang='fr'><p>x</p></html>"),
        "lxml": ("xml", "<a>"),
        "json": ("json", '{"a": "b",}'),
        "webvtt": ("vtt", "00:01"),
        "chrome": ("json", '{"a": {"text": "b"}}'),
    }
    questions = []
    for judge, (ending, content) in broken.items():
        path = tmp_path / f"{judge}.{ending}"
        path.write_text(content)
        questions.append(Question(judge, "de", path))
    taken = [
        question.judge
        for question, reply in zip(questions, loaders.ask(questions), strict=True)
        if not reply.error
    ]
    assert taken == []
