"""Plural categories of each language: a table made from CLDR 27 and CLDR 48.

The service speaks of CLDR 27, platforms use newer ones. Required is what an integer can reach in both;
allowed is what either names, or a newer one. Spanish `many`, for one, is allowed and not required. A test
holds the table to the rules that Babel has.
"""

from __future__ import annotations

from typing import NamedTuple

_TABLE = (
    (
        "one other",
        "one other",
        """
        af ak am an as asa ast az bal bem bez bg bh bho bn brx ce ceb cgg chr ckb csw da de doi dv
        ee el en eo et eu fa ff fi fil fo fur fy gsw gu guw ha haw hi hu hy ia ie io is jgo ji
        jmc ka kab kaj kcg kk kkj kl kn kok kok-Latn ks ksb ku ky lb lg lij ln mas mg mgo mk ml mn
        mr nah nb nd ne nl nn nnh no nr nso ny nyn om or os pa pap pcm ps rm rof rwk saq sc sd sdh
        seh si sn so sq ss ssy st sv sw syr ta te teo ti tig tk tl tn tr ts tzm ug ur uz ve vo vun
        wa wae xh xog yi zu
        """,
    ),
    (
        "other",
        "other",
        """
        bm bo dz hnj id ig ii in ja jbo jv jw kde kea km ko lkt lo ms my nqo osa sah ses sg su th
        to tpi und wo yo yue zh
        """,
    ),
    (
        "other",
        "one other",
        "vi",
    ),
    (
        "one two other",
        "one two other",
        "iu naq sat se sma smi smj smn sms",
    ),
    (
        "one few other",
        "one few other",
        "bs hr mo ro sh shi sr",
    ),
    (
        "one other",
        "one many other",
        "ca es fr gl it pt pt-PT",
    ),
    (
        "zero one other",
        "zero one other",
        "blo cv ksh lag lv prg",
    ),
    (
        "one few many other",
        "one few many other",
        "be pl ru uk",
    ),
    (
        "one two few other",
        "one two few other",
        "dsb gd hsb sl",
    ),
    (
        "one few other",
        "one few many other",
        "cs lt sk",
    ),
    (
        "one many other",
        "one many other",
        "lld scn vec",
    ),
    (
        "zero one two few many other",
        "zero one two few many other",
        "ar ars cy",
    ),
    (
        "one two few many other",
        "one two few many other",
        "br ga",
    ),
    (
        "one two few other",
        "one two few many other",
        "gv sgs",
    ),
    (
        "one few many other",
        "one two few many other",
        "mt",
    ),
    (
        "one two many other",
        "one two many other",
        "iw",
    ),
    (
        "one two other",
        "one two many other",
        "he",
    ),
    (
        "one two other",
        "zero one two few many other",
        "kw",
    ),
)
_ALIASES = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "tl": "fil", "no": "nb", "mo": "ro", "sh": "sr"}


class Categories(NamedTuple):
    """The plural categories of one language."""

    required: frozenset[str]
    allowed: frozenset[str]


_BY_LANGUAGE = {
    language: Categories(frozenset(required.split()), frozenset(allowed.split()))
    for required, allowed, languages in _TABLE
    for language in languages.split()
}


def of(locale: str) -> Categories | None:
    """Return the categories of a locale id, in BCP 47, Android's or an older spelling; None if unknown."""
    parts = locale.replace("_", "-").removeprefix("b+").replace("+", "-").split("-")
    language = _ALIASES.get(parts[0].lower(), parts[0].lower())
    exact = f"{language}-{parts[1].removeprefix('r').upper()}" if len(parts) == 2 else language
    return _BY_LANGUAGE.get(exact) or _BY_LANGUAGE.get(language)
