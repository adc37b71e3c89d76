"""Collects the problems of a manifest, each with its place, so that all are reported at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from l10nsync.errors import Diagnostic, ManifestError
from l10nsync.model import Place

CODES: dict[str, str] = {
    "E101": (
        "The manifest is not readable text. It has to be UTF-8 (a byte order mark is fine), at most 1"
        " MB, without control characters. An editor that writes UTF-16 or a file that was cut short are"
        " the usual causes."
    ),
    "E102": (
        "The manifest is not valid YAML. The place is where the YAML parser stopped, which may be just after"
        " the cause. Usual causes are a tab in the indentation, a missing quote, and a pattern"
        " that begins with `*`, `{`, `[` or `!` and is not in quotes."
    ),
    "E103": (
        "The manifest has a key that does not exist at this place. Keys are written exactly as in the"
        " reference, capitals included; a typo would otherwise silently change what is sent or written."
    ),
    "E104": ("A key that is needed here is missing. The place is that of the entry that lacks it."),
    "E105": (
        "A value is of the wrong kind: for example a list where a string is expected. Booleans are"
        " written `true` and `false`, whole numbers with digits only. A string that begins with `{` or `[`"
        " needs quotes, because YAML reads it as a mapping or a list."
    ),
    "E106": ("A value is of the right kind but not one of those allowed here; the message lists what is."),
    "E107": (
        "A key occurs twice in one mapping. YAML readers silently keep the last one; here it is an"
        " error, because one of the two is not what its author believes."
    ),
    "E108": (
        "The manifest uses a feature of YAML that is refused: tags such as `!include` or"
        " `!!python/name`, several documents in one file, more than 32 levels, keys that are not plain"
        " text, or aliases that expand to more than 10,000 nodes. Anchors, aliases and merge keys (`<<`)"
        " within that limit are fine."
    ),
    "E109": (
        "The manifest has a `version` that this l10nsync does not know. Version 1 is the only one so"
        " far; a higher one needs a newer l10nsync."
    ),
    "E110": (
        "A manifest never holds a secret, an address, a proxy or a command, because whoever can change"
        " a file of a pull request could then send credentials elsewhere or run code. Credentials come"
        " from the environment (SMARTLING_USER_IDENTIFIER, SMARTLING_USER_SECRET), the address of the"
        " service from SMARTLING_API_URL, the callback address from L10NSYNC_CALLBACK_URL, proxies from"
        " HTTPS_PROXY. A secret that has ever been committed has to be revoked and replaced."
    ),
    "E111": (
        "`${NAME}` is expanded only in project ids, only as the whole value, and only for names that"
        " end in `_PROJECT_ID`. Nothing else of the environment can get into a manifest."
    ),
    "E112": (
        "A resource names a project that `projects:` does not have, or the manifest's own project is unclear."
    ),
    "E113": (
        "Two resources have the same name. Names select resources (`-r NAME`) and appear in every report."
    ),
    "E114": (
        "A locale id cannot be one. Ids are those of the project on the service, such as `de-DE`; what"
        " the repository calls the locale is written behind it."
    ),
    "E115": (
        "A local name becomes a part of a path, so it must be valid there: no empty part, no `.` or"
        " `..`, no control characters, no leading or trailing slash."
    ),
    "E116": (
        "A pattern cannot be understood, or the wildcards of a target, fileUri or namespace do not"
        " correspond to those of the source: the n-th wildcard takes what the n-th wildcard of the"
        " source matched, so `*` needs `*` and `**` needs `**`."
    ),
    "E117": (
        "A placeholder is unknown, or used where it has no meaning: `{locale}` belongs into `target`,"
        " `{branch}` into `fileUri`, `{repo}` into `fileUri` and `namespace`, and a job's name knows {repo},"
        " {branch}, {sha}, {date}, {user} and {pr}."
    ),
    "E118": (
        "A target for several locales has no locale placeholder, so that every translation would"
        " overwrite the one before. Only a file type that keeps all locales in one file may do that."
    ),
    "E119": (
        "`localeWorkflows` names a workflow for some locales of a resource, but not for all. The"
        " service wants all or none."
    ),
    "E120": (
        "The source locale is also a locale to translate into. Its files are the sources; use `copies`"
        " to write the source under further local names."
    ),
    "E121": ("A locale is named that is not among the locales of the manifest or of this resource."),
    "E122": (
        "Settings of orders belong to a project with `provider: smartmate`: `order`, and the language codes"
        " in the project's own `locales`. Other providers do not use them."
    ),
    "E124": (
        "A key has no effect, because the provider of the resource's project does not use it. A key in"
        " `defaults` or at the top is allowed as long as the provider of some resource uses it."
    ),
    "E123": (
        "A time zone is not known. Zones are named as in the IANA database, such as `Europe/London` or `UTC`."
    ),
}
"""What each code means, a paragraph each, for `l10nsync explain CODE`."""


LIMIT = 100
"""Problems that are collected; more of them usually have one cause."""

LONGEST = 400
"""Characters of a message, which may quote the manifest."""


@dataclass(slots=True)
class Problems:
    """The problems found so far, by place, each once: a value of the defaults is met for every resource."""

    found: dict[tuple[int, int, str, str], Diagnostic] = field(default_factory=dict)

    def add(
        self,
        code: str,
        place: Place,
        message: str,
        *,
        note: str = "",
        help: str = "",  # noqa: A002 - the diagnostic's own word
        related: tuple[Diagnostic, ...] = (),
    ) -> None:
        """Note one error at PLACE; raise `ManifestError` once there are too many to go on."""
        shown = message if len(message) <= LONGEST else f"{message[: LONGEST - 1]}…"
        problem = place.problem(code, shown, note=note, help=help, related=related)
        self.found.setdefault((place.line, place.column, code, message), problem)
        if len(self.found) >= LIMIT:
            raise self.error()

    def error(self) -> ManifestError:
        """Return the problems as an error, in the order of their places."""
        return ManifestError(self.found[key] for key in sorted(self.found))


def other_side(place: Place, message: str) -> Diagnostic:
    """Return the second place of a conflict, to be given as `related`."""
    return place.problem("", message, severity="notice")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the entry of KNOWN that WORD was probably meant to be; empty if none is close."""
    by_folded = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else ""


def any_of(words: Iterable[str]) -> str:
    """Return WORDS as an enumeration for a message: `a`, `b` or `c`."""
    quoted = [f"`{word}`" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
