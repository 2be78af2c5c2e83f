"""Between rows and the domain's values."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, Table, Update, select, update

from bot.domain.audit import MAX_SUBJECT, AuditEntry
from bot.domain.curves.run_doctor import Finding
from bot.domain.errors import StoreError
from bot.domain.groups.group import Group
from bot.domain.job import TrainingJob
from bot.domain.job.stored import from_json
from bot.domain.messages.settling import Settling
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.notifications.registry import notification_from_json
from bot.domain.subscriptions.subscription import Ending, Mode, Subscription
from bot.domain.subscriptions.watch_state import WatchedState
from bot.store.database.connection import Connected
from bot.store.tables import subscribers

_AT_ONCE: Final = 10_000
"""Parameter limit all databases accept."""
_GENERATION_BITS: Final = 60
"""Room enough to count on, within 64 bits with a sign."""
_FIRST_SECONDS: Final = 0.0
_LAST_SECONDS: Final = datetime(2200, 1, 1, tzinfo=UTC).timestamp()
"""As `bot.domain.job.reading.read_time` reads them; earlier versions stored the end of the year 9999 too."""
_UNREADABLE: Final = "a stored {} cannot be read"
_SETTLING: Final = TypeAdapter(Settling)
_FINDING: Final = TypeAdapter(Finding)


class UnreadableRowError(StoreError):
    """What one row holds cannot be read: nobody but who asked for that row may pay for it."""

    can_retry = False


def moment(seconds: float) -> datetime:
    """A stored time as an aware one; the nearest that can be counted with, so that no row fails others."""
    return datetime.fromtimestamp(min(max(seconds, _FIRST_SECONDS), _LAST_SECONDS), UTC)


def moment_if(seconds: float | None) -> datetime | None:
    """A stored time, where there is one."""
    return None if seconds is None else moment(seconds)


def seconds_if(time: datetime | None) -> float | None:
    """A time as it is stored, where there is one."""
    return None if time is None else time.timestamp()


def first_generation() -> int:
    """Where a new row counts its leases from: a lease on an earlier row of that name stays stale."""
    return secrets.randbits(_GENERATION_BITS)


def storable(text: str) -> str:
    """Other people's words without what PostgreSQL refuses to store."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def mode_of(text: str) -> Mode:
    """The mode that was stored; one that only a newer version knows tells everything."""
    try:
        return Mode(text)
    except ValueError:
        return Mode.MILESTONES


def ending_of(text: str) -> Ending:
    """Why a subscription ended; what only a newer version knows is an end all the same."""
    try:
        return Ending(text)
    except ValueError:
        return Ending.UNSUBSCRIBED


def read_state(text: str) -> WatchedState:
    """The state that was stored.

    Raises:
        UnreadableRowError: a newer version of the bot wrote something else.
    """
    try:
        return WatchedState.from_json(text)
    except ValueError as error:
        raise UnreadableRowError(_UNREADABLE.format("state")) from error


def read_document(text: str) -> TrainingJob:
    """The document that was stored.

    Raises:
        UnreadableRowError: a newer version of the bot wrote something else.
    """
    try:
        return from_json(text)
    except ValueError as error:
        raise UnreadableRowError(_UNREADABLE.format("document")) from error


def read_group(text: str) -> Group:
    """The group that was stored.

    Raises:
        UnreadableRowError: a newer version of the bot wrote something else.
    """
    try:
        return Group.from_json(text)
    except ValueError as error:
        raise UnreadableRowError(_UNREADABLE.format("group")) from error


def read_notification(text: str) -> Notification:
    """The notification that was stored.

    Raises:
        UnreadableRowError: a newer version of the bot wrote something else.
    """
    try:
        return notification_from_json(text)
    except ValueError as error:
        raise UnreadableRowError(_UNREADABLE.format("notification")) from error


def read_settling(text: str | None) -> Settling | None:
    """The search that was stored; one that cannot be read begins anew."""
    try:
        return None if text is None else _SETTLING.validate_json(text)
    except ValueError:
        return None


def written_settling(settling: Settling | None) -> str | None:
    """A search as it is stored."""
    return None if settling is None else _SETTLING.dump_json(settling).decode()


def read_finding(text: str | None, hidden: Collection[str] = ()) -> Finding | None:
    """The finding that was stored; none where it is hidden, or a newer version of the bot wrote it."""
    try:
        finding = None if text is None else _FINDING.validate_json(text)
    except ValueError:
        return None
    return None if finding is None or finding.name in hidden else finding


def written_finding(finding: Finding | None) -> str | None:
    """A finding as it is stored."""
    return None if finding is None else _FINDING.dump_json(finding).decode()


async def read_subscriptions(connection: Connected, rows: Sequence[Row[Any]]) -> Sequence[Subscription]:
    """Rows with (at least) every column of a subscription, with their subscribers."""
    users = await _users(connection, [row.id for row in rows])
    return [_subscription(row, users.get(row.id, {})) for row in rows]


async def read_subscription(connection: Connected, row: Row[Any]) -> Subscription:
    """One row, as `read_subscriptions`."""
    return (await read_subscriptions(connection, [row]))[0]


async def _users(connection: Connected, ids: Sequence[str]) -> Mapping[str, dict[str, bool]]:
    """Of each subscription whether its subscribers only wait for something, in their order."""
    users: dict[str, dict[str, bool]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        wanted = (
            select(subscribers.c.subscription_id, subscribers.c.user_id, subscribers.c.only_waits)
            .where(subscribers.c.subscription_id.in_(ids[start : start + _AT_ONCE]))
            .order_by(subscribers.c.subscription_id, subscribers.c.place)
        )
        for row in await connection.execute(wanted):
            users.setdefault(row.subscription_id, {})[row.user_id] = row.only_waits
    return users


def _subscription(row: Row[Any], users: Mapping[str, bool]) -> Subscription:
    return Subscription(
        id=row.id,
        team_id=row.team_id,
        channel_id=row.channel_id,
        org_id=row.org_id,
        request_id=row.request_id,
        created_at=moment(row.created_at),
        mode=mode_of(row.mode),
        is_quiet=row.is_quiet,
        subscribers=tuple(users),
        only_waiting=frozenset(user_id for user_id, only_waits in users.items() if only_waits),
        thread_ts=row.thread_ts,
        card_ts=row.card_ts,
        ended=None if row.ended is None else ending_of(row.ended),
        ended_detail=row.ended_detail,
        is_fed=row.is_fed,
        is_feed_post=row.feed_post_mark is not None,
    )


def written_entry(entry: AuditEntry) -> Mapping[str, Any]:
    """An entry of the audit trail as it is stored."""
    return {
        "at": entry.at.timestamp(),
        "team_id": storable(entry.team_id),
        "channel_id": storable(entry.channel_id),
        "user_id": storable(entry.user_id),
        "action": storable(entry.action),
        "subject": storable(entry.subject[:MAX_SUBJECT]),
        "result": storable(entry.result),
    }


def brought_back(
    table: Table, column: ColumnElement[Any], seconds: Any, *which: ColumnElement[bool]
) -> Update:
    """Let nothing in this column be later than this moment: a clock that wrote it has jumped."""
    return update(table).where(column > seconds, *which).values({column: seconds})
