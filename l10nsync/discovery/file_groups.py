"""Files that differ only by a locale, and which of them is the source."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from l10nsync.discovery.inventory import Inventory
from l10nsync.discovery.names import TYPICAL, meaning, service_id
from l10nsync.discovery.readings import (
    PLACE,
    STANDING_IN,
    beside,
    english_files,
    is_across,
    lonely_template,
    nameless,
    readings,
)
from l10nsync.locales import is_word, language

_CODES_OF_PROGRAMS = frozenset(
    """
    ara ba br ca cat ch chi co cr cs dan ell est fin gb ger gre hin hk ii il ind ir lit
    ml mr ms mt mx ng nor os pi pol por ps rm rn ron rs rum sc se slo spa tha tr ts
    """.split()  # noqa: SIM905 - a table of codes reads best as text
)
"""Languages that are also languages of programs, countries and abbreviations in paths."""
_POT_FOLDERS = r"((templates?|pot)/(LC_MESSAGES/)?)?[^/]+"
"""Where a template of gettext lies, seen from the folder of the languages."""
TRANSLATED = re.compile(
    r"(^|[/_.-])(i18n|l10n|lang|langs|languages?|locales?|translations?|messages|intl)([/_.-]|$)",
    re.IGNORECASE,
)
"""Folders and files that are called for translations."""


_PAIRED = 3
"""So many files with a counterpart in the folder of one language are sources, even if there is no other."""


@dataclass
class _Neighbourhood:
    """What lies in one place."""

    names: set[str] = field(default_factory=set)
    """Names that are surely languages'."""
    doubtful: set[str] = field(default_factory=set)
    """All names of groups with several that are sure: there `it` is Italian."""
    pairs: int = 0
    """Groups with a source that has no name."""


@dataclass(frozen=True, slots=True)
class FileGroup:
    """Files that differ only by a locale."""

    template: str
    """Path with `{locale}` in each place of the locale."""
    files: Mapping[str, str]
    """Local name to path; names of `STANDING_IN` among them."""
    bare: str = ""
    """Path of the same file without a name; empty if there is none."""

    @property
    def names(self) -> list[str]:
        """The local names of languages, sorted."""
        return sorted(name for name in self.files if name not in STANDING_IN)

    @property
    def sure(self) -> list[str]:
        """Those of the names that are neither words nor codes of anything else."""
        return [name for name in self.names if not _is_doubtful(name)]

    @property
    def nameless(self) -> str:
        """Path of the source that stands without a language's name; empty if there is none."""
        return self.bare or next((path for name, path in self.files.items() if name in STANDING_IN), "")

    @property
    def place(self) -> str:
        """What the group shares with its neighbours: everything before the locale, and the ending."""
        tail = self.template.rpartition(PLACE)[2]
        ending = tail.rpartition(".")[2] if "/" in tail else tail
        return f"{self.template.partition(PLACE)[0]}\0{ending}"


def grouped(stock: Inventory, wanted: str) -> list[FileGroup]:
    """Return the groups of all files, each file in the largest that it fits; WANTED is the likely source."""
    members: dict[str, dict[str, str]] = defaultdict(dict)
    for path in sorted(stock.kinds):
        for template, name in readings(path):
            members[template].setdefault(name, path)
    groups = [FileGroup(template, found, _bare(template, stock)) for template, found in members.items()]
    places: dict[str, _Neighbourhood] = defaultdict(_Neighbourhood)
    for group in groups:
        if len(group.files) + bool(group.bare) > 1:
            places[group.place].names |= set(group.sure)
            places[group.place].doubtful |= set(group.names) if len(group.sure) > 1 else set()
            places[group.place].pairs += bool(group.bare)
    taken: set[str] = set()
    result = []
    for group in sorted(groups, key=_size):
        free = {name: path for name, path in group.files.items() if path not in taken}
        bare = "" if group.bare in taken else group.bare
        left = FileGroup(group.template, free, bare)
        if _belongs_together(left, stock, places[group.place], wanted):
            result.append(left)
            taken |= {*free.values(), *([bare] if bare else [])}
    return result


def lonely(stock: Inventory) -> list[FileGroup]:
    """Return a group for each source that platforms know by its name, with or without a translation."""
    groups = []
    for path in sorted(stock.kinds):
        if template := lonely_template(path):
            name = next((name for known, name in readings(path) if known == template), "")
            groups.append(FileGroup(template, {name: path} if name else {}, "" if name else path))
    return groups


def _size(group: FileGroup) -> tuple[object, ...]:
    return (
        -min(len(group.sure), 1),
        -len(group.files),
        -group.template.count(PLACE),
        not group.bare,
        len(group.template),
        group.template,
    )


def _is_doubtful(name: str) -> bool:
    return is_word(name) or name in _CODES_OF_PROGRAMS


def _bare(template: str, stock: Inventory) -> str:
    found = next((path for path in nameless(template) if path in stock.kinds), "")
    return found or _source_beside(template, stock) or _pot_of(template, stock)


def _source_beside(template: str, stock: Inventory) -> str:
    pattern = beside(template)
    found = [path for path in stock.kinds if pattern.fullmatch(path)] if pattern else []
    found = found or [path for path in stock.called(english_files(template)) if is_across(path, template)]
    return found[0] if len(found) == 1 else ""


