"""Taking secrets out of text that comes from outside, before it is kept, shown or logged.

Every pattern is linear: an unbounded run is possessive and nothing that must come after it can fail, so
hostile text costs no more than long text.
"""

from bot.domain.redaction.cleaning import clean
from bot.domain.redaction.mark import MARK
from bot.domain.redaction.text import cleaned, redact
from bot.domain.redaction.walking import MAX_DEPTH, is_secret_key, redact_value

__all__ = ["MARK", "MAX_DEPTH", "clean", "cleaned", "is_secret_key", "redact", "redact_value"]
