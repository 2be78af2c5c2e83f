"""Subscribing to a group: a new thread with its card, or one more person in one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from bot.domain.groups.group import RANKED_BY, Group
from bot.domain.job import TrainingJob
from bot.domain.subscriptions.subscription import Subscribed, SubscribeRequest
from bot.store.database.connection import Connected
from bot.store.database.transaction import writes
from bot.store.rows import UnreadableRowError, first_generation, read_group, read_subscription
from bot.store.subscriptions.alerts import wait_for
from bot.store.subscriptions.subscribe import SubscribingQueries, active_row, asked_for, new_thread
from bot.store.tables import organisations, subscription_groups


def group_document(subject: str) -> TrainingJob:
    """What stands in place of a job's document: cards and messages are joined with it, and get a name."""
    return TrainingJob.model_validate({"experiment_name": subject})


class GroupSubscribingQueries(SubscribingQueries):
    """See `bot.domain.ports.Subscriptions.subscribe_to_group`.

    A group is held by its document's row, see `bot.store.subscriptions.threads`.
    """

    @writes
    async def subscribe_to_group(
        self, connection: Connected, wish: SubscribeRequest, group: Group | None, now: datetime
    ) -> Subscribed | None:
        """See the port."""
        organisation = self.database.insert(organisations).values(org_id=wish.org_id)
        await connection.execute(organisation.on_conflict_do_nothing())
        key = wish.org_id, wish.request_id
        # Written, not only read: whoever subscribes or ends it at this moment comes before or after.
        await self._documents.keep(connection, {key: (group_document(wish.request_id), now)})
        row = await active_row(connection, wish.spot)
        is_new = row is None
        if row is None:
            if group is None:
                return None
            row = await self._open_group(connection, wish, group, now)
        else:
            row = await self._adapt(connection, row, wish)
            await self._adapt_group(connection, row.id, group, now, is_due=bool(wish.condition))
        was_subscriber = not await self._join(connection, row.id, wish)
        is_full = bool(wish.condition) and not await wait_for(
            connection, row.id, wish.user_id, wish.condition, now
        )
        if not is_new:
            await self._threads.wish_edits(connection, [row], now)
        return Subscribed(
            await read_subscription(connection, row),
            is_new=is_new,
            was_subscriber=was_subscriber,
            condition=wish.condition,
            is_full=is_full,
        )

    async def _open_group(
        self, connection: Connected, wish: SubscribeRequest, group: Group, now: datetime
    ) -> Row[Any]:
        card = await new_thread(connection, asked_for(wish), wish.request_id, now)
        begun = insert(subscription_groups).values(
            subscription_id=card.subscription.id,
            org_id=wish.org_id,
            subject=wish.request_id,
            state=group.to_json(),
            due_at=now.timestamp(),
            generation=first_generation(),
        )
        await connection.execute(begun)
        await self._threads.enqueue(connection, [card], now)
        return card.subscription

    async def _adapt_group(
        self,
        connection: Connected,
        subscription_id: str,
        group: Group | None,
        now: datetime,
        *,
        is_due: bool,
    ) -> None:
        """Take over what was asked for. Whoever looks at the group now has a stale lease, and looks again.

        Where it ``is_due`` they do so in any case: an alert may have been reached already.
        """
        if group is None or (group.by == RANKED_BY and group.ends_at is None and not is_due):
            return
        mine = subscription_groups.c.subscription_id == subscription_id
        state = await connection.scalar(select(subscription_groups.c.state).where(mine).with_for_update())
        try:
            known = read_group(state or "")
        except UnreadableRowError:
            known = group
        changed = replace(known, ends_at=group.ends_at or known.ends_at)
        if group.by not in {RANKED_BY, known.by}:
            changed = changed.ranked_by(group.by)
        changes = {
            "state": changed.to_json(),
            "due_at": now.timestamp(),
            "generation": subscription_groups.c.generation + 1,
        }
        await connection.execute(update(subscription_groups).where(mine).values(changes))
