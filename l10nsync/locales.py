"""Locale ids and how repositories spell them; pure text, no data beyond two lists of known codes.

An id is what the service calls a locale (`zh-Hans-CN`, `sr-YR`); it need not be BCP 47. A local name
is what a repository writes in its paths (`zh-rCN`, `da.DK`, `asia/zh_Hans`). Every spelling is derived
by form alone: `he` stays `he` and `zh-CN` never becomes `zh-Hans`; a map in the manifest says so where
a platform wants it otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

ID_LIMIT = 35
"""Characters in a locale id."""

_ID = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class _Subtags:
    """The subtags of an id in canonical case; `language` holds the whole of an id that has no such form."""

    language: str
    script: str = ""
    region: str = ""
    variants: tuple[str, ...] = ()

    def bcp47(self) -> str:
        return "-".join(part for part in (self.language, self.script, self.region, *self.variants) if part)

    def posix(self) -> str:
        base = f"{self.language}_{self.region}" if self.region else self.language
        modifier = _MODIFIERS.get(self.script, self.script.lower()) or "-".join(self.variants)
        return f"{base}@{modifier}" if modifier else base

    def android(self) -> str:
        if self.script or self.variants or self.region.isdigit():
            return "b+" + self.bcp47().replace("-", "+")
        return f"{self.language}-r{self.region}" if self.region else self.language

    def java(self) -> str:
        tail = "_".join(variant.upper() for variant in self.variants)
        script = f"#{self.script}" if self.script else ""
        fields = [self.language, self.region, tail, script] if tail else [self.language, self.region, script]
        while len(fields) > 1 and not fields[-1]:
            fields.pop()
        return "_".join(fields)


_MODIFIERS = MappingProxyType({"Arab": "arabic", "Cyrl": "cyrillic", "Deva": "devanagari", "Latn": "latin"})


def _parts(locale_id: str) -> _Subtags:
    if not _ID.fullmatch(locale_id):
        return _Subtags(locale_id)
    language, *rest = re.split("[-_]", locale_id)
    script = rest.pop(0).title() if rest and re.fullmatch("[A-Za-z]{4}", rest[0]) else ""
    region = rest.pop(0).upper() if rest and re.fullmatch("[A-Za-z]{2}|[0-9]{3}", rest[0]) else ""
    return _Subtags(language.lower(), script, region, tuple(part.lower() for part in rest))


STYLES = ("android", "posix", "apple", "java", "bcp47", "lower")
"""The styles that may follow the colon of `{locale:…}`."""


def spell(locale_id: str, style: str) -> str:
    """Return LOCALE_ID as a platform writes it; STYLE is one of `STYLES`.

    ========  ==========  ==================  ==============
    style     ``de-DE``   ``zh-Hans-CN``      ``es-419``
    ========  ==========  ==================  ==============
    android   de-rDE      b+zh+Hans+CN        b+es+419
    posix     de_DE       zh_CN@hans          es_419
    apple     de-DE       zh-Hans-CN          es-419
    java      de_DE       zh_CN_#Hans         es_419
    bcp47     de-DE       zh-Hans-CN          es-419
    lower     de-de       zh-hans-cn          es-419
    ========  ==========  ==================  ==============
    """
    parts = _parts(locale_id)
    match style:
        case "android":
            return parts.android()
        case "posix":
            return parts.posix()
        case "java":
            return parts.java()
        case "apple" | "bcp47":
            return parts.bcp47()
        case "lower":
            return locale_id.lower()
    raise ValueError(f"unknown locale style {style!r}")


def language(locale_id: str) -> str:
    """Return the language subtag in lower case; the whole id if it has no subtags."""
    return _parts(locale_id).language


def region(locale_id: str) -> str:
    """Return the region subtag in upper case; empty if there is none."""
    return _parts(locale_id).region


def valid_id(text: str) -> bool:
    """Say whether TEXT can be one locale's id in a request; `all` and lists mean something else there."""
    return len(text) <= ID_LIMIT and _ID.fullmatch(text) is not None and text.casefold() != "all"


def valid_local_name(text: str) -> bool:
    """Return whether TEXT can be part of a path: one part or several, none of them empty, `.` or `..`."""
    if _CONTROL.search(text) or "\\" in text:
        return False
    return all(part not in {"", ".", ".."} for part in text.split("/"))


# --- telling locales from other words ---------------------------------------------------------------


def looks_like_locale(text: str) -> bool:
    """Return whether TEXT is a known locale in any usual spelling (`de`, `pt-rBR`, `b+sr+Latn`, `sr@latin`).

    Qualifiers that are not locales (`land`, `night`, `v27`, `sw600dp`) and lone regions are not.
    """
    return guess_id(text) is not None


