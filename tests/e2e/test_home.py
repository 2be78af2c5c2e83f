"""The Home tab: what I follow, what runs, what failed; drawn when it is opened and when that changes."""

from __future__ import annotations

import json
import sqlite3

from bot.cards.kit import actions
from bot.playground.workspace import DM, GRACE, HIDDEN, ME, View
from tests.e2e.messages import text_of
from tests.e2e.strangers import OURS, Sender
from tests.e2e.world import JOB, World


def _shown(view: View) -> str:
    return json.dumps(view.content, ensure_ascii=False)


async def _home(made: World, words: str, user_id: str = ME) -> View:
    """The tab, as soon as it has these words."""

    def there() -> View | None:
        view = made.workspace.board.homes.get(user_id)
        return view if view is not None and words in _shown(view) else None

    return await made.soon(there)


async def _opened(made: World, words: str) -> View:
    delivery = await made.workspace.open_home(ME)
    assert delivery.ok, delivery
    return await _home(made, words)


async def _choose(made: World, home: View, action_id: str) -> None:
    """What a menu offers that has it: of the job itself first."""
    menus = [block["accessory"] for block in home.content["blocks"] if "accessory" in block]
    values = [option["value"] for menu in menus for option in menu["options"]]
    mine = [each for each in values if each.startswith(f"{action_id} ")]
    value = next((each for each in mine if JOB in each), mine[0])
    place = next(block for block in home.content["blocks"] if value in str(block))
    await made.workspace.click(ME, home, actions.ROW_MORE, block_id=place.get("block_id"), value=value)


async def test_opening_it_shows_what_runs_and_what_failed(each: World) -> None:
    """Of all the organisation, newest first; nothing is followed yet."""
    home = await _opened(each, "You have no subscriptions")
    for name in ("Running and queued", "support-tone-llama-8b", "Needs attention"):
        assert name in _shown(home)
    before = each.workspace.calls_of("views.publish")
    assert len(before) == 1


async def test_a_job_is_found_from_it(over_http: World) -> None:
    """By the field on top; what is chosen opens in a window."""
    home = await _opened(over_http, "Running and queued")
    offered = await over_http.workspace.suggest(ME, home, actions.PICK, "support")
    assert "support-tone-llama-8b" in str(offered)
    await over_http.workspace.click(ME, home, actions.PICK, value=JOB)
    (opened,) = await over_http.soon(lambda: over_http.workspace.calls_of("views.open"))
    assert opened.answer["ok"]


async def test_it_follows_what_its_reader_follows(over_http: World) -> None:
    """Subscribing and unsubscribing draw it again, for those who have looked at it."""
    await _opened(over_http, "You have no subscriptions")
    await over_http.slash(f"watch {JOB}")
    assert "🔔" in _shown(await _home(over_http, actions.STOP))
    await over_http.slash(f"unwatch {JOB}")
    assert await _home(over_http, "You have no subscriptions")
    await over_http.let_pass(2)  # a channel takes one message a second
    await over_http.slash(f"watch {JOB}", user_id=GRACE)
    await over_http.told("support-tone-llama-8b", GRACE)
    assert GRACE not in over_http.workspace.board.homes


async def test_it_shows_what_happens_to_a_followed_job(over_http: World) -> None:
    """Drawn by whoever told the thread, for who opened it alone."""
    await over_http.slash(f"watch {JOB}")
    await over_http.told("support-tone-llama-8b")
    await _opened(over_http, actions.STOP)
    over_http.suite.set(JOB, status="FAILED", error_message="Killed")

    def is_shown() -> bool:
        view = over_http.workspace.board.homes[ME]
        return "❌ *support-tone" in _shown(view)

    await over_http.pass_until(is_shown)
    assert list(over_http.workspace.board.homes) == [ME]


async def test_its_buttons_open_a_job_and_stop_following_it(over_http: World) -> None:
    """There is no message to replace: the tab itself is drawn anew."""
    await over_http.slash(f"watch {JOB} dm", HIDDEN)
    home = await _opened(over_http, actions.STOP)
    await _choose(over_http, home, actions.DETAILS)
    (window,) = await over_http.soon(lambda: over_http.workspace.views_of(ME))
    assert "Job details" in _shown(window)
    await _choose(over_http, home, actions.STOP)
    assert "direct message" not in _shown(await _home(over_http, "You have no subscriptions"))


