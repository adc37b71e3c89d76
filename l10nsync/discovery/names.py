"""What repositories call languages, and which id of the service each name most likely means. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from l10nsync.locales import guess_id, language

TYPICAL: Mapping[str, str] = {
    tag.partition("-")[0]: tag
    for tag in [
        "cs-CZ",
        "da-DK",
        "de-DE",
        "el-GR",
        "en-US",
        "es-ES",
        "et-EE",
        "fi-FI",
        "fr-FR",
        "he-IL",
        "hi-IN",
        "hr-HR",
        "hu-HU",
        "id-ID",
        "it-IT",
        "ja-JP",
        "ko-KR",
        "lt-LT",
        "lv-LV",
        "nb-NO",
        "nl-NL",
        "pl-PL",
        "pt-PT",
        "ro-RO",
        "ru-RU",
        "sk-SK",
        "sl-SI",
        "sr-RS",
        "sv-SE",
        "th-TH",
        "tr-TR",
        "uk-UA",
        "vi-VN",
    ]
}
"""Language to the id that a service most often has where a repository names the language alone."""

_RENAMED: Mapping[str, str] = {"no": "nb", "iw": "he", "in": "id", "ji": "yi"}
"""Codes that ISO 639 withdrew, or that stand for one member of a group."""

_COUNTRIES: Mapping[str, str] = {
    "cn": "zh-CN",
    "cz": "cs",
    "dk": "da",
    "gb": "en-GB",
    "gr": "el",
    "hk": "zh-HK",
    "il": "he",
    "ir": "fa",
    "jp": "ja",
    "kr": "ko",
    "mx": "es-MX",
    "rs": "sr",
    "tw": "zh-TW",
    "ua": "uk",
    "us": "en-US",
    "vn": "vi",
}
"""Codes of countries that are found in the place of a language; `kr` and `tw` are also rare languages."""

_GLUED: Mapping[str, str] = {
    tag.replace("-", "").lower(): tag
    for tag in [*TYPICAL.values(), "en-GB", "es-MX", "fr-CA", "pt-BR", "zh-CN", "zh-HK", "zh-TW"]
}
"""Language and country without a mark between them (`ptbr`), as some folders are called."""

_THREE_LETTERS: Mapping[str, str] = {
    "ara": "ar", "bul": "bg", "cat": "ca", "ces": "cs", "chi": "zh", "cze": "cs", "dan": "da", "deu": "de",
    "dut": "nl", "ell": "el", "eng": "en", "est": "et", "fas": "fa", "fin": "fi", "fra": "fr", "fre": "fr",
    "ger": "de", "gre": "el", "heb": "he", "hin": "hi", "hrv": "hr", "hun": "hu", "ind": "id", "ita": "it",
    "jpn": "ja", "kor": "ko", "lav": "lv", "lit": "lt", "nld": "nl", "nob": "nb", "nor": "nb", "pol": "pl",
    "por": "pt", "ron": "ro", "rum": "ro", "rus": "ru", "slk": "sk", "slo": "sk", "slv": "sl", "spa": "es",
    "srp": "sr", "swe": "sv", "tha": "th", "tur": "tr", "ukr": "uk", "vie": "vi", "zho": "zh",
}  # fmt: skip
"""Codes of ISO 639-2 and 639-3 for languages that have a code of two letters."""

_WORDS: Mapping[str, str] = {
    "afrikaans": "af",
    "albanian": "sq",
    "arabic": "ar",
    "armenian": "hy",
    "basque": "eu",
    "belarusian": "be",
    "bengali": "bn",
    "bosnian": "bs",
    "brazilian": "pt-BR",
    "brazilianportuguese": "pt-BR",
    "bulgarian": "bg",
    "catalan": "ca",
    "chinese": "zh-CN",
    "chinesechina": "zh-CN",
    "chinesetaiwan": "zh-TW",
    "croatian": "hr",
    "czech": "cs",
    "danish": "da",
    "dutch": "nl",
    "english": "en",
    "estonian": "et",
    "filipino": "fil",
    "finnish": "fi",
    "french": "fr",
    "galician": "gl",
    "georgian": "ka",
    "german": "de",
    "greek": "el",
    "hebrew": "he",
    "hindi": "hi",
    "hungarian": "hu",
    "icelandic": "is",
    "indonesian": "id",
    "irish": "ga",
    "italian": "it",
    "japanese": "ja",
    "kazakh": "kk",
    "korean": "ko",
    "latvian": "lv",
    "lithuanian": "lt",
    "macedonian": "mk",
    "malay": "ms",
    "montenegrin": "sr-ME",
    "norwegian": "nb",
    "norwegianbokmal": "nb",
    "norwegiannynorsk": "nn",
    "persian": "fa",
    "polish": "pl",
    "portuguese": "pt",
    "romanian": "ro",
    "russian": "ru",
    "serbian": "sr",
    "serbianlatin": "sr-Latn",
    "simplifiedchinese": "zh-CN",
    "sinhala": "si",
    "slovak": "sk",
    "slovenian": "sl",
    "spanish": "es",
    "spanishargentina": "es-AR",
    "spanishspain": "es-ES",
    "swedish": "sv",
    "tamil": "ta",
    "telugu": "te",
    "thai": "th",
    "traditionalchinese": "zh-TW",
    "turkish": "tr",
    "turkishturkey": "tr-TR",
    "ukrainian": "uk",
    "urdu": "ur",
    "vietnamese": "vi",
    "welsh": "cy",
}
"""English names of languages, as some frameworks call their folders."""


@cache
def meaning(name: str) -> str | None:
    """Return the locale that a local name means, in the service's spelling; None if it is not known."""
    lowered = name.lower()
    if lowered in _COUNTRIES:
        return _COUNTRIES[lowered]
    known = _WORDS.get(lowered) or _THREE_LETTERS.get(lowered) or guess_id(_without_charset(name))
    return known or _GLUED.get(lowered) or _word_of_country(name)