def _pot_of(template: str, stock: Inventory) -> str:
    """Return the template of gettext that belongs to `.po` files; empty if there is not just one."""
    if not template.endswith(".po"):
        return ""
    name = re.sub(r"[._-]?\{locale\}", "", template.rpartition("/")[2].removesuffix(".po"))
    pots = [path for path in stock.kinds if path.endswith(".pot")]
    named = [path for path in pots if name and path.rpartition("/")[2] == f"{name}.pot"]
    below = [path for path in pots if _is_near(path, template.partition(PLACE)[0].rpartition("/")[0])]
    near = [path for path in named if path in below]
    return _nearest(near or ([] if name else below) or named)


def _is_near(pot: str, folder: str) -> bool:
    """Whether a template of gettext lies where those for the languages below FOLDER do."""
    is_below = pot.startswith(f"{folder}/" if folder else "")
    return is_below and bool(re.fullmatch(_POT_FOLDERS, pot.removeprefix(folder).lstrip("/")))


def _nearest(paths: Sequence[str]) -> str:
    """Return the path of the fewest folders; empty if there is not just one."""
    level = min((path.count("/") for path in paths), default=0)
    found = [path for path in paths if path.count("/") == level]
    return found[0] if len(found) == 1 else ""


def _belongs_together(group: FileGroup, stock: Inventory, place: _Neighbourhood, wanted: str) -> bool:
    """Whether the files of a group are texts of one source; PLACE is what lies around it."""
    if not group.names:
        return False
    if len(group.names) + bool(group.nameless) < 2:
        return _stands_alone(group, place, wanted)
    if not group.nameless:
        return bool(group.sure or place.names) or bool(_are_alike(group.files.values(), stock))
    if group.nameless.endswith(".pot"):
        return True
    some = (group.files[name] for name in (group.sure or group.names)[:3])
    have_same_keys = _are_alike([group.nameless, *some], stock, unknown=None)
    return _names_show_it(group, place) if have_same_keys is None else have_same_keys


def _stands_alone(group: FileGroup, place: _Neighbourhood, wanted: str) -> bool:
    """Whether the only file of a group is a source, or a translation, as its neighbours are."""
    # One file alone whose name goes on behind the language (`en_pirate.yml`) is a variant of another.
    if re.search(r"(^|/)\{locale\}[._-][^/]*\.", group.template):
        return False
    own = language(meaning(group.names[0]) or "") == language(meaning(wanted) or wanted)
    return bool(place.names - {*group.names}) or (own and bool(TRANSLATED.search(group.template)))


def _names_show_it(group: FileGroup, place: _Neighbourhood) -> bool:
    """Whether names show that files are of one source, where their contents do not."""
    # A folder among those of languages, with a page that lies above them too, is a language's.
    is_folder = group.bare and f"{PLACE}/" in group.template and len(place.names) > 1
    if not group.sure and not is_folder and not place.doubtful.intersection(group.names):
        return False
    several = len(group.sure) > 1 or len(place.names) > 1
    return several or place.pairs >= _PAIRED or _is_telling(group)


def _is_telling(group: FileGroup) -> bool:
    """Whether the place alone shows that it has a locale."""
    return bool(
        re.search(
            r"[._-]\{locale\}[^/]*$|values-\{locale\}/|\{locale\}\.lproj/|(^|/)i18n/\{locale\}/"
            r"|(^|/)content/(docs/)?\{locale\}/",
            group.template,
        )
    )


def _are_alike(paths: Iterable[str], stock: Inventory, *, unknown: bool | None = False) -> bool | None:
    """Whether the first of PATHS has the keys of any other; UNKNOWN if contents do not show it."""
    first, *rest = list(paths)
    found = [answer for path in rest if (answer := stock.alike(first, path)) is not None]
    return any(found) if found else unknown


# --- the source of a group --------------------------------------------------------------------------------


def fits(name: str, wanted: str) -> bool:
    """Whether a local name is of the language of WANTED."""
    return language(meaning(name) or name) == language(meaning(wanted) or wanted)


def source_of(group: FileGroup, wanted: str) -> tuple[str, str]:
    """Return path and local name of the source of GROUP, if WANTED is its language; empty if it has none.

    A name is empty where the source has none: it is a template, or it lies where no language is named.
    """
    for name in STANDING_IN[:-1]:
        if name in group.files:
            return group.files[name], ""
    named = best_name(group.names, wanted)
    if group.bare and (not named or not _is_folder_apart(group)):
        return group.bare, ""
    if named and not (group.template.endswith(".po") and service_id(named) not in TYPICAL.values()):
        return group.files[named], named
    return group.files.get(STANDING_IN[-1], ""), ""


def _is_folder_apart(group: FileGroup) -> bool:
    """Whether the nameless source lies beside the folders of the languages, where a start page may lie."""
    return group.template.replace(f"{PLACE}/", "", 1) == group.bare


def best_name(names: Sequence[str], wanted: str) -> str:
    """Return the name among NAMES that is WANTED, or of its language; empty if there is none."""
    exact = [name for name in names if (meaning(name) or name).lower() == (meaning(wanted) or wanted).lower()]
    alike = [name for name in names if fits(name, wanted)]
    usual = [
        name for name in alike if service_id(name) == TYPICAL.get(language(meaning(wanted) or wanted), "")
    ]
    for found in (exact, usual, alike):
        if found:
            return min(found, key=lambda name: (len(name), name))
    return ""
