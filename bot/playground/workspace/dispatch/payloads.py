"""What Slack sends to an app, field by field: commands, events, interactions.

Sources: https://docs.slack.dev/interactivity/implementing-slash-commands, …/apis/events-api,
…/reference/interaction-payloads
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.playground.workspace.identity import Identity
from bot.playground.workspace.model import Channel, ChannelKind, Message, User
from bot.playground.workspace.web_api.objects import message_object

_CHANNEL_NAMES = {ChannelKind.PRIVATE: "privategroup", ChannelKind.DM: "directmessage"}


def channel_name(channel: Channel) -> str:
    """The name in payloads: private conversations do not tell theirs."""
    return _CHANNEL_NAMES.get(channel.kind, channel.name)


def slash_command(
    identity: Identity, channel: Channel, user: User, words: tuple[str, str], handles: Mapping[str, str]
) -> dict[str, str]:
    """The form of a slash command; ``words`` are command and text, ``handles`` the URL and trigger."""
    command, text = words
    return {
        "token": identity.verification_token,
        **_home(identity, user),
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": identity.api_app_id,
        "is_enterprise_install": "false",
        **handles,
    }


def event_callback(
    identity: Identity, channel: Channel, message: Message, event_id: str, *, home_team_id: str | None = None
) -> dict[str, Any]:
    """The callback for a person's message: `message.im` in direct messages, else `app_mention`.

    ``home_team_id`` is the asker's own workspace where that is another one (Slack Connect).
    """
    is_direct = channel.kind is ChannelKind.DM
    inner: dict[str, Any] = {
        "type": "message" if is_direct else "app_mention",
        "user": message.user_id,
        "text": message.text,
        "ts": message.ts,
        "client_msg_id": f"00000000-0000-4000-8000-{event_id[-9:]:0>12}",
        "team": identity.team_id,
        "channel": channel.id,
        "event_ts": message.ts,
    }
    if is_direct:
        inner["channel_type"] = "im"
    if home_team_id is not None:
        inner |= {"user_team": home_team_id, "source_team": home_team_id, "team": home_team_id}
    if message.is_reply:
        inner["thread_ts"] = message.thread_ts
    if message.broadcast:
        inner["subtype"] = "thread_broadcast"
    return callback(identity, channel, inner, event_id)


def link_callback(
    identity: Identity, channel: Channel, message: Message, links: Sequence[tuple[str, str]], event_id: str
) -> dict[str, Any]:
    """The callback for ``link_shared``: ``links`` are the registered domains and the addresses there.

    Source: https://docs.slack.dev/reference/events/link_shared
    """
    inner: dict[str, Any] = {
        "type": "link_shared",
        "channel": channel.id,
        "is_bot_user_member": identity.bot_user_id in channel.members,
        "user": message.user_id,
        "message_ts": message.ts,
        "unfurl_id": f"{channel.id}.{message.ts}",
        "source": "conversations_history",
        "links": [{"domain": domain, "url": url} for domain, url in links],
        "event_ts": message.ts,
    }
    if message.is_reply:
        inner["thread_ts"] = message.thread_ts
    return callback(identity, channel, inner, event_id)


def change_callback(
    identity: Identity, channel: Channel, kind: str, messages: tuple[Message, Message], ids: tuple[str, str]
) -> dict[str, Any]:
    """The callback for ``message_changed`` or ``message_deleted`` in direct messages.

    ``messages`` are the message now and before, ``ids`` the event's id and time stamp.
    """
    now, before = (message_object(one, channel, identity) for one in messages)
    event_id, ts = ids
    inner: dict[str, Any] = {
        "type": "message",
        "subtype": kind,
        "hidden": True,
        "channel": channel.id,
        "channel_type": "im",
        "previous_message": before,
        "ts": ts,
        "event_ts": ts,
    }
    inner |= {"message": now} if kind == "message_changed" else {"deleted_ts": before["ts"]}
    return callback(identity, channel, inner, event_id)


def callback(identity: Identity, channel: Channel, inner: Mapping[str, Any], event_id: str) -> dict[str, Any]:
    """What is around every event; ``inner`` is the event itself."""
    return {
        "token": identity.verification_token,
        # A channel that another company made is that company's, and so is what happens in it.
        "team_id": channel.host_team_id or identity.team_id,
        "context_team_id": identity.team_id,
        "context_enterprise_id": identity.enterprise_id,
        "api_app_id": identity.api_app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(float(inner["event_ts"])),
        "authorizations": [_authorization(identity)],
        "is_ext_shared_channel": channel.kind is ChannelKind.SHARED,
        "event_context": f"4-{event_id}",
    }


def installation_callback(
    identity: Identity, event: Mapping[str, Any], event_id: str, at: datetime
) -> dict[str, Any]:
    """The callback for what happens to the installation itself: nobody did it, and nobody is authorized."""
    return {
        "token": identity.verification_token,
        "team_id": identity.team_id,
        "api_app_id": identity.api_app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(at.timestamp()),
    }


def message_action(
    identity: Identity,
    user: User,
    place: tuple[Channel, Message],
    action: Mapping[str, Any],
    handles: Mapping[str, str],
) -> dict[str, Any]:
    """`block_actions` of a button in a message; an ephemeral message is not included, as in Slack."""
    channel, message = place
    container: dict[str, Any] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    if message.is_reply:
        container["thread_ts"] = message.thread_ts
    payload = {
        **interaction("block_actions", identity, user),
        **handles,
        "container": container,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": {}},
        "actions": [action],
    }
    if message.ephemeral_to is None:
        payload["message"] = message_object(message, channel, identity)
    return payload


def message_shortcut(
    identity: Identity,
    user: User,
    place: tuple[Channel, Message],
    chosen: tuple[str, str],
    handles: Mapping[str, str],
) -> dict[str, Any]:
    """`message_action`: ``chosen`` are the shortcut's ``callback_id`` and when it was chosen.

    Source: https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
    """
    channel, message = place
    callback_id, action_ts = chosen
    return {
        **interaction("message_action", identity, user),
        **handles,
        "callback_id": callback_id,
        "action_ts": action_ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message_ts": message.ts,
        "message": message_object(message, channel, identity),
    }


def interaction(kind: str, identity: Identity, user: User) -> dict[str, Any]:
    """What every interaction says of itself; of people of another company, their workspace."""
    home = _home(identity, user)
    return {
        "type": kind,
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": home["team_id"],
        },
        "api_app_id": identity.api_app_id,
        "token": identity.verification_token,
        "team": {"id": home["team_id"], "domain": home["team_domain"]},
        "enterprise": {"id": home["enterprise_id"], "name": "Playground"}
        if "enterprise_id" in home
        else None,
        "is_enterprise_install": False,
    }


def _authorization(identity: Identity) -> dict[str, Any]:
    return {
        "enterprise_id": identity.enterprise_id,
        "team_id": identity.team_id,
        "user_id": identity.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }


def _home(identity: Identity, user: User) -> dict[str, str]:
    """The workspace of whoever acts, which is not always the bot's."""
    if user.home_team_id is not None:
        return {"team_id": user.home_team_id, "team_domain": user.home_team_id.lower()}
    home = {"team_id": identity.team_id, "team_domain": identity.team_domain}
    return home | ({"enterprise_id": identity.enterprise_id} if identity.enterprise_id else {})
