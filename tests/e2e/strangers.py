"""Everything that can be done to the bot, as Slack tells it, in the name of anybody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from bot.cards.jobs.jobs_list import Page
from bot.cards.jobs.which_one import Choice
from bot.cards.kit import actions
from bot.cards.subscriptions.finding import Unhelpful
from bot.handlers.entry.registry import COMMANDS
from bot.manifest import socket_mode_manifest
from bot.playground.workspace import BOT, PARTNER, PARTNERS, Delivery
from bot.playground.workspace.dispatch.envelope import Envelope
from bot.playground.workspace.expiring_tokens import Origin
from tests.e2e.world import JOB, World

THEIRS, OURS = "T0PARTNER1", "T0PLAYGRND"
NAMES = {value for name, value in vars(actions).items() if name.isupper() and isinstance(value, str)}
NAMES |= {*actions.ASKS, *actions.SINCE}
"""Every action id and callback id there is."""
_VALUES = {
    actions.CHOOSE: Choice("status", (JOB,)).value(),
    actions.NOT_HELPFUL: Unhelpful(JOB, "plateau").value(),
    actions.NEWER: Page(0).value(),
    actions.OLDER: Page(1).value(),
}
PAYLOAD_TYPES = ("block_actions", "message_action", "block_suggestion", "view_submission", "view_closed")


class Sender:
    """Payloads in the name of somebody of ``team_id``, in a channel of the workspace ``home_id``."""

    def __init__(
        self, made: World, team_id: str, user_id: str, *, home_id: str = OURS, channel_id: str = PARTNERS
    ) -> None:
        self._made = made
        self._team_id = team_id
        self._user_id = user_id
        self._home_id = home_id
        self._channel_id = channel_id
        self._sent = 0

    def handles(self, *, responds: bool = True) -> dict[str, str]:
        """What is good for one answer."""
        self._sent += 1
        world = self._made.workspace.world
        url = (
            {"response_url": world.response_url(Origin(self._channel_id, self._user_id))} if responds else {}
        )
        return {"trigger_id": world.triggers.issue(self._user_id), **url}

    def interaction(self, kind: str, *, responds: bool = True, **more: Any) -> dict[str, Any]:
        """A press, a shortcut, a choice, a window."""
        return {
            "type": kind,
            "user": {"id": self._user_id, "name": "petra", "team_id": self._team_id},
            "team": {"id": self._team_id, "domain": "partner"},
            "enterprise": None,
            "is_enterprise_install": False,
            "api_app_id": "A0JOBBOT01",
            **self.handles(responds=responds),
            **more,
        }

    def press(self, action_id: str, *, in_home: bool = False, value: str | None = None) -> dict[str, Any]:
        """A button on a card in the channel, or in the Home tab."""
        place: dict[str, Any] = {"container": {"type": "view", "view_id": "V1"}, "view": {"id": "V1"}}
        if not in_home:
            container = {
                "type": "message",
                "message_ts": "5.0",
                "channel_id": self._channel_id,
                "thread_ts": "4.0",
            }
            place = {"container": container, "channel": {"id": self._channel_id}, "message": self.message()}
        pressed = {"action_id": action_id, "block_id": "b1", "type": "button"}
        pressed["value"] = _VALUES.get(action_id, JOB) if value is None else value
        return self.interaction("block_actions", responds=not in_home, actions=[pressed], **place)

    def message(self) -> dict[str, Any]:
        """One of ours: it names a job."""
        return {"type": "message", "ts": "5.0", "text": JOB, "user": BOT, "team": self._home_id, "blocks": []}

    def view(self, callback_id: str) -> dict[str, Any]:
        """A window of ours, filled in."""
        chosen = {"selected_option": {"value": JOB}}
        metadata = {"response_url": self.handles()["response_url"], "channel_id": self._channel_id}
        return {
            "id": "V1",
            "team_id": self._team_id,
            "app_installed_team_id": self._home_id,
            "callback_id": callback_id,
            "private_metadata": json.dumps(metadata),
            "state": {"values": {actions.PICK: {actions.PICK: chosen}}},
        }

    def event(self, kind: str, **more: Any) -> dict[str, Any]:
        """An event that says whose it is in one of the ways that events do."""
        self._sent += 1
        text = f"<@{BOT}> {JOB}"
        link = {"domain": "app.simplismart.ai", "url": f"https://app.simplismart.ai/jobs/{JOB}"}
        inner = {
            "type": kind,
            "user": self._user_id,
            "channel": self._channel_id,
            "text": text,
            "ts": f"{self._sent}.0",
            "message_ts": "5.0",
            "links": [link],
            "tab": "home",
            "event_ts": "6.0",
            "team": self._home_id,
            "user_team": self._team_id,
        }
        return {
            "type": "event_callback",
            "team_id": self._home_id,
            "context_team_id": self._home_id,
            "event_id": f"Ev{self._team_id}{self._sent}",
            "authorizations": [{"team_id": self._home_id, "enterprise_id": None, "user_id": BOT}],
            "event": inner | more,
        }

    def edit(self) -> dict[str, Any]:
        """An edited direct message: whose it is stands in the message, not in the event."""
        said = {"type": "message", "user": self._user_id, "ts": "9999999999.0", "text": JOB}
        message = said | {"team": self._team_id}
        where = {"channel": "D0PARTNER1", "channel_type": "im", "user": None, "user_team": None, "team": None}
        return self.event("message", subtype="message_changed", message=message, **where)

    def command(self, text: str, command: str = "/job") -> dict[str, str]:
        """A slash command."""
        return {
            "command": command,
            "text": text,
            "team_id": self._team_id,
            "channel_id": self._channel_id,
            "user_id": self._user_id,
            **self.handles(),
        }

    async def send(self, payload: Mapping[str, Any]) -> Delivery:
        """Over whatever the bot listens to."""
        dispatcher = self._made.workspace.dispatcher
        if "command" in payload:
            return await dispatcher.send(Envelope("slash_commands", payload))
        kind = "events_api" if payload["type"] == "event_callback" else "interactive"
        return await dispatcher.send(Envelope(kind, payload))


def stranger(made: World) -> Sender:
    """Somebody of the other company."""
    return Sender(made, THEIRS, PARTNER)


def events() -> set[str]:
    """Every event the app is told of, and those that nobody has thought of yet."""
    settings = yaml.safe_load(socket_mode_manifest())["settings"]["event_subscriptions"]
    named = {re.sub(r"^message\..*", "message", each) for each in settings["bot_events"]}
    return named | {"user_change", "not_yet_invented"}


def everything(sender: Sender) -> Iterator[dict[str, Any]]:
    """A payload for each thing that can be done to the bot."""
    for name in sorted(NAMES):
        yield sender.press(name)
        yield sender.press(name, in_home=True)
        yield sender.interaction(
            "message_action", callback_id=name, message=sender.message(), channel={"id": PARTNERS}
        )
        yield sender.interaction("block_suggestion", responds=False, action_id=name, value="a")
        yield sender.interaction("view_submission", responds=False, view=sender.view(name))
        yield sender.interaction("view_closed", responds=False, view=sender.view(name))
        yield sender.interaction("shortcut", responds=False, callback_id=name)
    for kind in sorted(events()):
        yield sender.event(kind)
        yield sender.event(kind, channel_type="im", channel="D0PARTNER1")
    yield sender.edit()
    yield from (sender.command(f"{command.name} {JOB}") for command in COMMANDS)
    yield from (sender.command(text) for text in ("", JOB, "help", "no such thing"))
    yield sender.command(JOB, command="/another")


def what(payload: Mapping[str, Any]) -> str:
    """A payload's name, for whoever reads that it failed."""
    inner = payload.get("event") or (payload.get("actions") or [{}])[0]
    return f"{payload.get('type', 'command')} {inner.get('type', '')} {inner.get('action_id', '')}"
