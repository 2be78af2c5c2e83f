"""What is written down of a delivery: a key that no other has, and no more than it takes to do it again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.messages.delivery_keys import key_of, reference_of, reference_of_key
from bot.domain.ports.deliveries import REMEMBERED_FOR
from bot.handlers.deliveries.incoming import (
    COMMAND,
    MESSAGE,
    PRESS,
    body_of,
    incoming_of,
    with_payload,
)
from bot.handlers.kit.button_press import ButtonPress
from bot.playground.clock import ManualClock
from bot.playground.workspace import ME, TRAINING, Message
from bot.playground.workspace.dispatch.payloads import event_callback, message_action, slash_command
from bot.playground.workspace.identity import Identity
from bot.playground.workspace.model import Channel, ChannelKind, User

NOW = ManualClock().now()
IDENTITY, CHANNEL, USER = (
    Identity(),
    Channel(TRAINING, "training", ChannelKind.PUBLIC, {ME}),
    User(ME, "ada", "Ada"),
)
URL = "https://hooks.slack.com/actions/T1/2/made-up-ticket"
HANDLES = {"response_url": URL, "trigger_id": "13.37.made-up-trigger"}
SECRETS = (IDENTITY.verification_token, "made-up-ticket", "made-up-trigger")
TS = f"{NOW.timestamp():.6f}"
ACTION = {"action_id": "job.subscribe", "block_id": "b", "value": "job-1", "action_ts": TS}


def _message(**event: Any) -> dict[str, Any]:
    message = Message(TS, TRAINING, ME, "<@B1> watch job-1")
    body = event_callback(IDENTITY, CHANNEL, message, "Ev1")
    return {**body, "event": {**body["event"], **event}}


BODIES: dict[str, dict[str, Any]] = {
    COMMAND: dict(slash_command(IDENTITY, CHANNEL, USER, ("/job", "watch job-1"), HANDLES)),
    PRESS: message_action(
        IDENTITY,
        USER,
        (CHANNEL, Message(TS, TRAINING, "B1", "a card", [{"type": "divider"}])),
        ACTION,
        HANDLES,
    ),
    MESSAGE: _message(),
}


def test_keys_are_what_slack_says_is_unique() -> None:
    """A message's is its place, whatever event tells of it; other events have ids, the rest triggers."""
    again = _message(edited={"user": ME, "ts": TS}) | {"event_id": "Ev2", "team_id": "T-theirs"}
    assert key_of(BODIES[MESSAGE], "T1") == key_of(again, "T1") == f"T1:message:{TRAINING}:{TS}"
    assert key_of({"event_id": "Ev1", "event": {"type": "link_shared"}}, "T1") == "T1:event_id:Ev1"
    assert (
        key_of(BODIES[COMMAND], "T2") == key_of(BODIES[PRESS], "T2") == "T2:trigger_id:13.37.made-up-trigger"
    )


@pytest.mark.parametrize("body", [{}, {"event_id": None}, {"trigger_id": 5}, {"event": {"type": "message"}}])
def test_what_has_no_name_is_never_a_repeat(body: dict[str, Any]) -> None:
    """Better answered twice than not at all."""
    assert key_of(body, "T1") is None
    assert incoming_of(body, "T1", NOW).key != incoming_of(body, "T1", NOW).key


def test_an_edit_is_old_when_nothing_is_remembered_of_its_message() -> None:
    """A message that comes late is not: it was never answered."""
    late = NOW + REMEMBERED_FOR + timedelta(seconds=1)
    edited = _message(edited={"user": ME, "ts": TS})
    assert [incoming_of(edited, "T1", each).is_old for each in (NOW, late)] == [False, True]
    assert not incoming_of(BODIES[MESSAGE], "T1", late).is_old
    assert not incoming_of(_message(edited={}, ts="soon"), "T1", late).is_old


@pytest.mark.parametrize("kind", BODIES)
def test_no_secret_is_in_a_payload(kind: str) -> None:
    """No token, no trigger; the address for answers has a place of its own; nothing is shown when printed."""
    body = BODIES[kind]
    kept = with_payload(incoming_of(body, "T1", NOW), kind, body)
    assert kept.payload is not None
    assert not [each for each in SECRETS if each in kept.payload]
    assert kept.response_url == body.get("response_url")
    assert "made-up-ticket" not in repr(kept)
    assert "watch job-1" not in repr(kept)


@pytest.mark.parametrize("kind", BODIES)
def test_a_payload_is_read_as_the_delivery_was(kind: str) -> None:
    """All that is asked of it is there again."""
    body = BODIES[kind]
    again = body_of(with_payload(incoming_of(body, "T1", NOW), kind, body))
    if kind == PRESS:
        first, second = ButtonPress.read(body), ButtonPress.read(again)
        assert first is not None
        assert second is not None
        assert second.trigger_id == ""  # it lives 3 s
        assert (second.place, second.value, second.text, second.blocks, second.response_url) == (
            first.place,
            first.value,
            first.text,
            first.blocks,
            first.response_url,
        )
    else:
        said, said_again = body.get("event", body), again.get("event", again)
        names = ("text", "user", "user_id", "channel", "channel_id", "ts", "team", "team_id")
        assert [said_again.get(name) for name in names] == [said.get(name) for name in names]


def test_secrets_that_people_type_are_not_kept() -> None:
    """What they say is redacted, as everything that is stored."""
    token = "xoxb-1234567890-abcdefghij"
    typed = {**BODIES[COMMAND], "text": f"watch job-1 {token}"}
    for kind, body in ((COMMAND, typed), (MESSAGE, _message(text=f"watch job-1 {token}"))):
        assert token not in str(with_payload(incoming_of(body, "T1", NOW), kind, body).payload)
        assert token in json.dumps(body)


@pytest.mark.parametrize("payload", ["", "[]", "null", "{"])
def test_what_another_version_wrote_is_refused(payload: str) -> None:
    """In words that say nothing of it."""
    kept = with_payload(incoming_of(BODIES[COMMAND], "T1", NOW), COMMAND, BODIES[COMMAND])
    object.__setattr__(kept, "payload", payload)
    with pytest.raises(ValueError, match=r"object|Expecting"):
        body_of(kept)


def test_a_reference_is_the_same_each_time() -> None:
    """Also for the process that takes a request up from what was written down; it gives no secret away."""
    for body in BODIES.values():
        reference = reference_of(body)
        assert len(reference) == 8
        assert reference == reference_of_key(str(key_of(body, "T1")))
        assert reference not in str(body)
    assert len({reference_of(BODIES[COMMAND]), reference_of(BODIES[MESSAGE])}) == 2
    for odd in ({}, {"event_id": 7}, {"event": "x"}, {"trigger_id": ["x"]}):
        assert reference_of(odd) == ""
    assert len(reference_of({"trigger_id": "\ud800"})) == 8
