"""Whether two jobs failed the same way: an error message without what differs from run to run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from bot.domain.diagnosis.finding import Reading, read_message
from bot.domain.diagnosis.log.statements import Statement

_VARIABLE: Final = (
    (re.compile(r"\b[a-z][a-z0-9+]{1,9}://[^\s'\"<>)]{1,1000}"), "<url>"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "#"),
    (re.compile(r"(?<![\w.])(?:~|\.{1,2}|[a-z]:)?(?:[/\\][\w.@+=~%-]{1,200}){1,60}[/\\]?"), "<path>"),
    (re.compile(r"\b[\w.-]{1,100}(?:/[\w.@-]{1,100}){1,20}"), "<path>"),
    (re.compile(r"\b[\w-]{1,80}\.(?:json|jsonl|py|pt|bin|safetensors|csv|parquet|txt|yaml|so)\b"), "<path>"),
    (re.compile(r"\b0x[0-9a-f]{1,40}\b"), "#"),
    (re.compile(r"\b(?=[a-f]{0,39}\d)(?=\d{0,39}[a-f])[0-9a-f]{7,64}\b"), "#"),
    (re.compile(r"\b(?=[a-z_-]{0,39}\d)[\w-]{20,200}\b"), "#"),
    (
        re.compile(
            r"[-+]?\d[\d.,:]{0,40}(?:e[-+]?\d{1,4})?(?: ?(?:[kmgt]i?b|bytes?|ms|milliseconds?|seconds?)\b)?"
        ),
        "#",
    ),
)
"""What a run has of its own, in the order in which it is taken out; in lower case."""
_SAME_AGAIN: Final = re.compile(r"#(?:[\s,x*\[\]()-]{0,4}#){1,50}")
_MOST_COMPARED: Final = 160
"""Characters that are compared: the first sentence tells a failure, the rest depends on versions."""
_LONG_ENOUGH: Final = 16
"""A shorter message, such as that of a KeyError, says little without the function that raised it."""
_READ: Final = 2000
_WORD: Final = re.compile(r"(?<![<a-z])[a-z]{3}")
_FEWEST_WORDS: Final = 2
"""One word alone, such as “Error”, is common to failures that have nothing in common."""
_SYMPTOM: Final = re.compile(
    r"\b(?:error|fatal|fail(?:ed|ure)?|killed|exception|abort(?:ed)?|denied|cannot|exceeded)\b"
)


def error_fingerprint(error_message: str | None) -> str | None:
    """16 hexadecimal digits: the same for the same failure of another job, in every process.

    Paths, addresses, names with a slash, numbers, ids and hashes do not count, nor which process failed.
    None where there is nothing to go by: no message, or one that reports no failure.
    """
    if error_message is None:
        return None
    text = _telling(read_message(error_message))
    if text is None or len(_WORD.findall(text)) < _FEWEST_WORDS:
        return None
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def error_headline(error_message: str) -> str | None:
    """The line that tells the failure, as it was written; None where none does. Not redacted."""
    _, statements, finding = read_message(error_message)
    statement = finding.statement if finding else _last(statements)
    return None if statement is None else " ".join(statement.line.split()) or None


def _telling(reading: Reading) -> str | None:
    """The class and the message of what failed, without what differs from run to run."""
    _, statements, finding = reading
    if finding is not None and finding.statement.exception is None:
        return f"{finding.failure.name} {_constant(finding.statement.said[finding.position :])}"
    statement = finding.statement if finding else _last(statements)
    if statement is None:
        return None
    if statement.exception is None:
        return _constant(statement.head)
    message = _constant(statement.head.partition(":")[2])
    where = statement.raised_in or "" if len(message) < _LONG_ENOUGH else ""
    return f"{statement.exception.lower()} {message} {where}".rstrip()


def _last(statements: Sequence[Statement]) -> Statement | None:
    """The last exception that reports a cause, or the last line that speaks of a failure."""
    exceptions = [each for each in statements if each.exception is not None]
    causes = [each for each in exceptions if not each.is_aftermath]
    if causes or exceptions:
        return (causes or exceptions)[-1]
    told = (each for each in reversed(statements) if _SYMPTOM.search(each.head))
    return next(told, statements[0] if len(statements) == 1 else None)


def _constant(text: str) -> str:
    text = text[:_READ]
    for pattern, mark in _VARIABLE:
        text = pattern.sub(mark, text)
    return " ".join(_SAME_AGAIN.sub("#", text).split())[:_MOST_COMPARED].rstrip()
