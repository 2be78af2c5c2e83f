"""The steps between claim and mark, each with its name: a process may be killed at any of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

LANE_CLAIMED: Final = "lane claimed"
POST_TAKEN: Final = "post taken"
POST_SETTLED: Final = "post settled"
"""It is known, or known to be unknowable, whether an earlier try reached Slack."""
BEFORE_SEND: Final = "before send"
POST_SENT: Final = "post sent"
BEFORE_STRAY_DELETED: Final = "before stray deleted"
STRAY_DELETED: Final = "stray deleted"
POST_FINISHED: Final = "post finished"
EDIT_TAKEN: Final = "edit taken"
BEFORE_EDIT: Final = "before edit"
EDIT_SENT: Final = "edit sent"
EDIT_FINISHED: Final = "edit finished"

CRASH_POINTS: Final = (
    LANE_CLAIMED,
    POST_TAKEN,
    POST_SETTLED,
    BEFORE_SEND,
    POST_SENT,
    BEFORE_STRAY_DELETED,
    STRAY_DELETED,
    POST_FINISHED,
    EDIT_TAKEN,
    BEFORE_EDIT,
    EDIT_SENT,
    EDIT_FINISHED,
)

OnCrashPoint = Callable[[str], None]


def nothing(_step: object) -> None:
    """What happens at a step, and with what was told, where nobody wants anything else."""
