"""Accounts, projects and their locales."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from l10nsync.sandbox.clock import iso
from l10nsync.sandbox.common import records, waits
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.refusal import invalid, not_found
from l10nsync.sandbox.store import Row

ACCOUNT = "sandbox1"
DEFAULT_PROJECT = "sandbox00"
DEFAULT_LOCALES = ("de-DE", "es-ES", "fr-FR", "it-IT", "ja-JP", "ko-KR", "pt-BR", "zh-CN")
LANGUAGES = {
    "af": "Afrikaans", "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech",
    "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian",
    "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fil": "Filipino", "fr": "French", "gl": "Galician",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian",
    "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh", "ko": "Korean",
    "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay", "nb": "Norwegian", "nl": "Dutch", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu",
    "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
COUNTRIES = {
    "419": "Latin America", "AE": "United Arab Emirates", "AL": "Albania", "AM": "Armenia", "AR": "Argentina",
    "AT": "Austria", "AU": "Australia", "BD": "Bangladesh", "BE": "Belgium", "BG": "Bulgaria",
    "BR": "Brazil", "CA": "Canada", "CH": "Switzerland", "CL": "Chile", "CN": "China", "CO": "Colombia",
    "CZ": "Czech Republic", "DE": "Germany", "DK": "Denmark", "EE": "Estonia", "EG": "Egypt", "ES": "Spain",
    "FI": "Finland", "FR": "France", "GB": "United Kingdom", "GE": "Georgia", "GR": "Greece",
    "HK": "Hong Kong", "HR": "Croatia", "HU": "Hungary", "ID": "Indonesia", "IE": "Ireland", "IL": "Israel",
    "IN": "India", "IR": "Iran", "IS": "Iceland", "IT": "Italy", "JP": "Japan", "KE": "Kenya",
    "KR": "South Korea", "KZ": "Kazakhstan", "LA": "Latin America", "LT": "Lithuania", "LV": "Latvia",
    "MX": "Mexico", "MY": "Malaysia", "NL": "Netherlands", "NO": "Norway", "NZ": "New Zealand",
    "PH": "Philippines", "PK": "Pakistan", "PL": "Poland", "PT": "Portugal", "RO": "Romania", "RS": "Serbia",
    "RU": "Russia", "SA": "Saudi Arabia", "SE": "Sweden", "SG": "Singapore", "SI": "Slovenia",
    "SK": "Slovakia", "TH": "Thailand", "TR": "Turkey", "TW": "Taiwan", "UA": "Ukraine",
    "US": "United States", "VN": "Vietnam", "YR": "Serbia, Cyrillic", "YU": "Yue", "ZA": "South Africa",
}  # fmt: skip
LOCALES = (
    "af-ZA", "ar", "ar-AE", "ar-EG", "ar-SA", "bg-BG", "bn-BD", "ca-ES", "cs-CZ", "da-DK", "de-AT",
    "de-CH", "de-DE", "el-GR", "en-AU", "en-CA", "en-GB", "en-IE", "en-IN", "en-NZ", "en-US", "es",
    "es-419", "es-AR", "es-CL", "es-CO", "es-ES", "es-LA", "es-MX", "es-US", "et-EE", "eu-ES", "fa-IR",
    "fi-FI", "fil-PH", "fr-BE", "fr-CA", "fr-CH", "fr-FR", "gl-ES", "he-IL", "hi-IN", "hr-HR", "hu-HU",
    "hy-AM", "id-ID", "is-IS", "it-CH", "it-IT", "ja-JP", "ka-GE", "kk-KZ", "ko-KR", "lt-LT", "lv-LV",
    "ms-MY", "nb-NO", "nl-BE", "nl-NL", "pl-PL", "pt-BR", "pt-PT", "ro-RO", "ru-RU", "sk-SK", "sl-SI",
    "sq-AL", "sr-RS", "sr-YR", "sv-SE", "sw-KE", "ta-IN", "te-IN", "th-TH", "tr-TR", "uk-UA", "ur-PK",
    "vi-VN", "zh-CN", "zh-HK", "zh-TW", "zh-YU",
)  # fmt: skip
"""Those that the dictionary of locales lists."""


def describe(locale: str) -> str:
    """Return a locale as the dashboard names it, such as `German (Germany) [de-DE]`."""
    language, *rest = locale.replace("_", "-").split("-")
    named = LANGUAGES.get(language, language)
    country = f" ({COUNTRIES.get(rest[-1], rest[-1])})" if rest else ""
    return f"{named}{country} [{locale}]"


def create(
    world: World,
    ident: str | None = None,
    *,
    name: str = "",
    source: str = "en-US",
    locales: Iterable[str] = (),
    account: str = ACCOUNT,
    is_open: bool = False,
) -> str:
    """Create a project, or replace the locales of one that exists; return its id.

    An open project takes any locale that a request names.
    """
    ident = ident or world.uid(9)
    sql = """insert into projects (id, name, account, source, open) values (?, ?, ?, ?, ?)
             on conflict (id) do update
             set name = excluded.name, source = excluded.source, open = excluded.open"""
    world.store.run(sql, ident, name or f"Project {ident}", account, source, int(is_open))
    world.store.run("delete from locales where project = ?", ident)
    for locale in locales:
        add_locale(world, ident, locale)
    return ident


def find(world: World, ident: str) -> Row:
    """Return a project; raise a refusal if there is none."""
    row = world.store.row("select * from projects where id = ?", ident)
    if row is None:
        raise not_found(f"Project {ident} is not found", "not.found")
    return row


def add_locale(world: World, project: str, locale: str) -> None:
    """Enable a target locale."""
    position = world.store.value(
        "select coalesce(max(position), 0) + 1 from locales where project = ?", project
    )
    sql = "insert into locales values (?, ?, 1, ?) on conflict do update set enabled = 1"
    world.store.run(sql, project, locale, position)


def locales(world: World, project: str) -> list[str]:
    """Return the enabled target locales, in the project's order."""
    sql = "select locale from locales where project = ? and enabled = 1 order by position"
    return [row[0] for row in world.store.rows(sql, project)]


