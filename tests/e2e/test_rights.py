"""What an admin keeps to some people, from the window of `setup` to every door, and in every process."""

from __future__ import annotations

from typing import Any

from bot.domain.permissions.policies import Right
from bot.playground.training_suite import IDS
from bot.playground.workspace import DM, GRACE, ME, TRAINING
from tests.e2e.messages import text_of
from tests.e2e.test_setup import opened, shown
from tests.e2e.world import JOB, World, world

PRICED = {"gpu_hour_price": {"h100": "4 EUR", "a100": "3 EUR", "t4": "1 EUR", "l4": "1 EUR", "a10g": "1 EUR"}}
PRICE = "EUR"


def chosen(people: tuple[str, ...] = (), zone: str = "", **menus: str) -> dict[str, Any]:
    """As ``state.values``; menus by their name, with an underscore for its dot, and lists where they ask."""
    values = {name.replace("_", "."): {"selected_option": {"value": each}} for name, each in menus.items()}
    lists = {
        name.replace("who_", "people."): {"selected_users": list(people)}
        for name, each in menus.items()
        if each == "people"
    }
    fields = {**values, **lists, "zone": {"value": zone}}
    return {name: {name: each} for name, each in fields.items()}


async def saved(made: World, values: dict[str, Any], text: str = "setup") -> None:
    """Through the window."""
    view = await opened(made, text)
    assert (await made.workspace.submit_view(ME, view, values)).ok
    await shown(made, "Saved")


def _denied(made: World) -> list[str]:
    """What Grace was told alone."""
    said = made.workspace.messages(TRAINING)
    return [text_of(each) for each in said if each.ephemeral_to == GRACE and "Only" in text_of(each)]


async def _count(made: World) -> int:
    async with made.stored() as store:
        return len(await store.audit.entries(user_id=GRACE))


async def test_a_list_is_kept_at_every_door() -> None:
    """Command and mention; whoever is on it goes on as before, and another process knows it too."""
    async with world("http") as made:
        await saved(made, chosen((ME,), who_subscribe="people", who_channels="people"))
        for line in (f"subscribe {JOB}", "feed on", "digest daily 09:00"):
            delivery = await made.slash(line, user_id=GRACE)
            assert delivery.ok
            await made.told(f"Only <@{ME}> can", GRACE)
        bot = made.workspace.identity.bot_user_id
        before = len(made.workspace.messages(TRAINING))
        await made.workspace.say(TRAINING, GRACE, f"<@{bot}> feed on")
        denied = await made.next_message(TRAINING, before + 1)
        assert denied.ephemeral_to == GRACE
        async with made.another():
            await made.slash(f"subscribe {JOB}", user_id=GRACE)
            await made.soon(lambda: len(_denied(made)) == 5 or None)
        await made.slash(f"subscribe {JOB}")
        await made.told("Subscribed to")
        assert await _count(made) == 5
        await made.slash(f"subscribe {JOB} dm", user_id=GRACE)
        await made.told("Subscribed to", GRACE)


async def test_cost_is_shown_to_whoever_may_see_it() -> None:
    """In answers, in Home, and in what is posted for all."""
    async with world("http", **PRICED) as made:  # type: ignore[arg-type]
        line = f"report {IDS['completed']}"
        assert PRICE in text_of(await made.ask(line))
        await saved(made, chosen((GRACE,), who_cost="people"))
        assert PRICE not in text_of(await made.ask(line))
        await made.slash(line, user_id=GRACE)
        await made.told(PRICE, GRACE)
        assert PRICE not in text_of(await made.mention(line))
        await saved(made, chosen(who_cost="members"))
        assert PRICE in text_of(await made.mention(line))
        assert PRICE not in text_of(await made.ask(line, DM))


async def test_a_channels_settings_come_first_and_bad_ones_are_not_kept() -> None:
    """A time zone that is none; a list without anybody."""
    async with world("http") as made:
        await saved(made, chosen((GRACE,), who_subscribe="people"))
        await saved(made, chosen(who_subscribe="everyone"), "setup channel")
        await made.slash(f"subscribe {JOB}")
        await made.told("Subscribed to")
        view = await opened(made)
        refused = await made.workspace.submit_view(ME, view, chosen(who_subscribe="people"))
        assert set(refused.body["errors"]) == {"people.subscribe"}
        assert (await made.workspace.submit_view(ME, view, chosen(zone="Moon/Base"))).ok
        await shown(made, "that time zone isn't known")
        async with made.stored() as store:
            whole, own = await store.settings.all_settings()
        assert whole.settings.people == {Right.SUBSCRIBE: (GRACE,)}
        assert (own.channel_id, whole.set_by) == (TRAINING, ME)
