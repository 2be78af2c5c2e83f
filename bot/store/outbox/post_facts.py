"""What a message is drawn from besides itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from bot.domain.channels.feed import group_from_text
from bot.domain.curves.run_doctor import Finding
from bot.domain.groups.group import Group, is_subject
from bot.store.database.connection import Connected
from bot.store.rows import read_finding, read_group
from bot.store.subscriptions.heard import followers_of_groups
from bot.store.tables import feeds, job_documents, silenced_findings, subscription_groups


async def document_row(connection: Connected, subscription: Any) -> Row[Any] | None:
    """The job's document as it was seen last."""
    wanted = select(job_documents).where(
        job_documents.c.org_id == subscription.org_id,
        job_documents.c.request_id == subscription.request_id,
    )
    return (await connection.execute(wanted)).first()


async def hidden_findings(connection: Connected, subscription: Any) -> frozenset[str]:
    """The findings of which somebody said that they are of no use for this job."""
    wanted = select(silenced_findings.c.finding).where(
        silenced_findings.c.org_id == subscription.org_id,
        silenced_findings.c.request_id == subscription.request_id,
    )
    return frozenset(await connection.scalars(wanted))


async def finding_of(connection: Connected, subscription: Any, stored: str | None) -> Finding | None:
    """What the run doctor found, as a card shows it."""
    return None if stored is None else read_finding(stored, await hidden_findings(connection, subscription))


async def feed_mentions(
    connection: Connected, subscription: Any, now: datetime, *, is_card: bool
) -> dict[str, Any]:
    """Who is mentioned in a thread that the feed opened, as fields of a message.

    The user group that the channel's feed names, and of its post, which ``is_card``, who is subscribed to a
    group with that job.
    """
    if not subscription.posted_by_feed:
        return {}
    wanted = select(feeds.c.mention).where(
        feeds.c.team_id == subscription.team_id,
        feeds.c.channel_id == subscription.channel_id,
        feeds.c.org_id == subscription.org_id,
    )
    group = group_from_text(await connection.scalar(wanted))
    in_groups = await followers_of_groups(connection, subscription, now) if is_card else ()
    return {"mention": "" if group is None else group.id, "in_groups": in_groups}


async def group_of(connection: Connected, subscription: Any) -> Group | None:
    """How the group is that a card shows; None for a job's.

    Raises:
        UnreadableRowError: it cannot be read.
    """
    if not is_subject(subscription.request_id):
        return None
    mine = subscription_groups.c.subscription_id == subscription.id
    state = await connection.scalar(select(subscription_groups.c.state).where(mine))
    return None if state is None else read_group(state)
