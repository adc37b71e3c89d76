"""Fields that an account adds to its jobs: defined once, assigned to projects, filled by each job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from l10nsync.sandbox.common import records
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.refusal import field_refused, invalid

KIND, ASSIGNED = "custom field", "custom field of project"
TYPES = ("SHORT_TEXT", "LONG_TEXT", "SELECTBOX", "CHECKBOX")
_FLAGS = ("enabled", "required", "searchable", "displayToTranslators")
_DEFAULTS: Mapping[str, Any] = {
    "enabled": True, "required": False, "searchable": False, "displayToTranslators": False, "options": [],
    "defaultValue": None, "description": None,
}  # fmt: skip


def create(world: World, account: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Define a field."""
    if body.get("type") not in TYPES:
        raise invalid(f"type must be one of {', '.join(TYPES)}", "type")
    uid = world.uid()
    given = _checked({**_DEFAULTS, **{key: body[key] for key in (*_DEFAULTS, "fieldName") if key in body}})
    return records.add(world, KIND, account, uid, {"fieldUid": uid, "type": body["type"], **given})


def change(world: World, account: str, uid: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change a field; its type stays."""
    old = records.find(world, KIND, account, uid)
    given = {key: body[key] for key in (*_DEFAULTS, "fieldName") if key in body}
    return records.change(world, KIND, account, uid, **_checked({**old, **given}))


def _checked(field: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(field.get("fieldName"), str) or not field["fieldName"].strip():
        raise invalid("fieldName is required", "fieldName")
    for name in _FLAGS:
        if not isinstance(field[name], bool):
            raise invalid(f"{name} must be true or false", name)
    options = field["options"] or []
    if not isinstance(options, list) or not all(isinstance(option, str) for option in options):
        raise invalid("options must be an array of texts", "options")
    return {**field, "options": options}


def of_account(world: World, account: str, *, searchable: bool, enabled: bool) -> list[dict[str, Any]]:
    """Return the fields of an account, all or only some."""
    return [
        field
        for field in records.listing(world, KIND, account)
        if (field["searchable"] or not searchable) and (field["enabled"] or not enabled)
    ]


def assign(world: World, project: str, uids: Sequence[Any]) -> None:
    """Make these the fields of a project; the list replaces the one before."""
    account = projects.find(world, project)["account"]
    for uid in uids:
        records.find(world, KIND, account, str(uid))
    world.store.run("delete from records where kind = ? and owner = ?", ASSIGNED, project)
    for uid in dict.fromkeys(uids):
        records.add(world, ASSIGNED, project, f"{project} {uid}", {"fieldUid": uid})


def of_project(world: World, project: str) -> list[dict[str, Any]]:
    """Return the fields of a project."""
    account = projects.find(world, project)["account"]
    uids = [assigned["fieldUid"] for assigned in records.listing(world, ASSIGNED, project)]
    return [records.find(world, KIND, account, uid) for uid in uids]


def filled(world: World, project: str, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the fields of a job with their names; raise a refusal for what does not fit the project.

    A project without fields takes whatever is sent.
    """
    known = {field["fieldUid"]: field for field in of_project(world, project)}
    values = {value.get("fieldUid"): value.get("fieldValue") for value in given}
    if not known:
        return [dict(value) for value in given]
    if unknown := [uid for uid in values if uid not in known]:
        raise field_refused("customFields", f"Custom field {unknown[0]} is not assigned to the project")
    made = []
    for uid, field in known.items():
        value = values.get(uid, field["defaultValue"])
        _check_value(field, value)
        if value is not None:
            made.append({"fieldUid": uid, "fieldName": field["fieldName"], "fieldValue": value})
    return made


def _check_value(field: Mapping[str, Any], value: Any) -> None:
    if value in {None, ""} and field["required"] and field["enabled"]:
        raise field_refused("customFields", f"Custom field {field['fieldName']} is required")
    if value and field["type"] == "SELECTBOX" and value not in field["options"]:
        raise field_refused("customFields", f"{value} is not an option of {field['fieldName']}")
