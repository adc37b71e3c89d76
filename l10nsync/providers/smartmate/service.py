"""SmartMATE as l10nsync knows it before it asks: accounts, orders in the manifest, what it has no use for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from l10nsync.model import (
    AccountVariables,
    Project,
    ProjectSettings,
    ServiceDescription,
    SettingProblem,
    SettingsSection,
    Workflow,
    keys,
)

URL = "https://workflow-api.smartmate.co"


@dataclass(frozen=True, slots=True)
class OrderSettings(ProjectSettings):
    """What is said with every order."""

    customer: str = keys.text(
        "Customer",
        (
            "CustomerName: the complete name that the service gave to the customer. "
            "`SMARTMATE_CUSTOMER` takes its place."
        ),
        "Example Corporation",
        minLength=1,
        maxLength=500,
    )
    contact: str = keys.text(
        "Contact",
        (
            "ContactName: the contact of that customer, as `LastName, FirstName`. `SMARTMATE_CONTACT` "
            "takes its place."
        ),
        "Doe, Jane",
        minLength=1,
        maxLength=500,
    )
    """`LastName, FirstName`."""
    delivery_date: str = keys.text(
        "Delivery date",
        (
            "When the translation is expected, from now: days or weeks, with a time of day if wanted, "
            "or hours. A `dueDate` of the job takes its place."
        ),
        "+10d",
        "+10d 17:00",
        "+2w",
        "+48h",
        pattern=r"^\+[0-9]{1,4}([dw]( ([01][0-9]|2[0-3]):[0-5][0-9])?|h)$",
    )
    """`+10d`, `+2w`, `+48h`, the first two also with a time of day: `+10d 17:00`."""
    time_zone: str = keys.text(
        "Time zone",
        "IANA name of the zone in which the service reads delivery dates.",
        "Europe/London",
        default="UTC",
        minLength=1,
        maxLength=60,
    )
    """IANA name of the zone in which delivery dates are written."""
    purchase_order: str = keys.text(
        "Purchase order",
        "Number or text of the purchase order.",
        "PO-2026-17",
        type=["string", "number"],
        maxLength=200,
    )
    note: str = keys.text(
        "Note",
        "Instructions and comments for the translators.",
        "Keep the text in braces.",
        maxLength=5000,
    )
    references: tuple[str, ...] = keys.texts(
        "Reference files",
        (
            "Tracked files that are sent along with every order, relative to the manifest's folder: a "
            "glossary, a style guide."
        ),
        ["docs/glossary.csv"],
        maxItems=20,
        uniqueItems=True,
    )
    """Tracked files that are sent along, relative to the manifest's folder."""
    tags: tuple[str, ...] = keys.texts(
        "Tags",
        "Tags of your own for every order: letters and digits, fewer than 64.",
        ["website"],
        maxItems=10,
        uniqueItems=True,
        items={"type": "string", "pattern": "^[A-Za-z0-9]{1,63}$"},
    )
    languages_per_request: Literal["one", "all"] = keys.choice(
        "Languages of a request",
        (
            "`one`: each language is a request of its own, so that translations cannot be mixed up. `all`:"
            " one request for all, where the service names the language of each "
            "final document."
        ),
        "one",
        "all",
        options=("one", "all"),
        default="one",
    )

    def problems(self) -> tuple[SettingProblem, ...]:
        """Return what is wrong with the time zone."""
        if _is_zone(self.time_zone):
            return ()
        message = f"there is no time zone `{self.time_zone}`"
        return (
            SettingProblem(
                "timeZone", message, "Write an IANA name such as `Europe/London`, or `UTC`.", "E123"
            ),
        )

    def sent_along(self) -> tuple[str, ...]:
        """Return the reference files."""
        return self.references


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


def order_of(project: Project) -> OrderSettings:
    """Return what PROJECT says with its orders."""
    return project.settings if isinstance(project.settings, OrderSettings) else OrderSettings()


SERVICE = ServiceDescription(
    name="smartmate",
    title="SmartMATE",
    connect="l10nsync.providers.smartmate.provider:connect",
    variables=AccountVariables(
        user=("SMARTMATE_{}USERNAME",),
        secret=("SMARTMATE_{}PASSWORD",),
        url="SMARTMATE_API_URL",
        default_url=URL,
        hint="SmartMATE provides them with the account; those for staging differ from those for production.",
        names={"staging": f"{URL}/staging"},
    ),
    workflow=Workflow.ORDERS,
    section=SettingsSection(
        key="order",
        settings=OrderSettings,
        title="Order",
        description=(
            "What is said with every order. Required with `provider: smartmate`, and only there. Allowed at"
            " the top and in a project; per key, the project wins."
        ),
        examples=(
            {
                "customer": "Example Corporation",
                "contact": "Doe, Jane",
                "deliveryDate": "+10d",
                "timeZone": "Europe/London",
            },
        ),
        variables={"customer": "SMARTMATE_CUSTOMER", "contact": "SMARTMATE_CONTACT"},
    ),
    useless={
        "namespace": "it recognizes content by itself, without namespaces",
        "pull.retrievalType": "it delivers only completed documents",
        "job.localeWorkflows": "its people choose the workflow of an order",
        "job.customFields": "its orders have no such fields",
        "job.maxCost": "it does not report what an order costs; `maxWords` limits it",
        "job.rush": "`order.deliveryDate` says when it is needed",
    },
    own_codes=True,
    multilingual=False,
)
