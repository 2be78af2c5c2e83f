"""The rows of watched jobs as the last list had them, so that one that is the same is not read again."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from bot.domain.job.changes import KnownRow

MOST_ROWS: Final = 20_000
"""As many are remembered of one organization, 5 MB; the others are read each time."""
_DIGEST_BYTES: Final = 16


def digest(text: str) -> bytes:
    """What a row is found by: all of it, as it was sent."""
    return blake2b(text.encode(), digest_size=_DIGEST_BYTES).digest()


class KnownRows:
    """One organization's. Nothing is taken from a list that broke off."""

    def __init__(self, most: int = MOST_ROWS) -> None:
        self._most = most
        self._rows: dict[bytes, KnownRow] = {}
        self._next: dict[bytes, KnownRow] = {}

    def __len__(self) -> int:
        """How many the last list had."""
        return len(self._rows)

    def begin(self) -> None:
        """A list comes in."""
        self._next = {}

    def find(self, mark: bytes) -> KnownRow | None:
        """The row with this `digest`, if the last list had it."""
        return self._rows.get(mark)

    def keep(self, mark: bytes, row: KnownRow | None) -> None:
        """The list that comes in has it."""
        if row is not None and len(self._next) < self._most:
            self._next[mark] = row

    def finish(self) -> None:
        """The list came in as a whole: what it did not have is forgotten."""
        self._rows, self._next = self._next, {}
