"""Downloading final documents, each once however many targets want it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from l10nsync import formats
from l10nsync.errors import ServiceError, TemporaryError
from l10nsync.model import PUBLISHED, Fetched, Wanted
from l10nsync.providers import workers
from l10nsync.providers.smartmate.api import WorkFlowApi
from l10nsync.providers.smartmate.ledger import Ambiguity, Choice, Ledger


def fetch(api: WorkFlowApi, ledger: Ledger, wanted: Iterable[Wanted]) -> Iterator[Fetched]:
    """Download everything in WANTED; yield one answer per item, in no particular order."""
    documents: dict[str, list[tuple[Wanted, Choice]]] = {}
    for item in dict.fromkeys(wanted):
        if problem := _refused(item):
            yield Fetched(item, error=problem)
            continue
        choice = ledger.choose(item.uri, item.locale, item.blob)
        if choice is None:
            yield Fetched(item)  # nothing is completed yet
        elif isinstance(choice.final, Ambiguity):
            hint = "It is unchanged. Ask the service, or order one language per request."
            yield Fetched(item, error=ServiceError(choice.final.reason, hint=hint))
        else:
            documents.setdefault(choice.final.id, []).append((item, choice))
    got = workers.each(lambda ident: _download(api, ident, documents), documents, api.client.threads)
    for ident, result in got:
        if isinstance(result, Exception) and not isinstance(result, ServiceError | TemporaryError):
            raise result
        for item, choice in documents[ident]:
            if isinstance(result, Exception):
                yield Fetched(item, error=result)
            else:
                yield Fetched(item, _rooted(ledger, item, result), outdated=choice.outdated)


def _download(api: WorkFlowApi, ident: str, documents: dict[str, list[tuple[Wanted, Choice]]]) -> bytes:
    kinds = [formats.detect(item.uri) for item, _ in documents[ident]]
    return api.document(ident, may_be_html=any(kind is not None and kind.page for kind in kinds))


def _rooted(ledger: Ledger, wanted: Wanted, content: bytes) -> bytes:
    """Return a YAML document whose first key was the source locale with its own locale there.

    Whoever translates a document does not know that Rails reads its language from there.
    """
    kind = formats.detect(wanted.uri)
    if kind is None or kind.name != "yaml":
        return content
    from l10nsync.formats import yaml

    return yaml.substitute_root(content, ledger.project.source_locale, wanted.locale)


def _refused(wanted: Wanted) -> ServiceError | None:
    if wanted.multilingual:
        return ServiceError("SmartMATE does not deliver files that hold all locales")
    if wanted.retrieval_type != PUBLISHED:
        return ServiceError(
            f"SmartMATE has no `{wanted.retrieval_type}` translations, only documents that are completed",
            hint="Set `retrievalType: published`.",
        )
    return None
