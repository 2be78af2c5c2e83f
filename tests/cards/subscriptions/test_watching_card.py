"""The list of what is followed here, and by one person elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.cards.kit import actions
from bot.cards.subscriptions.subscription_list import watching_card
from bot.domain.subscriptions.subscription import Mode, SubscribedJob
from bot.playground.block_kit import message_problems
from tests.cards.shown import live_markup, words
from tests.cards.subscriptions.told import SUBSCRIPTION

HERE = SUBSCRIPTION.channel_id


def _followed(number: int, channel_id: str = HERE, **fields: Any) -> SubscribedJob:
    subscription = replace(SUBSCRIPTION, id=f"s{number}", request_id=f"job-{number}", channel_id=channel_id)
    return SubscribedJob(
        subscription, **{"experiment_name": f"run-{number}", "status_text": "RUNNING", **fields}
    )


def _message(followed: Sequence[SubscribedJob]) -> dict[str, Any]:
    message = watching_card(followed, channel_id=HERE, slash_command="/train").message()
    assert message_problems(message) == []
    assert live_markup(message) == []
    return message


def _lines(message: dict[str, Any]) -> list[str]:
    return [words({"blocks": [block]}).splitlines()[0] for block in message["blocks"]]


def test_a_line_each_in_two_groups() -> None:
    """Status or progress, the mode where it is not the usual one, and the place where it is elsewhere."""
    message = _message(
        [
            _followed(1, progress=52.4, is_mine=True),
            _followed(2, status_text="CANCELED", experiment_name=None),
            _followed(3, "C0999XYZ", progress=None, is_mine=True),
            _followed(4, "D0999XYZ", status_text=None, is_mine=True),
            _followed(5, "nowhere", status_text="*PAUSED*", is_mine=True),
        ]
    )
    assert _lines(message) == [
        "Subscriptions here",
        "🔵 run-1 · 52%",
        "➖ `job-2` · Cancelled",
        "Your subscriptions elsewhere",
        "🔵 run-3 · Running · <#C0999XYZ>",
        "❔ run-4 · Status not reported · a direct message",
        "❔ run-5 · `Status: *PAUSED*`",
    ]
    said = message["text"].replace("\u00a0", " ")
    assert said.startswith(
        "Subscriptions here, 2: run-1 (52%), job-2 (Cancelled). Your subscriptions elsewhere, 3: "
    )


def test_says_how_much_is_told() -> None:
    """Only where it is not everything."""
    for mode, quiet, shown in (
        (Mode.MILESTONES, False, "🔵 run-1 · Running"),
        (Mode.FINAL, False, "🔵 run-1 · Running · only the end"),
        (Mode.FAILURES, False, "🔵 run-1 · Running · in the channel only a failure"),
        (Mode.FINAL, True, "🔵 run-1 · Running · only the end · quiet"),
    ):
        each = _followed(1)
        followed = replace(each, subscription=replace(each.subscription, mode=mode, is_quiet=quiet))
        assert _lines(_message([followed]))[1] == shown


def test_stops_ones_own_and_asks_before_others() -> None:
    """[Stop] for the asker alone; [Stop for all] asks once more, and names the job."""
    blocks = _message([_followed(1, is_mine=True), _followed(2)])["blocks"]
    mine, others = blocks[1]["accessory"], blocks[2]["accessory"]
    assert (mine["action_id"], mine["value"], "confirm" in mine) == (actions.STOP, "s1", False)
    assert (others["action_id"], others["value"]) == (actions.STOP_FOR_ALL, "s2")
    assert others["confirm"]["text"]["text"] == "No one will get updates about run-2 there anymore."
    assert {actions.STOP, actions.STOP_FOR_ALL} <= actions.ALL - actions.ABOUT_JOBS


def test_jobs_of_one_name_are_told_apart() -> None:
    """By their ids; one job followed in two places needs none."""
    twins = [_followed(number, experiment_name="again") for number in (1, 2)]
    assert _lines(_message(twins))[1:] == ["🔵 again · `job-1` · Running", "🔵 again · `job-2` · Running"]
    here, there = _followed(1), _followed(1, "D0999XYZ")
    both = [here, replace(there, subscription=replace(there.subscription, id="another"))]
    assert _lines(_message(both))[1] == "🔵 run-1 · Running"


def test_twenty_are_listed_and_the_rest_counted() -> None:
    """Both groups keep at least half of the room they need."""
    here = [_followed(number) for number in range(200)]
    elsewhere = [_followed(number, "C0999XYZ", is_mine=True) for number in range(200, 260)]
    lines = _lines(_message([*here, *elsewhere]))
    assert len(lines) == 23
    assert lines[11] == "Your subscriptions elsewhere"
    assert lines[-1] == "and 240 more"
    assert len(_lines(_message(here[:20]))) == 21


def test_nothing_here() -> None:
    """Says so, and how to begin where there is nothing at all."""
    assert (
        _lines(_message([_followed(1, "C0999XYZ", is_mine=True)]))[0] == "No one is subscribed to a job here."
    )
    message = _message([])
    assert "press *Subscribe* on a job's card, or type `/train subscribe <job>`." in words(message)
    assert "press Subscribe on a job's card" in message["text"]
