"""What the ecosystem's own files say about languages, and which configurations of other tools there are.

Pure: paths and contents are arguments. Settings are read by their names, wherever a file of the ecosystem
has them, because these files are programs more often than data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from l10nsync.discovery.names import meaning

ReadFile = Callable[[str], bytes]

_HUGO = r"(.*/)?(hugo|config)(/_default)?(/hugo|/config)?\.(toml|ya?ml)"
_PROGRAMS = (
    r"(.*/)?(i18next[\w.-]*|next-i18next\.config|next\.config|nuxt\.config|i18n(\.config)?|routing|request"
    r"|lingui\.config|docusaurus\.config|astro\.config|gatsby-config|vue\.config|package|settings"
    r"|quasar\.config|\.linguirc|\.?i18nrc|config|index)\.?(js|ts|mjs|cjs|mts|json|tsx)?"
)
_KEYS = "sourceLocale|defaultLocale|baseLocale|sourceLanguageTag|defaultLanguage|fallbackLng|fallbackLocale"
_SETTINGS: tuple[tuple[str, str], ...] = (
    (r"(.*/)?l10n\.ya?ml", r"template-arb-file:\s*['\"]?\w*?_(?P<name>[a-z]{2,3}(?:_[A-Za-z]+)*)\.arb"),
    (r"(.*/)?config/application\.rb", r"\bi18n\.default_locale\s*=\s*:?['\"]?(?P<name>[\w-]+)"),
    (r"(.*/)?angular\.json", r"\"sourceLocale\"\s*:\s*(?:\{[^{}]*?\"code\"\s*:\s*)?\"(?P<name>[\w-]+)\""),
    (r"(.*/)?project\.pbxproj", r"\bdevelopmentRegion\s*=\s*\"?(?P<name>[\w-]+)"),
    (r"(.*/)?manifest\.json", r"\"default_locale\"\s*:\s*\"(?P<name>[\w-]+)\""),
    (r"(.*/)?mkdocs\.ya?ml", r"\bdefault_language:\s*['\"]?(?P<name>[\w-]+)"),
    (r"(.*/)?mkdocs\.ya?ml", r"\blocale:\s*(?P<name>[\w-]+)\s+(?:\w+:.*\s+)*?default:\s*true"),
    (r"(.*/)?mkdocs\.ya?ml", r"\bdefault:\s*true\s+(?:\w+:.*\s+)*?locale:\s*(?P<name>[\w-]+)"),
    (r"(.*/)?settings(/\w+)?\.py", r"^\s*LANGUAGE_CODE\s*=\s*['\"](?P<name>[\w-]+)"),
    (r"(.*/)?config/packages/translation\.ya?ml", r"\bdefault_locale:\s*['\"]?(?P<name>[\w-]+)"),
    (r"(.*/)?config/app\.php", r"['\"]fallback_locale['\"]\s*=>\s*(?:env\([^,]*,\s*)?['\"](?P<name>[\w-]+)"),
    (r"(.*/)?[^/]+\.(cs|vb|fs)proj", r"<NeutralLanguage>(?P<name>[\w-]+)<"),
    (r"(.*/)?[^/]+\.(cs|vb|fs)proj", r"<DefaultLanguage>(?P<name>[\w-]+)<"),
    (r"(.*/)?AssemblyInfo\.cs", r"NeutralResourcesLanguage(?:Attribute)?\(\s*\"(?P<name>[\w-]+)"),
    (_HUGO, r"(?i)\bdefaultContentLanguage\"?\s*[:=]\s*['\"]?(?P<name>[\w-]+)"),
    (r"i18n\.json", r"\"locale\"\s*:\s*\{[^{}]*?\"source\"\s*:\s*\"(?P<name>[\w-]+)\""),
    (r"\.tx/config", r"^\s*source_lang\s*=\s*(?P<name>[\w-]+)"),
    (_PROGRAMS, rf"\b['\"]?(?:{_KEYS})['\"]?\s*[:=]\s*\[?\s*['\"](?P<name>[\w-]+)['\"]"),
    (r"(.*/)?i18next-parser\.config\.\w+", r"\blocales['\"]?\s*:\s*\[\s*['\"](?P<name>[\w-]+)['\"]"),
)  # fmt: skip
"""A file by the pattern of its path, and the setting in it that names the language of the sources."""

_COMMENT = re.compile(r"^[ \t]*(?:#|//|\*)[^\n]*|<!--.*?-->", re.MULTILINE | re.DOTALL)
"""Lines that are comments in Ruby, Python and YAML, in JavaScript and C#, and comments of XML."""

