"""The manifest's settings for projects, resources and gates; each key is declared at its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field
from types import MappingProxyType
from typing import Literal

from l10nsync.errors import Diagnostic
from l10nsync.model import keys
from l10nsync.model.manifest_settings import JobSettings, PullSettings, Threshold
from l10nsync.model.service import ProjectSettings

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a file; counts from 1."""

    file: str
    line: int = 0
    column: int = 0
    end_column: int = 0
    text: str = ""
    """The whole line, without its line end."""

    def problem(
        self,
        code: str,
        message: str,
        *,
        severity: str = "error",
        note: str = "",
        help: str = "",  # noqa: A002 - the diagnostic's own word
        related: tuple[Diagnostic, ...] = (),
    ) -> Diagnostic:
        """Return a problem at this place."""
        return Diagnostic(
            code=code,
            message=message,
            severity=severity,
            file=self.file,
            line=self.line,
            column=self.column,
            end_column=self.end_column,
            text=self.text,
            note=note,
            help=help,
            related=related,
        )


@dataclass(frozen=True, slots=True)
class LocaleRule:
    """Which locales apply, and how the repository spells them."""

    names: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Locale id to local names, in manifest order; an id that is spelled as itself maps to itself."""
    explicit: frozenset[str] = frozenset()
    """Ids that the resource's own map names: `{locale:…}` takes their local name as it is."""


@dataclass(frozen=True, slots=True)
class Project:
    """One project of a translation management system."""

    name: str
    """Name in `projects:`; `default` for the project of the manifest itself."""
    id: str = keys.text(
        "Project id",
        (
            "Id of the project on the service, or `${NAME}` for the value of an environment variable "
            "whose name ends in `_PROJECT_ID`. Default: the value of `SMARTLING_PROJECT_ID`."
        ),
        "9f8e7d6c5",
        "${SMARTLING_PROJECT_ID}",
        type=["string", "number"],
        default=MISSING,
        shared="projectId",
        minLength=1,
    )
    """Project id; empty while it is to come from the environment."""
    id_variable: str = "SMARTLING_PROJECT_ID"
    """Environment variable that holds the id where the manifest gives none."""
    provider: str = keys.text(
        "Translation management system",
        ("The service that holds the project: `smartling`, `smartmate`, or one from another package."),
        "smartling",
        "smartmate",
        default="smartling",
        shared="provider",
        minLength=1,
    )
    credentials: str = keys.text(
        "Name of a credentials set",
        (
            "A name X in capitals: the credentials are then read from `SMARTLING_X_USER_IDENTIFIER`, "
            "`SMARTLING_X_USER_SECRET` and `SMARTLING_X_PROJECT_ID` instead of the plain names. Never "
            "a secret itself."
        ),
        "MARKETING",
        shared="credentials",
        pattern="^[A-Z][A-Z0-9_]*$",
    )
    """Name of a credentials set `X` (`SMARTLING_X_USER_IDENTIFIER`…); empty for the plain ones."""
    source_locale: str = keys.text(
        "Source locale",
        ("Locale of the sources, as the service calls it; online it is compared with the project's own."),
        "en-US",
        "pt-BR",
        default="en",
        shared="sourceLocale",
        minLength=1,
    )
    locales: Mapping[str, str] = keys.values(
        "Language codes of the service",
        (
            "Locale id of the manifest to SmartMATE's IsoCode, where they differ; also for the source locale."
            " Only with `provider: smartmate`."
        ),
        {"zh-Hans": "zh-CN", "en": "en-US"},
        maxProperties=400,
        additionalProperties={
            "title": "IsoCode",
            "description": "The language as SmartMATE lists it.",
            "type": "string",
            "minLength": 1,
            "examples": ["zh-CN"],
        },
    )
    """Locale id of the manifest to what the service calls it, where that is another."""
    file_types: frozenset[str] | None = None
    """The types that the service takes; None for all."""
    multilingual: bool = True
    """Whether the service takes files that hold all locales."""
    settings: ProjectSettings | None = None
    """The manifest's settings for this project's service alone; of the class that the service declares."""

    def takes(self, file_type: str) -> bool:
        """Whether the service takes files of a type."""
        return self.file_types is None or file_type in self.file_types


