"""Everything that one running sandbox holds: the world, the tokens, the recorder, the faults, the gate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from l10nsync.sandbox.common import waits
from l10nsync.sandbox.common.world import POLICIES, Policy, World
from l10nsync.sandbox.faults import FaultRule, Faults
from l10nsync.sandbox.groups.auth.rules import Tokens
from l10nsync.sandbox.groups.batches import rules as batches
from l10nsync.sandbox.groups.contexts import rules as contexts
from l10nsync.sandbox.groups.estimates import rules as estimates
from l10nsync.sandbox.groups.files import uploads
from l10nsync.sandbox.groups.jobs import processes
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.groups.strings import new_strings
from l10nsync.sandbox.groups.translators import rules as translators
from l10nsync.sandbox.outgoing import Postman
from l10nsync.sandbox.recorder import Recorder
from l10nsync.sandbox.refusal import locked, too_many
from l10nsync.sandbox.smartmate import accounts

_BACKGROUND = (
    uploads.settle,
    batches.settle,
    processes.settle,
    estimates.settle,
    translators.settle,
    contexts.settle,
    new_strings.settle,
    projects.settle,
)
"""Each carries out one API's background steps that are due, in this order: a batch waits for uploads."""


@dataclass(frozen=True, slots=True)
class Setup:
    """The project that exists from the start."""

    project: str = projects.DEFAULT_PROJECT
    source: str = "en-US"
    locales: tuple[str, ...] = ()
    """None: a usual set, and any other locale that is asked for."""
    is_open: bool = False
    """Any other locale is accepted as well."""
    faults: tuple[FaultRule, ...] = ()
    """Those in force from the start, and again after a reset."""


@dataclass(slots=True)
class Server:
    """One sandbox."""

    world: World = field(default_factory=World)
    setup: Setup = Setup()
    tokens: Tokens = field(default_factory=Tokens)
    recorder: Recorder = field(default_factory=Recorder)
    faults: Faults = field(default_factory=Faults)
    postman: Postman = field(init=False)
    in_flight: Counter[str] = field(default_factory=Counter)
    """File operations under way, by project."""
    writing: set[tuple[str, str]] = field(default_factory=set)
    """Files being written: project and folded fileUri."""

    def __post_init__(self) -> None:
        self.postman = Postman(self.world)

    def begin(self) -> None:
        """Make sure that the first project and account exist, and put the first faults in force."""
        accounts.begin(self.world)
        self.faults.rules += [replace(rule) for rule in self.setup.faults]
        if self.world.store.row("select 1 from projects where id = ?", self.setup.project) is None:
            chosen = self.setup.locales or projects.DEFAULT_LOCALES
            projects.create(
                self.world,
                self.setup.project,
                name="Sandbox",
                source=self.setup.source,
                locales=chosen,
                is_open=self.setup.is_open or not self.setup.locales,
            )

    def reset(self) -> None:
        """Forget everything but what the server was started with."""
        self.world.store.clear()
        self.world.policies.clear()
        self.world.switches.clear()
        self.faults.clear()
        self.recorder.clear()
        self.postman.deliveries.clear()
        self.begin()

    def settle(self, project: str) -> None:
        """Let the service's background work of a project catch up with the clock."""
        for settle in _BACKGROUND:
            settle(self.world, project)

    def finish(self, project: str) -> int:
        """End all background work of a project now; return how many steps that were."""
        steps = list(chain.from_iterable(waits.running(self.world, project, kind) for kind in POLICIES))
        policies = dict(self.world.policies)
        self.world.policies.update({(project, kind): Policy(looks=0) for kind in POLICIES})
        self.settle(project)
        self.world.policies.clear()
        self.world.policies.update(policies)
        return len(steps)

    def enter(self, project: str) -> None:
        """Begin a file operation; raise a refusal if too many are under way."""
        limit = int(self.world.switch(project, "file_operations_limit"))
        if self.in_flight[project] >= limit:
            raise too_many(limit, self.world.uid(8))
        self.in_flight[project] += 1

    def leave(self, project: str) -> None:
        """End a file operation."""
        self.in_flight[project] -= 1

    def hold(self, key: tuple[str, str], uri: str) -> None:
        """Begin to write a file; raise a refusal while somebody else does."""
        if key in self.writing:
            raise locked(uri)
        self.writing.add(key)


ControlHandler = Callable[[Server, Mapping[str, str], Mapping[str, Any]], Any]
"""Takes the names in the path and the body of a call of the control API; returns what is answered as JSON."""
