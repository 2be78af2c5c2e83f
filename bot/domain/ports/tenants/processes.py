"""Which processes live, for limits that hold over all of them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class ProcessStore(Protocol):
    """Asked by each process, every few seconds."""

    async def beat(self, process_id: str, now: datetime, lease_seconds: float) -> int:
        """This process lives for so long at least. Returns how many do now, this one among them.

        Those whose time is over are forgotten.
        """
        ...

    async def leave(self, process_id: str) -> None:
        """It is about to end: others need not wait for its time to be over."""
        ...
