"""Failures as cards: what happened, what to do next, and a reference to find it in the log."""

from __future__ import annotations

from bot.cards import actions, phrases
from bot.cards.card import Card, button, context, section
from bot.cards.card import actions as row_of
from bot.cards.error_words import Words, words_of
from bot.cards.text import code, cut, escape, line, plain, unescape
from bot.domain.errors import (
    JobBotError,
    NotUnderstoodError,
    RateLimitedError,
    SlackPermissionError,
    UnnamedJobError,
    UserError,
)
from bot.domain.forecast import duration_text

_EXAMPLE_ID = "3fe92c25-8b1f-4c5e-9a70-6d2f1e0b7a94"
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
        return _card(Words("That does not work", escape(line(error.detail)), ""), reference)
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
        f"Ask again. If it happens again, send whoever runs this bot the reference `{reference}`.",
    )
    return _card(words, reference)


def _card(
    words: Words, reference: str, *, request_id: str | None = None, retry: bool = False, left_out: int = 0
) -> Card:
    body = " ".join(part for part in (words.what, words.next_step) if part)
    blocks = [section(f"⚠️ *{words.title}*\n{body}")]
    if retry and request_id:
        blocks.append(row_of([button("Try again", actions.TRY_AGAIN, request_id)]))
    asked = code(request_id, _ID_CHARACTERS) if request_id else ""
    remarks = (asked, f"Reference `{reference}`", phrases.left_out(left_out))
    blocks.append(context([remark for remark in remarks if remark]))
    return Card(f"{words.title}. {body}".replace("`", ""), blocks)


def _not_understood(error: NotUnderstoodError, reference: str, slash_command: str) -> Card:
    reason = cut(escape(line(error.reason)), _REASON_CHARACTERS)
    read = code(unescape(error.words), _WORDS_CHARACTERS)
    suggested = f"{slash_command} {unescape(error.suggestion)}" if error.suggestion else ""
    title = "Which job?" if isinstance(error, UnnamedJobError) else "I did not understand that."
    lines = [f"*{title}* {reason}".rstrip()]
    if read:
        lines.append(f"I read: {read}")
    if suggested:
        lines.append(f"Did you mean {code(suggested, _WORDS_CHARACTERS)}?")
    else:
        lines.append(f"Example: `{slash_command} {_EXAMPLE_ID}`")
    hint = f" Did you mean {plain(suggested, _WORDS_CHARACTERS)}?" if suggested else ""
    blocks = [section("\n".join(lines)), context([f"Reference `{reference}`"])]
    return Card(f"{title} {reason}{hint}".replace("`", ""), blocks)


def with_left_out(card: Card, left_out: int) -> Card:
    """An answer that also says how many more ids were named than were answered."""
    remark = phrases.left_out(left_out)
    plainer = None if card.plainer is None else with_left_out(card.plainer, left_out)
    return Card(f"{card.text} {remark}.", [*card.blocks, context([remark])], plainer)
