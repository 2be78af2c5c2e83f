"""The button [Hide this warning] on a finding: no one gets updates about it for that job again."""

from __future__ import annotations

import structlog

from bot.cards.subscriptions.finding import Unhelpful, silenced_card, unknown_finding_card
from bot.handlers.kit.button_press import Press, replace, to_presser
from bot.handlers.kit.context import Context
from bot.handlers.kit.misdirected import tell_presser

_log = structlog.stdlib.get_logger(__name__)


async def not_helpful(context: Context, pressed: Press) -> None:
    """Whoever presses it speaks for all. The message stays, without the button.

    Nothing is stored of what a button merely names: only a finding that was told can be silenced.

    Raises:
        StoreError: the database did not take it.
    """
    about = Unhelpful.read(pressed.value)
    if about is None:
        await tell_presser(context, pressed)
        return
    if not await context.metrics_checks.was_told(context.org_id, about.request_id, about.finding):
        _log.info("a finding that was not told", request_id=about.request_id)
        await to_presser(context, pressed)(unknown_finding_card())
        return
    now = context.clock.now()
    await context.metrics_checks.silence(context.org_id, about.request_id, about.finding, now)
    await replace(context, pressed, silenced_card(pressed.text, pressed.blocks))
