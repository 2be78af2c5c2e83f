"""The outcomes of Slack's deliveries at the gate: for the log and for ``/readyz``."""

from __future__ import annotations

import math

from bot.domain.ports import Clock
from bot.web.limited_log import LimitedLog
from bot.web.signature import Refusal

RECENT_SECONDS = 600.0
"""A refusal older than this says nothing of how things are."""
TRUSTED_SECONDS = 3600.0
"""For so long after a delivery that was taken, a wrong signature is no fault of the secret that is set."""

_MINUTE = 60
_ADVICE = {
    "signature": "the signature is wrong. Is SLACK_SIGNING_SECRET the signing secret of this app?",
    "unsigned": "it has no signature of Slack's. Somebody else sends requests here.",
}


class Refusals:
    """Counts refused deliveries, tells the log at most once a minute, and keeps what is wrong."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._log = LimitedLog(__name__, clock)
        self._last: Refusal | None = None
        self._refused_at = -math.inf
        self._accepted_at = -math.inf

    def accepted(self) -> None:
        """A delivery passed."""
        self._accepted_at = self._clock.monotonic()

    def refused(self, refusal: Refusal) -> None:
        """A delivery did not pass."""
        if refusal.cause != "unsigned":  # what anybody can send without knowing Slack's form is no sign
            self._last, self._refused_at = refusal, self._clock.monotonic()
        self._log.warning("delivery refused", kind=refusal.cause, cause=advice(refusal))

    def problem(self) -> str | None:
        """Why Slack's deliveries are refused just now, fit for strangers' eyes; None where they are taken.

        A wrong signature counts only where nothing was taken for an hour: strangers can send those too.
        """
        if self._last is None or self._clock.monotonic() - self._refused_at > RECENT_SECONDS:
            return None
        since_accepted = self._refused_at - self._accepted_at
        if since_accepted <= (0 if self._last.cause == "clock" else TRUSTED_SECONDS):
            return None
        return f"Slack's requests are refused: {advice(self._last)}"


def advice(refusal: Refusal) -> str:
    """The cause of a refusal, and what to look at."""
    if refusal.cause != "clock":
        return _ADVICE[refusal.cause]
    return f"this machine's clock is {clock_offset(refusal.ahead_seconds)} Slack's. Set it, or let NTP do it."


def clock_offset(ahead_seconds: float) -> str:
    """Such as "15 min behind" or "20 s ahead of"."""
    off = abs(ahead_seconds)
    size = f"{off / _MINUTE:.0f} min" if off >= _MINUTE else f"{off:.0f} s"
    return f"{size} {'ahead of' if ahead_seconds > 0 else 'behind'}"
