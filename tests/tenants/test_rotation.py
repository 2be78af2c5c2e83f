"""Tokens that expire: refreshed in time, by one process, whoever dies meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.domain.ports import SealedTokens
from bot.logs import attributed
from bot.store.store import open_store
from bot.tenants.rotation import (
    CRASH_POINTS,
    KEEP_TRYING_SECONDS,
    LATER_SECONDS,
    LEASE_SECONDS,
    LOOK_SECONDS,
    REFRESH_ANSWERED,
    SOON_SECONDS,
    WRITE_PAUSE_SECONDS,
)
from tests.databases import KINDS
from tests.playground.slack_side import until_asleep
from tests.tenants.refreshed import HOME, HOURS, Refreshing, refreshing


class Killed(BaseException):
    """As a process that is killed: nothing catches it."""


def _dies_at(point: str) -> Callable[[str], None]:
    def crash(reached: str) -> None:
        if reached == point:
            raise Killed

    return crash


async def test_a_token_is_refreshed_in_the_middle_of_its_time(tmp_path: Path) -> None:
    """Not before; then every six hours, for ever."""
    async with refreshing(tmp_path) as made:
        await made.install()
        process = made.process()
        assert await process.round() == LOOK_SECONDS
        assert made.asked == 0
        for rounds in range(1, 6):
            made.clock.advance(6 * HOURS)
            await process.round()
            assert made.asked == rounds
            assert await made.works()
        assert await process.round() == LOOK_SECONDS
        assert made.asked == 5


@pytest.mark.parametrize("kind", KINDS)
async def test_many_processes_ask_once_for_each_workspace(tmp_path: Path, kind: str) -> None:
    """Each of them is refreshed, by whichever process."""
    async with refreshing(tmp_path, kind) as made:
        homes = [f"T0HOME{place:04d}" for place in range(20)]
        for home in homes:
            await made.install(home)
        made.clock.advance(6 * HOURS)
        stores = [open_store(made.address) for _ in range(4)]
        await asyncio.gather(*(made.process(store=store).round() for store in stores))
        assert made.asked == len(homes)
        assert all([await made.works(home) for home in homes])
        for store in stores:
            await store.database.close()


@pytest.mark.parametrize("point", CRASH_POINTS)
async def test_whoever_is_killed_loses_no_workspace(tmp_path: Path, point: str) -> None:
    """Another process takes over when the lease ends, while Slack still takes the same refresh token."""
    async with refreshing(tmp_path) as made:
        await made.install()
        made.clock.advance(6 * HOURS)
        with pytest.raises(Killed):
            await made.process(_dies_at(point)).round()
        assert await made.works()
        made.clock.advance(LEASE_SECONDS)
        await made.process().round()
        assert await made.works()
        made.clock.advance(8 * HOURS)
        await made.process().round()
        assert await made.works()


async def test_a_process_that_is_gone_too_long_leaves_half_the_time_to_install_again(tmp_path: Path) -> None:
    """The log says which workspace; its token still works, and installing again sets all right."""
    async with refreshing(tmp_path) as made:
        await made.install()
        made.clock.advance(6 * HOURS)
        with pytest.raises(Killed):
            await made.process(_dies_at(REFRESH_ANSWERED)).round()
        made.clock.advance(made.workspace.grants.grace_seconds)
        with capture_logs(processors=[attributed]) as logs:
            assert await made.process().round() == LOOK_SECONDS
        (told,) = [line for line in logs if line["log_level"] == "error"]
        assert "install the app again" in told["event"]
        assert told["team_id"] == HOME
        assert (await made.stored()).problem == "invalid_refresh_token"
        asked = made.asked
        made.clock.advance(5 * HOURS)
        another = made.process()
        await another.round()
        assert another.problems == 1
        assert made.asked == asked
        assert await made.works()
        await made.install()
        assert (await made.stored()).problem == ""
        made.clock.advance(6 * HOURS)
        await made.process().round()
        assert await made.works()


async def test_an_answer_that_is_lost_is_asked_for_again_soon(tmp_path: Path) -> None:
    """Slack has used up the refresh token, and takes it again for a short while."""
    async with refreshing(tmp_path) as made:
        await made.install()
        made.clock.advance(6 * HOURS)
        made.workspace.faults.fail_next(1, "lost_answer", method="oauth.v2.access")
        assert await made.process().round() == SOON_SECONDS
        made.clock.advance(SOON_SECONDS)
        await made.process().round()
        assert await made.works()
        assert (await made.stored()).problem == ""


async def _pauses(made: Refreshing, rounds: int) -> list[float]:
    """How long each failed try is rested."""
    pauses = []
    for _ in range(rounds):
        before = made.clock.now()
        await made.process().round()
        again_at = await made.store.installations.next_refresh_at()
        assert again_at is not None
        pauses.append((again_at - before).total_seconds())
        made.clock.advance(pauses[-1])
    return pauses


async def test_slack_may_be_down_for_hours(tmp_path: Path) -> None:
    """It is asked less and less often, and the token is refreshed when it answers."""
    async with refreshing(tmp_path) as made:
        await made.install()
        made.clock.advance(6 * HOURS)
        made.workspace.faults.fail_next(60, "server_error", method="oauth.v2.access")
        pauses = await _pauses(made, 40)
        assert pauses[0] == SOON_SECONDS
        assert pauses == sorted(pauses)
        assert pauses[-1] == LATER_SECONDS
        assert sum(pauses) > HOURS
        made.workspace.faults.reset()
        await made.process().round()
        assert await made.works()


@pytest.mark.parametrize("code", ["bad_client_secret", "nobody_has_heard_of_it", "account_inactive"])
async def test_a_refusal_that_can_be_put_right_is_tried_again(tmp_path: Path, code: str) -> None:
    """After a while; the tokens stay as they are."""
    async with refreshing(tmp_path) as made:
        await made.install()
        made.clock.advance(6 * HOURS)
        before = (await made.stored()).tokens
        made.workspace.faults.refuse_next(1, code, method="oauth.v2.access")
        assert await _pauses(made, 1) == [LATER_SECONDS]
        after = await made.stored()
        assert (after.problem, after.tokens.bot_token) == (code, before.bot_token)
        await made.process().round()
        assert await made.works()


async def test_slack_may_ask_to_wait(tmp_path: Path) -> None:
    """As long as it says."""
    async with refreshing(tmp_path) as made:
        await made.install()
        made.clock.advance(6 * HOURS)
        made.workspace.faults.fail_next(1, "rate_limited", method="oauth.v2.access", retry_after_seconds=90)
        assert await _pauses(made, 1) == [90]


async def test_a_new_token_is_held_while_the_database_is_away(tmp_path: Path) -> None:
    """It is kept once the database is back: nobody could get it a second time."""
    async with refreshing(tmp_path) as made:
        await made.install()
        made.clock.advance(6 * HOURS)
        file, away = Path(made.address.removeprefix("sqlite:///")), tmp_path / "away"

        def leave(reached: str) -> None:
            if reached == REFRESH_ANSWERED:
                file.rename(away)

        going = asyncio.create_task(made.process(leave).round())
        await until_asleep(made.clock, WRITE_PAUSE_SECONDS)
        away.rename(file)
        made.clock.advance(WRITE_PAUSE_SECONDS)
        await going
        assert made.asked == 1
        assert await made.works()
        assert KEEP_TRYING_SECONDS > LEASE_SECONDS


async def test_what_no_key_opens_is_said_and_left(tmp_path: Path) -> None:
    """Others are refreshed all the same."""
    async with refreshing(tmp_path) as made:
        await made.install()
        await made.install("T0OTHER01")
        odd = await made.stored()
        spoiled = SealedTokens(
            odd.tokens.bot_token, "no secret", odd.tokens.expires_at, odd.tokens.refresh_at
        )
        await made.store.installations.install(replace(odd, tokens=spoiled), is_first_only=False)
        made.clock.advance(6 * HOURS)
        with capture_logs(processors=[attributed]) as logs:
            await made.process().round()
        assert [line["team_id"] for line in logs if line["log_level"] == "error"] == [HOME]
        assert (await made.stored()).problem == "unreadable_secret"
        assert await made.works("T0OTHER01")
        assert made.asked == 1


async def test_no_token_is_in_the_log(tmp_path: Path) -> None:
    """Neither an old one nor a new one, whatever happens."""
    async with refreshing(tmp_path) as made:
        await made.install()
        with capture_logs(processors=[attributed]) as logs:
            for fault in ("server_error", "html", "lost", "lost_answer"):
                made.clock.advance(6 * HOURS)
                made.workspace.faults.fail_next(1, fault, method="oauth.v2.access")  # type: ignore[arg-type]
                await made.process().round()
                made.clock.advance(SOON_SECONDS)
                await made.process().round()
        assert logs
        assert "xox" not in str(logs)
