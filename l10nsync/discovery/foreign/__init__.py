"""Reading the configuration of other tools. What cannot be carried over becomes a note, never a guess."""

from __future__ import annotations

import configparser
import re
from collections.abc import Callable, Iterable, Mapping

from l10nsync.discovery.draft import Draft
from l10nsync.discovery.ecosystem import ReadFile
from l10nsync.discovery.foreign import connector, crowdin, lingo, others, phrase, smartling_cli, transifex
from l10nsync.discovery.foreign.connector import glob_of
from l10nsync.discovery.foreign.smartling_cli import go_template
from l10nsync.errors import UsageError

__all__ = ["KNOWN", "convert", "glob_of", "go_template"]

Convert = Callable[[str, list[str], ReadFile], Draft]
"""Text of the configuration, tracked files and their contents to a draft; raises the errors of bad input."""

KNOWN: Mapping[str, Convert] = {
    r"smartling-config\.json": connector.convert,
    r"smartling\.ya?ml": smartling_cli.convert,
    r"\.?crowdin\.ya?ml": crowdin.convert,
    r"config": transifex.convert,
    r"\.phrase(app)?\.ya?ml": phrase.convert,
    r"i18n\.json": lingo.convert,
    r"\.?lokalise\.ya?ml": others.lokalise,
    r"\.?tolgee(rc)?(\.json|\.ya?ml)?": others.tolgee,
    r"\.?weblate(\.ini)?": others.weblate,
    r"(project\.inlang|settings)(\.json)?": others.inlang,
}
"""Name of a configuration, as a regular expression, to what reads it."""


_BAD_INPUT = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    re.error,
    configparser.Error,
    RecursionError,
)


def convert(
    name: str,
    content: bytes,
    files: Iterable[str] = (),
    read: ReadFile = lambda _path: b"",
) -> Draft:
    """Return a draft from a configuration called NAME; raise `UsageError` if it cannot be read.

    FILES are the tracked files that it is about, as paths from its folder: which of them it means decides
    how it is written.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    reader = next((tool for fits, tool in KNOWN.items() if re.fullmatch(fits, last)), None)
    if reader is None:
        raise UsageError(
            f"{name}: not a known configuration",
            hint="Known: smartling-config.json, smartling.yml, crowdin.yml, .tx/config, .phrase.yml,"
            " i18n.json, and in parts those of Lokalise, Tolgee, Weblate and inlang.",
        )
    try:
        return reader(content.decode("utf-8-sig"), list(files), read)
    except _BAD_INPUT as error:
        raise UsageError(f"{name} cannot be read: {' '.join(str(error).split())}") from error
