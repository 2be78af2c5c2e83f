"""The window of `setup`: what is set, what can be, and what was typed into it.

Source: https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final

from pydantic import SecretStr

from bot.cards.kit import actions
from bot.cards.kit.card import OPTION_CHARACTERS, Block, context, header, modal, plain_text, section
from bot.cards.kit.references import person
from bot.cards.kit.references import place as channel_mention
from bot.cards.kit.text import code, date
from bot.cards.setup.defaults import default_fields, defaults_in
from bot.cards.setup.permissions import UserGroups, mistakes_in_rights, permission_fields, rights_in
from bot.domain.job.json_text import parse_json
from bot.domain.job.reading import read_object
from bot.domain.permissions.policies import PlaceSettings
from bot.domain.ports.tenants import ConnectionFacts

TITLE: Final = "Set up jobbot"
ORG, KEY = "org", "key"
_MOST_ORG: Final = 100
_MOST_KEY: Final = 3000
"""As much as Slack takes in a field."""
_ORG_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}")
_API_KEY: Final = re.compile(r"[!-~]+")
_NAME_CHARACTERS: Final = 200
NOTHING_SET: Final = PlaceSettings()
_EACH_FOR_ITSELF: Final = (
    "These settings count in this workspace only. Each workspace of your Slack organization has its own:"
    " type `{slash} setup` there."
)


@dataclass(frozen=True, slots=True)
class SetupPlace:
    """What the window is about; it carries it, and Slack hands it back."""

    channel_id: str = ""
    """Empty: the whole workspace."""
    team_id: str = ""
    """The workspace in which it was opened."""
    home_id: str = ""
    """Whose window it is: see `bot.domain.messages.installation.Carried`."""

    def metadata(self) -> str:
        """As the window's ``private_metadata``."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def read(cls, metadata: str) -> SetupPlace | None:
        """From ``private_metadata``; None where another version of the bot wrote it."""
        try:
            said = parse_json(metadata)
        except ValueError:
            return None
        names = [each.name for each in fields(cls)]
        if not (isinstance(said, dict) and all(isinstance(said.get(each), str) for each in names)):
            return None
        return cls(*(said[each] for each in names))

    @property
    def words(self) -> str:
        """As people read it; ``mrkdwn``."""
        if not self.channel_id:
            return "the whole workspace"
        return channel_mention(self.channel_id) or "this channel"


@dataclass(frozen=True, slots=True)
class Connected:
    """What is known of the organization there, and what else is set."""

    can_connect: bool
    """Not where the settings name it."""
    own: ConnectionFacts | None = None
    """The place's own."""
    used: str = ""
    """The organization that is asked there, whoever connected it; empty for none."""
    settings: PlaceSettings = NOTHING_SET
    """Who may do what, and defaults."""
    groups: UserGroups = field(default_factory=UserGroups)
    is_one_of_many: bool = False
    """The app is installed for an Enterprise Grid organization, and this is one of its workspaces."""


@dataclass(frozen=True, slots=True)
class SetupEntry:
    """What was typed."""

    org_id: str
    api_key: SecretStr
    settings: PlaceSettings = field(default_factory=PlaceSettings)

    def over(self, stored: PlaceSettings) -> PlaceSettings:
        """What it comes to: a list or a group that the window didn't ask for stays as it is ``stored``."""
        settings = self.settings
        people = {right: each for right, each in {**stored.people, **settings.people}.items() if each}
        groups = {right: each for right, each in {**stored.groups, **settings.groups}.items() if each}
        return replace(settings, people=people, groups=groups)


def setup_view(
    place: SetupPlace,
    connected: Connected,
    *,
    slash_command: str,
    problem: str = "",
    org_id: str = "",
) -> dict[str, Any]:
    """The window, to be filled in.

    Args:
        place: what it is about.
        connected: the organization there.
        slash_command: as people type it.
        problem: the reason that nothing was kept the last time; ``mrkdwn``.
        org_id: what was typed then. A key is never shown again, not even to whoever typed it.
    """
    blocks: list[Block] = [section(f"⚠️ {problem}")] if problem else []
    blocks.append(section(f"Settings for *{place.words}*"))
    if connected.is_one_of_many and not place.channel_id:
        blocks.append(context([_EACH_FOR_ITSELF.replace("{slash}", slash_command)]))
    blocks += [header("Simplismart"), section(_state(place, connected))]
    if connected.can_connect:
        blocks += _fields(place, connected, org_id)
    is_channel = bool(place.channel_id)
    blocks += permission_fields(connected.settings, connected.groups, is_channel=is_channel)
    blocks += default_fields(connected.settings, is_channel=is_channel)
    if not place.channel_id:
        blocks.append(context([f"To set up one channel alone, type `{slash_command} setup channel` in it."]))
    return modal(TITLE, blocks) | {
        "callback_id": actions.SETUP_SEND,
        "private_metadata": place.metadata(),
        "submit": plain_text("Save", OPTION_CHARACTERS),
        "close": plain_text("Cancel", OPTION_CHARACTERS),
    }


