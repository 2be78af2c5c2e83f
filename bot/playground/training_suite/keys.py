"""API keys as the vendor issues them: JWTs that end at a moment."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any


def key_until(expires_at: datetime | None, **claims: Any) -> str:
    """A made-up key; without a moment it does not say until when it is good."""
    ends = {} if expires_at is None else {"exp": int(expires_at.timestamp())}
    header = _part({"alg": "HS256", "typ": "JWT"})
    return f"{header}.{_part({'org': 'playground', **ends, **claims})}.bWFkZS11cC1rZXk"


def _part(content: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
