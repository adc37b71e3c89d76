"""Who changed a translation: the repository, the service, or both. Pure.

Three versions are compared string by string: what the last pull wrote, what the repository has, and what
the service has. What the last pull wrote is remembered by the cache. Without it, history decides: a text that
came in with a commit of a pull is the service's, any other one is a person's. Where no commit says that a
pull made it, the later of the two counts: the commit that brought the text in, or the service's own change.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from hashlib import blake2b

from l10nsync import formats
from l10nsync.formats import WHOLE, Spot
from l10nsync.model import STRING_MARK, Edition, Source, Target, Translated
from l10nsync.plan import content

MOST_BROUGHT = 256
"""The most strings that a commit's trailer lists; with more, it only says that a pull made the commit."""
_SIZE = 6
"""Bytes of the digest of a place, and of a text: enough to distinguish the strings of one file."""
TextBySpot = Mapping[Spot, str]
Remembered = Mapping[bytes, bytes]
"""By the mark of a place, the mark of its text."""


class Changed(Enum):
    """Who changed a text that differs."""

    SERVICE = "service"
    HERE = "here"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a pull finds of a target whose texts differ from the service's."""

    here: tuple[Spot, ...] = ()
    both: tuple[Spot, ...] = ()
    texts: Mapping[Spot, tuple[str, str]] = field(default_factory=dict)
    """Of each of them, what the service has and what the repository has."""


def packed(texts: TextBySpot) -> str:
    """Return what the service delivered, short enough for a cache: no text can be read from it."""
    marks = (_mark(repr(spot)) + _mark(text) for spot, text in sorted(texts.items()))
    return b64encode(b"".join(marks)).decode()


def settled(came: str, before: str, undecided: Collection[Spot]) -> str:
    """Return what CAME, with what was there BEFORE at the places where nothing is decided yet."""
    marks = {_mark(repr(spot)) for spot in undecided}
    kept = {place: text for place, text in unpacked(before).items() if place in marks}
    texts = {place: text for place, text in unpacked(came).items() if place not in marks} | kept
    return b64encode(b"".join(place + text for place, text in texts.items())).decode()


def amended(before: str, texts: TextBySpot) -> str:
    """Return what was packed BEFORE, with TEXTS in place of those that were there."""
    now = {_mark(repr(spot)): _mark(text) for spot, text in texts.items()}
    marks = {**unpacked(before), **now}
    return b64encode(b"".join(place + text for place, text in marks.items())).decode()


def unpacked(text: str) -> Remembered:
    """Return what `packed` made, by the marks of the places; empty for anything else."""
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        return {}
    width = 2 * _SIZE
    return {data[at : at + _SIZE]: data[at + _SIZE : at + width] for at in range(0, len(data), width)}


def _mark(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SIZE).digest()


def texts_of(source: Source, target: Target, original: bytes, data: bytes) -> TextBySpot:
    """Return the texts of a target by place; ORIGINAL is its source."""
    arrived = content.arrived(source, target, data)
    return formats.texts(source.file_type, original, arrived, content.reading(source), source.charset)


def brought(before: TextBySpot, after: TextBySpot) -> frozenset[bytes]:
    """Return digests of the texts that are in AFTER and were not in BEFORE."""
    return frozenset(
        _short(spot, text) for spot, text in after.items() if text.strip() and before.get(spot) != text
    )


def _short(spot: Spot, text: str) -> bytes:
    return _mark(f"{spot!r}\0{text}")[:STRING_MARK]


def disputed(local: TextBySpot, delivered: TextBySpot) -> tuple[Spot, ...]:
    """Return the places where both have a text, and not the same one."""
    return tuple(
        spot
        for spot, text in local.items()
        if text.strip() and delivered.get(spot, "").strip() and delivered[spot] != text
    )


@dataclass(frozen=True, slots=True)
class CorrectionEvidence:
    """The evidence for who changed the texts of one target; callables are called only if needed."""

    local: TextBySpot
    delivered: TextBySpot
    remembered: Remembered
    """What the service had at the last pull; empty if that is not known."""
    sources: Callable[[], Collection[str]]
    """Texts of the source, and of earlier ones: they are nobody's translation."""
    editions: Callable[[], Sequence[Edition]]
    """What history holds of the target, the newest first."""
    deepen: Callable[[], None]
    """Asks for older history, where there is any."""
    texts: Callable[[str], TextBySpot]
    """Blob id to the texts of that version of the target."""
    published: str
    """When the service published the target last, as far as it was asked; time as in `Edition`."""
    since: str
    """From when on publications were asked for; empty if they do not count here."""
    translations: Callable[[], Sequence[Translated]]
    """What the service says of each translation of the target."""


