"""What the buttons on a card do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace as replace_in
from functools import partial
from typing import Any

import structlog

from bot.cards.jobs.job import job_card
from bot.cards.jobs.views import details_view, error_view, failure_view, loading_view
from bot.cards.kit import actions
from bot.domain.errors import SlackError, SlackGoneError, TrainingApiError
from bot.domain.ports import Snapshot
from bot.handlers.entry.disambiguation import choose, chosen_changes
from bot.handlers.entry.picker import open_picker
from bot.handlers.entry.registry import Dispatch
from bot.handlers.home import help as help_command
from bot.handlers.jobs import list_buttons
from bot.handlers.jobs.metrics import curves_card
from bot.handlers.jobs.report import run_report
from bot.handlers.jobs.status import card_of, look_up
from bot.handlers.kit.button_press import ButtonPress, replace, to_presser
from bot.handlers.kit.card_subscription import following
from bot.handlers.kit.command import Question
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.handlers.kit.job_facts import facts_of
from bot.handlers.kit.replies import in_same_thread
from bot.handlers.rights.button import Button, anybody, to_set_up
from bot.handlers.rights.card_organization import denied, organization_of
from bot.handlers.rights.checks import as_seen
from bot.handlers.setup.opening import pressed_setup
from bot.handlers.subscriptions import group, pause_command, subscribe_buttons
from bot.handlers.subscriptions.not_helpful import hide_in_list, not_helpful, silence
from bot.handlers.subscriptions.subscribe_dialog import asks_first
from bot.tasks import aside, working_for

_log = structlog.stdlib.get_logger(__name__)


async def press(context: Context, pressed: ButtonPress) -> None:
    """Do what the button says, for the organization that its card is about."""
    asked = await organization_of(context, pressed)
    pressed = replace_in(pressed, team_id=asked.team_id)
    with working_for(pressed.team_id, asked.context.org_id):
        if asked.denied is None:
            await BUTTONS[pressed.action_id].press(asked.context, pressed)
        elif pressed.action_id == actions.UNSUBSCRIBE:  # whoever leaves sees nothing of the job
            unseen = replace_in(pressed, is_on_card=False)
            await BUTTONS[pressed.action_id].press(asked.context, unseen)
        else:
            await denied(context, pressed.place, pressed.action_id)
            await to_presser(context, pressed)(asked.denied)


def changes(pressed: ButtonPress) -> bool:
    """Whether the button changes something that is stored."""
    button = BUTTONS.get(pressed.action_id)
    return button is not None and button.changes(pressed)


async def _refresh(context: Context, pressed: ButtonPress) -> None:
    """The card as it is now, in its place. A failure never takes a good card away."""
    try:
        snapshot = await context.training_api.job(pressed.request_id, refresh=True)
    except TrainingApiError as error:
        await to_presser(context, pressed)(failure_card(context, error, pressed.request_id))
        return
    followed = following(context, pressed.place, pressed.request_id, is_private=pressed.is_private)
    facts = await facts_of(context, pressed.request_id, snapshot, followed)
    card = await card_of(context, snapshot, pressed.request_id, pressed.question, facts)
    await replace(context, pressed, card)


async def _not_helpful(context: Context, pressed: ButtonPress) -> None:
    """A finding's own message says that it is not told again; a card goes on without it."""
    if pressed.is_in_home or (pressed.is_in_menu and not pressed.is_on_card):
        await hide_in_list(context, pressed)
    elif not pressed.is_in_menu:
        await not_helpful(context, pressed)
    elif (request_id := await silence(context, pressed)) is not None:
        question = Question("status", (request_id,), pressed.place, is_private=pressed.is_private)
        await replace(context, pressed, await look_up(context, request_id, question))


async def _try_again(context: Context, pressed: ButtonPress) -> None:
    """The card of what comes back this time, in the place of the failure's."""
    await replace(
        context, pressed, await look_up(context, pressed.request_id, pressed.question, refresh=True)
    )


async def _share(context: Context, pressed: ButtonPress) -> None:
    """The card for everyone in the conversation; the private one has done its work and goes."""
    context = await as_seen(context, pressed.place, for_all=True)
    try:
        snapshot = await context.training_api.job(pressed.request_id)
    except TrainingApiError as error:
        await to_presser(context, pressed)(failure_card(context, error, pressed.request_id))
        return
    followed = following(context, pressed.place, pressed.request_id, is_private=False)
    card = await aside(
        job_card,
        snapshot,
        request_id=pressed.request_id,
        now=context.clock.now(),
        facts=await facts_of(context, pressed.request_id, snapshot, followed),
        settings=context.card_settings,
        shared_by=pressed.user_id,
    )
    how = {"response_type": "in_channel", "replace_original": False} | in_same_thread(pressed.thread_ts)
    await context.slack.respond(pressed.response_url, how | card.message())
    try:
        await context.slack.respond(pressed.response_url, {"delete_original": True})
    except SlackError as error:
        _log.info("the private card stays beside the shared one", detail=error.detail)


