"""What the manifest says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

_NOTHING: Mapping[str, str] = MappingProxyType({})

PUBLISHED: Literal["published"] = "published"
RetrievalType = Literal["published", "pending", "pseudo"]
Incomplete = Literal["source", "empty", "skip"]
Invalid = Literal["string", "file"]
Corrected = Literal["keep", "service"]
Style = Literal["repo", "smartling"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file; counts from 1."""

    file: str
    line: int = 0
    column: int = 0
    end_column: int = 0
    text: str = ""
    """The whole line, without its line end."""


@dataclass(frozen=True, slots=True)
class LocaleRule:
    """Which locales apply, and how the repository spells them."""

    names: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Locale id to local names, in manifest order; an id that is spelled as itself maps to itself."""
    explicit: frozenset[str] = frozenset()
    """Ids that the resource's own map names: `{locale:…}` takes their local name as it is."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A percentage that has to be reached, rounded down."""

    percent: int = 0
    locales: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Locale id to a percentage of its own."""

    def of(self, locale: str) -> int:
        """Return what LOCALE has to reach."""
        return self.locales.get(locale, self.percent)

    def __bool__(self) -> bool:
        return bool(self.percent or any(self.locales.values()))


@dataclass(frozen=True, slots=True)
class PullSettings:
    """How translations are taken from the TMS."""

    retrieval_type: RetrievalType = PUBLISHED
    incomplete: Incomplete = "source"
    """What stands where nothing is translated: source text, empty text, or no file at all."""
    min_completion: Threshold = field(default_factory=Threshold)
    """Percent of words; below it a target is left as it is."""
    invalid: Invalid = "string"
    """What is held back where a string does not fit its source: that string, or the whole file."""
    corrections: Corrected = "keep"
    """Whose text stands where the repository and the TMS have both changed one."""
    style: Style = "repo"
    """Whose layout a target has: that of the repository's own file, or that of the delivery."""


@dataclass(frozen=True, slots=True)
class JobSettings:
    """The translation job that a push fills."""

    name: str = "{repo} {branch}"
    reuse: bool = True
    authorize: bool = False
    description: str = ""
    due_date: str = ""
    """ISO date or date-time, or `+5d`, `+12h`; empty for none."""
    reference_number: str = ""
    locale_workflows: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Locale id to workflow uid; all locales or none."""
    custom_fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Uid of a custom field to its value."""
    max_words: int | None = None
    max_cost: str = ""
    """Decimal number in the account's currency; empty for no limit."""
    rush: bool = False


@dataclass(frozen=True, slots=True)
class OrderSettings:
    """What an order says, for a service that translates what it is sent (SmartMATE)."""

    customer: str = ""
    contact: str = ""
    """`LastName, FirstName`."""
    delivery_date: str = ""
    """`+10d`, `+2w`, `+48h`, the first two also with a time of day: `+10d 17:00`."""
    time_zone: str = "UTC"
    """IANA name of the zone in which delivery dates are written."""
    purchase_order: str = ""
    note: str = ""
    references: tuple[str, ...] = ()
    """Tracked files that are sent along, relative to the manifest's folder."""
    tags: tuple[str, ...] = ()
    languages_per_request: Literal["one", "all"] = "one"


@dataclass(frozen=True, slots=True)
class Project:
    """One project of a translation management system."""

    name: str
    """Name in `projects:`; `default` for the project of the manifest itself."""
    id: str
    """Project id; empty while it is to come from the environment."""
    id_variable: str = "SMARTLING_PROJECT_ID"
    """Environment variable that holds the id where the manifest gives none."""
    provider: str = "smartling"
    credentials: str = ""
    """Name of a credentials set `X` (`SMARTLING_X_USER_IDENTIFIER`…); empty for the plain ones."""
    source_locale: str = "en"
    locales: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Locale id of the manifest to what the service calls it, where that is another."""
    order: OrderSettings = field(default_factory=OrderSettings)


@dataclass(frozen=True, slots=True)
class Resource:
    """One entry of `resources:`."""

    name: str
    project: str
    sources: tuple[str, ...]
    """Source patterns, relative to the manifest's folder."""
    target: str | None
    """Target pattern, relative to the manifest's folder; None means upload only."""
    excludes: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    file_uri: str = "{path}"
    namespace: str | None = None
    """Namespace pattern; None means the fileUri without the branch."""
    file_type: str | None = None
    charset: str | None = None
    directives: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    locales: LocaleRule = field(default_factory=LocaleRule)
    copies: tuple[str, ...] = ()
    """Local names under which the source itself is written."""
    push: bool = True
    optional: bool = False
    pull: PullSettings = field(default_factory=PullSettings)
    rules: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Verification rule to `error`, `warning` or `ignore`, where its severity is not the usual one."""
    job: JobSettings = field(default_factory=JobSettings)
    place: Place = field(default_factory=lambda: Place(""))
    """Where the entry begins."""
    places: Mapping[str, Place] = field(default_factory=lambda: MappingProxyType({}))
    """Where each key's value stands, by dotted key: `target`, `source.0`, `locales.map.fr-FR`."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """What a gate lets through although it should not pass; until a day."""

    locale: str = ""
    """Locale id; empty for all."""
    resource: str = ""
    """Name or glob; empty for all."""
    check: Literal["", "complete", "fresh", "valid"] = ""
    until: str = ""
    """The last day on which it holds: ISO date, in UTC."""
    reason: str = ""
    place: Place = field(default_factory=lambda: Place(""))


@dataclass(frozen=True, slots=True)
class Gate:
    """What translations must be to be released."""

    name: str
    complete: Threshold = field(default_factory=lambda: Threshold(100))
    """Percent of words that have to be published."""
    fresh: bool = True
    """Whether the sources must be pushed, and the targets be what is published."""
    valid: bool = True
    """Whether the targets must pass the rules of their formats."""
    resources: tuple[str, ...] = ()
    """Names or globs; empty for all."""
    locales: tuple[str, ...] = ()
    """Locale ids; empty for all."""
    baseline: str = ""
    """A file, relative to the manifest's folder, that knows what was wrong before; empty for none."""
    allow: tuple[Waiver, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest that has passed the schema and the checks that need no repository."""

    file: str
    """Path as the user knows it, for messages."""
    folder: str
    """Its folder relative to the git root; empty for the root itself, never ends in a slash."""
    projects: Mapping[str, Project]
    resources: tuple[Resource, ...]
    default_branch: str = "main"
    gates: Mapping[str, Gate] = field(default_factory=lambda: MappingProxyType({}))
    digest: str = ""
    """SHA-256 of its bytes, in hex."""
    parts: tuple[Manifest, ...] = ()
    """The manifests that this one stands for, where a run takes several; empty for a manifest of its own."""
