"""Smartling as l10nsync knows it before it asks."""

from __future__ import annotations

from l10nsync.model import AccountVariables, ServiceDescription, Workflow

SERVICE = ServiceDescription(
    name="smartling",
    title="Smartling",
    connect="l10nsync.providers.smartling.provider:connect",
    variables=AccountVariables(
        user=("SMARTLING_{}USER_IDENTIFIER", "SMARTLING_{}USER_ID"),
        secret=("SMARTLING_{}USER_SECRET", "SMARTLING_{}SECRET"),
        url="SMARTLING_API_URL",
        default_url="https://api.smartling.com",
        hint="Create an API token in Smartling (Settings, API) and export it; a fork's run has none.",
    ),
    workflow=Workflow.JOBS,
    questions=True,
    glossaries=True,
    context=True,
)
