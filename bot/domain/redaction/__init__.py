"""Taking secrets out of text that comes from outside, before it is shown or logged.

Every pattern is linear: an unbounded run is possessive and nothing that must follow it can fail, so
hostile text costs no more than long text. Secrets spread over several lines are found only as PEM blocks.
"""

from bot.domain.redaction.mark import MARK
from bot.domain.redaction.text import MAX_DEPTH, redact, redact_value

__all__ = ["MARK", "MAX_DEPTH", "redact", "redact_value"]