async def _metrics(context: Context, pressed: ButtonPress) -> None:
    """The losses, for the presser's eyes: a thread is no place for the same chart again and again."""
    await to_presser(context, pressed)(await curves_card(context, pressed.request_id))


async def _report(context: Context, pressed: ButtonPress) -> None:
    """Everything about the run, for the presser's eyes."""
    await to_presser(context, pressed)(await run_report(context, pressed.request_id))


async def _compare_best(context: Context, pressed: ButtonPress) -> None:
    """The best of a group side by side, for the presser's eyes."""
    question = Question("compare", tuple(pressed.value.split()), pressed.place, is_private=True)
    async for card in _DISPATCH.run(context, question):
        await to_presser(context, pressed)(card)


async def _details(context: Context, pressed: ButtonPress) -> None:
    await _show(context, pressed, partial(details_view, now=context.clock.now()))


async def _full_error(context: Context, pressed: ButtonPress) -> None:
    await _show(context, pressed, error_view)


_View = Callable[..., dict[str, Any]]


async def _show(context: Context, pressed: ButtonPress, view_of: _View) -> None:
    """Open a modal on what is known; where nothing is, open it at once and fill it when it is.

    A trigger lives 3 s and an answer may take longer.
    """

    async def view(snapshot: Snapshot) -> dict[str, Any]:
        return await aside(view_of, snapshot, request_id=pressed.request_id)

    known = context.training_api.recall(pressed.request_id)
    if known is not None:
        await context.slack.open_view(pressed.trigger_id, await view(known))
        return
    view_id = await context.slack.open_view(pressed.trigger_id, loading_view(pressed.request_id))
    try:
        filled = await view(await context.training_api.job(pressed.request_id))
    except TrainingApiError as error:
        filled = failure_view(failure_card(context, error, pressed.request_id))
    try:
        await context.slack.update_view(view_id, filled)
    except SlackGoneError:
        _log.info("the window was closed before it was filled", request_id=pressed.request_id)


async def _find(context: Context, pressed: ButtonPress) -> None:
    """The window to find a job in, as the slash command alone opens it."""
    asked = {
        "response_url": pressed.response_url,
        "channel_id": pressed.channel_id,
        "trigger_id": pressed.trigger_id,
        "user_id": pressed.user_id,
        "team_id": pressed.team_id,
    }
    await open_picker(context, _DISPATCH, asked)


def _reads(_pressed: ButtonPress) -> bool:
    return False


def _changes(_pressed: ButtonPress) -> bool:
    return True


_DISPATCH = Dispatch()
_CHOOSE = Button(partial(choose, _DISPATCH), partial(chosen_changes, _DISPATCH), anybody)
BUTTONS: Mapping[str, Button] = {
    actions.REFRESH: Button(_refresh, _reads, anybody),
    actions.TRY_AGAIN: Button(_try_again, _reads, anybody),
    actions.SHARE: Button(_share, _reads, anybody),
    actions.DETAILS: Button(_details, _reads, anybody),
    actions.FULL_ERROR: Button(_full_error, _reads, anybody),
    actions.METRICS: Button(_metrics, _reads, anybody),
    actions.REPORT: Button(_report, _reads, anybody),
    actions.SUBSCRIBE: Button(
        subscribe_buttons.subscribe,
        lambda pressed: not asks_first(pressed),
        subscribe_buttons.right_to_subscribe,
    ),
    actions.SUBSCRIBE_AS: Button(
        subscribe_buttons.subscribe_as, _changes, subscribe_buttons.right_to_subscribe
    ),
    actions.UNSUBSCRIBE: Button(subscribe_buttons.unsubscribe, _changes, anybody),
    actions.GROUP_SUBSCRIBE: Button(group.join_group, _changes, subscribe_buttons.right_to_subscribe),
    actions.GROUP_COMPARE: Button(_compare_best, _reads, anybody),
    actions.GROUP_REFRESH: Button(group.refresh_group, _reads, anybody),
    actions.GROUP_CHANGE: Button(group.ask_what_to_get, _reads, anybody),
    actions.STOP: Button(subscribe_buttons.stop, _changes, anybody),
    actions.STOP_FOR_ALL: Button(subscribe_buttons.stop_all, _changes, anybody),
    actions.RESUME: Button(pause_command.resume, _changes, anybody),
    actions.NOT_HELPFUL: Button(_not_helpful, _changes, anybody),
    actions.CHOOSE: _CHOOSE,
    **dict.fromkeys(actions.ASKS, _CHOOSE),
    actions.HELP_MORE: Button(help_command.more, _reads, anybody),
    actions.FIND: Button(_find, _reads, anybody),
    actions.SETUP: Button(pressed_setup, _reads, to_set_up),
    **dict.fromkeys(actions.SINCE, Button(list_buttons.since, _reads, anybody)),
    actions.OPEN: Button(list_buttons.open_job, _reads, anybody),
    actions.NEWER: Button(list_buttons.turn, _reads, anybody),
    actions.OLDER: Button(list_buttons.turn, _reads, anybody),
    actions.ONLY_FAILED: Button(list_buttons.turn, _reads, anybody),
}
"""All but the one that draws Home anew, which is no card's."""
