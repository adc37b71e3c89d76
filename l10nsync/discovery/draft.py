"""A draft of a manifest as a value, and as the text of a file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from l10nsync.discovery.ecosystem import from_command
from l10nsync.discovery.names import service_ids

_PLAIN = re.compile(r"[A-Za-z0-9/_.{][A-Za-z0-9/_.{}*:@ -]*")
_NOT_PLAIN = {"yes", "no", "on", "off", "true", "false", "null", "~", "y", "n"}


LocaleMap = Mapping[str, str | tuple[str, ...]]
"""Id of the service to local name, or to several."""


@dataclass(frozen=True, slots=True)
class DraftResource:
    """One entry of `resources:`."""

    name: str
    sources: tuple[str, ...]
    target: str | None
    exclude: tuple[str, ...] = ()
    file_type: str = ""
    directives: Mapping[str, str] = field(default_factory=dict)
    locale_map: LocaleMap = field(default_factory=dict)
    """Where this resource spells a locale otherwise than the others."""
    only: tuple[str, ...] = ()
    """Ids of its locales; empty for all."""
    leave_out: tuple[str, ...] = ()
    """Ids that it does not have."""
    pull: Mapping[str, str] = field(default_factory=dict)
    authorize: bool | None = None
    optional: bool = False
    """Whether it may match no file."""
    notes: tuple[str, ...] = ()
    """What a person has to look at; they become comments."""
    found: str = ""
    """What was found, for the user."""


@dataclass(frozen=True, slots=True)
class FileMeaning:
    """What another tool's configuration means for one file."""

    source: str
    template: str | None
    """Where its translations lie, with `{locale}`; empty if it has none, None if that cannot be said."""
    names: Mapping[str, Sequence[str]]
    """Id to local names."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A manifest to be."""

    resources: tuple[DraftResource, ...]
    locales: LocaleMap = field(default_factory=dict)
    source_locale: str = "en-US"
    project: str = ""
    authorize: bool | None = None
    notes: tuple[str, ...] = ()
    not_taken: tuple[str, ...] = ()
    """What looks like a translation and is in no resource, each with the reason."""
    doubt: str = ""
    """What to ask a person about the source locale; empty where it is sure."""
    branch: str = ""
    """The default branch, where it is not `main`."""
    meaning: tuple[FileMeaning, ...] = ()
    """What the configuration that it comes from means."""
    others: tuple[tuple[str, str], ...] = ()
    """Configurations of other tools: path and tool."""


def named(locales: LocaleMap) -> list[str]:
    """Return the local names of LOCALES."""
    return list(
        chain.from_iterable(([value] if isinstance(value, str) else value) for value in locales.values())
    )


def plain(names: Mapping[str, Sequence[str]]) -> dict[str, str | tuple[str, ...]]:
    """Return id to local names as a manifest has them: one name is not a list."""
    return {key: values[0] if len(values) == 1 else tuple(values) for key, values in names.items()}


def with_locales(draft: Draft, local_names: Iterable[str]) -> Draft:
    """Return DRAFT with locales for the LOCAL_NAMES of the repository that it does not know yet."""
    known = {
        *named(draft.locales),
        *(chain.from_iterable(named(resource.locale_map) for resource in draft.resources)),
    }
    more = plain(service_ids(name for name in local_names if name not in known))
    source = draft.source_locale.casefold()
    merged = {**draft.locales, **{key: names for key, names in more.items() if key not in draft.locales}}
    return replace(draft, locales={key: names for key, names in merged.items() if key.casefold() != source})


SCHEMA = "https://raw.githubusercontent.com/l10nsync/l10nsync/main/schemas/manifest.schema.json"
"""Where editors read what a manifest may say: they complete and explain its keys."""


