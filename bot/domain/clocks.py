"""How far two clocks may be apart that have to agree on what came first."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

CLOCK_SKEW: Final = timedelta(minutes=10)
"""How far Simplismart's clock may be behind ours: one tolerance for all that compares the two."""
