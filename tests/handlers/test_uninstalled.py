"""The events that end an installation: acknowledged once that is done, and not before."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import SlackPassingError, StoreError
from bot.domain.messages.installation import Installation
from bot.domain.subscriptions.subscription import Ending, Spot
from bot.handlers.entry import uninstalled
from bot.tenants.connecting import NothingToConnect
from tests.contracts.installed import installed
from tests.handlers.neighbours import Neighbourhood

UNINSTALLED: dict[str, Any] = {
    "type": "event_callback",
    "team_id": "T1",
    "event": {"type": "app_uninstalled"},
    "event_time": 1772442000,
}
REVOKED = UNINSTALLED | {"event": {"type": "tokens_revoked", "tokens": {"bot": ["U-bot"]}}}


class _ByClick(NothingToConnect):
    """Workspaces connect organizations themselves, and have installed the app themselves."""

    can_connect = True


@pytest.fixture
async def made() -> Neighbourhood:
    """Somebody follows a job."""
    made = Neighbourhood()
    made.login.installation = Installation("T1", "", "U-bot")
    made.jobs.give("run-7", status="RUNNING")
    await made.ask("watch run-7")
    return made


async def _told(
    made: Neighbourhood, *, outlives: Callable[[datetime], Awaitable[bool]] | None = None
) -> tuple[int, list[str]]:
    """The ack's status, and what was said of the token."""
    made.login.reasons, made.login.came_later = [], outlives
    ack = await uninstalled.on_event(made.context, UNINSTALLED)
    return ack.status, made.login.reasons


async def test_what_ends_is_written_down_before_the_ack(made: Neighbourhood) -> None:
    """And who asks about the job is not told of the subscription that was."""
    assert await _told(made) == (HTTPStatus.OK, ["app_uninstalled"])
    ended = made.stored.all["s1"]
    assert (ended.ended, ended.ended_detail) == (Ending.CANNOT_POST, "app_uninstalled")
    assert await made.context.subscriptions.soon(Spot("T1", "C1", "org", "run-7")) is None


async def test_without_the_database_slack_has_to_repeat_it(made: Neighbourhood) -> None:
    """Nothing is lost; the token is known to be no good all the same."""
    made.stored.fails = StoreError("locked")
    assert await _told(made) == (HTTPStatus.SERVICE_UNAVAILABLE, ["app_uninstalled"])
    made.stored.fails = None
    assert made.stored.all["s1"].is_active
    assert made.installations.uninstalled == []
    assert (await _told(made))[0] == HTTPStatus.OK
    ((team_id, until),) = made.installations.uninstalled
    assert team_id == "T1"
    assert until <= made.clock.now()
    assert not made.stored.all["s1"].is_active


@pytest.mark.parametrize("by_click", [True, False])
@pytest.mark.parametrize("how", ["fails", "hangs"])
@pytest.mark.parametrize("which", ["stored", "installations", "audit"])
async def test_the_entry_is_not_lost_with_the_database(
    made: Neighbourhood, which: str, how: str, *, by_click: bool
) -> None:
    """The log has it at once; the trail has it once, when Slack repeats the event."""
    context = replace(made.context, connecting=_ByClick()) if by_click else made.context
    made.installations.is_empty = not by_click
    away: Any = getattr(made, which)
    setattr(away, how, StoreError("locked") if how == "fails" else True)
    with capture_logs() as logs:
        acks = [await uninstalled.on_event(context, UNINSTALLED, patience_seconds=0.01)]
        setattr(away, how, None)
        told = [each["subject"] for each in logs if each["event"] == "audit"]
        acks += [await uninstalled.on_event(context, each) for each in (UNINSTALLED, REVOKED, UNINSTALLED)]
    is_needed = which != "audit" or not by_click  # by a click the entry is written with what is removed
    assert [each.status for each in acks] == [503 if is_needed else 200, 200, 200, 200]
    assert told == ["app_uninstalled"]
    assert [each.subject for each in made.audit.kept if each.action == "uninstall"] == ["app_uninstalled"]
    assert made.stored.all["s1"].ended is Ending.CANNOT_POST


@pytest.mark.parametrize("how", ["fails", "hangs"])
async def test_what_another_workspace_was_told_ends_though_the_database_stumbles(
    made: Neighbourhood, how: str
) -> None:
    """The bot has no token there: once its secrets are gone, a repeated event would find nothing to end."""
    made.installations.rows = [installed("T1", at=made.clock.now() - timedelta(days=1))]
    later = UNINSTALLED | {"event_time": int(made.clock.now().timestamp())}
    setattr(made.stored, how, StoreError("locked") if how == "fails" else True)
    first = await uninstalled.on_event_of_another(made.context, later, patience_seconds=0.01)
    setattr(made.stored, how, None)
    again = await uninstalled.on_event_of_another(made.context, later)
    assert (first.status, again.status) == (503, 200)
    assert made.stored.all["s1"].ended is Ending.CANNOT_POST
    assert [each.subject for each in made.audit.kept if each.action == "uninstall"] == ["app_uninstalled"]


async def test_a_database_that_hangs_does_not_hold_the_ack(made: Neighbourhood) -> None:
    """Slack waits for 3 s."""

    async def hangs(_at: datetime) -> bool:
        await asyncio.Event().wait()
        return False

    made.login.came_later = hangs
    ack = await uninstalled.on_event(made.context, UNINSTALLED, patience_seconds=0.01)
    assert ack.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert made.stored.all["s1"].is_active


async def test_where_slack_does_not_say_whether_ours_goes_on_it_is_asked_again(made: Neighbourhood) -> None:
    """What ended before our token came is another's; nothing ends before that is known."""

    async def outlives(_at: datetime) -> bool:
        raise SlackPassingError(slack_code="timeout")

    assert await _told(made, outlives=outlives) == (HTTPStatus.SERVICE_UNAVAILABLE, [])
    assert made.stored.all["s1"].is_active

    async def goes_on(_at: datetime) -> bool:
        return True

    assert await _told(made, outlives=goes_on) == (HTTPStatus.OK, [])
    assert made.stored.all["s1"].is_active


async def test_the_two_events_of_one_uninstall_are_one_entry_of_the_trail(made: Neighbourhood) -> None:
    """Slack sends `app_uninstalled` and `tokens_revoked`, and repeats either."""
    for body in (UNINSTALLED, REVOKED, UNINSTALLED):
        assert (await uninstalled.on_event(made.context, body)).status == HTTPStatus.OK
    assert [(each.action, each.subject) for each in made.audit.kept if each.action == "uninstall"] == [
        ("uninstall", "app_uninstalled")
    ]
