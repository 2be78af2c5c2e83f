"""The buttons of the list: its pages, and a job's card."""

from __future__ import annotations

from dataclasses import replace as with_changes

from bot.cards.jobs.jobs_list import Page
from bot.domain.channels.digest_list import Since
from bot.domain.commands.stored_query import query_from_button
from bot.domain.errors import NotUnderstoodError, TrainingApiError
from bot.handlers.jobs.list_jobs import Wanted, page_of
from bot.handlers.jobs.status import look_up
from bot.handlers.kit.button_press import ButtonPress, replace, to_presser
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.handlers.kit.misdirected import tell_presser


async def open_job(context: Context, pressed: ButtonPress) -> None:
    """The job's card, for the presser's eyes: the list stays."""
    question = with_changes(pressed.question, is_private=True)
    await to_presser(context, pressed)(await look_up(context, pressed.request_id, question))


async def since(context: Context, pressed: ButtonPress) -> None:
    """The jobs of one status that a digest counts, for the presser's eyes: the digest stays."""
    asked = Since.read(pressed.value)
    if asked is None:
        await tell_presser(context, pressed)
        return
    try:
        card = await page_of(context, pressed.place, Wanted([asked.query(context.clock.now())]))
    except TrainingApiError as error:
        card = failure_card(context, error)
    await to_presser(context, pressed)(card)


async def turn(context: Context, pressed: ButtonPress) -> None:
    """Another page, in the place of this one. A failure never takes the list away."""
    page = Page.read(pressed.value)
    if page is None:
        await tell_presser(context, pressed)
        return
    try:
        card = await page_of(context, pressed.place, Wanted([query_from_button(page.query)]), page.number)
    except (NotUnderstoodError, TrainingApiError) as error:
        await to_presser(context, pressed)(failure_card(context, error))
        return
    await replace(context, pressed, card)