def opening_view() -> dict[str, Any]:
    """What stands in the window while it is found out who asks."""
    return modal(TITLE, [section("⏳ One moment …")])


def trying_view(external_id: str, *, has_key: bool) -> dict[str, Any]:
    """What stands there while the key is tried, and all is saved; it is found by ``external_id``."""
    said = "⏳ Trying the key with Simplismart …" if has_key else "⏳ Saving …"
    said += "\nThe result appears here within 10 seconds. If it doesn't, open this window again."
    return modal(TITLE, [section(said)]) | {"external_id": external_id}


def _state(place: SetupPlace, connected: Connected) -> str:
    """Which organization, and since when; never the key."""
    own = connected.own
    if not connected.can_connect:
        shown = code(connected.used, _NAME_CHARACTERS)
        return (
            f"Organization {shown} and its key come from the bot's settings. To set them here instead, your"
            " jobbot admin has to set `SLACK_CLIENT_ID` and `SECRETS_KEYS`."
        )
    if own is None:
        if not connected.used:
            return "No organization is connected yet."
        whence = "of the workspace" if place.channel_id else "of the bot's settings"
        return f"Uses the organization {whence}: {code(connected.used, _NAME_CHARACTERS)}"
    by = f" by {who}" if (who := person(own.set_by)) else ""
    key = f"Key set on {date(own.set_at, '{date_long}')}{by}" if own.has_key else "Its key was removed"
    return f"Organization {code(own.org_id, _NAME_CHARACTERS)}\n{key}"


def _fields(place: SetupPlace, connected: Connected, org_id: str) -> list[Block]:
    own = connected.own
    rest = "Clear it to use the workspace's." if place.channel_id else "Clear it to disconnect it."
    has_key = own is not None and own.has_key
    kept = "Leave empty to keep the key that is set." if has_key else "It is tried before it is kept."
    return [
        _field(ORG, "Organization ID", rest if own else "", org_id or (own.org_id if own else ""), _MOST_ORG),
        _field(KEY, "API key", f"{kept} Stored encrypted, and never shown again.", "", _MOST_KEY),
    ]


def _field(name: str, label: str, hint: str, value: str, most: int) -> Block:
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": name, "max_length": most}
    if value:
        element["initial_value"] = value
    block: Block = {
        "type": "input",
        "block_id": name,
        "optional": True,
        "label": plain_text(label, OPTION_CHARACTERS),
        "element": element,
    }
    return block | ({"hint": plain_text(hint, 150)} if hint else {})


def entry_in(view: Mapping[str, Any]) -> SetupEntry:
    """What the sent window says."""
    values = read_object(read_object(view.get("state")).get("values"))
    chosen, defaults = rights_in(values), defaults_in(values)
    settings = replace(
        chosen,
        slack_connect=defaults.slack_connect,
        time_zone=defaults.time_zone,
        destination=defaults.destination,
        mode=defaults.mode,
    )
    return SetupEntry(_typed(view, ORG), SecretStr(_typed(view, KEY)), settings)


def mistakes_in(entry: SetupEntry) -> dict[str, str]:
    """What is wrong with it at first sight, by field: ``errors`` of the ack."""
    key = entry.api_key.get_secret_value()
    wrong = mistakes_in_rights(entry.settings)
    if entry.org_id and not _ORG_ID.fullmatch(entry.org_id):
        wrong[ORG] = "That isn't an organization ID: copy it from Simplismart."
    if key and not _API_KEY.fullmatch(key):
        wrong[KEY] = "That isn't an API key: copy it from Simplismart, without spaces."
    elif key and not entry.org_id:
        wrong[ORG] = "Which organization is this key for?"
    return wrong


def _typed(view: Mapping[str, Any], name: str) -> str:
    values = read_object(read_object(view.get("state")).get("values"))
    return str(read_object(read_object(values.get(name)).get(name)).get("value") or "").strip()
