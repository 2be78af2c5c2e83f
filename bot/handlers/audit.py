"""Writing the audit trail: one call, right after what it tells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import structlog

from bot.domain.audit import Action, AuditEntry, Result
from bot.domain.errors import StoreError
from bot.domain.ports.upkeep import AuditStore
from bot.handlers.kit.command import Place
from bot.handlers.kit.context import Context

_LACKING: Final = "the audit trail lacks the line above"
_log = structlog.stdlib.get_logger(__name__)


async def record(
    context: Context, place: Place, action: Action, subject: str = "", result: Result = Result.DONE
) -> None:
    """Add a line to the trail, and one to the log, which has it also where the database doesn't answer.

    What it tells was done: so nothing is raised.

    Args:
        context: the ports.
        place: who did it, and where.
        action: what.
        subject: to what.
        result: with which result.
    """
    await add(context.audit, _entry(context, place, action, subject, result))


async def add_once(audit: AuditStore, entry: AuditEntry, since: datetime) -> None:
    """The same of what reaches several processes, and is told again: one entry of the action from then on.

    Raises:
        StoreError: the database does not answer; see `telling_log_anyway`.
    """
    if await audit.append(entry, once_since=since):
        tell_log(entry)


@contextmanager
def telling_log_anyway(entry: AuditEntry) -> Iterator[None]:
    """The log has the entry's line, whatever keeps the trail from having it; so too if it takes too long."""
    try:
        yield
    except BaseException:
        tell_log(entry)
        raise


async def add(audit: AuditStore, entry: AuditEntry) -> None:
    """The same, of what was done outside of any conversation."""
    tell_log(entry)
    try:
        await audit.append(entry)
    except StoreError as error:
        _log.error(_LACKING, detail=error.detail)


def _entry(context: Context, place: Place, action: Action, subject: str, result: Result) -> AuditEntry:
    now = context.clock.now()
    return AuditEntry(now, place.team_id, place.channel_id, place.user_id, action, subject, result)


def tell_log(entry: AuditEntry) -> None:
    """The log's line of an entry."""
    _log.info(
        "audit",
        team_id=entry.team_id,
        channel_id=entry.channel_id,
        user_id=entry.user_id,
        action=str(entry.action),
        subject=entry.subject,
        result=str(entry.result),
    )
