"""A batch on its way: watched to its end, and unblocked where nobody sends what it waits for."""

from __future__ import annotations

from collections.abc import Iterator

from l10nsync.errors import ServiceError, TemporaryError, UnfinishedPushError
from l10nsync.providers.http import AGAIN
from l10nsync.providers.smartling.api import NOT_UPLOADED, Batch, SmartlingApi, terminal
from l10nsync.providers.smartling.pace import PollingPace


def watch(api: SmartlingApi, uid: str, pace: PollingPace, *, rush: bool = False) -> Iterator[Batch]:
    """Yield a batch at each look, until it is finished.

    When nothing changes for `pace.stall` seconds, registered files that nobody uploads are cancelled,
    else the batch would wait for them for ever. Raise `TemporaryError` at the deadline, and for a stalled
    batch that would authorize: what is missing there is not ours to decide. With RUSH it is ours, and
    was begun when everything else had arrived.
    """
    seen: object = None
    since = api.client.clock.now()
    look = 0
    while True:
        batch = _look(api, uid)
        yield batch
        if terminal(batch.status):
            return
        state = (batch.status, batch.updated, tuple((file.uri, file.status) for file in batch.files.values()))
        now = api.client.clock.now()
        if state != seen:
            seen, since = state, now
        elif now - since >= pace.stall:
            _unblock(api, batch, may_authorize=rush)
            since = now
        _pause(api, batch, pace.wait(look))
        look += 1


def wait_for_end(api: SmartlingApi, uid: str, pace: PollingPace, *, rush: bool = False) -> None:
    """Wait until a batch has ended, whatever its states on the way."""
    for _state in watch(api, uid, pace, rush=rush):
        pass


def finish(api: SmartlingApi, uid: str, pace: PollingPace) -> None:
    """Watch a batch that a push has left behind to its end; raise `UnfinishedPushError` then."""
    wait_for_end(api, uid, pace)
    raise UnfinishedPushError("an interrupted push had sent other files, which were taken first", hint=AGAIN)


def _look(api: SmartlingApi, uid: str) -> Batch:
    try:
        return api.batch(uid)
    except TemporaryError as error:
        if api.client.remaining() > 0:
            raise
        raise _unfinished(uid) from error


def _pause(api: SmartlingApi, batch: Batch, seconds: float) -> None:
    try:
        api.client.pause(seconds)
    except TemporaryError as error:
        raise _unfinished(batch.uid) from error


def _unfinished(uid: str) -> TemporaryError:
    return TemporaryError(
        f"the service accepted the files but has not finished processing them (batch {uid})", hint=AGAIN
    )


def _unblock(api: SmartlingApi, batch: Batch, *, may_authorize: bool) -> None:
    missing = [file.uri for file in batch.files.values() if file.status in NOT_UPLOADED]
    if missing and batch.authorized and not may_authorize:
        raise TemporaryError(
            f"another client's batch {batch.uid} waits for {len(missing)} files, such as {missing[0]}, "
            "and would authorize the job without them",
            hint="Finish or cancel that batch, then run the same command again.",
        )
    for uri in missing:
        try:
            api.cancel_file(batch.uid, uri, "no client uploaded this file")
        except ServiceError:
            continue  # uploaded or cancelled at this very moment
