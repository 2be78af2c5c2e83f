"""The gate: whatever Slack delivers of another company's people is refused before any handler sees it.

Everything that there is (every action, window, shortcut, event and command) is walked over, also what is
added later: a payload as Slack sends it for a stranger gets nothing but one polite line an hour.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import EVENTS_PATH
from bot.app import Application
from bot.cards.kit import actions
from bot.domain.messages.installation import Installation, Standing, standing
from bot.handlers.entry.gate import TOLD_SECONDS, Gate
from bot.handlers.entry.listeners import Listeners
from bot.handlers.kit.tenants import Tenants
from bot.handlers.kit.work import Work
from bot.manifest import message_shortcuts
from bot.playground.clock import ManualClock
from bot.playground.serving import running
from bot.playground.training_suite import TrainingSuite
from bot.playground.workspace import BOT, ME, PARTNER, PARTNERS, TRAINING, Message, Workspace
from bot.store.store import open_store
from tests.e2e.messages import text_of
from tests.e2e.strangers import NAMES, OURS, PAYLOAD_TYPES, THEIRS, Sender, everything, stranger, what
from tests.e2e.world import JOB, World, empty_database, settings_for, world
from tests.handlers.neighbours import Neighbourhood
from tests.resting_loop import at_rest
from tests.sqlite_file import memory_folder

LINE = "I only answer members of the workspace"


def said_to_them(made: World) -> list[Message]:
    """Everything the bot has put where they can see it."""
    messages = made.workspace.messages(PARTNERS)
    return [each for each in messages if each.user_id == BOT and each.ephemeral_to in {None, PARTNER}]


async def _settled(made: World) -> None:
    """Everything that was begun is over."""
    await made.bot.stop(grace_seconds=2)


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_a_stranger_reaches_no_handler(transport: Any) -> None:
    """Nothing is asked of the training suite, nothing called but the one polite line, nothing stored."""
    async with world(transport) as made:
        sender = stranger(made)
        for payload in everything(sender):
            assert (delivery := await sender.send(payload)).ok, what(payload)
            is_menu = payload.get("type") == "block_suggestion"
            assert delivery.body in (({"options": []},) if is_menu else (None, "")), what(payload)
        await _settled(made)
        assert made.suite.counts.total() == 0
        called = {call.method for call in made.workspace.calls} - {"auth.test", "apps.connections.open"}
        assert called <= {"chat.postEphemeral"}
        assert [LINE in text_of(each) for each in said_to_them(made)] == [True]
        async with made.stored() as store:
            assert await store.subscriptions.followed(THEIRS, PARTNERS, PARTNER) == []
            assert await store.subscriptions.followed(OURS, PARTNERS, PARTNER) == []


def test_the_walk_reaches_what_there_is() -> None:
    """Every name that the cards and the manifest have."""
    assert set(actions.ALL) | {actions.CHECK_JOB, actions.PICK} <= NAMES
    assert {each["callback_id"] for each in message_shortcuts()} <= NAMES


async def test_the_same_from_one_of_us_is_let_in(over_http: World) -> None:
    """What was refused is refused for who asks, and for nothing else."""
    ours, seen = Installation(OURS), set()
    for payload in everything(Sender(over_http, OURS, ME)):
        assert standing(payload, ours) is Standing.OURS, what(payload)
        seen.add(payload.get("type", "command"))
    assert {*PAYLOAD_TYPES, "event_callback", "command"} <= seen
    card = await over_http.ask(JOB, PARTNERS)
    assert "support-tone-llama-8b" in text_of(card)


def test_the_gate_stands_before_everything_else() -> None:
    """Bolt asks its steps in the order in which they were registered."""

    class App:
        steps: list[Any] = []  # noqa: RUF012  (one app, one test)

        def middleware(self, step: object) -> None:
            self.steps.append(step)

        def _take(self, _what: object) -> Any:
            return self.steps.append

        action = event = _take

        def error(self, handler: object) -> None:
            self.steps.append(handler)

    made, app = Neighbourhood(), App()
    store = open_store("sqlite:///never-opened.sqlite3")
    here = made.context.subscriptions, made.clock, made.dispatch, Work(made.context)
    listeners = Listeners(Tenants([made.context]), *here, store.deliveries, store.home_tabs)
    listeners.register(app)  # type: ignore[arg-type]
    assert isinstance(app.steps[0], Gate)


async def test_a_stranger_is_told_once_an_hour(each: World) -> None:
    """By command, press and mention alike; then again."""
    sender = stranger(each)
    asks = {
        "command": lambda: sender.command(JOB),
        "press": lambda: sender.press(actions.DETAILS),
        "mention": lambda: sender.event("app_mention"),
    }
    for name, ask in asks.items():
        first = await sender.send(ask())
        if name == "command":
            assert LINE in first.body["text"]
        else:
            assert first.body in {None, ""}
            [line] = await each.soon(lambda: said_to_them(each))
            assert (LINE in text_of(line), line.ephemeral_to) == (True, PARTNER)
            each.workspace.delete_message(PARTNERS, line.ts)
        for again in asks.values():
            assert (await sender.send(again())).body in {None, ""}
        await each.let_pass(TOLD_SECONDS - 1)
        assert (await sender.send(sender.command("help"))).body in {None, ""}
        await each.let_pass(2)
    await _settled(each)
    assert said_to_them(each) == []
    assert each.suite.counts.total() == 0


async def test_a_mention_in_a_thread_is_refused_there(over_http: World) -> None:
    """To their eyes alone."""
    root = (await over_http.workspace.say(PARTNERS, ME, "hello")).message
    assert root is not None
    bot = over_http.workspace.identity.bot_user_id
    await over_http.workspace.say(PARTNERS, PARTNER, f"<@{bot}> {JOB}", root.ts)
    [line] = await over_http.soon(lambda: said_to_them(over_http))
    assert (line.ephemeral_to, line.thread_ts) == (PARTNER, root.ts)


async def test_what_is_no_question_gets_no_line(over_http: World) -> None:
    """Another company's bots, edits and joins."""
    sender = stranger(over_http)
    for odd in ({"bot_id": "B9"}, {"subtype": "message_changed"}, {"user": None}):
        assert (await sender.send(sender.event("app_mention", **odd))).ok
    await _settled(over_http)
    assert said_to_them(over_http) == []


