"""The app is uninstalled, or its token revoked: everything that it told ends once, and it says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.subscriptions.subscription import Ending, Spot
from bot.playground.training_suite import Ending as Lives
from bot.playground.workspace import DM, ME, ML_OPS, TRAINING
from bot.playground.workspace.dispatch.payloads import installation_callback
from tests.e2e.strangers import OURS, THEIRS
from tests.e2e.world import JOB, World, world


async def _with_everything(made: World) -> str:
    """A subscription (its id), a feed and a digest."""
    await made.slash(f"watch {JOB}")
    await made.told("Subscribed to")
    await made.slash("feed on", ML_OPS)
    await made.told("feed", channel_id=ML_OPS)
    await made.slash("digest daily", ML_OPS)
    await made.told("09:00", channel_id=ML_OPS)
    async with made.stored() as store:
        found = await store.subscriptions.active(Spot(OURS, TRAINING, made.suite.org_id, JOB))
    assert found is not None
    return found.id


async def _what_is_left(made: World, subscription_id: str) -> tuple[Any, ...]:
    """How the subscription ended, and whether there are a feed and a digest."""
    org_id = made.suite.org_id
    async with made.stored() as store:
        found = await store.subscriptions.subscription(subscription_id)
        feeds, digest = await store.feeds.feeds(org_id), await store.digests.digest(OURS, ML_OPS, org_id)
    assert found is not None
    return found.ended, found.ended_detail, len(feeds), digest is not None


async def _problem(made: World) -> str | None:
    return (await made.bot.readiness()).problems["slack"]


def _event(made: World, event: dict[str, Any], team_id: str = OURS, *, days_ago: int = 0) -> dict[str, Any]:
    at = made.clock.now() - timedelta(days=days_ago)
    identity, event_id = made.workspace.identity, made.workspace.board.next_id("Ev")
    return {**installation_callback(identity, event, event_id, at), "team_id": team_id}


async def test_an_uninstalled_app_says_nothing_more(each: World) -> None:
    """Both events come, in whatever order: the first one ends it all, and nothing is sent after it."""
    subscription_id = await _with_everything(each)
    with capture_logs() as logs:
        first, second = await each.workspace.uninstall_app()
        assert (first.ok, second.ok) == (True, True)
        assert await _what_is_left(each, subscription_id) == (Ending.CANNOT_POST, "app_uninstalled", 0, False)
        problem = await _problem(each)
        assert problem is not None
        assert "app_uninstalled" in problem or "token_revoked" in problem
        sent = [call for call in each.workspace.calls if call.method != "auth.test"]
        each.suite.end(JOB, Lives.FAILED, "CUDA out of memory")
        await each.let_pass(50 * 600, steps=50)
        assert [call for call in each.workspace.calls if call.method != "auth.test"] == sent
    told = [line for line in logs if line.get("reason") == "app_uninstalled" and "ended" in line]
    assert [line["ended"] for line in told] == [3]
    assert not [line for line in logs if "exc_info" in line]


async def test_a_token_that_works_again_is_noticed(over_http: World) -> None:
    """Installed again, the app answers; what had ended has ended."""
    subscription_id = await _with_everything(over_http)
    await over_http.workspace.uninstall_app()
    over_http.workspace.install_app()
    await over_http.pass_until(lambda: over_http.bot._tenants[0].login.problem is None)  # noqa: SLF001
    assert await _problem(over_http) is None
    assert "No one is subscribed to a job" in (await over_http.ask("watching")).text
    assert (await _what_is_left(over_http, subscription_id))[2:] == (0, False)


async def test_a_revoked_token_ends_the_same(each: World) -> None:
    """Where the bot's own is among those that were revoked."""
    subscription_id = await _with_everything(each)
    assert (await each.workspace.revoke_token()).ok
    assert await _what_is_left(each, subscription_id) == (Ending.CANNOT_POST, "token_revoked", 0, False)


async def test_what_is_others_ends_nothing(each: World) -> None:
    """People's tokens, other bots', other workspaces', also of the same organisation."""
    subscription_id = await _with_everything(each)
    bot = each.workspace.identity.bot_user_id
    assert (await each.workspace.tell_revoked(oauth=[ME])).ok
    assert (await each.workspace.tell_revoked(oauth=[bot], bot=["U0ANOTHER1"])).ok
    for event in ({"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": [bot]}}):
        assert (await each.workspace.deliver_event(_event(each, event, THEIRS))).ok
        sister = _event(each, event, "T0SISTER01") | {"enterprise_id": "E1"}
        assert (await each.workspace.deliver_event(sister)).ok
    assert await _what_is_left(each, subscription_id) == (None, "", 1, True)
    assert await _problem(each) is None


async def test_an_end_that_is_told_late_is_of_the_installation_before(over_http: World) -> None:
    """Slack repeats events, and ours was installed anew since: the token works, and everything goes on."""
    subscription_id = await _with_everything(over_http)
    late = _event(over_http, {"type": "app_uninstalled"}, days_ago=1)
    assert (await over_http.workspace.deliver_event(late)).ok
    assert await _what_is_left(over_http, subscription_id) == (None, "", 1, True)
    over_http.workspace.world.is_installed = False
    assert (await over_http.workspace.deliver_event(late | {"event_id": "Ev2"})).ok
    assert (await _what_is_left(over_http, subscription_id))[:2] == (Ending.CANNOT_POST, "app_uninstalled")


@pytest.mark.parametrize("fault", ["server_error", "lost"])
async def test_what_could_not_be_found_out_is_not_acknowledged(over_http: World, fault: Any) -> None:
    """Slack repeats it."""
    subscription_id = await _with_everything(over_http)
    over_http.workspace.faults.fail_next(1, fault, method="auth.test")
    late = _event(over_http, {"type": "app_uninstalled"}, days_ago=1)
    delivery = await over_http.workspace.deliver_event(late)
    assert delivery.status == 503
    assert (await _what_is_left(over_http, subscription_id))[0] is None


async def test_the_direct_messages_hear_nothing_either() -> None:
    """An app that is gone has none."""
    async with world("http") as made:
        await made.slash(f"watch {JOB} dm")
        await made.told("direct message")
        await made.workspace.uninstall_app()
        before = len(made.workspace.messages(DM))
        await made.let_pass(20 * 60, steps=20)
        assert len(made.workspace.messages(DM)) == before


@pytest.mark.parametrize("seconds", [40, 600])
async def test_one_uninstall_is_one_entry_of_the_trail_whichever_process_is_told(
    over_http: World, seconds: int
) -> None:
    """Each of two gets one of Slack's two events; the next uninstall is another entry, however soon."""
    made, events = over_http, ("tell_uninstalled", "tell_revoked")
    one = made.workspace.request_url
    async with made.another():
        other = made.workspace.request_url
        for so_often in (1, 2):
            made.workspace.world.is_installed = False
            for url, event in zip((one, other), events, strict=True):
                made.workspace.request_url = url
                bots = {"bot": [made.workspace.identity.bot_user_id]} if event == "tell_revoked" else {}
                assert (await getattr(made.workspace, event)(**bots)).ok
            async with made.stored() as store:
                found = await store.audit.entries(team_id=OURS)
            assert [each.action for each in found if each.action == "uninstall"] == ["uninstall"] * so_often
            made.workspace.install_app()
            await made.let_pass(seconds, seconds // 10)
