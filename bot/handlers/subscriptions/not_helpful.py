"""The button [Hide this warning] on a finding: no one gets updates about it for that job again."""

from __future__ import annotations

from collections.abc import Collection

import structlog

from bot.cards.subscriptions.finding import Unhelpful, hidden_card, silenced_card, unknown_finding_card
from bot.domain.curves.metrics_facts import findings
from bot.handlers.kit.button_press import ButtonPress, replace, to_presser
from bot.handlers.kit.context import Context
from bot.handlers.kit.misdirected import tell_presser
from bot.handlers.kit.subscription_cache import Subscribers
from bot.tasks import aside_if_heavy, weight_of

_log = structlog.stdlib.get_logger(__name__)


async def not_helpful(context: Context, pressed: ButtonPress) -> None:
    """The message of a finding stays, without the button.

    Raises:
        StoreError: the database did not take it.
    """
    if await silence(context, pressed):
        await replace(context, pressed, silenced_card(pressed.text, pressed.blocks))


async def hide_in_list(context: Context, pressed: ButtonPress) -> None:
    """Of several jobs: the presser is told, for the list may be old; Home is drawn anew.

    Raises:
        StoreError: the database did not take it.
    """
    if await silence(context, pressed) is None:
        return
    if pressed.is_in_home:
        context.subscriptions.changed.tell(Subscribers(pressed.team_id, (pressed.user_id,)))
    else:
        await to_presser(context, pressed)(hidden_card())


async def silence(context: Context, pressed: ButtonPress) -> str | None:
    """Silence the finding that a button or a choice names; whoever presses it speaks for all.

    Nothing is stored of what it merely names: only a finding that was told, or that a card shows.

    Returns the job's request id; None where the presser was told why it cannot be.

    Raises:
        StoreError: the database did not take it.
    """
    about = Unhelpful.read(pressed.value)
    if about is None:
        await tell_presser(context, pressed)
        return None
    org_id = context.org_id
    is_known = about.finding in await _found(context, about.request_id)
    if not is_known and not await context.metrics_checks.was_told(org_id, about.request_id, about.finding):
        _log.info("a finding that was not told", request_id=about.request_id)
        await to_presser(context, pressed)(unknown_finding_card())
        return None
    await context.silenced_findings.silence(org_id, about.request_id, about.finding, context.clock.now())
    return about.request_id


async def _found(context: Context, request_id: str) -> Collection[str]:
    """What the run doctor finds in what is at hand, and what it found last."""
    stored = await context.metrics_checks.standing_findings(context.org_id, [request_id])
    names = {each.name for each in stored.values()}
    metrics, seen = context.training_api.recall_metrics(request_id), context.training_api.recall(request_id)
    if metrics is None or seen is None:
        return names
    return names | {
        each.name for each in await aside_if_heavy(weight_of(metrics), lambda: findings(metrics, seen.job))
    }
