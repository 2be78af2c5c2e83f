"""A pause, end to end: direct messages wait, and come in order when it ends."""

from __future__ import annotations

from bot.cards.kit import actions
from bot.playground.workspace import DM
from tests.e2e.messages import text_of
from tests.e2e.world import JOB, World


def _updates(made: World) -> list[str]:
    bot = made.workspace.identity.bot_user_id
    return [text_of(each) for each in made.workspace.messages(DM) if each.user_id == bot]


async def test_what_waits_comes_when_the_pause_ends(over_http: World) -> None:
    """The list says that it is on; the card that was subscribed to meanwhile comes at the end of it."""
    assert "Paused until" in text_of(await over_http.ask("pause 10m"))
    await over_http.slash(f"watch {JOB} dm")
    await over_http.let_pass(60, steps=6)
    assert _updates(over_http) == []
    shown = await over_http.ask("subscriptions")
    assert ("Paused until" in text_of(shown), "Resume" in text_of(shown)) == (True, True)
    await over_http.pass_until(lambda: bool(_updates(over_http)), seconds=700)
    assert "support-tone-llama-8b" in _updates(over_http)[0]
    assert "Paused" not in text_of(await over_http.ask("subscriptions"))


async def test_resume_ends_it_at_once(over_http: World) -> None:
    """By the button on the list."""
    await over_http.ask("pause until tomorrow")
    await over_http.slash(f"watch {JOB} dm")
    await over_http.let_pass(10)
    shown = await over_http.ask("subscriptions")
    assert _updates(over_http) == []
    await over_http.choose(shown, actions.RESUME)
    await over_http.soon(lambda: _updates(over_http) or None)
    assert "Nothing was paused" in text_of(await over_http.ask("resume"))
