"""Who may send which window, and that no door is left out: also one that is added later."""

from __future__ import annotations

import json
from typing import Any, cast

from bot.cards.gallery.gallery import samples
from bot.cards.kit import actions
from bot.cards.setup.form import SetupPlace
from bot.cards.subscriptions.subscribe_dialog import Origin
from bot.domain.audit import Result
from bot.domain.permissions.administration import AdminRight
from bot.handlers.entry.buttons import BUTTONS
from bot.handlers.entry.requests import WINDOWS, Requests
from bot.handlers.home.home import Homes
from bot.handlers.kit.tenants import Tenants
from tests.handlers.neighbours import HERE, Neighbourhood
from tests.handlers.test_rights import CURRENCY, JOB, NOBODY, is_unchanged, made
from tests.tables import each_row

SENT: dict[str, dict[str, Any]] = {
    actions.SUBSCRIBE: {
        "private_metadata": Origin(
            JOB, "C1", "ml", None, "https://hooks.example/1", is_on_card=False
        ).metadata(),
        "state": {"values": {"where": {"where": {"selected_option": {"value": "here"}}}}},
    },
    actions.SETUP_SEND: {
        "private_metadata": SetupPlace("", "T1", "T1").metadata(),
        "state": {"values": {"zone": {"zone": {"value": "Europe/Berlin"}}}},
    },
    actions.PICK: {
        "private_metadata": json.dumps({"channel_id": "C1", "response_url": "https://hooks.example/1"}),
        "state": {"values": {actions.PICK: {actions.PICK: {"selected_option": {"value": JOB}}}}},
    },
}
"""Each window as it is sent."""


def requests_of(here: Neighbourhood) -> Requests:
    """What a delivery asks for; nobody looks at Home."""
    return Requests(Tenants([here.context]), here.dispatch, cast("Homes", None))


def test_every_action_and_every_window_is_one_of_those_that_are_walked_over() -> None:
    """What is added declares what it takes, or it can be neither pressed nor sent."""
    assert set(BUTTONS) == actions.ALL - {actions.REFRESH_HOME}
    modals = (each.body for each in samples(()) if each.kind == "modal")
    assert {each["callback_id"] for each in modals if "callback_id" in each} == set(WINDOWS)
    assert set(SENT) == set(WINDOWS)


@each_row("callback_id", sorted(WINDOWS))
async def test_no_window_does_what_its_sender_has_no_right_to(callback_id: str) -> None:
    """It may have been opened by somebody who had it, or before it was taken away."""
    here = made()
    requests = requests_of(here)
    who = {"team": {"id": "T1"}, "user": {"id": HERE.user_id, "team_id": "T1"}, "trigger_id": "1"}
    body = {"type": "view_submission", **who, "view": {"callback_id": callback_id, **SENT[callback_id]}}
    sent = requests.sent(here.context, body)
    assert sent is not None
    todo = sent.todo if sent.press is None else requests.press(here.context, sent.press)
    assert todo is not None
    await todo.begin()
    told = json.dumps([each for _, _, each in here.slack.sent], ensure_ascii=False)
    assert is_unchanged(here)
    assert CURRENCY not in told
    if (right := WINDOWS[callback_id].right) is not None:
        assert NOBODY[right] in told
        assert [each.result for each in here.audit.kept] == [Result.DENIED]


@each_row("line", ["setup", "setup channel"])
async def test_no_slash_command_opens_the_window_for_anybody_else(line: str) -> None:
    """It is asked once the window is there, since a trigger lives 3 s."""
    here = made()
    requests = requests_of(here)
    body = {"command": "/job", "text": line, "team_id": "T1", "channel_id": "C1", "user_id": "U01"}
    await requests.window(here.context, body | {"trigger_id": "1"}).begin()
    (_, _, opened), (_, _, shown) = here.slack.sent
    assert "submit" not in opened | shown
    assert NOBODY[AdminRight.SETUP] in json.dumps(shown)
    assert [each.result for each in here.audit.kept] == [Result.DENIED]
