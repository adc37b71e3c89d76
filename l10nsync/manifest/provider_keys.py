"""Keys of a manifest that the provider of a project can do nothing with. Pure.

A key that is accepted and has no effect is worse than an error: somebody relies on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from l10nsync.manifest.problems import Problems
from l10nsync.model import Place, Project, Resource


@dataclass(frozen=True, slots=True)
class _Key:
    """A key that some provider has no use for."""

    is_said: Callable[[Resource], bool]
    why: str
    """What that provider does instead."""


LACKING: Mapping[str, Mapping[str, _Key]] = {
    "smartmate": {
        "namespace": _Key(
            lambda resource: resource.namespace is not None, "it knows content by itself, without namespaces"
        ),
        "pull.retrievalType": _Key(
            lambda resource: resource.pull.retrieval_type != "published",
            "it delivers completed documents only",
        ),
        "job.localeWorkflows": _Key(
            lambda resource: bool(resource.job.locale_workflows), "its people choose the workflow of an order"
        ),
        "job.customFields": _Key(
            lambda resource: bool(resource.job.custom_fields), "its orders have no such fields"
        ),
        "job.maxCost": _Key(
            lambda resource: bool(resource.job.max_cost),
            "it does not say what an order costs; `maxWords` limits it",
        ),
        "job.rush": _Key(lambda resource: resource.job.rush, "`order.deliveryDate` says when it is needed"),
    }
}
"""By provider: dotted keys of a resource."""


def check_provider_keys(
    resources: Iterable[Resource], projects: Mapping[str, Project], problems: Problems
) -> None:
    """Refuse keys that no provider heeds where they stand; a shared key may be meant for another resource."""
    useless: dict[Place, tuple[str, Resource, str, str]] = {}
    useful: set[Place] = set()
    for resource in resources:
        project = projects.get(resource.project)
        lacking = LACKING.get(project.provider, {}) if project else {}
        useful |= {place for key, place in resource.places.items() if key not in lacking}
        for key, found in lacking.items():
            if project and found.is_said(resource):
                place = resource.places.get(key, resource.place)
                useless.setdefault(place, (key, resource, project.provider, found.why))
    for place, (key, resource, provider, why) in useless.items():
        if place not in useful:
            problems.add(
                "E124",
                place,
                f"`{key}` has no effect in resource `{resource.name}`: {provider} has no use for it",
                help=f"take it out ({why}), or give the resource another project",
            )
