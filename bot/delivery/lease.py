"""How long a claimed lane is ours."""

from __future__ import annotations

from typing import Final

from bot.domain.errors import SlackPassingError
from bot.domain.ports import Clock

SHARE: Final = 0.75
"""Of the lease, after which nothing is sent anymore: whoever claims the lane next must not find us at it."""


class Lease:
    """One lane's, from now on, by the clock that never jumps: a process may sleep through it."""

    def __init__(self, clock: Clock, lease_seconds: float) -> None:
        self._clock = clock
        self._ends_at = clock.monotonic() + lease_seconds * SHARE

    def check(self) -> None:
        """Look whether it still holds, right before something is sent.

        Raises:
            SlackPassingError: somebody else may be at the lane by now; nothing was sent.
        """
        if self._clock.monotonic() >= self._ends_at:
            detail = "the lease ended before anything was sent"
            raise SlackPassingError(detail, slack_code="lease_ended", may_have_happened=False)
