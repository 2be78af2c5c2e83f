"""The app uninstalled, its tokens revoked: what it hears, and what it can do no more."""

from __future__ import annotations

import pytest

from bot.playground.workspace import BOT, DM, ME, TRAINING
from bot.playground.workspace.expiring_tokens import Origin
from bot.playground.workspace.people.actions import NotPossibleError
from tests.playground.slack_side import CARD, Slack, http_bot


async def test_nothing_of_the_app_works_any_more(served: Slack) -> None:
    """Its bot token and its response URLs are dead; its app-level token is not the installation's."""
    url = served.workspace.world.response_url(Origin(TRAINING, ME))
    await served.workspace.uninstall_app()
    assert await served.error("auth.test") == "account_inactive"
    assert await served.error("chat.postMessage", channel=TRAINING, text="x") == "account_inactive"
    assert (await served.respond(url, CARD))[0] == 404
    app_token = {"Authorization": f"Bearer {served.workspace.identity.app_token}"}
    opened = await served.client.api_call("apps.connections.open", headers=app_token)
    assert opened["ok"]
    for attempt in (
        served.workspace.slash(TRAINING, ME, "help"),
        served.workspace.open_home(ME),
    ):
        with pytest.raises(NotPossibleError):
            await attempt
    assert (await served.workspace.say(DM, ME, "hello")).envelope is None
    mention = f"<@{BOT}> see https://app.simplismart.ai/jobs/1"
    assert (await served.workspace.say(TRAINING, ME, mention)).envelope is None
    served.workspace.install_app()
    assert await served.error("auth.test") is None


async def test_what_the_app_hears(served: Slack) -> None:
    """Who did it, and who authorized what, is not said; the tokens are users' ids."""
    async with http_bot(served.workspace):
        uninstalled, revoked = await served.workspace.uninstall_app()
        people = await served.workspace.tell_revoked(oauth=[ME])
    assert uninstalled.payload["event"] == {"type": "app_uninstalled"}
    assert revoked.payload["event"] == {"type": "tokens_revoked", "tokens": {"bot": [BOT]}}
    assert people.payload["event"]["tokens"] == {"oauth": [ME]}
    for told in (uninstalled, revoked):
        assert told.payload["team_id"] == served.workspace.identity.team_id
        assert isinstance(told.payload["event_time"], int)
        assert "authorizations" not in told.payload