def require_locales(world: World, project: str, wanted: Sequence[str], key: str = "localeId") -> list[str]:
    """Return WANTED if the project has these locales (an open project gets them); else raise a refusal."""
    known = set(locales(world, project))
    missing = [locale for locale in dict.fromkeys(wanted) if locale not in known]
    if missing and not find(world, project)["open"]:
        raise invalid(f"Locales {', '.join(missing)} are not enabled for the project", key)
    for locale in missing:
        add_locale(world, project, locale)
    return list(dict.fromkeys(wanted))


def summary(row: Row) -> dict[str, Any]:
    """Return a project as lists show it."""
    return {
        "projectId": row["id"],
        "projectName": row["name"],
        "accountUid": row["account"],
        "archived": bool(row["archived"]),
        "projectTypeCode": row["type"],
        "sourceLocaleId": row["source"],
        "sourceLocaleDescription": describe(row["source"]),
    }


def details(world: World, ident: str, *, disabled: bool = False) -> dict[str, Any]:
    """Return a project with its target locales, disabled ones only if asked for."""
    sql = "select locale, enabled from locales where project = ? order by position"
    rows = [row for row in world.store.rows(sql, ident) if disabled or row["enabled"]]
    targets = [
        {"localeId": row["locale"], "description": describe(row["locale"]), "enabled": bool(row["enabled"])}
        for row in rows
    ]
    return {**summary(find(world, ident)), "targetLocales": targets}


def of_account(world: World, account: str, name_filter: str, *, archived: bool) -> list[dict[str, Any]]:
    """Return the projects of an account whose name holds NAME_FILTER, whatever the case."""
    rows = world.store.rows("select * from projects where account = ? order by rowid", account)
    return [
        summary(row)
        for row in rows
        if (archived or not row["archived"]) and name_filter.casefold() in row["name"].casefold()
    ]


def require_account(world: World, ident: str) -> None:
    """Raise a refusal if there is no such account: every account that is there has a project."""
    if world.store.row("select 1 from projects where account = ?", ident) is None:
        raise not_found(f"Account {ident} is not found", "not.found")


def accounts(world: World) -> list[dict[str, Any]]:
    """Return the accounts that have projects."""
    rows = world.store.rows("select account from projects group by account order by min(rowid)")
    return [{"accountUid": row[0], "accountName": "Sandbox", "archived": False} for row in rows]


# --- copies ----------------------------------------------------------------------------------------------

COPY = "copy"


def begin_copy(world: World, ident: str, name: str, wanted: Sequence[str]) -> str:
    """Begin to copy a project with its settings, never its content; return the process to poll."""
    if unknown := [locale for locale in wanted if locale not in locales(world, ident)]:
        raise invalid(f"Locales {', '.join(unknown)} are not enabled for the project", "targetLocaleIds")
    uid, now = world.uuid(), iso(world.now())
    process = {
        "processUid": uid, "processState": "OPEN", "newProjectUid": world.uid(9), "createdDate": now,
        "modifiedDate": now, "_name": name, "_locales": list(wanted) or locales(world, ident),
    }  # fmt: skip
    records.add(world, COPY, ident, uid, process)
    if waits.begin(world, ident, COPY, f"{COPY} {uid}"):
        _finish_copy(world, ident, uid)
    return uid


def copied(world: World, ident: str, uid: str) -> dict[str, Any]:
    """Look at a copy under way."""
    records.find(world, COPY, ident, uid)
    if waits.look(world, f"{COPY} {uid}"):
        _finish_copy(world, ident, uid)
    found = records.find(world, COPY, ident, uid)
    done = len(found["_locales"]) if found["processState"] == "CLOSED" else 0
    numbers = {"requested": len(found["_locales"]), "processed": done, "errored": 0, "skipped": 0}
    shown = {key: value for key, value in found.items() if not key.startswith("_")}
    return {**shown, "processStatistics": numbers}


def settle(world: World, ident: str) -> None:
    """Finish the copies that have become due by the clock."""
    for row in waits.running(world, ident, COPY):
        if waits.due(world, row["subject"]):
            _finish_copy(world, ident, row["subject"].removeprefix(f"{COPY} "))


def _finish_copy(world: World, ident: str, uid: str) -> None:
    waits.finish(world, f"{COPY} {uid}")
    found, row = records.find(world, COPY, ident, uid), find(world, ident)
    create(
        world, found["newProjectUid"], name=found["_name"], source=row["source"], locales=found["_locales"],
        account=row["account"], is_open=bool(row["open"]),
    )  # fmt: skip
    records.update(world, COPY, uid, processState="CLOSED", modifiedDate=iso(world.now()))