def judge(spots: Sequence[Spot], evidence: CorrectionEvidence) -> dict[Spot, Changed]:
    """Return who changed each of SPOTS."""
    found: dict[Spot, Changed] = {}
    left: list[Spot] = []
    for spot in spots:
        base = evidence.remembered.get(_mark(repr(spot)))
        if base == _mark(evidence.local[spot]):
            found[spot] = Changed.SERVICE
        elif base == _mark(evidence.delivered[spot]):
            found[spot] = Changed.HERE
        else:
            left.append(spot)
    histories = _histories(left, evidence) if left else {}
    return found | {spot: _by_history(spot, changes, evidence) for spot, changes in histories.items()}


_History = Sequence[tuple[Edition, str]]
"""The commits that gave a place another text than any of their parents had, with that text; newest first."""


def _histories(spots: Sequence[Spot], evidence: CorrectionEvidence) -> dict[Spot, _History]:
    """Return the history of each place; each version of the target is read once for all of them."""
    found: dict[Spot, list[tuple[Edition, str]]] = {spot: [] for spot in spots}
    for edition in evidence.editions():
        if not edition.blob:
            continue
        there = evidence.texts(edition.blob)
        before = [evidence.texts(blob) for blob in edition.before if blob]
        for spot, changes in found.items():
            text = there.get(spot, "")
            if text and all(earlier.get(spot, "") != text for earlier in before):
                changes.append((edition, text))
    return dict(found)


def _by_history(spot: Spot, changes: _History, evidence: CorrectionEvidence) -> Changed:
    local, delivered = evidence.local[spot], evidence.delivered[spot]
    at = next((index for index, (_edition, text) in enumerate(changes) if text == local), -1)
    if at < 0:  # the origin is not known: assume the newest version that history has
        return _by_time(spot, changes[0][0].at if changes else "", (), evidence)
    edition = changes[at][0]
    if edition.cut:
        evidence.deepen()
    if _came_with(edition, spot, local):
        return Changed.SERVICE
    if edition.brought is not None and _came_with(edition, spot, delivered):
        return Changed.HERE
    before = changes[at + 1 :]
    return _by_base(spot, edition, before, evidence) or _by_time(
        spot, edition.at, [text for _edition, text in before], evidence
    )


def _by_base(
    spot: Spot, edition: Edition, before: Sequence[tuple[Edition, str]], evidence: CorrectionEvidence
) -> Changed | None:
    """Return who changed what the last pull BEFORE an edition brought; None if that is not known."""
    # A squashed pull that does not list its strings is neither a pull nor a person's correction.
    if edition.marked and edition.brought is None:
        return None
    if evidence.remembered.get(_mark(repr(spot))) is not None:
        return Changed.BOTH
    base = next((text for older, text in before if _came_with(older, spot, text)), None)
    if base is None:
        return None
    return Changed.HERE if base == evidence.delivered[spot] else Changed.BOTH


def _came_with(edition: Edition, spot: Spot, text: str) -> bool:
    """Whether a pull brought a text into a commit."""
    return edition.pulled or (edition.brought is not None and _short(spot, text) in edition.brought)


def _by_time(spot: Spot, at: str, earlier: Collection[str], evidence: CorrectionEvidence) -> Changed:
    """Return who was later: the commit of AT, or the service."""
    was_here = evidence.delivered[spot] in earlier
    if not was_here and evidence.local[spot].strip() in evidence.sources():
        return Changed.SERVICE
    published = evidence.published or evidence.since
    if evidence.since and published and published < at:
        return Changed.HERE
    if was_here and evidence.published == at:
        return Changed.HERE
    changed = _changed_at(spot, evidence)
    # Times have whole seconds: within one, a text that was here before is the older one.
    later = changed > at or (changed == at and not was_here)
    return Changed.SERVICE if later else Changed.HERE


def _changed_at(spot: Spot, evidence: CorrectionEvidence) -> str:
    """Return when the service's translation was changed last; by its key, else by its text."""
    found = evidence.translations()
    _locale, key, _plural, _number = spot
    has_key = spot != WHOLE and bool(key)
    mine = [translation for translation in found if not has_key or key in translation.keys]
    if not mine:
        mine = [translation for translation in found if translation.text == evidence.delivered[spot]]
    return max((translation.changed for translation in mine), default=evidence.published)
