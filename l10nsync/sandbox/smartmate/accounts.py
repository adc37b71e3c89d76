"""Accounts of the WorkFlow API: who may order, in whose name, and from and into which languages."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence

from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.smartmate.refusal import Declined
from l10nsync.sandbox.store import Row

PASSWORD = "test-secret"  # noqa: S105 - the sandbox's own, accepted nowhere else
DEFAULT_ACCOUNT = "test-user"
CUSTOMER, CONTACT = "Example Corporation", "Doe, Jane"
LANGUAGES: Mapping[str, str] = {
    "aa-EA": "Afar", "ach-EA": "Acholi", "ar-SA": "Arabic", "cs-CZ": "Czech", "da-DK": "Danish",
    "de-AT": "German (Austria)", "de-DE": "German", "el-GR": "Greek", "en-GB": "English (UK)",
    "en-US": "English (USA)", "es-ES": "Spanish", "es-MX": "Spanish (Mexico)", "fi-FI": "Finnish",
    "fr-CA": "French (Canada)", "fr-FR": "French", "he-IL": "Hebrew", "hu-HU": "Hungarian",
    "it-IT": "Italian", "ja-JP": "Japanese", "ko-KR": "Korean", "nb-NO": "Norwegian", "nl-NL": "Dutch",
    "pl-PL": "Polish", "pt-BR": "Portuguese (Brazil)", "pt-PT": "Portuguese", "ro-RO": "Romanian",
    "ru-RU": "Russian", "sr-Latn-RS": "Serbian (Latin)", "sv-SE": "Swedish", "tr-TR": "Turkish",
    "uk-UA": "Ukrainian", "zh-CN": "Chinese (Simplified)", "zh-TW": "Chinese (Traditional)",
    "zu-ZA": "Zulu",
}  # fmt: skip


def create(
    world: World,
    name: str = "",
    *,
    customer: str = CUSTOMER,
    contact: str = CONTACT,
    languages: Sequence[str] = tuple(LANGUAGES),
) -> str:
    """Create an account, or change one; return its user name."""
    ident = name or f"test-{world.uid(9)}"
    sql = "insert or replace into mate_accounts values (?, ?, ?, ?)"
    world.store.run(sql, ident, customer, contact, json.dumps(list(languages)))
    return ident


def begin(world: World) -> None:
    """Make sure that the first account exists."""
    if find(world, DEFAULT_ACCOUNT) is None:
        create(world, DEFAULT_ACCOUNT)


def find(world: World, name: str) -> Row | None:
    """Return an account, or None."""
    return world.store.row("select * from mate_accounts where name = ?", name)


def languages(account: Row) -> dict[str, str]:
    """Return the languages of an account: IsoCode to name."""
    return {code: LANGUAGES.get(code, code) for code in json.loads(account["languages"])}


def user_of(header: str) -> tuple[str, str]:
    """Return user name and password of an `Authorization` header; both empty if there are none."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password


def authenticated(world: World, header: str) -> Row:
    """Return the account that a header names; raise a refusal for a wrong or missing password."""
    if not header:
        raise Declined(401, "Authentication credentials were not provided.")
    user, password = user_of(header)
    account = find(world, user)
    if account is None or password != PASSWORD:
        raise Declined(401, "Invalid username/password.")
    return account
