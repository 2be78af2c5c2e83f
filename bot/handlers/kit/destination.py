"""Where the updates of a job are to go, and whether the bot may post there: before anything is promised."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.cards.kit.card import Card
from bot.cards.subscriptions.cannot_post import (
    cannot_check_card,
    cannot_post_card,
    cannot_post_here_card,
    shared_channel_card,
)
from bot.domain.errors import SlackError, SlackPermanentError, SlackPermissionError
from bot.handlers.kit.command import Place
from bot.handlers.kit.context import Context

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Destination:
    """A conversation, or the thread in it, that takes the card of a job."""

    channel_id: str
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing can be posted there."""

    slack_code: str = ""
    """Slack's error code; empty where another company reads along."""
    needed: str = ""
    """The scope that Slack asks for, where it names one."""

    @classmethod
    def of(cls, error: SlackPermanentError) -> Refusal:
        """Because Slack says so."""
        needed = error.needed if isinstance(error, SlackPermissionError) else ""
        return cls(error.slack_code, needed)

    def card(self, context: Context, place: Place, request_id: str) -> Card:
        """What the asker is told about this job in that place, with the ways out."""
        if not self.slack_code:
            return shared_channel_card(request_id=request_id, slash_command=context.slash_command)
        return cannot_post_card(
            self.slack_code,
            request_id=request_id,
            slash_command=context.slash_command,
            bot_name=context.login.bot_name,
            needed=self.needed,
            takes_invitations=place.takes_invitations,
        )

    def card_for_all(self, context: Context, place: Place, again: str) -> Card:
        """What the asker is told where something for everybody was to come: ``again`` is what was typed."""
        return cannot_post_here_card(
            self.slack_code,
            again=again,
            bot_name=context.login.bot_name,
            needed=self.needed,
            takes_invitations=place.takes_invitations,
        )


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Slack does not say just now, and nothing is promised: asked again it may."""

    is_dm: bool

    def card(self, context: Context, place: Place, request_id: str) -> Card:
        """What the asker is told about this job."""
        words = ["subscribe", request_id, *(["dm"] if self.is_dm else [])]
        return self.card_for_all(context, place, " ".join([context.slash_command, *words]))

    def card_for_all(self, _context: Context, _place: Place, again: str) -> Card:
        """What the asker is told where something for everybody was to come: ``again`` is what was typed."""
        return cannot_check_card(is_dm=self.is_dm, again=again)


async def destination(
    context: Context, place: Place, *, in_dm: bool = False
) -> Destination | Refusal | Unchecked:
    """The place itself, or with ``in_dm`` the asker's direct messages; why not, where that cannot be."""
    try:
        if in_dm:
            return Destination(await context.slack.open_dm(place.user_id))
        return await _here(context, place)
    except SlackPermanentError as error:
        return Refusal.of(error)
    except SlackError as error:
        _log.warning("cannot check where updates are to go", error=error.code, detail=error.detail)
        return Unchecked(is_dm=in_dm)


async def _here(context: Context, place: Place) -> Destination | Refusal:
    here = Destination(place.channel_id, place.thread_ts)
    if place.is_dm:
        return here
    conversation = await context.slack.conversation(place.channel_id)
    if place.is_shared or (conversation is not None and conversation.is_shared):
        in_force = await context.settings_at(place.team_id, place.channel_id)
        if in_force.others.slack_connect is not True:
            return Refusal()
    if conversation is None:  # it cannot be known: posting the card will show
        return here
    if conversation.is_archived:
        return Refusal("is_archived")
    return Refusal("not_in_channel") if conversation.is_private and not conversation.is_member else here
