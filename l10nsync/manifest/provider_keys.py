"""Keys of a manifest that the provider of a project does not use. Pure.

A key that is accepted and has no effect is worse than an error: somebody relies on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from l10nsync import services
from l10nsync.manifest.problems import Problems
from l10nsync.model import Place, Project, Resource, ServiceDescription


def check_provider_keys(
    resources: Iterable[Resource], projects: Mapping[str, Project], problems: Problems
) -> None:
    """Refuse keys that no provider uses in their place; a shared key may be meant for another resource."""
    without_effect: dict[Place, tuple[str, Resource, str, str]] = {}
    used_places: set[Place] = set()
    for resource in resources:
        project = projects.get(resource.project)
        service = services.find(project.provider) if project else None
        lacking = _lacking(resource, service) if service else {}
        used_places |= {place for key, place in resource.places.items() if key not in lacking}
        for key, why in lacking.items():
            if service and _is_set(resource, key):
                place = resource.places.get(key, resource.place)
                without_effect.setdefault(place, (key, resource, service.name, why))
    for place, (key, resource, provider, why) in without_effect.items():
        if place not in used_places:
            problems.add(
                "E124",
                place,
                f"`{key}` has no effect in resource `{resource.name}`: {provider} does not use it",
                help=f"Take it out ({why}), or give the resource another project.",
            )


def _lacking(resource: Resource, service: ServiceDescription) -> Mapping[str, str]:
    """Return the dotted keys of RESOURCE that SERVICE cannot use, each with what it does instead."""
    if service.directives is None:
        return service.useless
    unknown = sorted(set(resource.directives) - service.directives)
    return {**service.useless, **{f"directives.{name}": "it has no such directive" for name in unknown}}


def _is_set(resource: Resource, key: str) -> bool:
    """Whether RESOURCE has another value than the default for a dotted KEY."""
    holder: Any = resource
    *owners, name = key.split(".")
    if owners == ["directives"]:
        return True
    for owner in owners:
        holder = getattr(holder, owner)
    field = _field(name)
    entry = holder.__dataclass_fields__[field]
    usual = entry.default_factory() if callable(entry.default_factory) else entry.default
    return bool(getattr(holder, field) != usual)


def _field(key: str) -> str:
    """Return the field of the model that a key of the manifest is declared at."""
    return re.sub(r"([A-Z])", lambda found: f"_{found[1].lower()}", key)
