"""A draft of a manifest as a value, and as the text of a file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from l10nsync.locales import guess_id, language, region

TYPICAL: Mapping[str, str] = {
    each.partition("-")[0]: each.partition("-")[2]
    for each in [
        "cs-CZ",
        "da-DK",
        "de-DE",
        "el-GR",
        "en-US",
        "es-ES",
        "et-EE",
        "fi-FI",
        "fr-FR",
        "he-IL",
        "hi-IN",
        "hr-HR",
        "hu-HU",
        "id-ID",
        "it-IT",
        "ja-JP",
        "ko-KR",
        "lt-LT",
        "lv-LV",
        "nb-NO",
        "nl-NL",
        "pl-PL",
        "pt-PT",
        "ro-RO",
        "ru-RU",
        "sk-SK",
        "sl-SI",
        "sr-RS",
        "sv-SE",
        "th-TH",
        "tr-TR",
        "uk-UA",
        "vi-VN",
    ]
}
"""The region that a service's id most often has where a repository names the language alone."""
_PLAIN = re.compile(r"[A-Za-z0-9/_.{][A-Za-z0-9/_.{}*:@ -]*")
_NOT_PLAIN = {"yes", "no", "on", "off", "true", "false", "null", "~", "y", "n"}


@dataclass(frozen=True, slots=True)
class DraftResource:
    """One entry of `resources:`."""

    name: str
    sources: tuple[str, ...]
    target: str | None
    exclude: tuple[str, ...] = ()
    file_type: str = ""
    directives: Mapping[str, str] = field(default_factory=dict)
    locale_map: Mapping[str, str] = field(default_factory=dict)
    """Id to local name, where this resource spells it otherwise than the others."""
    notes: tuple[str, ...] = ()
    """What a person has to look at; they become comments."""
    found: str = ""
    """What was found, for the user."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A manifest to be."""

    resources: tuple[DraftResource, ...]
    locales: Mapping[str, str] = field(default_factory=dict)
    """Id of the service to local name."""
    source_locale: str = "en-US"
    project: str = ""
    authorize: bool | None = None
    notes: tuple[str, ...] = ()


def with_locales(draft: Draft, local_names: Iterable[str]) -> Draft:
    """Return DRAFT with locales for the LOCAL_NAMES of the repository that it does not know yet."""
    known = set(draft.locales.values())
    more = {service_id(name): name for name in local_names if name not in known}
    source = draft.source_locale.casefold()
    merged = {**draft.locales, **{key: each for key, each in more.items() if key not in draft.locales}}
    return replace(draft, locales={key: each for key, each in merged.items() if key.casefold() != source})


def service_id(local_name: str) -> str:
    """Return the id that the service most likely has for what a repository calls LOCAL_NAME."""
    found = guess_id(local_name) or local_name
    if found in {"zh-Hans", "zh"}:
        return "zh-CN"
    if found == "zh-Hant":
        return "zh-TW"
    if region(found) or "-" in found:
        return found
    name = {"no": "nb", "iw": "he", "in": "id"}.get(language(found), language(found))
    return f"{name}-{TYPICAL[name]}" if name in TYPICAL else found


def written(draft: Draft) -> str:
    """Return the draft as the text of a `.l10n.yml`."""
    lines = ["version: 1"]
    lines += [f"project: {_scalar(draft.project)}"] if draft.project else []
    lines += [f"sourceLocale: {_scalar(draft.source_locale)}", ""]
    if draft.locales:
        lines.append("locales:                    # the service's id: what this repository calls it")
        lines += [f"  {_scalar(key)}: {_scalar(name)}" for key, name in sorted(draft.locales.items())]
        lines.append("")
    if draft.authorize is not None:
        lines += ["job:", f"  authorize: {str(draft.authorize).lower()}", ""]
    lines += [f"# {note}" for note in draft.notes]
    lines.append("resources:")
    for resource in draft.resources:
        lines += _resource(resource)
    return "\n".join(lines) + "\n"


def _resource(resource: DraftResource) -> list[str]:
    lines = [*(f"  # {each}" for each in resource.notes), f"  - name: {_scalar(resource.name)}"]
    lines += _texts("source", resource.sources)
    lines += _texts("exclude", resource.exclude, always_list=True)
    lines.append(f"    target: {'null' if resource.target is None else _scalar(resource.target)}")
    lines += [f"    fileType: {_scalar(resource.file_type)}"] if resource.file_type else []
    if resource.locale_map:
        lines += ["    locales:", "      map:"]
        lines += [
            f"        {_scalar(key)}: {_scalar(name)}" for key, name in sorted(resource.locale_map.items())
        ]
    if resource.directives:
        lines.append("    directives:")
        lines += [f"      {key}: {_scalar(value)}" for key, value in sorted(resource.directives.items())]
    return lines


def _texts(key: str, values: Sequence[str], *, always_list: bool = False) -> list[str]:
    if not values:
        return []
    if len(values) == 1 and not always_list:
        return [f"    {key}: {_scalar(values[0])}"]
    return [f"    {key}:", *(f"      - {_scalar(each)}" for each in values)]


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
