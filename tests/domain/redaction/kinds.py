"""The table of `kinds.txt`, filled in: texts with secrets that exist only while a test runs."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ALPHABETS = {
    "a": string.ascii_letters + string.digits,
    "h": "0123456789abcdef",
    "u": string.ascii_uppercase + string.digits,
    "l": string.ascii_lowercase + string.digits,
    "b": string.ascii_letters + string.digits + "+/",
    "w": string.ascii_letters + string.digits + "_-",
    "n": string.digits,
    "p": string.ascii_letters + string.digits,
}
_BLANK = re.compile(r"\{([ahulbwnp])(\d*)\}")
_SPELLED = re.compile(r"\\(?:\\|[nrt]|x1b|x00|x08|xad|u200b|u200d|u2060|ufeff|u034f|u202e)")
_PASSWORD_LENGTH = 12
_WINDOW = 8


@dataclass(frozen=True)
class Filled:
    """One line of the table with values in its blanks."""

    line: str
    text: str
    secrets: tuple[str, ...]

    def shown_in(self, text: str) -> list[str]:
        """The secrets of which eight characters in a row can be read in ``text``."""
        return [secret for secret in self.secrets if any(part in text for part in _parts(secret))]


def _parts(secret: str) -> Iterator[str]:
    for start in range(max(1, len(secret) - _WINDOW + 1)):
        yield secret[start : start + _WINDOW]


def lines() -> list[str]:
    """The lines of the table."""
    table = (Path(__file__).parent / "kinds.txt").read_text("utf-8").splitlines()
    return [line for line in table if line.strip() and not line.startswith(("# K", "# {", "# digits", "## "))]


def filled(line: str, seed: int = 0) -> Filled:
    """``line`` with random values in its blanks, always the same for the same ``seed``."""
    chance = random.Random(f"{seed} {line}")  # noqa: S311  (nothing here is a secret)
    secrets: list[str] = []

    def value(match: re.Match[str]) -> str:
        kind, length = match[1], int(match[2] or _PASSWORD_LENGTH)
        alphabet = _ALPHABETS[kind]
        drawn = "".join(chance.choice(alphabet) for _ in range(length))
        if kind == "p":
            drawn = f"{drawn[:3]}7q{drawn[5:]}"
        secrets.append(drawn)
        return drawn

    text = _BLANK.sub(value, spelled_out(line))
    longest = max(map(len, secrets))
    return Filled(line, text, tuple(each for each in secrets if len(each) >= min(longest, _WINDOW)))


def spelled_out(line: str) -> str:
    """``line`` with its line breaks and invisible characters."""
    return _SPELLED.sub(lambda match: _character(match[0]), line)


def _character(spelled: str) -> str:
    return "\\" if spelled == "\\\\" else spelled.encode("ascii").decode("unicode_escape")