OTHERS: Mapping[str, str] = {
    r"smartling-config\.json": "Smartling's repository connector",
    r"smartling\.ya?ml": "Smartling's command line",
    r"\.?crowdin\.ya?ml": "Crowdin",
    r"\.tx/config": "Transifex",
    r"\.phrase(app)?\.ya?ml": "Phrase",
    r"i18n\.json": "lingo.dev",
    r"\.?lokalise\.ya?ml": "Lokalise",
    r"\.?tolgee(rc)?(\.json|\.ya?ml)?": "Tolgee",
    r"\.?weblate(\.ini)?": "Weblate",
    r"(.*/)?project\.inlang/settings\.json": "inlang",
    r"project\.inlang\.json": "inlang",
}
"""Configurations of other tools by their paths."""
_SIGNS: Mapping[str, str] = {"lingo.dev": r"\"buckets\"\s*:"}
"""What a configuration has in it whose name other tools have, too (`i18n.json` of next-translate)."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A language of sources, as a file says it."""

    folder: str
    """Folder of that file with a slash at its end; empty for the top."""
    name: str
    path: str


def facts(files: Iterable[str], read: ReadFile) -> list[Fact]:
    """Return what the settings among FILES say, in the order of the rules, then of paths."""
    paths = list(files)
    found = []
    for rank, (fits, setting) in enumerate(_SETTINGS):
        pattern, wanted = re.compile(fits), re.compile(setting, re.MULTILINE)
        for path in paths:
            if pattern.fullmatch(path) and (declaration := wanted.search(_settings(read, path))):
                name = "en" if declaration["name"] == "Base" else declaration["name"]
                if meaning(name):
                    found.append((rank, Fact(_top(path), name, path)))
    return [
        fact for _rank, fact in sorted(found, key=lambda pair: (-len(pair[1].folder), pair[0], pair[1].path))
    ]


def _top(path: str) -> str:
    """Return the folder that a setting counts for: what holds the project, not the file."""
    folder = path.rpartition("/")[0]
    folder = re.sub(
        r"(^|/)(\.tx|config(/packages|/_default)?|[^/]+\.xcodeproj|Properties|src(/.*)?|i18n)$", "", folder
    )
    return f"{folder}/" if folder else ""


def _settings(read: ReadFile, path: str) -> str:
    """Return what a file says without its comments, in which examples of settings stand."""
    return _COMMENT.sub("", _text(read, path))


def _text(read: ReadFile, path: str) -> str:
    return read(path)[:200_000].decode("utf-8", "replace")


def others(files: Iterable[str], read: ReadFile) -> list[tuple[str, str]]:
    """Return the configurations of other tools among FILES: path and tool."""
    found = ((path, _other_tool(path)) for path in sorted(files))
    return [(path, tool) for path, tool in found if tool and _has_sign(tool, path, read)]


def below(files: Iterable[str], read: ReadFile) -> list[tuple[str, str]]:
    """Return the configurations of other tools in folders: path and tool. They count for their folders."""
    found = (
        (path, _other_tool(path.removeprefix(f"{home}/"))) for path in sorted(files) if (home := _home(path))
    )
    return [(path, tool) for path, tool in found if tool and _has_sign(tool, path, read)]


def _home(path: str) -> str:
    """Return the folder that a configuration counts for; empty for the top."""
    folder, _, name = path.rpartition("/")
    inner = {".tx": "config", "project.inlang": "settings.json"}
    above, _, last = folder.rpartition("/")
    return above if inner.get(last) == name else folder


def from_command(path: str) -> str:
    """Return the command that begins with the configuration at PATH, in the folder that it counts for."""
    home = _home(path)
    return f"l10nsync {f'-C {home} ' if home else ''}init --from {path.removeprefix(f'{home}/')}"


def _has_sign(tool: str, path: str, read: ReadFile) -> bool:
    """Whether the content of PATH is a configuration of TOOL, as far as its name leaves a doubt."""
    return tool not in _SIGNS or re.search(_SIGNS[tool], _text(read, path)) is not None


def _other_tool(path: str) -> str:
    """Return the tool whose configuration PATH is; empty if there is none."""
    return next((tool for pattern, tool in OTHERS.items() if re.fullmatch(pattern, path)), "")


def configurations(files: Iterable[str], read: ReadFile) -> list[str]:
    """Return the paths of other tools' configurations among FILES."""
    return [path for path, _tool in others(files, read)]
