"""The moments at which a process that answers may be killed, by name: tests do so at each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

RECEIVED: Final = "incoming.received"
CLAIMED: Final = "incoming.claimed"
BEGUN: Final = "incoming.begun"
CARD_MADE: Final = "incoming.card_made"
"""What was asked for is done, and its answer not yet sent."""
CARD_SENT: Final = "incoming.card_sent"
DONE: Final = "incoming.done"
FINISHED: Final = "incoming.finished"
TAKEN_UP: Final = "incoming.taken_up"
HOME_TAKEN: Final = "home.taken"
HOME_DRAWN: Final = "home.drawn"
"""Slack has the tab, and nobody wrote that down."""

CRASH_POINTS: Final = (
    RECEIVED, CLAIMED, BEGUN, CARD_MADE, CARD_SENT, DONE, FINISHED, TAKEN_UP, HOME_TAKEN, HOME_DRAWN
)  # fmt: skip
"""In their order. What changes something is acknowledged after "claimed", a question before "received"."""

OnCrashPoint = Callable[[str], None]


def nothing(_step: str) -> None:
    """What happens at a step where nobody wants anything else."""
