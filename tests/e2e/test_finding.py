"""Finding a job without its id, over signed HTTP and over Socket Mode."""

from __future__ import annotations

from bot.cards.kit import actions
from bot.playground.workspace import ME
from tests.e2e.messages import has_button, text_of
from tests.e2e.world import JOB, World


async def test_a_name_a_part_of_an_id_and_a_choice(each: World) -> None:
    """As a command and as a mention; a press on the choice brings the card in its place."""
    for number in (1, 2):
        each.suite.add_job(
            {"request_id": f"{number}-many", "status": "QUEUED", "experiment_name": f"many {number}"}
        )
    assert JOB in text_of(await each.ask(JOB[:8].upper()))
    assert "many 2" in text_of(await each.mention("MANY  2"))
    asked = await each.ask("many")
    assert "2 jobs match" in text_of(asked)
    await each.workspace.click(ME, asked, actions.CHOOSE)
    assert has_button(await each.changed(asked, "is queued"), actions.REFRESH)


async def test_the_list_turns_its_pages_and_opens_cards(over_http: World) -> None:
    """In place; a card is for the presser's eyes."""
    for number in range(12):
        over_http.suite.add_job(
            {"request_id": f"page-{number}", "status": "QUEUED", "experiment_name": f"page {number}"}
        )
    listed = await over_http.ask("list status:queued page")
    assert "12 jobs" in text_of(listed)
    await over_http.workspace.click(ME, listed, actions.OLDER)
    assert "Page 2 of 2" in text_of(await over_http.changed(listed, "Page 2 of 2"))
    await over_http.choose(over_http.now(listed), actions.OPEN)
    assert has_button(await over_http.told("is queued"), actions.SHARE)


async def test_without_a_list_an_id_is_still_an_id(over_http: World) -> None:
    """A whole one never needs it."""
    over_http.suite.add_job({"request_id": "hidden-1", "status": "RUNNING", "experiment_name": "x"})
    assert "running" in text_of(await over_http.ask("hidden-1"))
    asked = over_http.suite.counts["/job/list/"]
    assert JOB in text_of(await over_http.ask(JOB))
    assert over_http.suite.counts["/job/list/"] == asked
