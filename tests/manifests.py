"""The small manifest that most tests begin with: one resource, a folder for each language."""

from __future__ import annotations

from collections.abc import Mapping

GERMAN_ONLY = {"de-DE": "de"}
GERMAN_AND_FRENCH = {"de-DE": "de", "fr-FR": "fr"}


def small_manifest(
    folder: str,
    *settings: str,
    name: str = "",
    locales: Mapping[str, str] = GERMAN_AND_FRENCH,
    source_locale: str = "en-US",
    resource: tuple[str, ...] = (),
    suffix: str = ".json",
) -> str:
    """Return the manifest of the files below FOLDER: `FOLDER/en/*.json`, to `FOLDER/{locale}/*.json`.

    SETTINGS are lines of the manifest as a whole, RESOURCE lines of its one resource, which comes last:
    what a test appends is indented as its key, or begins a section of its own.
    """
    names = ", ".join(f"{locale}: {local_name}" for locale, local_name in locales.items())
    lines = [
        "version: 1",
        f"sourceLocale: {source_locale}",
        f"locales: {{{names}}}",
        *settings,
        "resources:",
        f"  - name: {name or folder}",
        f"    source: {_plain(f'{folder}/en/*{suffix}')}",
        f"    target: {_plain(f'{folder}/{{locale}}/*{suffix}')}",
        *(f"    {line}" for line in resource),
    ]
    return "".join(f"{line}\n" for line in lines)


def _plain(pattern: str) -> str:
    """Return PATTERN as a value of YAML, which reads an unquoted star at its beginning as an alias."""
    return f'"{pattern}"' if pattern.startswith("*") else pattern
