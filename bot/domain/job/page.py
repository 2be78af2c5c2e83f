"""Where a job's page is in the vendor's console: nobody documents it, so the operator says."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

REQUEST_ID: Final = "{request_id}"
"""Where a job's ID stands in the address of its page."""
_MOST_CHARACTERS: Final = 2000


def page_address(template: str, request_id: str) -> str:
    """The address of a job's page; empty where there is none, or it would be too long for a link.

    Args:
        template: an address with `REQUEST_ID` in it; empty where nobody said where the pages are.
        request_id: the job's ID.
    """
    if not (template and request_id):
        return ""
    address = template.replace(REQUEST_ID, quote(request_id, safe=""))
    return address if len(address) <= _MOST_CHARACTERS else ""
