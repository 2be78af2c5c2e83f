"""People whose accounts are deactivated, where the operator lets Slack tell (`user_change`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import structlog

from bot.domain.messages.installation import team_of
from bot.handlers.kit.context import Context
from bot.handlers.kit.replies import nowhere
from bot.handlers.kit.work import Todo

_log = structlog.stdlib.get_logger(__name__)


def who_left(body: Mapping[str, Any]) -> str | None:
    """Whose account a ``user_change`` event says is deactivated; None for every other change."""
    user = body["event"].get("user")
    is_gone = isinstance(user, dict) and user.get("deleted") is True and isinstance(user.get("id"), str)
    return user["id"] if is_gone else None


def todo(context: Context, body: Mapping[str, Any]) -> Todo | None:
    """What such an event asks for; None where nobody left."""
    if (user_id := who_left(body)) is None:
        return None
    team_id = team_of(body, context.login.installation)
    return Todo(partial(forget, context, team_id, user_id), nowhere)


async def forget(context: Context, team_id: str, user_id: str) -> None:
    """They are mentioned no more, and subscriptions of theirs alone end.

    Raises:
        StoreError: the database did not take it. What is told to them next finds out.
    """
    followed = await context.subscriptions.forget_user(team_id, user_id, context.clock.now())
    context.deliverer.wake()
    _log.info("an account was deactivated", user_id=user_id, followed=followed)