def guess_id(text: str) -> str | None:
    """Return the id that the local name TEXT most likely means; None if it looks like no locale."""
    last = text.rpartition("/")[2]
    first, *rest = re.split(r"[-_+@.]+#?", last.removeprefix("b+"))
    if first not in {first.lower(), first.upper()} or first.lower() not in LANGUAGES:
        return None
    known = [_subtag(part) for part in rest]
    regions = [part for part in known if part.isupper() or part.isdigit()]
    if len(known) > 3 or "" in known or len(regions) > 1:
        return None
    order = sorted(known, key=lambda part: (len(part) != 4, not part.isupper() and not part.isdigit()))
    return "-".join([first.lower(), *order])


@lru_cache(maxsize=1024)  # each target of a repository asks for one of a few
def tag(local_name: str, locale_id: str) -> str:
    """Return the language tag (BCP 47) that a local name means; empty if it is not one (`german`).

    A code that no list has is known by the id of its locale (`tlh` for `tlh-KX`).
    """
    if found := guess_id(local_name):
        return found
    parts = _parts(local_name.rpartition("/")[2].replace("-r", "-").replace("_r", "_"))
    private = re.fullmatch(r"X[A-Z]|Q[M-Z]|ZZ", parts.region) is not None
    known = parts.language in LANGUAGES if private else parts.language == language(locale_id)
    return parts.bcp47() if known and not parts.variants and " " not in parts.language else ""


def is_word(text: str) -> bool:
    """Say whether a code is also a word that file names end in (`sign_in`, `user_id`, `made_to`)."""
    return text.lower() in _WORDS


def same_locale(first: str, second: str) -> bool:
    """Say whether two ids may mean one locale: same language, and no two different scripts or regions."""
    a, b = _parts(first), _parts(second)
    regions = not a.region or not b.region or a.region == b.region
    scripts = not a.script or not b.script or a.script == b.script
    return a.language == b.language and regions and scripts


def _subtag(part: str) -> str:
    """Return one subtag after the language in canonical case; empty if it is not known."""
    if part.lower() in _SCRIPTS:
        return _SCRIPTS[part.lower()]
    code = part[1:] if re.fullmatch("r[A-Z]{2}", part) else part
    if code.upper() in _REGIONS and code in {code.upper(), code.lower(), code.capitalize()}:
        return code.upper()
    return part.lower() if part.lower() in _VARIANTS else ""


LANGUAGES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv
    dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig
    ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh
    mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru
    rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty
    ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    in iw ji jw mo
    ace ach ady aln arb arc arn ary arz ast avk azb bal ban bcl ber bho bjn bpy brx bxr cak cdo ceb cgg
    chr ckb cmn crh crs csb diq dsb dtp dzo fil fit frp frr fur gan gcf gor gsw guz hak haw heb hif hil
    hmn hne hrx hsb hsn hye ilo inh jam jbo kaa kab kam kaz kbd kbp kea khw kmr koi kok krc ksh lad lez
    lfn lij lld lmo lrc ltg lus lzh lzz mai mdf mfe mhr mni mnw mrj mwl myv mzn nah nan nap nds nqo nso
    olo osa pag pam pap pcd pcm pdc pfl pih pms pnb pnt prs quc rgn rmy rue rup sah sat scn sco sdh sgs
    shi shn skr sma smj smn sms srn stq szl szy tcy tet tgl tlh tok tpi trv tum tyv tzm udm vec vep vls
    vmf vmw vot vro war wuu xal xmf yue zea zgh zza
    """.split()  # noqa: SIM905 - a table of codes reads best as text
)
"""ISO 639-1, its withdrawn codes, and the longer codes that products really ship."""

_WORDS = frozenset(
    """
    ace am an arc as be do fit fur he id ie in io is it la lad lo me my no or pi sat sms so st to us war
    """.split()  # noqa: SIM905 - as above
)

_SCRIPTS: Mapping[str, str] = MappingProxyType(
    {
        **{
            code.lower(): code
            for code in ("Arab", "Cyrl", "Deva", "Guru", "Hans", "Hant", "Jpan", "Latn", "Tfng")
        },
        **{word: code for code, word in _MODIFIERS.items()},
    }
)

_VARIANTS = frozenset(
    {"1901", "1996", "ijekavsk", "ijekavian", "oxendict", "tarask", "valencia", "valencian"}
)

_REGIONS = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV
    BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES
    ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE
    IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY
    MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU
    NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM
    SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE
    VG VI VN VU WF WS YE YT ZA ZM ZW
    AN CHS CHT CS EU SP UK XK YR YU 001 002 150 419
    """.split()  # noqa: SIM905
)
"""ISO 3166-1, some UN M.49 areas, and codes that are not official but in use."""