@dataclass(frozen=True, slots=True)
class Resource:
    """One entry of `resources:`."""

    name: str = keys.text(
        "Name",
        "Name for messages and for `-r`; unique in the manifest.",
        "web",
        default=MISSING,
        usual="the first source pattern",
        minLength=1,
    )
    project: str = keys.text(
        "Project",
        "Name of one of `projects`.",
        "marketing",
        default=MISSING,
        usual="the manifest's own project",
        minLength=1,
    )
    sources: tuple[str, ...] = keys.one_or_more(
        "Source patterns",
        (
            "One or more patterns of the source files, relative to the manifest's folder: `*` and `?` "
            "within a folder, `[...]`, `**` for any number of folders. Only files that git tracks are "
            "sources."
        ),
        "apps/*/locales/en/**/*.json",
        ["docs/*.md", "legal/*.md"],
        default=MISSING,
        name="source",
        minItems=1,
        uniqueItems=True,
    )
    """Source patterns, relative to the manifest's folder."""
    target: str | None = keys.text(
        "Target pattern",
        (
            "Where translations are written, relative to the manifest's folder. The n-th wildcard "
            "takes what the n-th wildcard of the source matched. Placeholders: {locale}, "
            "{locale:android} and the other styles, {language}, {region}, {path}, {dir}, {name}, "
            "{stem}, {ext}, and {1} for a wildcard by its number. null: upload only."
        ),
        "apps/*/locales/{locale}/**/*.json",
        None,
        type=["string", "null"],
        default=MISSING,
        minLength=1,
    )
    """Target pattern, relative to the manifest's folder; None means upload only."""
    excludes: tuple[str, ...] = keys.one_or_more(
        "Excluded files",
        "gitignore patterns of files that are not sources of this resource.",
        ["**/fixtures/**"],
        name="exclude",
    )
    includes: tuple[str, ...] = keys.one_or_more(
        "Included files",
        "gitignore patterns of files that are sources although they look like translations.",
        ["src/sign_in.properties"],
        name="include",
    )
    file_uri: str = keys.text(
        "fileUri",
        (
            "What the file is called on the service; the path is that from the git root. Placeholders "
            "as in `target`, without the locale; also {branch}, {repo} (the repository's name, from "
            "the address of `origin`) and {path:trim} (drops leading folders until the 512 characters "
            "of a fileUri suffice)."
        ),
        "{path}",
        "{branch}/{path}",
        "{repo}/{path}",
        "{path:trim}",
        default="{path}",
        minLength=1,
    )
    namespace: str | None = keys.text(
        "Namespace",
        (
            "Where the service keeps the strings of the file; strings are shared within a namespace. "
            "Placeholders as in `fileUri`, without {branch}."
        ),
        "{path}",
        default=None,
        usual="the fileUri without {branch}",
        minLength=1,
    )
    """Namespace pattern; None means the fileUri without the branch."""
    file_type: str | None = keys.text(
        "File type",
        "The service's name for the file type.",
        "json",
        "javaProperties",
        "android",
        default=None,
        usual="recognized by the file's name",
        minLength=1,
    )
    charset: str | None = keys.text(
        "Character set",
        "Encoding of the source files if it is not UTF-8 and not given by a byte order mark.",
        "ISO-8859-1",
        "UTF-16LE",
        default=None,
        minLength=1,
    )
    directives: Mapping[str, str] = keys.values(
        "Directives",
        (
            "Directives of the service's parser, by their name without `smartling.`. A list or "
            "mapping is sent as JSON."
        ),
        {"string_format": "icu", "placeholder_format_custom": r"\{\{.+?\}\}"},
        propertyNames={"pattern": "^[A-Za-z0-9_.-]+$"},
        additionalProperties={
            "title": "Value of the directive",
            "description": "A string as the service expects it; a list or mapping is sent as JSON.",
            "examples": ["icu"],
            "type": ["string", "number", "boolean", "array", "object"],
        },
    )
    locales: LocaleRule = keys.special(
        "Locales of this resource",
        "A list or mapping here replaces the manifest's `locales`; `only`, `except` and `map` change it.",
        {"only": ["de-DE", "fr-FR"], "map": {"fr-FR": "fr-rFR"}},
        ["de-DE"],
        default=LocaleRule,
        anyOf=[
            {"$ref": "#/definitions/localeChoice"},
            {"$ref": "#/definitions/localeMap"},
            {"$ref": "#/definitions/localeList"},
        ],
    )
    copies: tuple[str, ...] = keys.special(
        "Copies of the source",
        "Further local names; for each, the source itself is written to the target path.",
        ["en-AU", "en-GB"],
        default=(),
        type="array",
        uniqueItems=True,
        items={"$ref": "#/definitions/localName"},
    )
    """Local names under which the source itself is written."""
    push: bool = keys.flag(
        "Send the sources",
        "false: translations are only pulled.",
        False,
        default=True,
    )
    optional: bool = keys.flag(
        "May match nothing",
        "true: no matching file is not an error.",
        True,
        default=False,
    )
    pull: PullSettings = keys.section(PullSettings, "pull")
    rules: Mapping[str, str] = keys.section(_NOTHING, "rules")
    """Verification rule to `error`, `warning` or `ignore`, where its severity is not the usual one."""
    job: JobSettings = keys.section(JobSettings, "job")
    place: Place = field(default_factory=lambda: Place(""))
    """Where the entry begins."""
    places: Mapping[str, Place] = field(default_factory=lambda: MappingProxyType({}))
    """The place of each key's value, by dotted key: `target`, `source.0`, `locales.map.fr-FR`."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """What a gate lets through although it should not pass; until a day."""

    locale: str = keys.text(
        "Locale",
        "Only this locale.",
        "ja-JP",
        usual="all",
        minLength=1,
    )
    """Locale id; empty for all."""
    resource: str = keys.text(
        "Resource",
        "Only this resource, by name or glob.",
        "legal",
        usual="all",
        minLength=1,
    )
    """Name or glob; empty for all."""
    check: Literal["", "complete", "fresh", "valid", "questions"] = keys.choice(
        "Check",
        "Only this check: `complete`, `fresh`, `valid` or `questions`.",
        "complete",
        options=("complete", "fresh", "valid", "questions"),
        default="",
        usual="all",
    )
    until: str = keys.text(
        "Last day",
        "The last day on which it applies (UTC); after it the gate is closed again.",
        "2026-12-15",
    )
    """The last day on which it holds: ISO date, in UTC."""
    reason: str = keys.text(
        "Reason",
        "The reason, shown with what is allowed.",
        "the agency is late",
        minLength=1,
    )
    place: Place = field(default_factory=lambda: Place(""))


@dataclass(frozen=True, slots=True)
class Gate:
    """What translations must be to be released."""

    name: str
    complete: Threshold = keys.percent(
        "Least completion",
        (
            "Percent of words that have to be published in each locale (rounded down), over all files "
            "of the gate; one number, or one for each locale and `default` for the others. 0 asks for "
            "nothing."
        ),
        {"default": 100, "ja-JP": 90},
        95,
        default=Threshold(100),
    )
    """Percent of words that have to be published."""
    fresh: bool = keys.flag(
        "Require that everything is up to date",
        "true: every source is pushed in its present state, and every target is the published translation.",
        False,
        default=True,
    )
    """Whether the sources must be pushed, and the targets be what is published."""
    valid: bool = keys.flag(
        "Require that all rules pass",
        "true: every target follows the rules of its file type.",
        False,
        default=True,
    )
    """Whether the targets must pass the rules of their formats."""
    questions: int | None = keys.number(
        "Maximum of open questions",
        (
            "How many of the translators' questions about the source may wait for an answer. Answered and"
            " closed questions do not count."
        ),
        0,
        usual="any number",
        minimum=0,
    )
    """Questions about the source that may wait for an answer; None for any number."""
    resources: tuple[str, ...] = keys.texts(
        "Resources of this gate",
        "Names or globs of the resources that are judged.",
        ["web*", "android"],
        usual="all",
        minItems=1,
    )
    """Names or globs; empty for all."""
    locales: tuple[str, ...] = keys.texts(
        "Locales of this gate",
        "Ids of the locales that are judged.",
        ["de-DE", "fr-FR"],
        usual="all",
        minItems=1,
    )
    """Locale ids; empty for all."""
    baseline: str = keys.text(
        "Baseline",
        (
            "A file beside the manifest with the problems known when the gate was introduced; only what is"
            " worse keeps it closed. `verify --write-baseline` writes it."
        ),
        "l10n-baseline.json",
        minLength=1,
    )
    """A file, relative to the manifest's folder, that knows what was wrong before; empty for none."""
    allow: tuple[Waiver, ...] = keys.special(
        "Waivers",
        "What is allowed, each until a date.",
        [{"locale": "ja-JP", "until": "2026-12-15", "reason": "the agency is late"}],
        default=(),
        type="array",
        items={"$ref": "#/definitions/waiver"},
    )


