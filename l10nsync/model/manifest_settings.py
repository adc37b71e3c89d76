"""The manifest's settings for pulling, jobs and orders; each key is declared at its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

from l10nsync.model import keys

PUBLISHED: Literal["published"] = "published"
RetrievalType = Literal["published", "pending", "pseudo"]
Incomplete = Literal["source", "empty", "skip"]
Invalid = Literal["string", "file"]
Corrected = Literal["keep", "service"]
Style = Literal["repo", "smartling"]


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

    retrieval_type: RetrievalType = keys.choice(
        "Which translations",
        (
            "`published`: only published translations. `pending`: also unfinished ones. `pseudo`:"
            " pseudo-localized text."
        ),
        "published",
        options=get_args(RetrievalType),
        default="published",
    )
    incomplete: Incomplete = keys.choice(
        "Where nothing is translated yet",
        (
            "`source`: the source text. `empty`: an empty text, or no entry if the file type allows it."
            " `skip`: an incomplete file is not written at all."
        ),
        "source",
        "skip",
        options=get_args(Incomplete),
        default="source",
    )
    """What is written where nothing is translated: source text, empty text, or no file at all."""
    min_completion: Threshold = keys.percent(
        "Least completion",
        (
            "Percent of words that have to be published (rounded down) before a target is written; "
            "one number, or one for each locale and `default` for the others."
        ),
        80,
        {"default": 80, "ja-JP": 95},
        default=Threshold(),
    )
    """Percent of words; below it a target is left as it is."""
    invalid: Invalid = keys.choice(
        "Holding back translations",
        ("If a translation does not fit its source, hold back only that `string`, or the whole `file`."),
        "string",
        "file",
        options=get_args(Invalid),
        default="string",
    )
    """What is held back where a string does not fit its source: that string, or the whole file."""
    corrections: Corrected = keys.choice(
        "Whose text wins in a conflict",
        (
            "If both the repository and the TMS changed a translation since the last pull: `keep` keeps the"
            " repository's text, `service` writes the TMS's."
        ),
        "keep",
        "service",
        options=get_args(Corrected),
        default="keep",
    )
    """Whose text wins if the repository and the TMS have both changed it."""
    style: Style = keys.choice(
        "File layout",
        (
            "`repo`: changes are written into the existing file's layout, or the source's for a new file."
            " `smartling`: the file as the service delivers it."
        ),
        "repo",
        "smartling",
        options=get_args(Style),
        default="repo",
    )
    """Whose layout a target has: that of the repository's own file, or that of the delivery."""


@dataclass(frozen=True, slots=True)
class JobSettings:
    """The translation job that a push fills."""

    name: str = keys.text(
        "Name of the job",
        "Name, with the placeholders {repo}, {branch}, {sha}, {date}, {user} and {pr}.",
        "{repo} {branch}",
        default="{repo} {branch}",
        minLength=1,
        maxLength=170,
    )
    reuse: bool = keys.flag(
        "Use an open job of that name",
        (
            "true: add files to an open job of that name. false: create a job for each plan, with its digest"
            " after the name."
        ),
        True,
        False,
        default=True,
    )
    authorize: bool = keys.flag(
        "Authorize the job",
        (
            "Whether work begins, at a cost, as soon as the files are confirmed. A pull request event never"
            " authorizes by itself."
        ),
        False,
        True,
        default=False,
    )
    description: str | None = keys.text(
        "Description of the job",
        "Text for translators and managers, shown with the job. An empty one is taken off an open job.",
        "Strings of the mobile apps",
        default=None,
        sent=True,
        maxLength=2000,
    )
    due_date: str | None = keys.text(
        "Due date",
        (
            "A date, a date with time (UTC unless it says otherwise), or a time from now in hours, "
            "days or weeks."
        ),
        "+5d",
        "2026-12-24",
        "2026-12-24T18:00Z",
        default=None,
        sent=True,
        pattern=(
            r"^(\+[0-9]{1,4}[hdw]|[0-9]{4}-[0-9]{2}-[0-9]{2}"
            r"([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:?[0-9]{2})?)?)$"
        ),
    )
    """ISO date or date-time, or `+5d`, `+12h`; None for none."""
    reference_number: str | None = keys.text(
        "Reference number",
        "Number or text of your own system, shown with the job. An empty one is taken off an open job.",
        "PROJ-123",
        default=None,
        type=["string", "number"],
        sent=True,
        maxLength=170,
    )
    locale_workflows: Mapping[str, str] = keys.values(
        "Workflow of each locale",
        "Locale id to workflow uid, for all locales of the resource or none.",
        {"de-DE": "2b91c391d71a"},
        additionalProperties={
            "title": "Workflow uid",
            "description": "Uid of a workflow of the project.",
            "examples": ["2b91c391d71a"],
            "type": ["string", "number"],
            "minLength": 1,
        },
    )
    """Locale id to workflow uid; all locales or none."""
    custom_fields: Mapping[str, str] = keys.values(
        "Custom fields",
        "Uid of a custom field of jobs to its value.",
        {"ngahq6dgh4ed": "mobile"},
        propertyNames={"pattern": "^[A-Za-z0-9_-]+$"},
        maxProperties=100,
        additionalProperties={
            "title": "Value of the field",
            "description": "Text, as the field takes it.",
            "examples": ["mobile"],
            "type": ["string", "number", "boolean"],
            "minLength": 1,
        },
    )
    """Uid of a custom field to its value."""
    max_words: int | None = keys.number(
        "Limit of words",
        "A job that would authorize more words × locales than this needs `--yes`.",
        10000,
        minimum=0,
    )
    max_cost: str = keys.text(
        "Limit of cost",
        (
            "A job that the service estimates to cost more than this, in the account's currency, is "
            "not authorized without `--yes`."
        ),
        500,
        "99.50",
        type=["string", "number"],
        pattern=r"^[0-9]{1,9}(\.[0-9]{1,4})?$",
        minimum=0,
    )
    """Decimal number in the account's currency; empty for no limit."""
    rates: Mapping[str, str] = keys.values(
        "Price of a word",
        (
            "Locale id to what one word costs there, `*` for all others: the plan then shows the maximum cost"
            " of a job, as our own calculation. It limits nothing."
        ),
        {"*": 0.12, "ja-JP": 0.18},
        maxProperties=400,
        additionalProperties={
            "title": "Price",
            "description": "Decimal number, in `currency`.",
            "examples": [0.12],
            "type": ["string", "number"],
            "pattern": r"^[0-9]{1,6}(\.[0-9]{1,6})?$",
            "minimum": 0,
        },
    )
    """Locale id, or `*` for all others, to a decimal number."""
    currency: str = keys.text(
        "Currency of the rates",
        "The currency of `rates`.",
        "EUR",
        maxLength=20,
    )
    rush: bool = keys.flag(
        "Rush delivery",
        "true: request rush delivery when a push authorizes the job.",
        False,
        True,
        default=False,
    )
