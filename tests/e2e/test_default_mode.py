"""The updates that an admin chose for a channel, at every door through which somebody subscribes."""

from __future__ import annotations

import ast
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.cards.kit import actions
from bot.domain.permissions.policies import PlaceSettings
from bot.domain.ports.tenants import StoredSettings
from bot.domain.subscriptions.subscription import Mode, Subscription
from bot.manifest import message_shortcuts
from bot.playground.training_suite import IDS
from bot.playground.workspace import GRACE, ME, TRAINING, Message
from tests.e2e.messages import has_button
from tests.e2e.world import JOB, World, world
from tests.tables import each_row

HANDLERS = Path(__file__).parents[2] / "bot" / "handlers"
(CHECK,) = (each["callback_id"] for each in message_shortcuts())


async def _active(made: World, request_id: str = JOB) -> Subscription:
    """What somebody is subscribed to there, once they are."""
    found: list[Subscription] = []

    async def look() -> bool:
        async with made.stored() as store:
            listed = await store.subscriptions.followed(made.workspace.identity.team_id, TRAINING, ME)
        found[:] = [
            each.subscription
            for each in listed
            if request_id in each.subscription.request_id and each.subscription.followers
        ]
        return bool(found)

    for _ in range(40):
        if await look():
            return found[0]
        await made.let_pass(1)
    raise AssertionError(request_id)


async def _typed(made: World) -> None:
    await made.slash(f"subscribe {JOB}")


async def _ambiguous(made: World) -> None:
    """The command with a name that several jobs have."""
    asked = await made.ask("subscribe safety-dpo")
    await made.choose(asked, actions.CHOOSE)


async def _mentioned(made: World) -> None:
    bot = made.workspace.identity.bot_user_id
    await made.workspace.say(TRAINING, ME, f"<@{bot}> subscribe {JOB}")


async def _said(made: World) -> None:
    bot = made.workspace.identity.bot_user_id
    await made.workspace.say(TRAINING, ME, f"<@{bot}> keep me posted on {JOB}")


async def _in_a_thread(made: World) -> None:
    """A sentence without a job, below a message about one."""
    root = (await made.workspace.say(TRAINING, ME, f"started {JOB}")).message
    assert root is not None
    bot = made.workspace.identity.bot_user_id
    await made.workspace.say(TRAINING, ME, f"<@{bot}> subscribe", root.ts)


async def _on_the_card_of_a_mention(made: World) -> None:
    await made.choose(await made.mention(JOB), actions.SUBSCRIBE)


async def _on_a_shared_card(made: World) -> None:
    private = await made.ask(JOB)
    before = len(made.workspace.messages(TRAINING))
    await made.choose(private, actions.SHARE)
    shared = await made.next_message(TRAINING, before)
    await made.choose(shared, actions.SUBSCRIBE)


async def _on_the_shortcuts_card(made: World) -> None:
    board = made.workspace.board
    said = board.post(Message(board.next_ts(), TRAINING, GRACE, JOB))
    before = len(made.workspace.messages(TRAINING))
    await made.workspace.shortcut(ME, said, CHECK)
    await made.choose(await made.next_message(TRAINING, before), actions.SUBSCRIBE)


async def _in_the_window(made: World) -> None:
    """Sent as it opens, but for the place."""
    await made.choose(await made.ask(JOB), actions.SUBSCRIBE)
    (view,) = await made.soon(lambda: made.workspace.views_of(ME))
    fields = {each["block_id"]: each["element"] for each in view.content["blocks"] if each["type"] == "input"}
    values = {
        "where": {"where": {"selected_option": {"value": "here"}}},
        "which": {"which": {"selected_option": fields["which"]["initial_option"]}},
    }
    assert (await made.workspace.submit_view(ME, view, values)).ok


async def _after_an_alert(made: World) -> None:
    """The thread told nothing else until then."""
    await made.slash(f"alert {JOB} when eval_loss < 0.0001")
    await made.told("eval_loss")
    await made.slash(f"subscribe {JOB}")


