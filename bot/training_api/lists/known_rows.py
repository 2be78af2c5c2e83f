"""The rows of watched jobs as the last list had them, so that one that is the same is not read again."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Final

from bot.domain.job.changes import KnownRow

MOST_ROWS: Final = 20_000
"""As many are remembered of one organization; the others are read each time.

That is 5 MB, or 18 where each has a long status of its own."""
_DIGEST_BYTES: Final = 16


def digest(text: str) -> bytes:
    """What a row is found by: all of it, as it was sent."""
    return blake2b(text.encode(), digest_size=_DIGEST_BYTES).digest()


class KnownRows:
    """One organization's, by their digests."""

    def __init__(self, most: int = MOST_ROWS) -> None:
        self.most = most
        self._rows: Mapping[bytes, KnownRow] = {}

    def __len__(self) -> int:
        """How many the last list had."""
        return len(self._rows)

    def find(self, mark: bytes) -> KnownRow | None:
        """The row with this `digest`, if the last list had it."""
        return self._rows.get(mark)

    def replace(self, rows: Mapping[bytes, KnownRow]) -> None:
        """A whole list had these, up to ``most``: what it did not have is forgotten."""
        self._rows = rows
