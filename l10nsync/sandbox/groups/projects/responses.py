"""Accounts, projects, locales."""

from __future__ import annotations

from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.groups.projects import workflows
from l10nsync.sandbox.parsed_request import ParsedRequest, paged
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.replies import Reply, data, items


def details(call: ParsedRequest) -> Reply:
    """GET /projects-api/v2/projects/{project}."""
    disabled = call.flag("includeDisabledLocales", default=False)
    return data(projects.details(call.server.world, call.project, disabled=disabled))


def of_account(call: ParsedRequest) -> Reply:
    """GET /accounts-api/v2/accounts/{account}/projects."""
    archived = call.flag("includeArchived", default=False)
    found = projects.of_account(
        call.server.world, call.path["account"], call.text("projectNameFilter"), archived=archived
    )
    return paged(call, found, 500)


def accounts(call: ParsedRequest) -> Reply:
    """GET /accounts-api/v2/accounts: not in the description, but an official client asks."""
    return items(projects.accounts(call.server.world))


def copy(call: ParsedRequest) -> Reply:
    """POST …/copy."""
    name = call.body.get("projectName")
    if not isinstance(name, str) or not name.strip():
        raise invalid("projectName is required", "projectName")
    uid = projects.begin_copy(call.server.world, call.project, name, call.array("targetLocaleIds"))
    return data({"processUid": uid})


def copied(call: ParsedRequest) -> Reply:
    """GET …/copy/{process}."""
    return data(projects.copied(call.server.world, call.project, call.path["process"]))


def add_locale(call: ParsedRequest) -> Reply:
    """POST /projects-api/v2/projects/{project}/targetLocales."""
    locale = call.body.get("localeId")
    if not isinstance(locale, str) or not locale:
        raise invalid("localeId is required", "localeId")
    projects.add_locale(call.server.world, call.project, locale)
    if workflow := call.body.get("defaultWorkflowUid"):
        workflows.set_default(call.server.world, call.project, locale, str(workflow))
    details = projects.details(call.server.world, call.project)
    as_list = call.server.world.switch(call.project, "add_locale_answers_list")
    return data([details] if as_list else details)


def dictionary(call: ParsedRequest) -> Reply:
    """GET /locales-api/v2/dictionary/locales."""
    wanted = call.texts("localeIds")
    if wanted and not call.flag("supportedOnly", default=True):
        return items([_locale(locale) for locale in wanted])
    return items([_locale(locale) for locale in projects.LOCALES if not wanted or locale in wanted])


def _locale(ident: str) -> dict[str, object]:
    language, *rest = ident.split("-")
    country = rest[-1] if rest else ""
    named = {"countryId": country, "description": projects.COUNTRIES.get(country, country)}
    return {
        "localeId": ident,
        "description": projects.describe(ident),
        "direction": "RTL" if language in {"ar", "fa", "he", "ur"} else "LTR",
        "mtSupported": True,
        "language": {"languageId": language, "description": projects.LANGUAGES.get(language, language)},
        **({"country": named} if country else {}),
    }
