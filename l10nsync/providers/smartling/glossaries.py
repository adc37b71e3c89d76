"""Glossaries of an account, as TBX."""

from __future__ import annotations

from l10nsync.errors import ServiceError
from l10nsync.providers.http import Call
from l10nsync.providers.replies import items, needed, text, texts
from l10nsync.providers.smartling.api import SmartlingApi, segment

_VERSION = "TBXcoreStructV02"


def glossary_tbx(api: SmartlingApi, name: str) -> bytes | None:
    """Return the active glossary of that name with all its languages; None where the account has none."""
    account = api.details().account
    if not account:
        raise ServiceError("the service does not report the project's account")
    path = f"/glossary-api/v3/accounts/{segment(account)}/glossaries"
    body = {"query": name, "glossaryState": "ACTIVE"}
    found = api.client.send(Call("find the glossary", "POST", f"{path}/search", json=body)).record
    # The service searches in parts of names, and in descriptions.
    named = [row for row in items(found) if text(row, "glossaryName") == name]
    if not named:
        return None
    wanted = {
        "format": "TBX",
        "tbxVersion": _VERSION,
        "filter": {"entryState": "ACTIVE"},
        "localeIds": list(texts(named[0], "localeIds")),
    }
    download = f"{path}/{segment(needed(named[0], 'glossaryUid'))}/entries/download"
    call = Call("download the glossary", "POST", download, json=wanted, accept_file=True)
    return api.client.send(call).body
