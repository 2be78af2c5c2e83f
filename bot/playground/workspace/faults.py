"""What can be wrong with Slack itself: calls that fail, hang or are answered too late."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

FaultKind = Literal["rate_limited", "server_error", "html", "lost", "lost_answer", "timeout"]
"""429; 500; 200 with a web page; connection closed before, or after, the work was done; the work was done
and the answer never comes (the connection closes after `HANG_SECONDS`)."""

HANG_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure to come."""

    kind: FaultKind
    method: str | None = None
    """The only method it may hit; None for any."""
    retry_after_seconds: int = 1


class Faults:
    """The failures to come, in order, one that stays, and how slow every answer is."""

    def __init__(self) -> None:
        self.latency_seconds = 0.0
        self.account_error: str | None = None
        """Answered to every call: ``token_revoked``, ``account_inactive``, ``invalid_auth``, …"""
        self.standing: Fault | None = None
        """Met by every call that no planned failure hits, until it is taken away."""
        self._planned: deque[Fault] = deque()

    def fail_next(
        self, calls: int, kind: FaultKind, *, method: str | None = None, retry_after_seconds: int = 1
    ) -> None:
        """Let the next calls (of this method only, where one is named) fail."""
        self._planned.extend([Fault(kind, method, retry_after_seconds)] * calls)

    def next_for(self, method: str) -> Fault | None:
        """The failure this call meets; a planned one is used up."""
        for fault in self._planned:
            if fault.method in {None, method}:
                self._planned.remove(fault)
                return fault
        standing = self.standing
        return standing if standing is not None and standing.method in {None, method} else None

    def reset(self) -> None:
        """No failures."""
        self.latency_seconds = 0.0
        self.account_error = None
        self.standing = None
        self._planned.clear()
