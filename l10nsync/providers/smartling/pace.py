"""How patiently the service is watched while it works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PollingPace:
    """How patiently something that the service works on is watched; seconds."""

    looks: tuple[float, ...] = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 10.0)
    """Waits between two looks; the last one repeats."""
    stall: float = 30.0
    """After so long without any change, files that nobody uploads are taken out of a batch."""

    def wait(self, look: int) -> float:
        """Return the seconds to wait after look number LOOK, from 0."""
        return self.looks[min(look, len(self.looks) - 1)]
