"""Words that give a class of failure away, and where they count."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_HEDGE: Final = re.compile(
    r"\b(?:avoid|prevent|in case of|if|when|might|may|could|can|would|will|should|never|no|not|without"
    r"|unless)\b[^.;:\[]{0,60}$"
)
"""What comes after one of these is not said to have happened."""
_HEDGE_REACH: Final = 90


@dataclass(frozen=True, slots=True)
class Sign:
    """Words that give a class of failure away."""

    needle: str
    """In lower case; every text with the sign has it, so that most signs are passed over at once."""
    pattern: re.Pattern[str]
    """Searched in lower case, with single spaces."""
    unless: re.Pattern[str] | None
    """With this in the same statement the words mean something else."""
    is_symptom: bool
    """It may be a consequence of other failures, so any sign of a cause counts more."""
    in_notices: bool
    """It also counts in a warning or a notice, where nothing else says what went wrong."""
    raised_in: tuple[str, ...]
    """Parts of paths in lower case: one has to be in that of the file that raised it; none for any."""

    def find(self, said: str, file: str = "") -> int | None:
        """Where the sign stands in a statement; None where it does not, or is only feared or denied."""
        if self.needle not in said or not self._may_come_from(file):
            return None
        match = self.pattern.search(said)
        if match is None or (self.unless is not None and self.unless.search(said)):
            return None
        before = said[max(0, match.start() - _HEDGE_REACH) : match.start()]
        return None if _HEDGE.search(before) else match.start()

    def _may_come_from(self, file: str) -> bool:
        return not self.raised_in or any(part in file for part in self.raised_in)


def sign(  # noqa: PLR0913  (each says when the words count)
    needle: str,
    pattern: str = "",
    *,
    unless: str = "",
    is_symptom: bool = False,
    in_notices: bool = False,
    raised_in: tuple[str, ...] = (),
) -> Sign:
    """A sign; without a pattern the needle itself. All in lower case, and patterns without unbounded runs."""
    return Sign(
        needle=needle,
        pattern=re.compile(pattern or re.escape(needle)),
        unless=re.compile(unless) if unless else None,
        is_symptom=is_symptom,
        in_notices=in_notices,
        raised_in=raised_in,
    )


def symptom(needle: str, pattern: str = "", *, unless: str = "", in_notices: bool = False) -> Sign:
    """A sign that may be a consequence of other failures."""
    return sign(needle, pattern, unless=unless, is_symptom=True, in_notices=in_notices)
