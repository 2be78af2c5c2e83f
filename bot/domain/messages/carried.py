"""What a window of ours carries, from where it was opened to where it is sent. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.job.json_text import parse_json


@dataclass(frozen=True, slots=True)
class Carried:
    """Where a window of ours was opened, as its ``private_metadata`` says; only we write and read that."""

    channel_id: str = ""
    """Empty: in no conversation."""
    home_id: str = ""
    """Whose window it is: `Installation.home_id`. Empty where it says nothing."""
    response_url: str = ""
    """Where an answer goes."""


def carried_by(view: Mapping[str, Any]) -> Carried:
    """What a window carries: as an object, whatever else it has."""
    text = view.get("private_metadata")
    try:
        said = parse_json(text if isinstance(text, str) and text else "{}")
    except ValueError:
        said = None
    named = said if isinstance(said, dict) else {}
    found = (named.get(name) for name in ("channel_id", "home_id", "response_url"))
    return Carried(*(each if isinstance(each, str) else "" for each in found))
