"""One value at a time: what a field says, or ``None`` when it cannot be understood. Nothing here raises."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator

_FINER_THAN_SECONDS_FROM = 1e11
"""Epoch numbers above this are milli-, micro- or nanoseconds (as seconds it would be the year 5138)."""
_LARGEST_EPOCH = 1e19
"""No nanoseconds of any time that is read are more."""
_EPOCH_TEXT = re.compile(r"\d{9,19}(?:\.\d{1,9})?", re.ASCII)
_LONGEST_TIME = 64
_FIRST_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Earlier times are zero values of some clock or language (years 1 and 1970): they say "not yet"."""
_LAST_TIME = datetime(2200, 1, 1, tzinfo=UTC)
"""Later ones are the largest values of some (the year 9999): they say "never". Whatever is added to a time
that was read, and however it is stored, it stays a time."""
_HTTP_DATE = re.compile(
    r"(?:[a-z]{3,9}, ?)?\d{1,2}[ -][a-z]{3}[ -]\d{2,4} \d{1,2}:\d{2}(?::\d{2})?"
    r"(?: (?:[a-z]{1,4}|[+-]\d{4}))?",
    re.ASCII | re.IGNORECASE,
)
"""RFC 1123 (``Tue, 01 Dec 2026 09:30:00 GMT``) and what came before it."""
_SPACED_OFFSET = re.compile(r" (?=[+-]\d{2}:?\d{2}\Z)", re.ASCII)
_LONGEST_NUMBER = 400
"""No finite double needs more characters."""
_MAX_COUNT = 1e15
"""Larger counts are no counts, and not even exact as doubles."""


class JobStatus(StrEnum):
    """The documented states; CANCELED and CANCELLED are one. Anything else is UNKNOWN."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    ENDED = "ENDED"
    """Over, by a word that nobody documented and that does not say how: see `status_of_end`."""
    UNKNOWN = "UNKNOWN"

    @property
    def is_finished(self) -> bool:
        """Whether the job has ended; a status nobody documented has not."""
        return self in _FINISHED

    @property
    def is_alive(self) -> bool:
        """Whether the job surely has not ended."""
        return self in _ALIVE


_FINISHED = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED, JobStatus.ENDED})
_ALIVE = frozenset({JobStatus.QUEUED, JobStatus.RUNNING})
_STATUS_WORDS = {
    **{status.value: status for status in _FINISHED | _ALIVE if status is not JobStatus.ENDED},
    "CANCELED": JobStatus.CANCELLED,
    "PENDING": JobStatus.QUEUED,
    "IN_PROGRESS": JobStatus.RUNNING,
    "SUCCEEDED": JobStatus.COMPLETED,
    "SUCCESS": JobStatus.COMPLETED,
    "ERROR": JobStatus.FAILED,
    "ERRORED": JobStatus.FAILED,
    "FAILURE": JobStatus.FAILED,
    "ABORTED": JobStatus.FAILED,
}
"""Older documents of the vendor, and comparable systems, use the others."""
FINISHED_WORDS = frozenset(word for word, status in _STATUS_WORDS.items() if status.is_finished)
"""In upper case: all that `read_status` takes for the end of a job."""
_BETWEEN_WORDS = re.compile(r"[\s_-]+")
_FAILED_STEMS = (
    *(
        "FAIL",
        "ERROR",
        "ABORT",
        "CRASH",
        "KILL",
        "EVICT",
        "PREEMPT",
        "TIMEOUT",
        "TIMEDOUT",
        "EXPIRED",
        "LOST",
    ),
    *(
        "DIED",
        "DEAD",
        "TERMINATED",
        "INTERRUPT",
        "OUTOF",
        "OOM",
        "EXCEEDED",
        "REJECT",
        "INVALID",
        "INCOMPLETE",
    ),
)
_STEMS = {
    **dict.fromkeys(_FAILED_STEMS, JobStatus.FAILED),
    **dict.fromkeys(("CANCEL", "STOPPED", "REVOKED", "WITHDRAWN", "DELETED"), JobStatus.CANCELLED),
    **dict.fromkeys(("SUCCE", "COMPLETE", "FINISHED", "DONE", "PASSED"), JobStatus.COMPLETED),
}
"""What a word that nobody documented may hold, once the job is over; the first that fits counts."""


def read_text(value: object) -> str | None:
    """A string as it is, a finite number as its digits, a flag as its word. Blank counts as absent."""
    if isinstance(value, str):
        if not value or value.isspace():
            return None
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) and read_number(value) is not None else None


def read_number(value: object) -> float | None:
    """A finite number, also from a numeric string."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and len(value) > _LONGEST_NUMBER:
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def read_count(value: object) -> int | None:
    """A whole number; fractions are cut off."""
    number = read_number(value)
    return None if number is None or abs(number) > _MAX_COUNT else int(number)