async def _on_a_feeds_post(made: World) -> None:
    """Its thread is a feed's until then."""
    await made.slash("feed on status:running name:tone")
    await made.told("from now on running jobs")
    made.suite.set("fed-1", experiment_name="tone-fed", status="RUNNING", progress=1)

    def posted() -> Message | None:
        said = made.workspace.messages(TRAINING)
        return next((each for each in said if has_button(each, actions.SUBSCRIBE)), None)

    await made.pass_until(lambda: posted() is not None, seconds=600)
    card = posted()
    assert card is not None
    await made.workspace.click(ME, card, actions.SUBSCRIBE)


async def _to_a_group(made: World) -> None:
    await made.slash("subscribe name:sweep-*")


async def _by_a_groups_button(made: World) -> None:
    """A second person joins what there is."""
    await made.slash("subscribe name:sweep-*", user_id=GRACE)
    await made.told("Subscribed to", GRACE)

    def posted() -> Message | None:
        said = made.workspace.messages(TRAINING)
        return next((each for each in said if has_button(each, actions.GROUP_SUBSCRIBE)), None)

    await made.choose(await made.soon(posted), actions.GROUP_SUBSCRIBE)


DOORS: dict[str, tuple[Callable[[World], Awaitable[None]], str]] = {
    "command": (_typed, JOB),
    "choice": (_ambiguous, ""),
    "mention": (_mentioned, JOB),
    "sentence": (_said, JOB),
    "thread": (_in_a_thread, JOB),
    "button": (_on_the_card_of_a_mention, JOB),
    "shared card": (_on_a_shared_card, JOB),
    "shortcut": (_on_the_shortcuts_card, JOB),
    "window": (_in_the_window, JOB),
    "alert": (_after_an_alert, JOB),
    "feed": (_on_a_feeds_post, "fed-1"),
    "group": (_to_a_group, "sweep"),
    "group's button": (_by_a_groups_button, "sweep"),
}


@each_row("door", sorted(DOORS))
async def test_the_channels_default_counts_at_every_door(door: str) -> None:
    """Where nobody says which updates; the workspace's default is another."""
    async with world("http") as made:
        team_id, now = made.workspace.identity.team_id, made.clock.now()
        async with made.stored() as store:
            for channel_id, mode in (("", Mode.FINAL), (TRAINING, Mode.FAILURES)):
                settings = PlaceSettings(mode=mode)
                await store.settings.set_settings(StoredSettings(team_id, channel_id, settings, ME, now))
        await made.let_pass(4, steps=4)
        begin, request_id = DOORS[door]
        await begin(made)
        assert (await _active(made, request_id)).mode is Mode.FAILURES


async def test_a_word_counts_more_and_a_thread_stays_as_it_is() -> None:
    """The default is for those who don't say it, in a thread nobody is subscribed to."""
    async with world("http") as made:
        await made.slash(f"subscribe {JOB} final")
        assert (await _active(made)).mode is Mode.FINAL
        async with made.stored() as store:
            stored = StoredSettings(
                made.workspace.identity.team_id, "", PlaceSettings(mode=Mode.FAILURES), ME, made.clock.now()
            )
            await store.settings.set_settings(stored)
        await made.let_pass(4, steps=4)
        await made.slash(f"subscribe {JOB}", user_id=GRACE)
        await made.told("ubscribed", GRACE)
        assert (await _active(made)).mode is Mode.FINAL
        await made.slash(f"subscribe {IDS['vlm']} milestones")
        assert (await _active(made, IDS["vlm"])).mode is Mode.MILESTONES


def test_every_request_to_subscribe_is_made_in_one_place() -> None:
    """A door that is added asks there too, and so gets the default."""
    makers = {
        path.relative_to(HANDLERS).as_posix()
        for path in HANDLERS.rglob("*.py")
        for each in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(each, ast.Call) and getattr(each.func, "id", "") == "SubscribeRequest"
    }
    assert makers == {"subscriptions/subscribe.py"}
