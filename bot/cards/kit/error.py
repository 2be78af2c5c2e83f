"""Failures as cards: what happened, what to do next, and a reference to find it in the log."""

from __future__ import annotations

from typing import Final, NamedTuple

from bot.cards.kit import actions, phrases
from bot.cards.kit.card import Block, Card, button, can_ask_for, context, section
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.card_settings import button_label, short_ids
from bot.cards.kit.text import code, cut, escape, line, plain, unescape
from bot.domain import errors
from bot.domain.commands.command_line import JOB
from bot.domain.errors import (
    ImpossibleError,
    JobBotError,
    NotUnderstoodError,
    RateLimitedError,
    SlackPermissionError,
    UnnamedJobError,
    UserError,
)
from bot.domain.spelling import duration_text

_EXAMPLE_ID = "3fe92c25"
_REASON_CHARACTERS = 500
_WORDS_CHARACTERS = 200
_ID_CHARACTERS = 300


def error_card(
    error: JobBotError,
    *,
    reference: str,
    slash_command: str,
    request_id: str | None = None,
    left_out: int = 0,
) -> Card:
    """The card of a failure.

    Args:
        error: what went wrong; its ``detail`` stays in the log.
        reference: the short word under which the log has the rest.
        slash_command: as people type it here, for examples.
        request_id: the job that was asked for, where one is known.
        left_out: how many more ids were named than were answered.
    """
    if isinstance(error, NotUnderstoodError):
        return _not_understood(error, reference, slash_command)
    if type(error) is UserError and error.detail:
        return _card(Words("That won't work", escape(line(error.detail)), ""), reference)
    words = words_of(error, slash_command)
    if isinstance(error, RateLimitedError) and error.retry_after_seconds:
        wait = duration_text(max(1.0, error.retry_after_seconds))
        words = Words(words.title, words.what, f"Try again in {wait}.")
    if isinstance(error, SlackPermissionError):
        lacks = code(error.needed or error.slack_code, _WORDS_CHARACTERS)
        words = Words(
            words.title, f"{words.what} It lacks {lacks}." if lacks else words.what, words.next_step
        )
    return _card(words, reference, request_id=request_id, retry=error.can_retry, left_out=left_out)


def internal_error_card(*, reference: str) -> Card:
    """The card of a failure that nobody foresaw."""
    words = Words(
        "Something went wrong in the bot",
        "Your question was fine; the bot failed to answer it.",
        f"Ask again. If it happens again, send your jobbot admin the reference `{reference}`.",
    )
    return _card(words, reference)


def _card(
    words: Words, reference: str, *, request_id: str | None = None, retry: bool = False, left_out: int = 0
) -> Card:
    body = " ".join(part for part in (words.what, words.next_step) if part)
    blocks = [section(f"⚠️ *{words.title}*\n{body}")]
    if retry and request_id:
        blocks.append(row_of([button("Try again", actions.TRY_AGAIN, request_id)]))
    asked = code(short_ids(request_id), _ID_CHARACTERS) if request_id else ""
    remarks = (asked, f"Reference `{reference}`", phrases.left_out(left_out))
    blocks.append(context([remark for remark in remarks if remark]))
    return Card(f"{words.title}. {body}".replace("`", ""), blocks)


def _not_understood(error: NotUnderstoodError, reference: str, slash_command: str) -> Card:
    reason = cut(escape(line(error.reason)), _REASON_CHARACTERS)
    read = code(unescape(error.words), _WORDS_CHARACTERS)
    suggested = f"{slash_command} {unescape(error.suggestion)}" if error.suggestion else ""
    titles = ((UnnamedJobError, "Which job?"), (ImpossibleError, "That isn't possible."))
    known = (title for kind, title in titles if isinstance(error, kind))
    title = next(known, "I didn't understand that.")
    lines = [f"*{title}* {reason}".rstrip()]
    if read:
        lines.append(f"I read: {read}")
    if suggested:
        lines.append(f"Did you mean {code(short_ids(suggested), _WORDS_CHARACTERS)}?")
    else:
        lines.append(f"Example: `{slash_command} {_EXAMPLE_ID}`")
    hint = f" Did you mean {plain(suggested, _WORDS_CHARACTERS)}?" if suggested else ""
    blocks = [section("\n".join(lines)), *_instead(error), context([f"Reference `{reference}`"])]
    return Card(f"{title} {reason}{hint}".replace("`", ""), blocks)


def _instead(error: NotUnderstoodError) -> list[Block]:
    """Buttons that do what was suggested, where that is a whole command line."""
    meant = [unescape(each) for each in (error.suggestion or "", *error.others)]
    whole = [each for each in meant if JOB not in each and can_ask_for(each)]
    buttons = [
        button(button_label(each), action_id, each)
        for each, action_id in zip(whole, actions.ASKS, strict=False)
    ]
    return [row_of(buttons)] if buttons else []


def with_left_out(card: Card, left_out: int) -> Card:
    """An answer that also says how many more ids were named than were answered."""
    remark = phrases.left_out(left_out)
    plainer = None if card.plainer is None else with_left_out(card.plainer, left_out)
    return Card(f"{card.text} {remark}.", [*card.blocks, context([remark])], plainer)


