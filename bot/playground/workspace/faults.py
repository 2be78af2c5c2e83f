"""What can be wrong with Slack itself: calls that fail, hang or are answered too late."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

FaultKind = Literal[
    "rate_limited", "server_error", "html", "lost", "lost_answer", "timeout", "refused", "odd"
]
"""429; 500; 200 with a web page; connection closed before, or after, the work was done; the work was done
and the answer never comes (the connection closes after `HANG_SECONDS`); an error code of Slack's; the work
was done and the answer is in another shape."""

RESPONSE_URL = "response_url"
"""What stands in a method's place for a failure to come over a response URL."""
HANG_SECONDS = 60.0
"""By the workspace's clock. A client on the real one gives up by its own time limit."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure to come."""

    kind: FaultKind
    method: str | None = None
    """The only method it may hit; None for any."""
    channel_id: str | None = None
    """The only conversation it may hit; None for any, and for calls about none."""
    retry_after_seconds: int | str = 1
    """As it is sent, sensible or not."""
    code: str = "fatal_error"
    """What ``refused`` answers."""
    reshape: Callable[[bytes], bytes] = bytes
    """What ``odd`` makes of the answer."""

    def hits(self, method: str, channel_id: str) -> bool:
        """Whether this call can meet it."""
        return self.method in {None, method} and self.channel_id in {None, channel_id}


_NEW_BLOCKS = frozenset({"data_visualization", "table"})


class Faults:
    """The failures to come, in order, one that stays, and how slow every answer is."""

    def __init__(self) -> None:
        self.latency_seconds = 0.0
        self.account_error: str | None = None
        """Answered to every call: ``token_revoked``, ``account_inactive``, ``invalid_auth``, …"""
        self.standing: Fault | None = None
        """Met by every call that no planned failure hits, until it is taken away."""
        self.lacks = frozenset[str]()
        """Types of blocks that not every workspace takes, and this one doesn't."""
        self.knows_validation = True
        """Whether there is ``blocks.validate``."""
        self.reads_little = False
        """Whether the app may read one page of 15 messages a minute, as one sold outside the Marketplace.

        Source: https://docs.slack.dev/changelog/2025/05/29/rate-limit-changes-for-non-marketplace-apps
        """
        self.refuses_with_200 = False
        """Whether a ``response_url`` says with a 200 that it took nothing: no document names the status."""
        self._planned: deque[Fault] = deque()

    def fail_next(
        self,
        calls: int,
        kind: FaultKind,
        *,
        method: str | None = None,
        channel_id: str | None = None,
        retry_after_seconds: int | str = 1,
    ) -> None:
        """Let the next calls (of this method, about this conversation, where they are named) fail."""
        fault = Fault(kind, method, channel_id, retry_after_seconds)
        self._planned.extend([fault] * calls)

    def refuse_next(
        self, calls: int, code: str, *, method: str | None = None, channel_id: str | None = None
    ) -> None:
        """Answer the next calls with this error code of Slack's."""
        self._planned.extend([Fault("refused", method, channel_id, code=code)] * calls)

    def next_for_response_url(self) -> Fault | None:
        """The failure this answer meets, of those planned for `RESPONSE_URL` by its name."""
        fault = next((fault for fault in self._planned if fault.method == RESPONSE_URL), None)
        if fault is not None:
            self._planned.remove(fault)
        return fault

    def next_for(self, method: str, channel_id: str = "") -> Fault | None:
        """The failure this call meets; a planned one is used up."""
        for fault in self._planned:
            if fault.hits(method, channel_id):
                self._planned.remove(fault)
                return fault
        standing = self.standing
        return standing if standing is not None and standing.hits(method, channel_id) else None

    @property
    def takes_charts(self) -> bool:
        """Whether messages may have charts and tables."""
        return not self.lacks

    @takes_charts.setter
    def takes_charts(self, takes: bool) -> None:
        self.lacks = frozenset() if takes else _NEW_BLOCKS

    def reset(self) -> None:
        """No failures."""
        self.lacks = frozenset()
        self.knows_validation = True
        self.reads_little = False
        self.refuses_with_200 = False
        self.latency_seconds = 0.0
        self.account_error = None
        self.standing = None
        self._planned.clear()
