"""What can be wrong with Simplismart, as switches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

_MOST_LATENCY_SECONDS = 60.0
_MOST_NUMBER = 3600.0


@dataclass(slots=True)
class Switches:
    """Each one a way to fail; several may be on, the first that applies in the order below answers."""

    latency_seconds: float = 0.0
    """Every answer comes this much later."""
    down: bool = False
    """The connection is closed without an answer."""
    rate_limited: bool = False
    """429 with ``Retry-After``."""
    html: bool = False
    """A web page where JSON belongs, with the status `html_status`."""
    server_error: bool = False
    """500."""
    key_expired: bool = False
    """401, whatever the key."""
    list_refused: bool = False
    """``GET /job/list/`` alone answers with the status `list_status`."""
    list_down: bool = False
    """``GET /job/list/`` alone closes the connection without an answer."""
    list_html: bool = False
    """``GET /job/list/`` alone answers with a web page and the status `html_status`."""
    list_null: bool = False
    """The list is null instead of empty, or of what there is."""
    list_bare: bool = False
    """The list stands without an object around it."""
    list_old: bool = False
    """The list is called ``training_jobs``, as in an older specification."""
    old_words: bool = False
    """Statuses are in lower case, and ``pending`` is what is queued."""
    soft_errors: bool = False
    """Errors come with the status 200."""
    html_status: int = 200
    list_status: int = 404
    retry_after_seconds: int = 2

    def update(self, partial: Mapping[str, Any]) -> None:
        """Set the switches named; the others stay.

        Raises:
            ValueError: a name or a value that no switch takes; nothing is changed then.
        """
        accepted = {name: _accepted(name, value) for name, value in partial.items()}
        for name, value in accepted.items():
            setattr(self, name, value)

    def as_dict(self) -> dict[str, Any]:
        """All of them by name."""
        return asdict(self)


def _accepted(name: str, value: object) -> object:
    defaults = {field.name: field.default for field in fields(Switches)}
    if name not in defaults:
        msg = f"there is no switch {name!r}"
        raise ValueError(msg)
    if isinstance(defaults[name], bool):
        return _yes_or_no(name, value)
    most = _MOST_LATENCY_SECONDS if name == "latency_seconds" else _MOST_NUMBER
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        msg = f"{name} is a number from 0 to {most:g}"
        raise ValueError(msg)
    return int(value) if isinstance(defaults[name], int) else float(value)


def _yes_or_no(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        msg = f"{name} is true or false"
        raise ValueError(msg)  # noqa: TRY004  (one kind of error for every bad switch)
    return value
