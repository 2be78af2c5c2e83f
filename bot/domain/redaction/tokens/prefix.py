"""A kind of token that its beginning gives away: a line of the table in `prefixes`."""

from __future__ import annotations

from typing import Final, NamedTuple

LETTERS: Final = "[A-Za-z0-9]"
WORDS: Final = r"[\w-]"
HEX: Final = "[0-9a-fA-F]"
BASE64: Final = "[A-Za-z0-9+/=_-]"
DOTTED: Final = r"[\w.=-]"
UPPER: Final = "[A-Z0-9]"


class Prefix(NamedTuple):
    """A kind of token."""

    prefix: str
    alphabet: str
    """A character of what comes after the prefix, as a regular expression."""
    least: int
    """From so many characters on it is taken for a token: logs cut them."""
    whole: int
    """How many there are; 0 where that differs."""
    is_sure: bool
    """Whether words behind it (``sk-learn``) are a token too, as nobody writes the prefix otherwise."""
    source: str


def maybe(prefix: str, alphabet: str, least: int, whole: int, source: str) -> Prefix:
    """A prefix that words may have too."""
    return Prefix(prefix, alphabet, least, whole, False, source)  # noqa: FBT003  (a table's row)


def surely(prefix: str, alphabet: str, least: int, whole: int, source: str) -> Prefix:
    """A prefix that only such tokens have."""
    return Prefix(prefix, alphabet, least, whole, True, source)  # noqa: FBT003  (a table's row)
