"""What is known of a translation management system before anything is asked of it.

A provider describes its service with one `ServiceDescription`. It holds everything in which services differ
before a request is sent: the variables of its credentials, settings of its own in the manifest, the file
types that it takes, how it works. No other code asks for a service's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Workflow(StrEnum):
    """What becomes of a file that is sent."""

    JOBS = "jobs"
    """It goes into a job, which is authorized later, by the push or by a person."""
    ORDERS = "orders"
    """It is ordered with the upload, whole: nothing is authorized later, nothing is sent twice."""
    DIRECT = "direct"
    """The upload is all: the service has the file, and whoever translates sees it."""


@dataclass(frozen=True, slots=True)
class AccountVariables:
    """What the environment calls the access to a service; `{}` stands for a credentials set, or nothing."""

    user: tuple[str, ...]
    """The first is named in messages; the others are also read. None if a secret alone is enough."""
    secret: tuple[str, ...]
    url: str
    default_url: str
    hint: str
    """Where a person gets the credentials."""
    names: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Addresses that have a name."""


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """A value of a service's own settings that cannot be right."""

    key: str
    message: str
    help: str
    code: str = "E106"


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """Base of the settings that only one service has; a subclass declares its keys with `model.keys`."""

    def problems(self) -> tuple[SettingProblem, ...]:
        """Return what the schema cannot find."""
        return ()

    def sent_along(self) -> tuple[str, ...]:
        """Return tracked files that go with every submission, relative to the manifest's folder."""
        return ()


@dataclass(frozen=True, slots=True)
class SettingsSection:
    """The mapping in the manifest, at the top or in a project, that holds a service's own settings."""

    key: str
    settings: type[ProjectSettings]
    title: str
    description: str
    examples: tuple[object, ...]
    variables: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Field to the environment variable that takes its place, where that is set."""


@dataclass(frozen=True, slots=True)
class ServiceDescription:
    """A translation management system, as its provider describes it."""

    name: str
    """The value of `provider` in the manifest."""
    title: str
    """As people call it."""
    connect: str
    """`module:function` that makes the provider (`providers.base.Connect`); imported when it is needed."""
    variables: AccountVariables
    workflow: Workflow
    questions: bool = False
    """Whether its translators can ask about strings."""
    glossaries: bool = False
    """Whether its accounts have glossaries that can be taken."""
    section: SettingsSection | None = None
    useless: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Dotted key of a resource with which it can do nothing (`job.rush`), to what it does instead."""
    own_codes: bool = False
    """It may use other names for locales than the manifest: `locales` of a project maps them."""
    multilingual: bool = True
    """It takes files that hold all locales."""
    context: bool = False
    """It accepts pictures and pages that show where strings appear."""
    file_types: frozenset[str] | None = None
    """The types that it takes, by our names; None for all."""
    directives: frozenset[str] | None = None
    """The directives that it heeds; None for all."""
