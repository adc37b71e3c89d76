"""The translation management systems that this installation knows.

Ours are listed here: looking for installed distributions costs a start more than all else does. Others come
from the entry point group `l10nsync.providers`, whose values name a `ServiceDescription`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

from l10nsync.errors import UsageError
from l10nsync.model import ServiceDescription

GROUP = "l10nsync.providers"
USUAL = "smartling"
_OURS: Mapping[str, str] = {
    "smartling": "l10nsync.providers.smartling.service:SERVICE",
    "smartmate": "l10nsync.providers.smartmate.service:SERVICE",
}


def service(name: str) -> ServiceDescription:
    """Return the service called NAME; raise `UsageError` if nobody provides it."""
    found = find(name)
    if found is None:
        raise UsageError(f"unknown provider {name!r}", hint=f"Known: {', '.join(names())}.")
    return found


def find(name: str) -> ServiceDescription | None:
    """Return the service called NAME; None if nobody provides it."""
    if name in _OURS:
        return _loaded(_OURS[name])
    return outside().get(name)


def names() -> tuple[str, ...]:
    """Return what `provider` in a manifest may say."""
    return (*_OURS, *outside())


def ours() -> tuple[ServiceDescription, ...]:
    """Return the services that come with l10nsync."""
    return tuple(map(_loaded, _OURS.values()))


def with_ours(names: Iterable[str]) -> tuple[ServiceDescription, ...]:
    """Return our services, and of those that others provide the ones that NAMES mentions."""
    others = dict.fromkeys(name for name in names if name not in _OURS)
    return (*ours(), *(found for name in others if (found := find(name))))


@functools.cache
def outside() -> Mapping[str, ServiceDescription]:
    """Return the services that other distributions bring; raise `UsageError` for one that is broken."""
    from importlib.metadata import entry_points

    found: dict[str, ServiceDescription] = {}
    for point in sorted(entry_points(group=GROUP)):
        if point.name in _OURS:
            continue
        try:
            brought = point.load()
        except Exception as error:
            raise UsageError(
                f"the provider {point.name!r} ({point.value}) cannot be loaded: {error}",
                hint="Update or remove the package that brings it.",
            ) from error
        if not isinstance(brought, ServiceDescription) or brought.name != point.name:
            raise UsageError(
                f"the provider {point.name!r} ({point.value}) is not a ServiceDescription of that name",
                hint="Update or remove the package that brings it.",
            )
        found[point.name] = brought
    return found


@functools.cache
def _loaded(reference: str) -> ServiceDescription:
    found: ServiceDescription = imported(reference)
    return found


def imported(reference: str) -> Any:
    """Return what `module:name` names."""
    module, _, name = reference.partition(":")
    return getattr(import_module(module), name)