class Words(NamedTuple):
    """A failure in plain words; ``mrkdwn``, with nothing in it from outside."""

    title: str
    what: str
    next_step: str


_LASTS: Final = "If it keeps happening, tell your jobbot admin."
_JOBS_FINE: Final = "This doesn't mean anything is wrong with your jobs."
_WORDS: Final[dict[type[JobBotError], Words]] = {
    errors.JobNotFoundError: Words("No such job", "No job with this ID.", "Did you copy all of it?"),
    errors.NothingFitsError: Words(
        "No such job",
        "No job with this name or ID.",
        "To see your jobs, type `{slash} list`.",
    ),
    errors.InvalidIdError: Words(
        "Not a job ID",
        "Simplismart rejects this job ID.",
        "Copy the job ID from Simplismart, then type `{slash} <job>`.",
    ),
    errors.KeyRejectedError: Words(
        "The bot has no access",
        "Simplismart rejected the bot's API key: it has expired, was revoked, or belongs to another"
        " organization.",
        "Your jobbot admin needs to renew `SIMPLISMART_API_TOKEN`, check `SIMPLISMART_ORG_ID`,"
        " and restart the bot.",
    ),
    errors.EnteredKeyRejectedError: Words(
        "The bot has no access",
        "Simplismart rejected this workspace's API key: it has expired, or was revoked.",
        "An admin can enter a new one with `{slash} setup`.",
    ),
    errors.ChannelKeyRejectedError: Words(
        "The bot has no access",
        "Simplismart rejected the channel's own API key: it has expired, or was revoked.",
        "An admin can enter a new one by typing `{slash} setup channel` in it.",
    ),
    errors.NotConnectedError: Words("Not set up yet", "No Simplismart organization is connected here.", ""),
    errors.RateLimitedError: Words(
        "Too many questions at once",
        "Simplismart limits how often I can ask.",
        "Try again in a few seconds.",
    ),
    errors.UpstreamFailedError: Words(
        "Simplismart has a problem",
        f"It answered with an error. {_JOBS_FINE}",
        f"Try again in a minute. {_LASTS}",
    ),
    errors.UpstreamTimeoutError: Words(
        "No answer in time",
        f"Simplismart took too long to answer. {_JOBS_FINE}",
        f"Try again in a minute. {_LASTS}",
    ),
    errors.UnreachableError: Words(
        "Simplismart can't be reached",
        f"I couldn't connect to Simplismart. {_JOBS_FINE}",
        "Try again in a minute. If it keeps happening, your jobbot admin should check"
        " `SIMPLISMART_API_URL` and the network.",
    ),
    errors.UnreadableError: Words(
        "Simplismart's answer can't be read",
        "It sent something that isn't a job.",
        f"Try again in a minute. {_LASTS}",
    ),
    errors.TrainingApiError: Words(
        "No answer about this job", "Simplismart returned no job.", f"Ask again in a minute. {_LASTS}"
    ),
    errors.SlackPermanentError: Words(
        "Slack doesn't let the bot do this",
        "The bot may have been removed from this conversation.",
        "In a channel, invite it with `/invite`, then ask again. Elsewhere, ask in a channel that it is in.",
    ),
    errors.SlackPermissionError: Words(
        "I lack a permission for this",
        "Slack doesn't let the app do that in this workspace.",
        "Your jobbot admin can add it to the app.",
    ),
    errors.SlackPersonError: Words(
        "I can't write to you there",
        "Messages to this app are turned off, or the account is deactivated.",
        "Ask in a channel that I'm in.",
    ),
    errors.SlackRevokedError: Words(
        "Slack rejects the bot",
        "The bot's token was revoked, or the app was uninstalled.",
        "Your jobbot admin needs to install the app again and set the new `SLACK_BOT_TOKEN`.",
    ),
    errors.SlackGoneError: Words(
        "This button has expired",
        "Slack accepts its answers only for a while.",
        "Run `{slash} <job>` again.",
    ),
    errors.SlackError: Words("Slack rejected my reply", "", "Please try again in a moment."),
    errors.StoreError: Words(
        "The bot's database isn't responding",
        "Nothing was changed.",
        f"Try again in a minute. {_LASTS}",
    ),
    errors.SchemaError: Words(
        "The database schema doesn't match this version of jobbot",
        "Nothing was changed.",
        "Admin: check the log; usually `python -m bot migrate` fixes it.",
    ),
    errors.SettingsError: Words(
        "The bot isn't fully set up",
        "Some of its settings are missing or invalid.",
        "Your jobbot admin can list them with `python -m bot check`.",
    ),
    errors.UserError: Words("That won't work", "", "See what does: `{slash} help`."),
    errors.JobBotError: Words("Something went wrong", "The bot couldn't answer.", f"Ask again. {_LASTS}"),
}


def words_of(error: JobBotError, slash_command: str) -> Words:
    """The words for the nearest class of the error that has any."""
    nearest = next(kind for kind in type(error).__mro__ if kind in _WORDS)
    title, what, next_step = _WORDS[nearest]
    return Words(
        title,
        what,
        next_step.replace("{slash} <job>", f"{slash_command} &lt;job&gt;").replace("{slash}", slash_command),
    )
