"""Renaming files: the strings come along, and each file keeps its namespace.

Whether a renamed file keeps its namespace is the service's secret: it is read back. In another namespace all
strings are others, without translations; sending the file once more with the namespace that it had brings
strings and translations back, and needs no job.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from l10nsync.errors import CredentialsError, ServiceError, TemporaryError
from l10nsync.model import FileStatus, Outcome, Rename, Upload, fold
from l10nsync.providers.http import AGAIN
from l10nsync.providers.smartling.api import Api
from l10nsync.providers.smartling.jobs import Pace
from l10nsync.providers.workers import each

LOOKS = 20
"""How often a file is looked at until it shows its namespace."""


def rename_all(api: Api, renames: Iterable[Rename], callback_url: str, pace: Pace) -> Iterator[Outcome]:
    """Carry out RENAMES in their order, those at once that do not touch each other; yield an outcome each.

    After one that failed, those that it was to make way for are not tried; the others go on.
    """
    failed: dict[str, Exception] = {}
    for wave in waves(renames):
        ready = []
        for one in wave:
            before = failed.get(fold(one.old)) or failed.get(fold(one.new))
            if before is None:
                ready.append(one)
            else:
                failed |= dict.fromkeys(_names(one), before)
                yield Outcome(one.new, "failed", before)
        for one, result in each(lambda one: _rename(api, one, callback_url, pace), ready, api.client.threads):
            if isinstance(result, CredentialsError) or api.client.remaining() <= 0:
                raise result if isinstance(result, Exception) else TemporaryError("no time left", hint=AGAIN)
            if isinstance(result, ServiceError | TemporaryError):
                failed |= dict.fromkeys(_names(one), result)
                yield Outcome(one.new, "failed", result)
            elif isinstance(result, Exception):
                raise result
            else:
                yield Outcome(one.new, "done", last_uploaded=result.last_uploaded)


def waves(renames: Iterable[Rename]) -> Iterator[list[Rename]]:
    """Divide RENAMES, in their order, into groups in which no fileUri occurs twice."""
    wave: list[Rename] = []
    seen: set[str] = set()
    for one in renames:
        names = _names(one)
        if names & seen:
            yield wave
            wave, seen = [], set()
        wave.append(one)
        seen |= names
    if wave:
        yield wave


def _names(one: Rename) -> set[str]:
    return {fold(one.old), fold(one.new)}


def _rename(api: Api, one: Rename, callback_url: str, pace: Pace) -> FileStatus:
    if one.old != one.new:
        try:
            api.rename(one.old, one.new)
        except ServiceError:
            # A rename that was carried out, but whose answer was lost, is refused when it is repeated.
            if api.status(one.old) is not None or api.status(one.new) is None:
                raise
    status = _status(api, one)
    if one.restore is None or status.namespace in {"", one.restore.namespace}:
        return status
    api.store(one.restore, callback_url)
    return _restored(api, one, one.restore, pace)


def _status(api: Api, one: Rename) -> FileStatus:
    status = api.status(one.new)
    if status is None:
        raise ServiceError(f"{one.new}: the service renamed the file but does not show it", hint=AGAIN)
    return status


def _restored(api: Api, one: Rename, sent: Upload, pace: Pace) -> FileStatus:
    for look in range(LOOKS):
        status = _status(api, one)
        if status.namespace == sent.namespace:
            return status
        api.client.pause(pace.wait(look))
    raise TemporaryError(
        f"{one.new}: the service took the file but does not show its namespace {sent.namespace!r}", hint=AGAIN
    )
