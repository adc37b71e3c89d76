"""The release gate: reads the work tree, asks the TMS, and holds both against a gate of the manifest."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from time import monotonic, sleep

from l10nsync.app.links import Link
from l10nsync.app.repository import Repository
from l10nsync.app.status import StatusRequest, prepare_status
from l10nsync.app.verify import verify_offline
from l10nsync.errors import TemporaryError, UsageError
from l10nsync.model import Gate
from l10nsync.plan import Status
from l10nsync.plan.gate import Baseline, GateFacts, Judgement, baseline_of, judge
from l10nsync.render.gate import verdict

DEFAULT_GATE = "release"


@dataclass(frozen=True, slots=True)
class GateRequest:
    """What a verification was asked to judge, beyond the manifest."""

    gate: str = ""
    """Name of the gate; empty for the usual one."""
    waived: frozenset[str] = frozenset()
    """Locales that are let through this time."""


def find_gate(repository: Repository, name: str) -> Gate:
    """Return the gate of that NAME; for an empty one, `release` or the only one of the manifest.

    A manifest without gates has one: everything complete, fresh and valid.
    """
    gates = repository.manifest.gates
    parts = [part.file for part in repository.manifest.parts if part.gates]
    if parts:
        hint = f"Run it once for each, with -f: {', '.join(parts)}."
        raise UsageError("a gate belongs to one manifest, and several manifests have gates", hint=hint)
    if not gates and name in {"", DEFAULT_GATE}:
        return Gate(DEFAULT_GATE)
    if not name and len(gates) == 1:
        return next(iter(gates.values()))
    if found := gates.get(name or DEFAULT_GATE):
        return found
    there = ", ".join(gates) or "none"
    if not name:
        raise UsageError("which gate is meant?", hint=f"Name one with --gate; there are: {there}.")
    raise UsageError(f"the manifest has no gate {name!r}", hint=f"There are: {there}.")


def judge_online(repository: Repository, links: Mapping[str, Link], request: GateRequest) -> Judgement:
    """Hold the work tree and the TMS against a gate; writes nothing but the cache."""
    gate = find_gate(repository, request.gate)
    status = prepare_status(repository, links, _request(gate))
    return judge(replace(_facts(repository, gate, request), status=status, pull=status.pull))


def _request(gate: Gate) -> StatusRequest:
    return StatusRequest(fresh=True, pull=gate.fresh, questions=gate.questions is not None)


def judge_status(repository: Repository, status: Status) -> tuple[Judgement, ...]:
    """Hold a status against every gate of the manifest; nothing more is asked of the TMS."""
    found = (_facts(repository, gate, GateRequest()) for gate in repository.manifest.gates.values())
    return tuple(judge(replace(facts, status=status, pull=status.pull)) for facts in found)


def judge_offline(repository: Repository, request: GateRequest) -> Judgement:
    """Hold the work tree alone against a gate: whether the translations are valid."""
    gate = find_gate(repository, request.gate)
    if not gate.valid:
        hint = "Run it without --offline; only the TMS knows what is complete and fresh."
        raise UsageError(f"the gate {gate.name!r} checks nothing that can be judged offline", hint=hint)
    return judge(_facts(repository, gate, request))


def _facts(repository: Repository, gate: Gate, request: GateRequest) -> GateFacts:
    known = set(chain.from_iterable(source.locales for source in repository.layout.sources))
    for locale in sorted(request.waived - known):
        raise UsageError(f"the manifest has no locale {locale!r}", hint="Check the value given to --waive.")
    return GateFacts(
        gate,
        verification=verify_offline(repository) if gate.valid else None,
        baseline=read_baseline(repository, gate),
        today=datetime.now(UTC).date().isoformat(),
        waived=request.waived,
    )


# --- the baseline -------------------------------------------------------------------------------------


def read_baseline(repository: Repository, gate: Gate) -> Baseline | None:
    """Return what the gate's baseline file says; None without one. Raises `UsageError` if it is damaged."""
    path = _baseline_path(repository, gate)
    content = repository.workspace.read(path) if path else None
    if content is None:
        return None
    try:
        data = json.loads(content)
        if data["schemaVersion"] != 1:
            raise ValueError  # noqa: TRY301 - handled as any other damage
        complete = {str(locale): int(percent) for locale, percent in data["complete"].items()}
        return Baseline(complete, frozenset(str(key) for key in data["valid"]))
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError) as error:
        hint = "Correct it, or delete it and run `l10nsync verify --write-baseline`."
        raise UsageError(f"the baseline {path} cannot be read", hint=hint) from error


def write_baseline(repository: Repository, judgement: Judgement) -> tuple[str, Baseline]:
    """Write what is wrong now as the gate's baseline; one that exists only becomes stricter.

    Returns its path and content. Raises `UsageError` where the gate names no file for it.
    """
    path = _baseline_path(repository, judgement.gate)
    if not path:
        hint = "Add `baseline: l10n-baseline.json` to it in the manifest."
        raise UsageError(f"the gate {judgement.gate.name!r} has no baseline", hint=hint)
    made = baseline_of(judgement, read_baseline(repository, judgement.gate))
    text = json.dumps(made.as_data(), indent=2, ensure_ascii=False) + "\n"
    repository.workspace.write(path, text.encode("utf-8", "surrogatepass"))
    return path, made


def _baseline_path(repository: Repository, gate: Gate) -> str:
    return f"{repository.manifest.folder}/{gate.baseline}".lstrip("/") if gate.baseline else ""


def judge_until(
    look: Callable[[float], Judgement],
    *,
    wait: float,
    every: float,
    tell: Callable[[str], None],
) -> Judgement:
    """Return what LOOK says once the gate opens, or WAIT seconds are up; look EVERY so many seconds.

    LOOK takes the seconds that are left. Raises its `TemporaryError` only where the time is up: before that,
    a silent service is asked again.
    """
    ends = monotonic() + wait
    while True:
        left = ends - monotonic()
        try:
            found = look(max(left, 0.0))
        except TemporaryError as error:
            if left <= 0:
                raise
            tell(f"the TMS did not answer ({error.message}); looking again")
        else:
            left = ends - monotonic()
            if found.passed or left <= 0:
                return found
            tell(f"{verdict(found)}; looking again, for {left / 60:.0f} more minutes")
        sleep(max(min(every, ends - monotonic()), 0.0))
