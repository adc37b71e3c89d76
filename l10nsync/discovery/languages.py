"""Which language the sources are in: what a setting says, else what the others follow."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from l10nsync.discovery.ecosystem import Fact
from l10nsync.discovery.file_groups import FileGroup, best_name, fits
from l10nsync.discovery.inventory import Inventory
from l10nsync.discovery.names import meaning, service_id
from l10nsync.discovery.readings import STANDING_IN, named_in

_ENOUGH = 0.75
"""English is taken for the source where it has this share of the fullest language's strings."""
_SAME = 0.01
"""Languages whose numbers of strings differ by no more than this share have the same strings."""
_ALIKE = 3
"""Of so many languages beside English, most may show what English is."""
_COMPARED = 30
"""Files of one place that are counted."""
_SAMPLED = 10
"""Sources of one place whose letters are looked at."""
_RIVALS = 5
"""Languages beside English that are counted: those whose files are the longest."""
_SCRIPTS: tuple[tuple[str, str], ...] = (
    (r"[\u3040-\u30ff]", "ja"),
    (r"[\uac00-\ud7af]", "ko"),
    (r"[\u4e00-\u9fff]", "zh-CN"),
    (r"[\u0456\u0457\u0491]", "uk"),
    (r"[\u0400-\u04ff]", "ru"),
    (r"[\u0370-\u03ff]", "el"),
    (r"[\u0590-\u05ff]", "he"),
    (r"[\u0600-\u06ff]", "ar"),
    (r"[\u0e00-\u0e7f]", "th"),
    (r"[\u0900-\u097f]", "hi"),
)
"""Letters that only one language of sources is likely to be written in, rarer ones first."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The language of the sources, and how sure that is."""

    name: str
    doubt: str = ""
    """What to ask a person; empty where it is sure."""
    because: str = ""


def chosen_source(
    groups: Sequence[FileGroup], stock: Inventory, declared: Sequence[Fact], extra: Sequence[str] = ()
) -> Chosen:
    """Return the language of the sources of most files; EXTRA are languages that files name themselves."""
    votes: Counter[str] = Counter({name: 3 * count for name, count in Counter(extra).items()})
    doubts: dict[str, str] = {}
    reasons: dict[str, str] = {}
    places: dict[str, list[FileGroup]] = defaultdict(list)
    for group in groups:
        places[group.place].append(group)
    for place, members in sorted(places.items()):
        found = _of_place(place.partition("\0")[0], members, stock, declared)
        if found:
            # English that is as full as the others is a guess; a setting, or letters, are a fact.
            votes[found.name] += len(members) * (3 if found.because and not found.doubt else 1)
            reasons.setdefault(found.name, found.because)
            if found.doubt:
                doubts.setdefault(found.name, found.doubt)
    if not votes:
        return Chosen(declared[0].name if declared else "en")
    most = max(votes.values())
    # Of names of one language the one that says more counts: `en-GB` beside a nameless English source.
    name = min(
        (name for name, count in votes.items() if count == most),
        key=lambda name: (not fits(name, "en"), name),
    )
    return Chosen(name, doubts.get(name, ""), reasons.get(name, ""))


def _of_place(
    folder: str, groups: Sequence[FileGroup], stock: Inventory, declared: Sequence[Fact]
) -> Chosen | None:
    names = sorted(set(chain.from_iterable(group.names for group in groups)))
    nameless = [group for group in groups if group.bare or any(name in STANDING_IN for name in group.files)]
    for fact in declared:
        if folder.startswith(fact.folder):
            found = best_name(names, fact.name)
            # Beside a source without a name, `en_GB` is a translation of the `en` that a setting says.
            if found and not (nameless and meaning(found) != meaning(fact.name)):
                return Chosen(found, because=fact.path)
    if nameless:
        return _of_nameless(nameless, stock, [fact for fact in declared if folder.startswith(fact.folder)])
    return _fullest(names, groups, stock)


def _of_nameless(groups: Sequence[FileGroup], stock: Inventory, declared: Sequence[Fact]) -> Chosen:
    """Return the language of sources without a name: of all, for the first may hold code and names alone."""
    group, path = groups[0], groups[0].nameless
    if named := named_in(path):
        return Chosen(named, because=path)
    sources = [group.nameless for group in groups[:_SAMPLED]]
    some = {source: "\n".join(stock.texts(source).values()) for source in sources}
    if written := language_of(some):
        return Chosen(written, because=path)
    if declared:
        return Chosen(declared[0].name, because=declared[0].path)
    if (in_file := stock.declared(path)) and meaning(in_file):
        return Chosen(in_file, because=path)
    english = "" if path.endswith(".pot") else best_name(group.names, "en")
    if english and _is_translated(stock.values(path), stock.values(group.files[english])):
        return Chosen(
            "en",
            f"{path} is not English, because {group.files[english]} says otherwise: which language is it?",
        )
    return Chosen("en", because=path)