async def test_own_people_in_a_channel_that_another_company_made(each: World) -> None:
    """The event's outer team is theirs; what is stored is ours, and found from everywhere."""
    each.workspace.board.channels[PARTNERS].host_team_id = THEIRS
    bot = each.workspace.identity.bot_user_id
    said = await each.workspace.say(PARTNERS, ME, f"<@{bot}> watch {JOB} dm")
    assert (said.payload["team_id"], said.payload["context_team_id"]) == (THEIRS, OURS)
    await each.told("direct message", channel_id=PARTNERS)
    assert "support-tone-llama-8b" in text_of(await each.ask("watching", TRAINING))
    await each.workspace.open_home(ME)
    home = await each.soon(lambda: each.workspace.board.homes.get(ME))
    assert "support-tone-llama-8b" in str(home.content)


@asynccontextmanager
async def _unknown_to_itself() -> AsyncIterator[World]:
    """A bot to which Slack has not said where it is at home."""
    clock = ManualClock()
    workspace, suite = Workspace(clock), TrainingSuite(clock)
    workspace.faults.account_error = "invalid_auth"
    with memory_folder() as folder:
        async with running(workspace, suite) as servers:
            settings = settings_for(
                workspace,
                "http",
                slack_api_url=servers.slack_api_url,
                simplismart_api_url=servers.training_api_url,
                simplismart_org_id=suite.org_id,
                database_url=await empty_database(folder),
            )
            bot = Application(settings, clock=clock, in_background=False)
            await bot.start()
            workspace.request_url = f"http://127.0.0.1:{bot.port}{EVENTS_PATH}"
            await workspace.wait_for(lambda: workspace.calls_of("auth.test") or None)
            yield World(workspace, suite, clock, bot)
            await bot.stop(grace_seconds=1)


async def test_nobody_is_answered_before_the_bot_knows_where_it_is_at_home() -> None:
    """They are told so; an event that does not say for whom it is comes again, any other is answered."""
    async with _unknown_to_itself() as made:
        ours = Sender(made, OURS, ME)
        told = await made.slash(JOB, PARTNERS)
        assert told.message is not None
        assert "I can't answer just yet" in text_of(told.message)
        assert (await ours.send(ours.press(actions.DETAILS))).body in {None, ""}
        line = await made.told("I can't answer just yet", channel_id=PARTNERS)
        assert line.ephemeral_to == ME
        menu = ours.interaction("block_suggestion", responds=False, action_id=actions.PICK, value="a")
        assert (await ours.send(menu)).body == {"options": []}
        unclear = ours.event("app_mention") | {"authorizations": [], "context_team_id": None}
        assert (await ours.send(unclear)).status == 503
        assert made.suite.counts.total() == 0
        assert (await ours.send(ours.event("app_mention"))).ok
        await made.soon(made.suite.counts.total)
        made.workspace.faults.reset()
        await made.let_pass(1)
        found = await made.slash(JOB, PARTNERS)
        assert not (found.message and "just yet" in text_of(found.message))
        assert found.ok


async def test_an_account_that_is_deactivated(over_http: World) -> None:
    """Where the operator lets Slack tell: what they alone followed ends, and no other change counts."""
    await over_http.slash(f"watch {JOB}")
    await over_http.soon(lambda: over_http.workspace.calls_of("chat.postMessage"))
    sender = Sender(over_http, OURS, ME)
    for user in ({"id": ME}, {"id": ME, "deleted": False}, {"id": 5, "deleted": True}, "nonsense"):
        changed = sender.event("user_change", user=user)
        assert (await sender.send(changed)).ok
    assert "support-tone-llama-8b" in text_of(await over_http.ask("watching"))
    gone = sender.event("user_change", user={"id": ME, "deleted": True, "team_id": OURS}, user_team=None)
    assert (await sender.send(gone)).ok
    await at_rest()
    assert "No one is subscribed to a job here" in text_of(await over_http.ask("watching"))


async def test_what_is_stored_for_another_workspace_waits_until_an_operator_moves_it() -> None:
    """Nothing in a database says whose it is but its rows: they are neither taken over nor ended."""
    async with world("http") as made:
        await made.slash(f"watch {JOB}")
        await made.soon(lambda: made.workspace.calls_of("chat.postMessage"))
        async with made.stored() as store:
            await store.upkeep.adopt(OURS, THEIRS, made.clock.now())
            with capture_logs() as logs:
                async with made.another():
                    await made.soon(lambda: [each for each in logs if each.get("team_id") == THEIRS])
            followed = [await store.subscriptions.followed(team, TRAINING, ME) for team in (OURS, THEIRS)]
            assert [len(each) for each in followed] == [0, 1]
            await store.upkeep.adopt(THEIRS, OURS, made.clock.now())
            assert len(await store.subscriptions.followed(OURS, TRAINING, ME)) == 1
