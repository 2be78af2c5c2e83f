"""Between the rows of feeds and the domain's values."""

from __future__ import annotations

from typing import Any

import structlog
from sqlalchemy import Row

from bot.domain.channels.feed import Feed, group_from_text
from bot.domain.commands.stored_query import query_from_json
from bot.domain.job.json_text import parse_json
from bot.store.rows import moment

_log = structlog.stdlib.get_logger(__name__)


def statuses_in(text: str) -> dict[str, str]:
    """Statuses by request id, where they can be read."""
    try:
        return dict(parse_json(text))
    except (ValueError, TypeError):
        _log.warning("what was not news to a feed cannot be read")
        return {}


def read_feed(row: Row[Any]) -> Feed | None:
    """The feed; None where it cannot be read, so that the others go on."""
    query = query_from_json(row.query)
    if query is None or not query.statuses:
        _log.warning("a stored feed cannot be read", team_id=row.team_id, channel_id=row.channel_id)
        return None
    return Feed(
        team_id=row.team_id,
        channel_id=row.channel_id,
        org_id=row.org_id,
        user_id=row.user_id,
        query=query,
        created_at=moment(row.created_at),
        mention=group_from_text(row.mention),
    )
