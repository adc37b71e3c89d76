"""smartling.yml, the configuration of Smartling's command line."""

from __future__ import annotations

import json
import re
from itertools import chain
from typing import Any

from l10nsync.discovery.draft import Draft, DraftResource
from l10nsync.discovery.ecosystem import ReadFile
from l10nsync.discovery.foreign.common import (
    ForeignEntry,
    Keys,
    assembled,
    braces,
    glob_regex,
    ours,
    source_of,
)
from l10nsync.discovery.foreign.data import yaml_data
from l10nsync.discovery.names import service_id
from l10nsync.paths import split

_FORMAT = "{{name .FileURI}}{{with .Locale}}_{{.}}{{end}}{{ext .FileURI}}"
"""What the tool writes where nothing is said."""
_NOT_LOCALES = "TODO: check `sourceLocale` and `locales`; the old file does not set them."


def convert(text: str, files: list[str], read: ReadFile) -> Draft:
    """Return the draft for a smartling.yml."""
    data = Keys(yaml_data(text))
    listed = data.below("files")
    default = listed.take("default", {}) if listed.has("default") else {}
    patterns = [name for name in listed.names() if name != "default"]
    project = str(data.take("project_id", ""))
    defaults = Keys(default, "files.default.")
    general = (defaults.below("push"), defaults.below("pull"))
    entries = [_entry(number, name, listed.below(name), *general) for number, name in enumerate(patterns, 1)]
    own = service_id(source_of(entries, files, read))
    left = list(chain.from_iterable(keys.left() for keys in (data, listed, defaults, *general)))
    return assembled(
        entries, files, Draft((), source_locale=own, project=project, notes=(_NOT_LOCALES, *left))
    )


def _entry(number: int, pattern: str, data: Keys, general_push: Keys, general_pull: Keys) -> ForeignEntry:
    push, pull = data.below("push"), data.below("pull")
    shown = str(pull.take("format", "") or general_pull.take("format", "") or _FORMAT)
    target = go_template(shown)
    notes = [] if target else [f"TODO: write as a target: format {json.dumps(shown)}"]
    given: dict[str, Any] = {**general_push.take("directives", {}), **push.take("directives", {})}
    directives = {
        str(key).removeprefix("smartling."): value if isinstance(value, str) else json.dumps(value)
        for key, value in given.items()
    }
    kind = str(push.take("type", "") or general_push.take("type", "") or data.take("type", ""))
    sources = tuple(
        dict.fromkeys(chain.from_iterable(ours(choice) for choice in braces(pattern.removeprefix("./"))))
    )
    notes += [*data.left(), *push.left(), *pull.left()]
    resource = DraftResource(f"files-{number}", sources, target, (), kind, directives, notes=tuple(notes))
    # `**` is any text there, and `**/` begins at the second folder; between names it needs its slashes.
    matched = glob_regex(pattern, zero=False)

    def place(path: str) -> str | None:
        text = target
        for key, value in split(path)._asdict().items():
            text = text.replace(f"{{{key}}}", value) if text else None
        return text.removeprefix("/") if text else None

    return ForeignEntry(resource, lambda path: matched.fullmatch(path) is not None, place)


def go_template(text: str) -> str | None:
    """Return the target that a template of Smartling's command line means; None where it is not known."""
    made = re.sub(r"\{\{-?\s*with \.Locale\s*-?\}\}(.*?)\{\{-?\s*end\s*-?\}\}", r"\1", text)
    for known, here in (
        (r"name \.FileURI", "{dir}/{stem}"),
        (r"ext \.FileURI", ".{ext}"),
        (r"\.FileURI", "{path}"),
        (r"dir \.FileURI", "{dir}"),
        (r"base \.FileURI", "{name}"),
        (r"\.Locale", "{locale}"),
        (r"\.", "{locale}"),
    ):
        made = re.sub(rf"\{{\{{-?\s*{known}\s*-?\}}\}}", here, made)
    return None if "{{" in made else made.removeprefix("./")