@dataclass(frozen=True, slots=True)
class GlossarySettings:
    """The glossary of a manifest."""

    name: str = keys.text(
        "Name of the glossary",
        "Its name in the account.",
        "Shop",
        minLength=1,
        maxLength=170,
    )
    file: str = keys.text(
        "File of the glossary",
        "A TBX file beside the manifest: `glossary pull` writes it, `verify` reads it.",
        "l10n/glossary.tbx",
        minLength=1,
    )
    """Relative to the manifest's folder."""
    place: Place = field(default_factory=lambda: Place(""))


@dataclass(frozen=True, slots=True)
class ContextRule:
    """Pictures and pages that show where strings appear, and the resources whose strings these are."""

    files: tuple[str, ...] = keys.one_or_more(
        "Pictures and pages",
        (
            "One or more patterns of the files, relative to the manifest's folder: HTML, PNG and JPEG. They"
            " need not be tracked by git; links are not followed."
        ),
        "e2e/out/**/*.png",
        ["e2e/out/**/*.html", "docs/shots/*.jpg"],
        default=MISSING,
        minItems=1,
        uniqueItems=True,
    )
    """Patterns, relative to the manifest's folder."""
    resources: tuple[str, ...] = keys.texts(
        "Resources shown",
        "Names or globs of the resources whose strings the files show.",
        ["web"],
        usual="all",
        minItems=1,
    )
    """Names or globs; empty for all."""
    place: Place = field(default_factory=lambda: Place(""))
    """The place of `files`."""


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
    glossary: GlossarySettings | None = None
    context: tuple[ContextRule, ...] = ()
    digest: str = ""
    """SHA-256 of its bytes, in hex."""
    parts: tuple[Manifest, ...] = ()
    """The manifests that this one stands for, where a run takes several; empty for a manifest of its own."""
