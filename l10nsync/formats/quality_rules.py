"""The rules by which a translation is judged: their names, what each means, which may be turned down."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

BROKEN: Mapping[str, str] = MappingProxyType(
    {
        "container": "The archive lacks a part that its source has, or is damaged.",
        "empty": "The translation is empty although its source is not.",
        "encoding": "The encoding that .gitattributes gives the file cannot hold the translation.",
        "envelope": "The translation is an error message of the service.",
        "page": "The translation is an HTML page.",
        "source-unreadable": "The source cannot be read as its type, so its translations cannot be judged.",
        "unreadable": "The translation cannot be read as its type.",
    }
)
"""Rules that say that this is no translation at all: always errors, whatever a manifest says."""

TUNABLE: Mapping[str, str] = MappingProxyType(
    {
        "bidi": "A control of text direction in the translation has no other half, or its source has none.",
        "key-extra": "The translation has a key that its source does not have.",
        "key-missing": "The translation lacks a key of its source.",
        "key-twice": "A key stands more often in the translation than in its source.",
        "language-mark": "The file names another language than that of its place.",
        "link-missing": "The translation lacks a link of its source, or has another target for it.",
        "message-format": "A text that the platform formats is not a pattern that it can read.",
        "not-checked": "An expression of a directive cannot be run here: what it protects is not checked.",
        "placeholder-extra": "The translation has a placeholder that its source does not have.",
        "placeholder-missing": "The translation lacks a placeholder of its source.",
        "plural-count": "A plural has another number of forms than the file's header says.",
        "plural-extra": "A plural has a form that the language does not use.",
        "plural-missing": "A plural lacks a form that the language needs.",
        "plural-unknown": "A plural form has a name that is not a plural category.",
        "select-extra": "A choice of a message pattern has a case that its source does not have.",
        "select-missing": "A choice of a message pattern lacks a case of its source.",
        "structure": "The translation has other parts than its source, or another number of strings.",
        "syntax": "The platform refuses a part of the file, or reads something else than is written.",
        "tag-balance": "Tags of the translation are not closed as they were opened.",
        "tag-extra": "The translation has a tag that its source does not have.",
        "tag-missing": "The translation lacks a tag of its source.",
        "text-empty": "Texts are empty although their sources are not.",
        "term": "The translation lacks what the glossary says for a term of its source.",
        "too-long": "A translation has more characters than a directive allows.",
        "unfinished": "Texts are marked as untranslated, so they do not count as translations.",
        "untranslated": "Every string is the source's own text although the languages differ.",
    }
)
"""Rules that a manifest may make an error or a warning, or ignore."""

RULES: Mapping[str, str] = MappingProxyType(dict(sorted({**BROKEN, **TUNABLE}.items())))
"""What each rule means, by its name."""
