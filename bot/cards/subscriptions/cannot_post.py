"""Why nobody can subscribe where the asker is, and what to do about it; nothing was promised yet."""

from __future__ import annotations

from typing import Final, NamedTuple

from bot.cards.kit.card import Card, section
from bot.cards.kit.card_settings import short_ids
from bot.cards.kit.text import code, plain

_COMMAND_CHARACTERS: Final = 200
_OPERATOR: Final = "Your jobbot admin needs to install me in this workspace again."


class _Words(NamedTuple):
    title: str
    what: str
    in_dm: bool = True
    """Whether a direct message is a way out."""


_NOT_IN: Final = _Words("I'm not in this conversation", "")
"""``channel_not_found`` too: of a private channel or a DM it is not in, the bot knows nothing."""
_BETWEEN_PEOPLE: Final = "Apps can't be added to direct messages between people."
_RESTRICTED: Final = _Words(
    "I can't post in this channel", "Channel or workspace settings restrict who can post."
)
_ARCHIVED: Final = _Words("This channel is archived", "Nobody can post in it.")
_NO_DM: Final = _Words(
    "I can't send you direct messages",
    "Messages to this app are turned off. Subscribe in a channel that I'm in.",
    in_dm=False,
)
_REVOKED: Final = _Words("Slack no longer lets me in", f"My access was revoked. {_OPERATOR}", in_dm=False)
_SCOPE: Final = _Words(
    "I lack a permission for this", "Your jobbot admin can add it to the app.", in_dm=False
)
_OTHER: Final = _Words("Slack doesn't let me post here", "")
_KNOWN: Final = {
    "not_in_channel": _NOT_IN,
    "channel_not_found": _NOT_IN,
    "is_archived": _ARCHIVED,
    "is_inactive": _ARCHIVED,
    "restricted_action": _RESTRICTED,
    "restricted_action_read_only_channel": _RESTRICTED,
    "restricted_action_thread_only_channel": _RESTRICTED,
    "restricted_action_non_threadable_channel": _RESTRICTED,
    "messages_tab_disabled": _NO_DM,
    "cannot_dm_bot": _NO_DM,
    "user_disabled": _NO_DM,
    "user_not_found": _NO_DM,
    "user_not_visible": _NO_DM,
    "invalid_user_combination": _NO_DM,
    "missing_scope": _SCOPE,
    "no_permission": _SCOPE,
    "not_allowed_token_type": _SCOPE,
    "account_inactive": _REVOKED,
    "app_uninstalled": _REVOKED,
    "invalid_auth": _REVOKED,
    "not_authed": _REVOKED,
    "token_expired": _REVOKED,
    "token_revoked": _REVOKED,
}


def cannot_post_card(  # noqa: PLR0913  (each by its name)
    slack_code: str,
    *,
    request_id: str,
    slash_command: str,
    bot_name: str,
    needed: str = "",
    takes_invitations: bool = True,
) -> Card:
    """The bot cannot post where updates on the job were to appear.

    Args:
        slack_code: Slack's error code.
        needed: the scope that Slack asks for, where it names one.
        request_id: the job that somebody subscribed to.
        slash_command: as people type it here.
        bot_name: the bot's name as people type it, without the ``@``; empty where it is not known.
        takes_invitations: somebody there could invite the bot.
    """
    words = _KNOWN.get(slack_code, _OTHER)
    again = f"{slash_command} subscribe {request_id}"
    steps = [(words.what, "")] if words.what else []
    is_invited = words is _NOT_IN and takes_invitations
    if words is _NOT_IN:
        steps += _ways_in(again, bot_name) if is_invited else [(_BETWEEN_PEOPLE, "")]
    if words.in_dm:
        first = "Or get it" if is_invited else "Get it"
        steps.append((f"{first} in a direct message:", f"{again} dm"))
    return _card(words.title, steps + _reason(words, slack_code, needed))


def shared_channel_card(*, request_id: str, slash_command: str) -> Card:
    """Another company reads the channel, so nothing about a job is posted there."""
    steps = [
        ("This channel is shared with another company, so I don't post job details here.", ""),
        ("Get it in a direct message:", f"{slash_command} subscribe {request_id} dm"),
    ]
    return _card("Shared channel", steps)


def cannot_post_here_card(
    slack_code: str, *, again: str, bot_name: str, needed: str = "", takes_invitations: bool = True
) -> Card:
    """The bot cannot post where something for everybody was to come; no direct message stands in for that.

    Args:
        slack_code: Slack's error code; empty where another company reads the channel.
        needed: the scope that Slack asks for, where it names one.
        again: the whole line that was typed.
        bot_name: the bot's name as people type it, without the ``@``; empty where it is not known.
        takes_invitations: somebody there could invite the bot.
    """
    if not slack_code:
        return _card(
            "Shared channel",
            [("This channel is shared with another company, so I don't post job details here.", "")],
        )
    words = _KNOWN.get(slack_code, _OTHER)
    steps = [(words.what, "")] if words.what else []
    if words is _NOT_IN and takes_invitations:
        steps += _ways_in(again, bot_name)
    elif words is _NOT_IN:
        steps += [(_BETWEEN_PEOPLE, ""), ("Type this in a channel that I'm in:", again)]
    return _card(words.title, steps + _reason(words, slack_code, needed))


def cannot_check_card(*, is_dm: bool, again: str) -> Card:
    """Slack does not say just now whether the bot may post there, so that nothing was promised.

    Args:
        is_dm: whether it was the asker's direct messages that could not be opened.
        again: the whole line that was typed.
    """
    title = "I couldn't open our direct message" if is_dm else "I couldn't check this channel"
    steps = [
        ("Slack isn't answering right now, so I changed nothing.", ""),
        ("Try again in a moment:", again),
    ]
    return _card(title, steps)


def _reason(words: _Words, slack_code: str, needed: str) -> list[tuple[str, str]]:
    """What Slack itself says, where the words say less."""
    if words is _SCOPE and needed:
        return [("Slack asks for the scope", needed)]
    return [("Slack's reason:", slack_code)] if words is _OTHER else []


def _ways_in(again: str, bot_name: str) -> list[tuple[str, str]]:
    name = bot_name.removeprefix("@")
    invitation = f"/invite @{name}" if name else "/invite"
    return [("Invite me first:", invitation), ("Then type", again)]


def _card(title: str, steps: list[tuple[str, str]]) -> Card:
    """A title, and a line for each step: words, and what to type."""
    shown = [f"⚠️ *{title}*"]
    steps = [(before, short_ids(typed)) for before, typed in steps]
    shown += [f"{before} {code(typed, _COMMAND_CHARACTERS)}".rstrip() for before, typed in steps]
    said = [f"{before} {plain(typed, _COMMAND_CHARACTERS)}".rstrip() for before, typed in steps]
    return Card(
        ". ".join([title, *(each.removesuffix(".") for each in said)]) + ".", [section("\n".join(shown))]
    )
