"""What a file is called on the TMS: its fileUri and its namespace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import normalize

from l10nsync.layout.resource_rules import Claim
from l10nsync.model import FILE_URI_LIMIT
from l10nsync.paths import Template, bake, split


@dataclass(frozen=True, slots=True)
class UriNames:
    """What the placeholders of a fileUri stand for that are not about the file."""

    branch: str = ""
    repo: str = ""


def render_uri(template: Template, claim: Claim, path: str, names: UriNames) -> str:
    """Return the fileUri or the namespace of PATH in NFC: the service takes both forms for one.

    `{path:trim}` drops as many leading folders as the service's limit asks for, and never the file's name.
    """
    parts = split(path)
    uri = ""
    for trimmed in _trimmed(path) if "path:trim" in template.placeholders else [path]:
        baked = bake(template, claim.captures, parts, branch=names.branch, repo=names.repo, trimmed=trimmed)
        uri = normalize("NFC", baked.fill({}))
        if uri_length(uri) <= FILE_URI_LIMIT:
            break
    return uri


def uri_length(uri: str) -> int:
    """Return the length of a fileUri as the service counts it: in units of UTF-16."""
    return len(uri.encode("utf-16-le", "surrogatepass")) // 2


def _trimmed(path: str) -> Iterator[str]:
    """Yield PATH, then what is left of it without its first folder, its first two, and so on."""
    yield path
    while "/" in path:
        path = path.partition("/")[2]
        yield path
