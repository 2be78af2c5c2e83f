"""What every error of ours is."""

from __future__ import annotations

from typing import Final

from bot.domain.redaction import cleaned

_MAX_DETAIL_CHARACTERS: Final = 4_000


class JobBotError(Exception):
    """The root. ``detail`` is for the log only; whatever is in it, it is kept without secrets."""

    code = "error"
    """A short stable name, for logs and for choosing the words people see."""
    can_retry = False
    """Whether asking again, unchanged, may succeed."""

    def __init__(self, detail: str = "") -> None:
        self.detail = cleaned(detail, _MAX_DETAIL_CHARACTERS)
        super().__init__(self.detail)
