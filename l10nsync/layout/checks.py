"""What is wrong with a layout: collisions, unsafe targets, patterns without files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product

from l10nsync.errors import Diagnostic
from l10nsync.layout.causes import Surroundings, why_nothing
from l10nsync.layout.claims import Claims, multilingual
from l10nsync.layout.join import own_path
from l10nsync.layout.resource_rules import Claim, ResourceRule, item_key, problem
from l10nsync.layout.uris import uri_length
from l10nsync.model import FILE_URI_LIMIT, Manifest, Source, Target, fold
from l10nsync.paths import unsafe

_UNSENDABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass
class _Once:
    """Keeps one diagnostic for many alike: the first, with how many more there are."""

    first: dict[tuple[object, ...], Diagnostic] = field(default_factory=dict)
    more: dict[tuple[object, ...], int] = field(default_factory=dict)

    def add(self, key: tuple[object, ...], found: Diagnostic) -> None:
        if key in self.first:
            self.more[key] = self.more.get(key, 0) + 1
        else:
            self.first[key] = found

    def __iter__(self) -> Iterator[Diagnostic]:
        for key, found in self.first.items():
            more = self.more.get(key, 0)
            yield replace(found, message=f"{found.message} (and {more} more like it)") if more else found


def _other(message: str, rule: ResourceRule, key: str) -> Diagnostic:
    """Return the other side of a conflict."""
    return problem("", message, rule.resource, key, severity="notice")


# --- patterns without files -----------------------------------------------------------------------------


def empty_patterns(
    rules: Sequence[ResourceRule], claims: Claims, around: Surroundings
) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each source pattern that gives no source."""
    taken = {(claim.rule.index, claim.number) for claim in claims.sources}
    refused = {claim.rule.index for claim, _ in claims.lookalikes.values()}
    for rule in rules:
        for number in range(len(rule.sources)):
            if (rule.index, number) not in taken and rule.index not in refused:
                yield from _empty(rule, number, claims, around)
        yield from _doubtful(rule)


def _empty(rule: ResourceRule, number: int, claims: Claims, around: Surroundings) -> Iterator[Diagnostic]:
    pattern = rule.sources[number]
    first = claims.matched.get((rule.index, number))
    key = item_key(rule.resource, "source", number)
    owner = next((source for source in claims.sources if source.path == first), None)
    if owner is not None:
        message = f"`{pattern.text}` matches only files that belong to earlier entries, such as `{first}`"
        hint = "Put the narrower entry first, or exclude the files from the earlier one."
        related = (_other(f"`{owner.rule.resource.name}` takes it", owner.rule, "source"),)
        yield problem("W252", message, rule.resource, key, severity="warning", help=hint, related=related)
    elif rule.resource.optional:
        return
    elif first is not None:
        yield problem(
            "E203",
            f"`{pattern.text}` matches only translations, such as `{first}`",
            rule.resource,
            key,
            help="Is the source file missing? `include` makes a file a source despite its name.",
        )
    else:
        yield problem(
            "E203",
            f"`{pattern.text}` matches no file",
            rule.resource,
            key,
            help=why_nothing(rule, pattern, around),
        )


def _doubtful(rule: ResourceRule) -> Iterator[Diagnostic]:
    for number, pattern in enumerate(rule.sources):
        for token in pattern.doubtful:
            yield problem(
                "W251",
                f"`{token.text}` within a name is the same as `*` and does not cross folders",
                rule.resource,
                item_key(rule.resource, "source", number),
                severity="warning",
                help="Write `**` alone between slashes, as in `**/*.json`.",
            )


def useless_includes(rules: Sequence[ResourceRule], files: Sequence[str]) -> Iterator[Diagnostic]:
    """Yield a warning for each `include` that names no file of its resource."""
    for rule in rules:
        for number, include in enumerate(rule.includes):
            named = [path for path in files if include.match(path) is not None]
            if not any(pattern.match(path) is not None for path, pattern in product(named, rule.sources)):
                reason = f"`{named[0]}` is not matched by `source`" if named else "no such file is tracked"
                yield problem(
                    "W253",
                    f"`{include.text}` includes nothing: {reason}",
                    rule.resource,
                    item_key(rule.resource, "include", number),
                    severity="warning",
                )


