"""The control API for accounts of the WorkFlow API, under the addresses that projects have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from l10nsync.sandbox.server_state import ControlHandler, Server
from l10nsync.sandbox.smartmate import accounts, orders


def make_account(server: Server, _path: Mapping[str, str], body: Mapping[str, Any]) -> Any:
    """POST accounts {username?, customer?, contact?, languages?}: an account of the WorkFlow API."""
    name = accounts.create(
        server.world,
        str(body.get("username") or ""),
        customer=str(body.get("customer") or accounts.CUSTOMER),
        contact=str(body.get("contact") or accounts.CONTACT),
        languages=body.get("languages") or tuple(accounts.LANGUAGES),
    )
    return {"username": name}


def translate(server: Server, path: Mapping[str, str], body: Mapping[str, Any]) -> Any:
    """POST projects/{username}/translate {locales?, how?, requests?, extra?, missing?}."""
    how = body.get("how") or "pseudo"
    locales = body.get("locales")
    work = orders.RequestWork(
        languages=None if not locales else {str(code): int(percent) for code, percent in locales.items()},
        requests=tuple(body.get("requests") or ()),
        how=how.get("texts", how) if isinstance(how, dict) else str(how),
        extra=int(body.get("extra") or 0),
        missing=tuple(body.get("missing") or ()),
    )
    return {"strings": orders.translate(server.world, path["project"], work)}


def publish(_server: Server, _path: Mapping[str, str], _body: Mapping[str, Any]) -> Any:
    """POST projects/{username}/publish: what is translated is delivered already."""
    return {"strings": 0}


def view(server: Server, path: Mapping[str, str], _body: Mapping[str, Any]) -> Any:
    """GET projects/{username}/view: the requests without ids and times."""
    return orders.view(server.world, path["project"])


_ACTIONS: Mapping[str, ControlHandler] = {"translate": translate, "publish": publish, "view": view}


def handler(server: Server, name: str, path: Mapping[str, str]) -> ControlHandler | None:
    """Return the handler for a call whose project is an account of the WorkFlow API; None for others."""
    account = accounts.find(server.world, path.get("project", ""))
    return _ACTIONS.get(name.rpartition("/")[2]) if account is not None else None
