"""The rules by which a translation is judged: their names, what each means, which may be turned down."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

BROKEN: Mapping[str, str] = MappingProxyType(
    {
        "container": "The archive lacks a part that its source has, or is damaged.",
        "empty": "The translation is empty although its source is not.",
        "encoding": "The file's encoding in .gitattributes lacks characters of the translation.",
        "envelope": "The translation is an error message of the service.",
        "page": "The translation is an HTML page.",
        "source-unreadable": "The source cannot be read as its type, so its translations cannot be judged.",
        "unreadable": "The translation cannot be read as its type.",
    }
)
"""Rules for files that are not translations at all: always errors, whatever the manifest sets."""

TUNABLE: Mapping[str, str] = MappingProxyType(
    {
        "bidi": "A text direction control in the translation is unpaired, or missing in its source.",
        "key-extra": "The translation has a key that its source does not have.",
        "key-missing": "The translation lacks a key of its source.",
        "key-twice": "A key occurs more often in the translation than in its source.",
        "language-mark": "The file names a different language than its path.",
        "link-missing": "The translation lacks a link of its source, or changes its target.",
        "message-format": "The platform cannot read a text as a format pattern.",
        "not-checked": "An expression of a directive cannot be run here, so the text it protects is not"
        " checked.",
        "placeholder-extra": "The translation has a placeholder that its source does not have.",
        "placeholder-missing": "The translation lacks a placeholder of its source.",
        "plural-count": "A plural does not have the number of forms in the file's header.",
        "plural-extra": "A plural has a form that the language does not use.",
        "plural-missing": "A plural lacks a form that the language needs.",
        "plural-unknown": "A plural form's name is not a plural category.",
        "select-extra": "A choice of a message pattern has a case that its source does not have.",
        "select-missing": "A choice of a message pattern lacks a case of its source.",
        "structure": "The translation does not have the same parts or number of strings as its source.",
        "syntax": "The platform rejects a part of the file, or reads it differently.",
        "tag-balance": "Tags of the translation are not closed in the order in which they were opened.",
        "tag-extra": "The translation has a tag that its source does not have.",
        "tag-missing": "The translation lacks a tag of its source.",
        "text-empty": "Texts are empty although their sources are not.",
        "term": "The translation does not use the glossary's term for a term of its source.",
        "too-long": "A translation has more characters than a directive allows.",
        "unfinished": "Texts are marked as untranslated, so they do not count as translations.",
        "untranslated": "Every string equals its source although the languages differ.",
    }
)
"""Rules that a manifest may make an error or a warning, or ignore."""

RULES: Mapping[str, str] = MappingProxyType(dict(sorted({**BROKEN, **TUNABLE}.items())))
"""What each rule means, by its name."""