def _is_translated(source: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether most texts of two files differ."""
    shared = [key for key in source if key in other]
    return len(shared) > 3 and sum(source[key] != other[key] for key in shared) > 0.7 * len(shared)


def language_of(values: Mapping[str, str]) -> str:
    """Return the language that the letters of texts show; empty if they show none."""
    text = "".join(list(values.values())[:300])
    letters = sum(char.isalpha() for char in text)
    for pattern, name in _SCRIPTS:
        count = len(re.findall(pattern, text))
        if count and count > (0.02 if name in {"ja", "uk"} else 0.3) * letters:
            return name
    return ""


def _fullest(names: Sequence[str], groups: Sequence[FileGroup], stock: Inventory) -> Chosen | None:
    """Return English, if it is about as full as the fullest language; else the fullest, with a question.

    Where files hold the source text beside the translation, the fullest is a translation all the same.
    """
    groups = [group for group in groups if best_name(group.names, "en") or not _is_bilingual(group, stock)]
    if not names or not groups:
        return None
    if all(_is_bilingual(group, stock) for group in groups):
        # Each of these files holds the source text: how full the English one is says nothing.
        named = [best_name(group.names, "en") for group in groups]
        return Chosen(min(named, key=lambda name: (-named.count(name), name)))
    return _by_size(names, groups, stock)


def _by_size(names: Sequence[str], groups: Sequence[FileGroup], stock: Inventory) -> Chosen:
    """Return the language that has the most strings in GROUPS, English where it has about as many."""
    # What English lacks altogether (`de_formal.yml`) is not what English is measured by.
    compared = [group for group in groups if any(fits(name, "en") for name in group.files)] or groups
    counted = _counted(compared, stock)
    english = _fullest_english(counted)
    first = min(counted, key=lambda name: (-counted[name], name))
    if english and _is_full(english, first, counted):
        return Chosen(english)
    return Chosen(first, _doubt(first, english, counted) if len(names) > 1 else "")


def _is_full(english: str, first: str, counted: Mapping[str, int]) -> bool:
    """Whether ENGLISH has about as much as FIRST, which has the most, or what most languages have."""
    is_near = counted[english] >= _ENOUGH * counted[first]
    return is_near or fits(first, "en") or _is_followed(english, counted)


def _is_followed(english: str, counted: Mapping[str, int]) -> bool:
    """Whether most languages have just what English has: the fullest has more that is left over."""
    others = [count for name, count in counted.items() if not fits(name, "en")]
    same = [count for count in others if abs(count - counted[english]) <= _SAME * counted[english]]
    return len(others) >= _ALIKE and 2 * len(same) > len(others)


def _doubt(first: str, english: str, counted: Mapping[str, int]) -> str:
    """Return what to ask where FIRST has the most strings, and ENGLISH fewer or none."""
    full = sorted(name for name, count in counted.items() if count == counted[first])
    if len(full) > 1:
        return f"{', '.join(full)} are equally complete: which of them is the source?"
    if english:
        return f"`{first}` has more strings than `{english}`: is it the source?"
    return f"`{first}` has the most strings of {', '.join(sorted(counted))}: is it the source?"


def _is_bilingual(group: FileGroup, stock: Inventory) -> bool:
    """Whether files of a group also hold the source text: a translation among them is not a source."""
    return any(stock.kinds[path] in {"gettext", "qt", "xliff"} for path in group.files.values())


def _counted(groups: Sequence[FileGroup], stock: Inventory) -> Counter[str]:
    """Return how many strings each language has in the largest of GROUPS; an unread file counts as one.

    Where there is English, what it has to be measured by are the few languages that may have more.
    """
    largest = sorted(groups, key=lambda group: (-len(group.files), group.template))[:_COMPARED]
    sizes: Counter[str] = Counter()
    for group in largest:
        sizes.update({name: len(stock.read(group.files[name])) + 1 for name in group.names})
    english = {name for name in sizes if fits(name, "en")}
    rivals = sorted(sizes.keys() - english, key=lambda name: (-sizes[name], name))
    wanted = {*rivals[: _RIVALS if english else None], *english}
    counted: Counter[str] = Counter()
    for group in largest:
        for name in wanted.intersection(group.names):
            counted[name] += max(len(stock.values(group.files[name])), 1)
    return counted


def _fullest_english(counted: Mapping[str, int]) -> str:
    """Return the English that others follow: `en-US` may be some words that differ from a full `en-GB`."""
    english = [name for name in counted if fits(name, "en")]
    most = max((counted[name] for name in english), default=0)
    return best_name([name for name in english if counted[name] >= _ENOUGH * most], "en")


def same_id(name: str, source: str) -> bool:
    """Whether a local name is the source locale itself."""
    return service_id(name).casefold() == source.casefold()