def _word_of_country(name: str) -> str | None:
    """Return the locale of a language's name with a country (`Portuguese-BR`); None if it is none."""
    word, _mark, country = name.replace("_", "-").rpartition("-")
    code = _WORDS.get(word.lower(), "")
    return guess_id(f"{code}-{country}") if code and "-" not in code else None


def _without_charset(name: str) -> str:
    """Return a local name of gettext without its encoding (`de_DE.UTF-8`)."""
    head, dot, tail = name.partition(".")
    return head if dot and tail.lower().replace("-", "") in {"utf8", "iso88591"} else name


def is_country(name: str) -> bool:
    """Whether NAME is the code of a country that stands for a language."""
    return name.lower() in _COUNTRIES


def service_id(local_name: str) -> str:
    """Return the id that the service most likely has for what a repository calls LOCAL_NAME."""
    found = meaning(local_name) or local_name
    if found in {"zh-Hans", "zh"}:
        return "zh-CN"
    if found == "zh-Hant":
        return "zh-TW"
    code = _RENAMED.get(language(found), language(found))
    if "-" in found:
        return f"{code}-{found.partition('-')[2]}"
    return TYPICAL.get(code, found if code == language(found) else code)


def service_ids(names: Iterable[str]) -> dict[str, list[str]]:
    """Return id to local names for all NAMES, none left out.

    Two names get one id only where they are two codes of one language (`iw`, `he`); else the plainer one
    keeps the id that it says itself, as `es` beside `es-ES`.
    """
    found: dict[str, list[str]] = {}
    for name in sorted(set(names), key=lambda name: (service_id(name) != meaning(name), len(name), name)):
        wanted = service_id(name)
        if wanted in found and not _is_same(found[wanted][0], name):
            wanted = meaning(name) or name
        if wanted in found and not _is_same(found[wanted][0], name):
            wanted = name.replace("_", "-")
        found.setdefault(wanted, []).append(name)
    return found


def shared_ids(resources: Iterable[Iterable[str]]) -> dict[str, str]:
    """Return local name to id for the names of several RESOURCES.

    `de` of one and `de-DE` of another are one locale, which is ordered once; where one resource has both,
    they are two locales in all.
    """
    apart: dict[str, str] = {}
    together = [set(resource) for resource in resources]
    every = sorted(set().union(*together))
    for names in together:
        for key, found in service_ids(names).items():
            apart |= {name: key for name in found if key != service_id(name)}
    ids = {name: apart.get(name, service_id(name)) for name in every}
    return {name: _regional(name, ids, together) for name in every}


def _regional(name: str, ids: Mapping[str, str], together: Iterable[set[str]]) -> str:
    """Return the id of NAME: where it is a language alone, the only regional one of it (`af` is `af-ZA`)."""
    own = ids[name]
    regional = {key for key in ids.values() if key.startswith(f"{own}-")}
    others = {other for other, key in ids.items() if key in regional}
    if "-" in own or len(regional) != 1 or any(name in names and names & others for names in together):
        return own
    return regional.pop()


def _is_same(first: str, second: str) -> bool:
    """Whether two names are two codes, or two spellings, of one locale."""
    a, b = (meaning(name) or name for name in (first, second))
    return a == b or _RENAMED.get(a, a) == _RENAMED.get(b, b)
