"""A workspace that lost its API key gets nothing more, though another one asks the same organization on."""

from __future__ import annotations

from bot.domain.ports import SecretKind, StoredSecret
from tests.e2e.crossing.opening import crossing
from tests.e2e.crossing.places import Crossing, Place
from tests.e2e.messages import text_of
from tests.e2e.world import JOB

LISTED_SECONDS = 120
"""The longest time from one list to the next."""


async def _lose_key(made: Crossing, place: Place) -> None:
    """As ``rekey --drop-secrets`` does it, with the key that no key of ours opens."""
    async with place.world.stored() as store:
        [lost] = [
            each.api_key
            for each in await store.connections.connections()
            if (each.team_id, each.channel_id) == (place.team_id, "")
        ]
        where = (place.team_id, "")
        secret = StoredSecret(SecretKind.API_KEY, place.suite.org_id, where, lost or "")
        assert await store.secrets.replace_secret(secret, None)
    await made.main.world.let_pass(4, 4)


async def test_updates_wait_for_the_workspaces_own_key() -> None:
    """With it they go on, and nothing was lost; the other workspace has them at once."""
    async with crossing() as made:
        main, other = made.main, made.other
        await made.connect(other, main)
        assert (await other.world.slash(f"subscribe {JOB}", other.channel_id, other.resident)).ok
        await main.world.let_pass(10, 10)
        await _lose_key(made, main)
        said = [len(each.posted()) for each in (main, other)]
        main.suite.set(JOB, status="FAILED", error_message="RuntimeError: everybody hears of it")
        await main.world.let_pass(LISTED_SECONDS, 12)
        told = [
            [text_of(each) for each in place.posted()[many:]]
            for place, many in zip((main, other), said, strict=True)
        ]
        assert not told[0]
        assert any("everybody hears of it" in each for each in told[1])
        await made.connect(main, main)
        await main.world.let_pass(LISTED_SECONDS, 12)
        assert any("everybody hears of it" in text_of(each) for each in main.posted()[said[0] :])
