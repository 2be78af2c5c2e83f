"""Cards that an earlier version posted: every button on them still does what it says.

``tests/data/cards_before.json`` has a block with each row of buttons that there was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.cards.gallery.documents import FAILED, REQUEST_ID
from bot.cards.kit import actions
from bot.domain.job import JobStatus, JobSummary
from bot.handlers.entry.buttons import BUTTONS, press
from bot.handlers.kit.button_press import ButtonPress
from tests.handlers.neighbours import Neighbourhood
from tests.tables import each_row

CARDS = json.loads((Path(__file__).parent.parent / "data/cards_before.json").read_text("utf-8"))

_Row = tuple[Mapping[str, Any], Mapping[str, Any]]
_Sent = list[tuple[str, str, Mapping[str, Any]]]


def _elements(card: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for block in card["blocks"]:
        for each in (*block.get("elements", ()), block.get("accessory") or {}):
            if "action_id" in each:
                yield each


ROWS: list[_Row] = [(card, element) for card in CARDS for element in _elements(card)]


def _views(sent: _Sent, title: str) -> bool:
    return any(method == "open_view" and body["title"]["text"] == title for method, _, body in sent)


def _says(sent: _Sent, *words: str) -> bool:
    shown = json.dumps([body for _, _, body in sent], ensure_ascii=False)
    return all(word in shown for word in words)


EFFECTS: Mapping[str, Callable[[Neighbourhood, _Sent], bool]] = {
    actions.REFRESH: lambda _, sent: _says(sent, "*support-assistant-v3*", '"replace_original": true'),
    actions.TRY_AGAIN: lambda _, sent: _says(sent, "*support-assistant-v3*", '"replace_original": true'),
    actions.DETAILS: lambda _, sent: _views(sent, "Job details"),
    actions.FULL_ERROR: lambda _, sent: _views(sent, "Full error"),
    actions.METRICS: lambda _, sent: _says(sent, "Metrics", "ephemeral"),
    actions.SUBSCRIBE: lambda _, sent: _views(sent, "Subscribe"),
    actions.UNSUBSCRIBE: lambda made, sent: _says(sent, "unsubscribed from") and not _active(made),
    actions.SHARE: lambda _, sent: _says(sent, "Shared by", "in_channel"),
    actions.OPEN: lambda _, sent: _says(sent, "*support-assistant-v3*", "ephemeral"),
    actions.NEWER: lambda _, sent: _says(sent, "Page ", '"replace_original": true'),
    actions.OLDER: lambda _, sent: _says(sent, "Page ", '"replace_original": true'),
    actions.STOP: lambda made, sent: _says(sent, "unsubscribed from") and not _active(made),
    actions.STOP_FOR_ALL: lambda made, sent: _says(sent, "Stopped") and not _active(made),
    actions.CHOOSE: lambda _, sent: _says(sent, "support-assistant-v3", '"replace_original": true'),
    actions.NOT_HELPFUL: lambda made, _: len(made.metrics_checks.silenced) == 1,
    actions.REFRESH_HOME: lambda _made, _sent: True,
}
"""Whether a press did its thing. Drawing Home anew is no button of `BUTTONS`: its own test presses it."""


def _active(made: Neighbourhood) -> bool:
    return any(each.is_active for each in made.stored.all.values())


def _value(element: Mapping[str, Any], subscription_id: str) -> str:
    """What it sends, about things that exist here."""
    if element["action_id"] in {actions.STOP, actions.STOP_FOR_ALL}:
        return subscription_id
    if element["action_id"] == actions.CHOOSE:
        command, _, *rest = json.loads(element["value"])
        return json.dumps([command, [REQUEST_ID], *rest])
    return REQUEST_ID if element["action_id"] == actions.OPEN else str(element["value"])


@each_row("card, element", ROWS, lambda row: f"{row[0]['card']} {row[1]['action_id']}")
async def test_every_button_still_does_its_thing(card: Mapping[str, Any], element: Mapping[str, Any]) -> None:
    """With the values it was posted with."""
    action_id = element["action_id"]
    assert action_id in actions.ALL
    if action_id == actions.REFRESH_HOME:
        return
    made = Neighbourhood()
    running = {**FAILED, "status": "RUNNING", "completed_at": None}
    made.jobs.give(REQUEST_ID, **{k: v for k, v in running.items() if k != "request_id"})
    await made.ask(f"watch {REQUEST_ID}")
    if action_id == actions.FULL_ERROR:
        made.jobs.give(REQUEST_ID, **{k: v for k, v in FAILED.items() if k != "request_id"})
    now = made.clock.now()
    made.jobs.list_of(
        *(JobSummary(f"run-{n}", "support", JobStatus.RUNNING, "RUNNING", now, now) for n in range(35))
    )
    finding, about = json.loads(element["value"]) if action_id == actions.NOT_HELPFUL else ("", "")
    made.metrics_checks.told.add((made.context.org_id, about, finding))
    (subscription_id,) = made.stored.all
    pressed = ButtonPress.read(
        {
            "type": "block_actions",
            "team": {"id": "T1"},
            "channel": {"id": "C1", "name": "training"},
            "user": {"id": "U01", "team_id": "T1"},
            "container": {"type": "message", "message_ts": "3.0", "is_ephemeral": True},
            "message": {"text": card["text"], "blocks": card["blocks"]},
            "response_url": "https://hooks.example/1",
            "trigger_id": "1.2.3",
            "actions": [{"type": "button", **element, "value": _value(element, subscription_id)}],
        }
    )
    assert pressed is not None
    before = len(made.slack.sent)
    await press(made.context, pressed)
    sent = made.slack.sent[before:]
    assert EFFECTS[action_id](made, sent), sent
    assert not _says(sent, "another version")


def test_every_action_that_there_was_is_walked_over() -> None:
    """And none has lost its button."""
    walked = {element["action_id"] for _, element in ROWS}
    assert walked == set(EFFECTS)
    assert walked - {actions.REFRESH_HOME} <= set(BUTTONS)
