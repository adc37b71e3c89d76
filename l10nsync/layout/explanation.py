"""Why a path is a source, a translation, or nothing to us."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from l10nsync.layout.claims import TargetOrigin
from l10nsync.layout.core import Analysis, TrackedTree, analyse, read_ignore, seen_from
from l10nsync.layout.resource_rules import ResourceRule
from l10nsync.model import Manifest, Source


@dataclass(frozen=True, slots=True)
class ResourceAnswer:
    """What one resource says about the path."""

    resource: str
    outcome: str
    """`matches it`, `excluded`, `no match`, `belongs to an earlier entry`, or `not a source`."""
    pattern: str = ""
    """The source pattern that matched, or the `exclude` pattern that took the path out."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Which resource took a path, or why none did."""

    path: str
    role: str
    """`source`, `target`, `orphan translation`, `look-alike`, `ignored`, `special`, `untracked`,
    `outside` or `none`."""
    reason: str
    """One sentence without a full stop."""
    entries: tuple[ResourceAnswer, ...] = ()
    """In manifest order."""
    source: Source | None = None
    """The source itself, or the one that the path is a target of."""

    def lines(self) -> tuple[str, ...]:
        """Return the explanation as text, the verdict first."""
        found = [f"{self.path}: {self.reason}"]
        if self.source is not None:
            found += _about(self.source)
        found += (f"  {_entry(entry)}" for entry in self.entries)
        return tuple(found)

    def as_data(self) -> dict[str, Any]:
        """Return the explanation as JSON data."""
        source = self.source
        about = (
            {
                "path": source.path,
                "resource": source.resource,
                "project": source.project,
                "fileUri": source.file_uri,
                "namespace": source.namespace,
                "fileType": source.file_type,
                "push": source.push,
                "targets": [
                    {"locale": target.locale, "localName": target.local_name, "path": target.path}
                    for target in source.targets
                ],
            }
            if source
            else None
        )
        return {
            "path": self.path,
            "role": self.role,
            "reason": self.reason,
            "entries": [asdict(entry) for entry in self.entries],
            "source": about,
        }


def _about(source: Source) -> list[str]:
    facts = {
        "source": source.path,
        "resource": source.resource,
        "fileUri": source.file_uri,
        "namespace": source.namespace,
        "fileType": source.file_type,
    }
    targets = [f"  {target.locale or 'copy'}: {target.path}" for target in source.targets]
    return [f"  {name}: {value}" for name, value in facts.items()] + (
        targets or ["  no targets: upload only"]
    )


def _entry(entry: ResourceAnswer) -> str:
    pattern = f" (`{entry.pattern}`)" if entry.pattern else ""
    return f"[{entry.resource}] {entry.outcome}{pattern}"


_ROLES = (
    "source",
    "target",
    "orphan translation",
    "look-alike",
    "ignored",
    "special",
    "untracked",
    "none",
    "outside",
)
"""The more a manifest has to say about a path, the earlier."""


def explain(manifest: Manifest, tree: TrackedTree, path: str) -> Explanation:
    """Say which entry of MANIFEST takes PATH, from the git root, or why none does."""
    if manifest.parts:
        found = [(explain(part, seen_from(part, tree), path), part) for part in manifest.parts]
        return min(found, key=lambda pair: (_ROLES.index(pair[0].role), -len(pair[1].folder)))[0]
    analysis = analyse(manifest, tree)
    prefix = analysis.situation.prefix
    if not path.startswith(prefix):
        return Explanation(path, "outside", f"lies outside the manifest's folder `{prefix}`")
    local = path.removeprefix(prefix)
    role, reason, source = _role(analysis, tree, path, local)
    entries = _entries(analysis, local) if role not in {"ignored", "special"} else ()
    return Explanation(path, role, reason, entries, source)


def _role(analysis: Analysis, tree: TrackedTree, path: str, local: str) -> tuple[str, str, Source | None]:
    claims, layout = analysis.claims, analysis.layout
    for source in layout.sources:
        if source.path == path:
            return "source", f"a source of `{source.resource}`", source
    if path in tree.specials:
        return "special", f"not a regular file but {_kind(tree.specials[path])}, so never a source", None
    for source in layout.sources:
        for target in source.targets:
            if target.path == path:
                who = f"`{target.locale}`" if target.locale else "a copy"
                return "target", f"the target of `{source.path}` for {who}", source
    if local in claims.orphans:
        return "orphan translation", _orphan(claims.orphans[local]), None
    if local in claims.lookalikes:
        origin = claims.lookalikes[local][1]
        text = (
            f"refused: it looks like a translation into `{origin.locale}`, which the manifest does not name"
        )
        return "look-alike", text, None
    if path not in tree.files:
        return "untracked", "not tracked by git, so never a source", None
    pattern = read_ignore(tree.ignore)[0].which(local)
    if pattern:
        return "ignored", f"ignored by `{pattern}` in .l10nignore", None
    return "none", "no entry matches it", None


def _kind(kind: str) -> str:
    return "an LFS pointer" if kind == "lfs" else f"a {kind}"


def _orphan(origin: TargetOrigin) -> str:
    who = f" for `{origin.locale}`" if origin.locale else ""
    return f"an orphan translation{who}: its source `{origin.source}` is gone or not a source"


def _entries(analysis: Analysis, local: str) -> tuple[ResourceAnswer, ...]:
    owner = next((source.rule.index for source in analysis.claims.sources if source.path == local), None)
    return tuple(_entry_for(rule, local, owner) for rule in analysis.rules)


def _entry_for(rule: ResourceRule, local: str, owner: int | None) -> ResourceAnswer:
    name = rule.resource.name
    matched = next((pattern for pattern in rule.sources if pattern.match(local) is not None), None)
    if matched is None:
        return ResourceAnswer(name, "no match")
    if rule.excludes.match(local) and not rule.includes_path(local):
        return ResourceAnswer(name, "excluded", rule.excludes.which(local))
    if owner is None:
        return ResourceAnswer(name, "not a source", matched.text)
    return ResourceAnswer(
        name, "matches it" if owner == rule.index else "belongs to an earlier entry", matched.text
    )
