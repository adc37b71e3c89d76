"""How a manifest says a value: declared once, at the field of the model that holds it.

A field that is made with one of these functions is a key of the manifest, called as the field is, in
camelCase. The reader (`manifest.sections`), the JSON schema and the reference page (`manifest.declared`), and
the job that a provider is sent derive from the declaration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from types import MappingProxyType
from typing import Any, Literal

KeyKind = Literal["text", "flag", "number", "choice", "texts", "one or more", "values", "percent", "special"]
"""The kind of value in the manifest; `special` has a reader of its own."""
_DECLARED = "key"


@dataclass(frozen=True, slots=True)
class ManifestKey:
    """What the manifest, its schema and its reference page need to know about a key."""

    kind: KeyKind
    title: str
    description: str
    examples: tuple[object, ...]
    default: object = None
    usual: str = ""
    """What holds where the key is not given, in words, if `default` does not say it."""
    name: str = ""
    """How the manifest spells it; empty for the field's name in camelCase."""
    options: tuple[str, ...] = ()
    """The words of a choice; the schema needs no default among them."""
    sent: bool = False
    """A text of a job that goes to the service under the key's own name, also to a job that is open.

    Its default is None, so that an empty text can be told from one that is not given.
    """
    shared: str = ""
    """Name of its definition in the schema, where several places use it."""
    limits: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """What JSON Schema says beyond the kind: lengths, patterns, further types."""


def declared(settings: object) -> Iterator[tuple[Field[Any], ManifestKey]]:
    """Yield the fields of SETTINGS, a class or a value of it, that are keys of the manifest."""
    for key_field in fields(settings):  # type: ignore[arg-type]
        key = key_field.metadata.get(_DECLARED)
        if isinstance(key, ManifestKey):
            yield key_field, key


def spelled(entry: Field[Any], key: ManifestKey) -> str:
    """Return how the manifest spells a field."""
    if key.name:
        return key.name
    first, *others = entry.name.split("_")
    return first + "".join(part.title() for part in others)


def sent_texts(settings: object) -> dict[str, str]:
    """Return the texts that go to the service under their own names, as far as they are given.

    An empty one is given: the service is to have none.
    """
    found = {
        spelled(entry, key): getattr(settings, entry.name) for entry, key in declared(settings) if key.sent
    }
    return {name: text for name, text in found.items() if text is not None}


def sent_names(settings: type) -> tuple[str, ...]:
    """Return the names of the texts that go to the service as they are."""
    return tuple(spelled(entry, key) for entry, key in declared(settings) if key.sent)


def text(title: str, description: str, *examples: object, default: Any = "", **more: Any) -> Any:
    """Declare a text; `type=["string", "number"]` also takes what looks like a number."""
    return _field("text", title, description, examples, default, more)


def flag(title: str, description: str, *examples: bool, default: bool, **more: Any) -> Any:
    """Declare a truth value."""
    return _field("flag", title, description, examples, default, more)


def number(title: str, description: str, *examples: int, default: int | None = None, **more: Any) -> Any:
    """Declare a whole number."""
    return _field("number", title, description, examples, default, more)


def choice(
    title: str, description: str, *examples: str, options: tuple[str, ...], default: str, **more: Any
) -> Any:
    """Declare one of the words OPTIONS; an empty one means that the key is not given."""
    return _field("choice", title, description, examples, default, {"options": options, **more})


def texts(title: str, description: str, *examples: object, **more: Any) -> Any:
    """Declare a list of texts."""
    return _field("texts", title, description, examples, (), more)


def one_or_more(title: str, description: str, *examples: object, default: Any = (), **more: Any) -> Any:
    """Declare a text or a list of texts; the limits are those of the list."""
    return _field("one or more", title, description, examples, default, more)


def values(title: str, description: str, *examples: object, **more: Any) -> Any:
    """Declare a mapping of names to texts."""
    return _field("values", title, description, examples, MappingProxyType({}), more)


def percent(title: str, description: str, *examples: object, default: Any, **more: Any) -> Any:
    """Declare a percentage, or one for each locale."""
    return _field("percent", title, description, examples, default, more)


def special(title: str, description: str, *examples: object, default: Any = MISSING, **more: Any) -> Any:
    """Declare a key that is read by code of its own; its schema is given in full."""
    return _field("special", title, description, examples, default, more)


def section(default: Any, shared: str) -> Any:
    """Declare a mapping of further keys, whose schema is the definition called SHARED."""
    return _field("special", "", "", (), default, {"shared": shared})


def _field(
    kind: KeyKind,
    title: str,
    description: str,
    examples: tuple[object, ...],
    default: Any,
    more: Mapping[str, Any],
) -> Any:
    known = ("usual", "name", "options", "sent", "shared")
    settings = {name: more[name] for name in known if name in more}
    limits = {name: value for name, value in more.items() if name not in known}
    key = ManifestKey(
        kind=kind,
        title=title,
        description=description,
        examples=examples,
        default=None if default is MISSING else default,
        limits=MappingProxyType(limits),
        **settings,
    )
    metadata = {_DECLARED: key}
    if default is MISSING:
        return field(metadata=metadata)
    if isinstance(default, (MappingProxyType, type)) or type(default).__hash__ is None:
        return field(
            default_factory=default if isinstance(default, type) else lambda: default, metadata=metadata
        )
    return field(default=default, metadata=metadata)
