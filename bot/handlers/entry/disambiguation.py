"""The buttons of "Which one?" and "Did you mean?": the question that was meant."""

from __future__ import annotations

from dataclasses import replace as with_changes
from functools import partial

from bot.cards.jobs.which_one import Choice
from bot.cards.kit import actions
from bot.cards.kit.card import Card
from bot.handlers.entry.registry import Dispatch
from bot.handlers.kit.button_press import ButtonPress, replace, to_presser
from bot.handlers.kit.command import Place, Question
from bot.handlers.kit.context import Context
from bot.handlers.kit.misdirected import tell_presser
from bot.handlers.kit.replies import in_thread
from bot.handlers.sentences.thread_jobs import thread_jobs


async def choose(dispatch: Dispatch, context: Context, pressed: ButtonPress) -> None:
    """Answer for the chosen job, in the place of the card; what concerns one person only they see."""
    chosen = _chosen(dispatch, pressed)
    if chosen is None:
        await tell_presser(context, pressed)
        return
    here = None if pressed.thread_ts is None else partial(thread_jobs, context, _thread_of(pressed))
    question = await dispatch.understood(context, chosen, here if chosen.text else None)
    if not isinstance(question, Question):
        await replace(context, pressed, question if isinstance(question, Card) else question.card)
        return
    is_for_presser = pressed.is_private or dispatch.command_of(question).is_personal
    stands = is_for_presser and not pressed.is_private
    answers = max(1, len(question.request_ids))
    async for card in dispatch.run(context, question):
        if not stands:
            await replace(context, pressed, card, answers=answers)
            stands = True
        elif is_for_presser:
            await to_presser(context, pressed, answers=answers)(card)
        else:
            await in_thread(context.slack, pressed.channel_id, pressed.thread_ts)(card)
    if not stands:  # the answer stands elsewhere: the card has done its work
        await context.slack.respond(pressed.response_url, {"delete_original": True})


def _thread_of(pressed: ButtonPress) -> Place:
    """Where the card stands, also where it is what the thread began with."""
    return with_changes(pressed.place, thread_ts=pressed.thread_ts)


def chosen_changes(dispatch: Dispatch, pressed: ButtonPress) -> bool:
    """Whether the question that was chosen changes something that is stored."""
    question = _chosen(dispatch, pressed)
    return question is not None and dispatch.changes(question)


def _chosen(dispatch: Dispatch, pressed: ButtonPress) -> Question | None:
    if pressed.action_id in actions.ASKS:
        is_in_thread = pressed.thread_ts is not None
        line, place = pressed.value, pressed.place
        asked = dispatch.ask(line, place, is_private=pressed.is_private, in_thread=is_in_thread)
        return with_changes(asked, is_chosen=True)
    choice = Choice.read(pressed.value)
    if choice is None or not dispatch.has(choice.command):
        return None
    return Question(
        choice.command,
        choice.request_ids,
        pressed.place,
        is_private=pressed.is_private,
        options=choice.options,
        words=choice.words,
    )
