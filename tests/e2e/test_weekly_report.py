"""The admin's weekly line: from what goes wrong to the direct message, and nothing where nothing did."""

from __future__ import annotations

from bot.playground.workspace import DM, ME
from tests.e2e.messages import text_of
from tests.e2e.weeks import to_next_report
from tests.e2e.world import World, world


def _reports(made: World) -> list[str]:
    texts = map(text_of, made.workspace.messages(DM))
    return [text for text in texts if "Last week:" in text]


async def test_the_admin_is_told_of_a_week_in_which_slack_limited_calls() -> None:
    """Once, also with a second process; the next week is quiet, and so is the bot."""
    async with world(admin_user_id=ME) as made:
        await to_next_report(made)
        before = len(_reports(made))
        made.workspace.faults.fail_next(1, "rate_limited", method="chat.postMessage", retry_after_seconds=1)
        made.suite.set("run-7", status="RUNNING", progress=10, experiment_name="tickets")
        await made.ask("subscribe run-7")
        await made.let_pass(61, 2)
        async with made.another():
            await to_next_report(made)
        (report,) = _reports(made)[before:]
        assert "limited by Slack" in report
        assert "/job health" in report


async def test_nobody_is_told_of_a_quiet_week() -> None:
    """Nor is anybody where no admin is set, whatever happened."""
    async with world(admin_user_id=ME) as made:
        await to_next_report(made)
        await to_next_report(made)
        assert _reports(made) == []


async def test_the_admin_asks_how_it_is() -> None:
    """``/job health`` through Slack: for them what is well, for others a line."""
    async with world(admin_user_id=ME) as made:
        assert "jobbot is well." in text_of(await made.ask("health"))
    async with world() as made:
        assert "ADMIN_USER_ID" in text_of(await made.ask("health"))
