"""Which namespace a source has before it is placed: the TMS's, or the one that the user chose for it."""

from __future__ import annotations

from l10nsync.model import fold
from l10nsync.plan.push.facts import PushFacts
from l10nsync.plan.push.source import Comparison


def home_namespace(facts: PushFacts, found: Comparison) -> str:
    """Return the namespace of a source that is not placed: its file's, the default branch's, the rule's."""
    if found.sent:
        return found.sent.namespace
    if found.status:
        return found.status.namespace or found.source.namespace
    default = facts.memory.get(fold(found.source.default_uri)) if found.source.default_uri else None
    return default.namespace if default and default.last_uploaded else found.source.namespace


def chosen_namespace(facts: PushFacts, found: Comparison) -> str:
    """Return the namespace that the user chose for a source; empty where the content decides."""
    if forced := facts.forced.get(found.source.path):
        listed = facts.listed(forced)
        return facts.namespace_of(listed) if listed else ""
    return found.source.namespace if facts.options.accept_namespace_change else ""


def present_namespace(found: Comparison) -> str:
    """Return the namespace that the file has; of a new one the rule's, with which it begins."""
    if found.sent:
        return found.sent.namespace
    return (found.status.namespace if found.status else "") or found.source.namespace