def read_percent(value: object) -> float | None:
    """A percentage, also as ``"45%"``, clamped to 0 to 100."""
    number = read_number(value.strip().removesuffix("%") if isinstance(value, str) else value)
    return None if number is None else min(100.0, max(0.0, number))


def read_flag(value: object) -> bool | None:
    """A flag, also as the words true and false."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def read_time(value: object) -> datetime | None:
    """ISO 8601, RFC 1123 or an epoch number, as aware UTC; a time without a zone is UTC.

    One before 2000 or after 2200 is none: every time from outside may be counted with.
    """
    moment = _any_time(value)
    return None if moment is None or not _FIRST_TIME <= moment < _LAST_TIME else moment


def _any_time(value: object) -> datetime | None:
    if not isinstance(value, str):
        return _epoch_time(value)
    text = value.strip() if len(value) <= _LONGEST_TIME else ""
    if _EPOCH_TEXT.fullmatch(text):
        return _epoch_time(text)
    try:
        parsed = _calendar_time(text)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _calendar_time(text: str) -> datetime:
    if _HTTP_DATE.fullmatch(text):
        return parsedate_to_datetime(text)
    # Letters in either case: both are ISO 8601, though Python reads only a large Z.
    return datetime.fromisoformat(_SPACED_OFFSET.sub("", text.upper().removesuffix(" UTC")))


def _epoch_time(value: object) -> datetime | None:
    seconds = read_number(value)
    if seconds is None or seconds > _LARGEST_EPOCH:
        return None
    while seconds > _FINER_THAN_SECONDS_FROM:
        seconds /= 1000
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def read_object(value: object) -> Mapping[str, Any]:
    """A JSON object; anything else counts as an empty one."""
    return value if isinstance(value, dict) else {}


def read_texts(value: object) -> tuple[str, ...]:
    """A list of strings; a single one counts as a list of one."""
    items = value if isinstance(value, list) else [value]
    return tuple(text for text in map(read_text, items) if text is not None)


def read_status(value: object) -> JobStatus:
    """A status in any case and either spelling."""
    if not isinstance(value, str):
        return JobStatus.UNKNOWN
    return _STATUS_WORDS.get(_normal(value), JobStatus.UNKNOWN)


def meant_status(word: object, completed_at: datetime | None) -> JobStatus:
    """What a status means: one that nobody documented, or none, is an end where the job has one."""
    status = read_status(word)
    if status is JobStatus.UNKNOWN and completed_at is not None:
        return status_of_end(read_text(word) or "")
    return status


def status_of_end(word: str) -> JobStatus:
    """How a job ended whose status is a word that nobody documented: FAILED where the word means that."""
    normal = _normal(word).replace("_", "")
    return next((status for stem, status in _STEMS.items() if stem in normal), JobStatus.ENDED)


def _normal(word: str) -> str:
    return _BETWEEN_WORDS.sub("_", word.strip()).upper()


Text = Annotated[str | None, BeforeValidator(read_text)]
Number = Annotated[float | None, BeforeValidator(read_number)]
Count = Annotated[int | None, BeforeValidator(read_count)]
Percent = Annotated[float | None, BeforeValidator(read_percent)]
Flag = Annotated[bool | None, BeforeValidator(read_flag)]
Time = Annotated[datetime | None, BeforeValidator(read_time)]
Texts = Annotated[tuple[str, ...], BeforeValidator(read_texts)]