def written(draft: Draft) -> str:
    """Return the draft as the text of a `.l10n.yml`."""
    lines = [f"# yaml-language-server: $schema={SCHEMA}", "version: 1"]
    lines += [f"project: {_scalar(draft.project)}"] if draft.project else []
    lines += [f"sourceLocale: {_scalar(draft.source_locale)}", ""]
    if draft.locales:
        lines.append("locales:                    # the service's id: the local name in this repository")
        lines += [f"  {_scalar(key)}: {_names(value)}" for key, value in sorted(draft.locales.items())]
        lines.append("")
    lines += ["branch:", f"  default: {_scalar(draft.branch)}", ""] if draft.branch else []
    if draft.authorize is not None:
        lines += ["job:", f"  authorize: {str(draft.authorize).lower()}", ""]
    lines += [f"# TODO sourceLocale: {_line(draft.doubt)}"] if draft.doubt else []
    lines += [f"# {_line(note)}" for note in draft.notes]
    lines += [f"# {tool} is configured in {path}: `{from_command(path)}`" for path, tool in draft.others]
    lines.append("resources:")
    for resource in draft.resources:
        lines += _resource(resource)
    lines += ["", *(f"# not taken: {_line(entry)}" for entry in draft.not_taken)] if draft.not_taken else []
    return "\n".join(lines) + "\n"


def _line(text: str) -> str:
    """Return TEXT as one line for a comment."""
    return "".join(char if char.isprintable() else " " for char in text)


def _names(value: str | tuple[str, ...]) -> str:
    if isinstance(value, str):
        return _scalar(value)
    return f"[{', '.join(_scalar(name) if '{' not in name else json.dumps(name) for name in value)}]"


def _resource(resource: DraftResource) -> list[str]:
    lines = [*(f"  # {_line(note)}" for note in resource.notes), f"  - name: {_scalar(resource.name)}"]
    lines += _texts("source", resource.sources)
    lines += _texts("exclude", resource.exclude, always_list=True)
    lines.append(f"    target: {'null' if resource.target is None else _scalar(resource.target)}")
    lines += [f"    fileType: {_scalar(resource.file_type)}"] if resource.file_type else []
    lines += ["    optional: true"] if resource.optional else []
    lines += _locales(resource)
    if resource.directives:
        lines.append("    directives:")
        lines += [
            f"      {_scalar(key)}: {_scalar(value)}" for key, value in sorted(resource.directives.items())
        ]
    if resource.pull:
        lines.append(
            f"    pull: {{{', '.join(f'{key}: {value}' for key, value in sorted(resource.pull.items()))}}}"
        )
    lines += (
        [f"    job: {{authorize: {str(resource.authorize).lower()}}}"]
        if resource.authorize is not None
        else []
    )
    return lines


def _locales(resource: DraftResource) -> list[str]:
    lines = []
    for key, ids in (("only", resource.only), ("except", resource.leave_out)):
        lines += [f"      {key}: [{', '.join(_scalar(id_) for id_ in ids)}]"] if ids else []
    if resource.locale_map:
        lines.append("      map:")
        lines += [
            f"        {_scalar(key)}: {_names(value)}" for key, value in sorted(resource.locale_map.items())
        ]
    return ["    locales:", *lines] if lines else []


def _texts(key: str, values: Sequence[str], *, always_list: bool = False) -> list[str]:
    if not values:
        return []
    if len(values) == 1 and not always_list:
        return [f"    {key}: {_scalar(values[0])}"]
    return [f"    {key}:", *(f"      - {_scalar(value)}" for value in values)]


def _scalar(text: str) -> str:
    """Return TEXT as YAML that reads back as just that text."""
    plain = (
        _PLAIN.fullmatch(text)
        and not text.startswith("{")
        and ": " not in text
        and not text.endswith((":", " "))
    )
    if plain and text.lower() not in _NOT_PLAIN and " #" not in text:
        return text
    if re.fullmatch(r"\$\{[A-Za-z0-9_]+\}", text):
        return text
    return json.dumps(text, ensure_ascii=False)
