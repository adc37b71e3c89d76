"""Sends callbacks and webhooks; to this machine only, and again until they are taken."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from l10nsync.sandbox.clock import iso
from l10nsync.sandbox.common import records
from l10nsync.sandbox.common.world import OutgoingRequest, World
from l10nsync.sandbox.loopback import is_loopback

RESENDS = 10
"""After the first attempt; the service documents this number, not its spacing."""
_TIMEOUT = 5.0


@dataclass(slots=True)
class Delivery:
    """What became of one message."""

    message: OutgoingRequest
    statuses: list[int] = field(default_factory=list)
    """One per attempt; 0 where no answer came, -1 where the address is not on this machine."""

    @property
    def taken(self) -> bool:
        """Whether the receiver said yes: any 2xx, or exactly 200 where the message wants that."""
        last = self.statuses[-1] if self.statuses else 0
        return last == 200 if self.message.only_200 else 200 <= last < 300


@dataclass(slots=True)
class Postman:
    """Empties a world's outbox in the background."""

    world: World
    deliveries: list[Delivery] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def collect(self) -> None:
        """Begin to deliver everything that waits; must be called inside the event loop."""
        waiting, self.world.outbox = self.world.outbox, []
        for message in waiting:
            delivery = Delivery(message)
            self.deliveries.append(delivery)
            task = asyncio.get_running_loop().create_task(self._deliver(delivery))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def shown(self, project: str = "") -> list[dict[str, Any]]:
        """Return all deliveries, of one project or all."""
        return [
            {
                "kind": delivery.message.kind,
                "method": delivery.message.method,
                "url": delivery.message.url,
                "statuses": list(delivery.statuses),
                "taken": delivery.taken,
            }
            for delivery in self.deliveries
            if not project or delivery.message.project == project
        ]

    async def _deliver(self, delivery: Delivery) -> None:
        usual = (float(self.world.switch(delivery.message.project, "resend_seconds")),) * RESENDS
        for wait in (*(usual if delivery.message.waits is None else delivery.message.waits), None):
            started = time.monotonic()
            status = await asyncio.to_thread(attempt, delivery.message)
            delivery.statuses.append(status)
            self._note(delivery, status, time.monotonic() - started)
            if delivery.taken or status < 0 or wait is None:
                return
            await asyncio.sleep(wait)

    def _note(self, delivery: Delivery, status: int, took: float) -> None:
        """Keep an attempt where the webhooks API shows it."""
        message = delivery.message
        if not message.event:
            return
        attempt_status = "SUCCESS" if delivery.taken else "FAIL"
        ident = f"atmpt_{self.world.uid(12)}"
        entry = {
            "attemptId": ident,
            "eventId": message.event,
            "response": "",
            "responseDurationMs": int(took * 1000),
            "responseStatusCode": max(status, 0),
            "attemptStatus": attempt_status,
            "attemptDate": iso(self.world.now()),
            "url": message.url,
            "triggerType": "SCHEDULED",
        }
        records.add(self.world, "attempt", message.event, ident, entry)
        records.update(self.world, "event", message.event, lastAttemptStatus=attempt_status)


def attempt(message: OutgoingRequest) -> int:
    """Send a message once; return the status, 0 without an answer, -1 for an address elsewhere."""
    parts = urlsplit(message.url)
    if parts.scheme != "http" or not is_loopback(parts.hostname or ""):
        return -1
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=_TIMEOUT)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    try:
        connection.request(message.method, target, message.body or None, dict(message.headers))
        return connection.getresponse().status
    except (OSError, HTTPException, ValueError):
        return 0
    finally:
        connection.close()