def skipped_specials(rules: Sequence[ResourceRule], specials: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Yield a notice for each symlink, submodule or LFS pointer that a source pattern matches."""
    for path, kind in sorted(specials.items()):
        for rule in rules:
            if any(pattern.match(path) is not None for pattern in rule.sources):
                word = "an LFS pointer" if kind == "lfs" else f"a {kind}"
                text = f"`{path}` is {word} and is left out"
                yield problem("W254", text, rule.resource, "source", severity="notice")
                break


# --- sources --------------------------------------------------------------------------------------------


def lookalikes(claims: Claims) -> Iterator[Diagnostic]:
    """Yield one error per resource and locale for sources that look like translations."""
    once = _Once()
    for path, (claim, origin) in claims.lookalikes.items():
        of = f" of `{origin.source}`" if origin.source else ""
        once.add(
            (claim.rule.index, origin.rule.index, origin.locale),
            problem(
                "E212",
                f"`{path}` looks like a translation{of} into `{origin.locale}`, a locale that is not in the"
                " manifest",
                claim.rule.resource,
                item_key(claim.rule.resource, "source", claim.number),
                help="Name the locale, or `exclude` the file, or `include` it if it really is a source.",
                related=(_other("by this target", origin.rule, "target"),),
            ),
        )
    yield from once


def branch_missing(rules: Sequence[ResourceRule], branch: str | None) -> Iterator[Diagnostic]:
    """Yield one error if a fileUri needs a branch and there is none."""
    if branch:
        return
    for rule in rules:
        if "branch" in rule.file_uri.placeholders:
            hint = (
                "Give `--branch NAME`, or set `L10NSYNC_BRANCH`. A release uses the files of the default"
                " branch to pull and verify: give its name."
            )
            yield problem(
                "E213",
                "`{branch}` needs a branch, and this run has none: HEAD is detached, or this is a tag",
                rule.resource,
                "fileUri",
                help=hint,
            )
            return


def repo_missing(rules: Sequence[ResourceRule], repo: str) -> Iterator[Diagnostic]:
    """Yield one error if a fileUri or a namespace needs the repository's name and `origin` gives none.

    A folder's name would not do: another clone has another one, and so other files on the TMS.
    """
    if repo:
        return
    for rule in rules:
        for key, template in (("fileUri", rule.file_uri), ("namespace", rule.namespace)):
            if "repo" in template.placeholders:
                yield problem(
                    "E220",
                    "`{repo}` comes from the address of `origin`, and this clone has no such remote",
                    rule.resource,
                    key,
                    help="Run `git remote add origin ADDRESS`, or write the name instead of `{repo}`.",
                )
                return


def uri_problems(pairs: Sequence[tuple[Claim, Source]]) -> Iterator[Diagnostic]:
    """Yield fileUris that are too long, cannot be sent, or are used twice in a project."""
    once = _Once()
    owners: dict[tuple[str, str], tuple[Claim, Source]] = {}
    for claim, source in pairs:
        rule, uri = claim.rule, source.file_uri
        if _UNSENDABLE.search(source.path) or _UNSENDABLE.search(uri):
            text = f"the name {source.path!a} has characters that no fileUri can have"
            yield problem("E218", text, rule.resource, "source", help="Rename the file, or exclude it.")
            continue
        if uri_length(uri) > FILE_URI_LIMIT:
            once.add(("E208", rule.index), _too_long(claim, source))
        first, theirs = owners.setdefault((source.project, fold(uri)), (claim, source))
        if theirs is not source:
            once.add((first.rule.index, rule.index), _same_uri(first, theirs, claim, source))
    yield from once


def _too_long(claim: Claim, source: Source) -> Diagnostic:
    template = claim.rule.file_uri
    rule = (
        template.text.replace("{path}", "{path:trim}") if "path" in template.placeholders else "{path:trim}"
    )
    return problem(
        "E208",
        f"the fileUri of `{source.path}` has {uri_length(source.file_uri)} characters;"
        f" {FILE_URI_LIMIT} are allowed",
        claim.rule.resource,
        "fileUri",
        help="Give the file or the branch a shorter name."
        if "path:trim" in template.placeholders
        else f'`fileUri: "{rule}"` drops leading folders until it fits.',
    )


def _same_uri(first: Claim, theirs: Source, claim: Claim, source: Source) -> Diagnostic:
    differ = "" if theirs.file_uri == source.file_uri else f" (`{theirs.file_uri}`: case does not count)"
    return problem(
        "E207",
        f"`{theirs.path}` and `{source.path}` have the same fileUri `{source.file_uri}`{differ}",
        claim.rule.resource,
        "fileUri",
        help="Use `{path}`, or keep the part that distinguishes them in the rule.",
        related=(_other("the other one comes from here", first.rule, "fileUri"),),
    )


def types_of_no_use(pairs: Sequence[tuple[Claim, Source]], manifest: Manifest) -> Iterator[Diagnostic]:
    """Yield the files that the provider of their project does not take, or cannot deliver."""
    once = _Once()
    for claim, source in pairs:
        project = manifest.projects.get(source.project)
        if project and not project.takes(source.file_type):
            found = problem(
                "E221",
                f"{project.provider} does not support files of type {source.file_type}, such as"
                f" `{source.path}`",
                claim.rule.resource,
                "project",
                help="Give the resource another project, or exclude the file.",
            )
            once.add((claim.rule.index, source.file_type), found)
        elif project and not project.multilingual and multilingual(claim.rule, claim.path):
            found = problem(
                "E221",
                f"`{source.path}` holds all locales ({source.file_type}), and {project.provider} delivers one"
                " document for each language",
                claim.rule.resource,
                "project",
                help="Give the resource another project, or exclude the file.",
            )
            once.add((claim.rule.index,), found)
    yield from once


# --- targets --------------------------------------------------------------------------------------------


def target_problems(
    pairs: Sequence[tuple[Claim, Source]],
    files: Sequence[str],
    specials: Mapping[str, str],
    manifest: Manifest,
) -> Iterator[Diagnostic]:
    """Yield every target that collides with something, or must not be written."""
    once = _Once()
    check = _TargetCheck(pairs, files, specials, own_path(manifest), once)
    for claim, source in pairs:
        whole = multilingual(claim.rule, claim.path)
        for target in source.targets:
            check.target(claim, source, target, whole=whole)
    yield from once


class _TargetCheck:
    """Looks at one target after the other and remembers what was written where."""

    def __init__(
        self,
        pairs: Sequence[tuple[Claim, Source]],
        files: Sequence[str],
        specials: Mapping[str, str],
        manifest_path: str,
        once: _Once,
    ) -> None:
        self._sources = {fold(source.path): (claim, source) for claim, source in pairs}
        self._writers: dict[str, tuple[Claim, Source, Target]] = {}
        self._specials = {path: kind for path, kind in specials.items() if kind != "lfs"}
        self._manifest_path = manifest_path
        self._files = frozenset(files)
        self._tree_folders = frozenset(_folders(files))
        self._folders: dict[str, tuple[Claim, Target]] = {}
        self._once = once

    def target(self, claim: Claim, source: Source, target: Target, *, whole: bool) -> None:
        """Check one target; WHOLE says that the file holds all its locales."""
        if whole and target.path == source.path:
            return
        self._safe(claim, target)
        self._not_a_source(claim, source, target)
        self._alone(claim, source, target)
        self._not_a_folder(claim, target)

    def _report(
        self, code: str, claim: Claim, message: str, hint: str = "", other: Diagnostic | None = None
    ) -> None:
        related = (other,) if other is not None else ()
        found = problem(code, message, claim.rule.resource, "target", help=hint, related=related)
        self._once.add((code, claim.rule.index, other.line if other else -1), found)

    def _safe(self, claim: Claim, target: Target) -> None:
        reason = unsafe(target.path)
        if target.path == self._manifest_path:
            reason = "it is the manifest"
        if reason:
            self._report("E206", claim, f"the target {_shown(target.path)} must not be written: {reason}")
        blocked = next(
            (path for path in (*_ancestors(target.path), target.path) if path in self._specials), ""
        )
        if blocked:
            kind = self._specials[blocked]
            self._report("E214", claim, f"the target `{target.path}` goes through the {kind} `{blocked}`")

    def _not_a_source(self, claim: Claim, source: Source, target: Target) -> None:
        found = self._sources.get(fold(target.path))
        if found is None:
            return
        other, theirs = found
        if theirs.path == source.path:
            hint = "Put `{locale}` into the target, or give the type if it holds all locales in one file."
            message = f"`{target.path}` is the source itself{_for(target)}"
            self._report("E205", claim, message, hint)
        else:
            message = f"the target `{target.path}` of `{source.path}`{_for(target)} is a source"
            hint = "Change the target, or exclude the file from the sources."
            self._report(
                "E205", claim, message, hint, _other("it is a source by this entry", other.rule, "source")
            )

    def _alone(self, claim: Claim, source: Source, target: Target) -> None:
        first, theirs, mark = self._writers.setdefault(fold(target.path), (claim, source, target))
        if mark is target:
            return
        placeholders = claim.rule.target.locale_placeholders if claim.rule.target else frozenset()
        if theirs is source:
            message = f"{_who(mark)} and {_who(target)} of `{source.path}` both write `{target.path}`"
            hint = "" if placeholders else "Put `{locale}` into the target."
            self._report("E204", claim, message, hint)
        else:
            message = (
                f"`{theirs.path}`{_for(mark)} and `{source.path}`{_for(target)} both write `{target.path}`"
            )
            hint = "Keep the part that distinguishes them in the target, or narrow one `source`."
            related = _other("the other one is written here", first.rule, "target")
            self._report("E204", claim, message, hint, related)

    def _not_a_folder(self, claim: Claim, target: Target) -> None:
        above = [path for path in _ancestors(target.path) if path in self._files]
        if above or target.path in self._tree_folders:
            message = (
                f"the target `{target.path}` needs a folder where `{above[0]}` is a file"
                if above
                else (f"the target `{target.path}` is a folder of the repository")
            )
            self._report("E219", claim, message)


def _shown(path: str) -> str:
    return f"{path!a}" if _UNSENDABLE.search(path) else f"`{path}`"


def _for(target: Target) -> str:
    return f" for {_who(target)}"


def _who(target: Target) -> str:
    return f"`{target.locale}`" if target.locale else f"the copy `{target.local_name}`"


@lru_cache(maxsize=65536)
def _ancestors_of(folder: str) -> tuple[str, ...]:
    """Return FOLDER and all folders above it, the topmost first."""
    return (*_ancestors_of(folder.rpartition("/")[0]), folder) if folder else ()


def _ancestors(path: str) -> tuple[str, ...]:
    return _ancestors_of(path.rpartition("/")[0])


def _folders(files: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for path in files:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found
