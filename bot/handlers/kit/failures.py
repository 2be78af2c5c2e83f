"""A failure, told twice: to the person as a card, to the log with the rest, under one reference."""

from __future__ import annotations

import structlog

from bot.cards.kit import phrases
from bot.cards.kit.card import Card
from bot.cards.kit.error import error_card, internal_error_card, with_left_out
from bot.cards.setup.answers import not_set_up_card
from bot.domain.commands.request_id import is_uuid
from bot.domain.commands.search import resolve
from bot.domain.errors import (
    ChannelKeyRejectedError,
    EnteredKeyRejectedError,
    JobBotError,
    JobNotFoundError,
    KeyRejectedError,
    NotConnectedError,
    NothingFitsError,
    SlackPermanentError,
    UserError,
)
from bot.handlers.kit.context import Context

_log = structlog.stdlib.get_logger(__name__)


def failure_card(
    context: Context, error: Exception, request_id: str | None = None, *, left_out: int = 0
) -> Card:
    """The card that explains ``error``; what the card leaves out goes to the log.

    An error outside our tree, and a request that was wrong, is told as an internal error: the person can do
    nothing about either but quote the reference.
    """
    context.on_failure(error)
    reference = context.new_reference()
    if isinstance(error, JobNotFoundError) and _fits_no_name(context, request_id):
        error = NothingFitsError(error.detail, status=error.status)
    if isinstance(error, KeyRejectedError) and context.key_entered_in is not None:
        kind = ChannelKeyRejectedError if context.key_entered_in else EnteredKeyRejectedError
        error = kind(error.detail, status=error.status)
    if isinstance(error, JobBotError) and type(error) is not SlackPermanentError:
        level = "info" if isinstance(error, UserError | JobNotFoundError) else "warning"
        getattr(_log, level)(
            "question failed",
            reference=reference,
            error=error.code,
            detail=error.detail,
            request_id=request_id,
        )
        card = error_card(
            error,
            reference=reference,
            slash_command=context.slash_command,
            request_id=request_id,
            left_out=left_out,
        )
        if isinstance(error, NotConnectedError):
            return not_set_up_card(card, context.setup_offer, slash_command=context.slash_command)
        return card
    _log.error("unexpected failure", reference=reference, request_id=request_id, exc_info=error)
    return internal_error_card(reference=reference)


def _fits_no_name(context: Context, request_id: str | None) -> bool:
    """Whether it was looked for among the names of the jobs as they are now, and is none."""
    if request_id is None or is_uuid(request_id):
        return False
    listing = context.training_api.peek_jobs()
    return listing is not None and not resolve(request_id, listing.jobs)


def left_out_card(context: Context, left_out: int, last: Card | None) -> Card | None:
    """Says with the ``last`` answer how many more ids were named than are taken at once.

    A ``response_url`` takes as many answers as ids are taken at once: a further one would be lost. Only
    where the last id has no answer is it a card of its own.
    """
    if not left_out:
        return last
    if last is not None:
        return with_left_out(last, left_out)
    return failure_card(context, UserError(f"{phrases.left_out(left_out)}."))
