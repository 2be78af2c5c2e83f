"""What people read in a window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def words_of_view(view: Mapping[str, Any]) -> str:
    """All words of its texts, in their order."""
    return " ".join(_texts(view.get("blocks")))


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [each for one in value for each in _texts(one)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [each for one in value.values() if isinstance(one, dict | list) for each in _texts(one)]