async def test_refresh_draws_it_with_what_is_new(over_http: World) -> None:
    """And says when it was drawn."""
    home = await _opened(over_http, "Running and queued")
    over_http.suite.add_job({"request_id": "new-1", "status": "RUNNING", "experiment_name": "brand-new"})
    await over_http.let_pass(60)
    await over_http.workspace.click(ME, home, actions.REFRESH_HOME)
    assert await _home(over_http, "brand-new")


async def test_what_cannot_be_had_is_said(over_http: World) -> None:
    """The list is refused: the rest of the tab stands."""
    over_http.suite.switches.update({"list_refused": True})
    home = await _opened(over_http, "Reference")
    assert "You have no subscriptions" in _shown(home)
    assert actions.TRY_AGAIN not in _shown(home)


async def test_what_goes_wrong_behind_a_button_is_told_in_a_window(over_http: World) -> None:
    """There is no conversation to answer in."""
    await over_http.slash(f"watch {JOB} dm")
    home = await _opened(over_http, actions.STOP)
    over_http.workspace.faults.refuse_next(1, "invalid_arguments", method="views.open")
    await _choose(over_http, home, actions.DETAILS)
    (window,) = await over_http.soon(lambda: over_http.workspace.views_of(ME))
    assert "Reference" in _shown(window)


async def test_other_tabs_and_repeats_draw_nothing(over_http: World) -> None:
    """The messages tab is opened with the same event."""
    delivery = await over_http.workspace.open_home(ME)
    await _home(over_http, "Running and queued")
    assert (await over_http.workspace.send_again(delivery)).ok
    event = json.loads(json.dumps(delivery.payload))
    event["event"]["tab"], event["event_id"] = "messages", "Ev0OTHER01"
    assert (await over_http.workspace.deliver_event(event)).ok
    assert "support-tone" in text_of(await over_http.ask(JOB))
    assert len(over_http.workspace.calls_of("views.publish")) == 1


async def test_it_tells_a_job_in_one_way(over_http: World) -> None:
    """And once: the list is asked for now, what is subscribed to was looked at before."""
    await over_http.slash(f"watch {JOB}")
    await over_http.told("support-tone-llama-8b")
    over_http.suite.set(JOB, progress=49.0)
    home = await _opened(over_http, actions.STOP)
    assert _shown(home).count("49%") == 1


async def test_stopping_while_the_database_is_away_is_told(over_http: World) -> None:
    """In a direct message, as it took longer than a window may be opened."""
    await over_http.slash(f"watch {JOB} dm")
    home = await _opened(over_http, actions.STOP)
    address = over_http.bot._settings.database_url  # noqa: SLF001  (broken, as it may break)
    with sqlite3.connect(address.removeprefix("sqlite:///")) as database:
        database.execute("ALTER TABLE subscriptions RENAME TO gone")
    over_http.workspace.faults.refuse_next(1, "expired_trigger_id", method="views.open")
    await _choose(over_http, home, actions.STOP)
    said = await over_http.soon(
        lambda: next((one for one in over_http.workspace.messages(DM) if "database" in text_of(one)), None)
    )
    assert "Nothing was changed" in text_of(said)


async def test_a_line_that_is_no_more_goes_when_it_is_stopped(over_http: World) -> None:
    """It ended where this tab could not hear of it. Nor need the bot know who has opened theirs."""
    await over_http.slash(f"watch {JOB} dm")
    home = await _opened(over_http, actions.STOP)
    await over_http.let_pass(25 * 3600)
    mine = Sender(over_http, OURS, ME)
    assert (await mine.send(mine.press(actions.STOP, in_home=True, value="none-such"))).ok
    await over_http.soon(lambda: over_http.workspace.calls_of("views.publish")[1:])
    await _choose(over_http, home, actions.STOP)
    await _home(over_http, "You have no subscriptions")
