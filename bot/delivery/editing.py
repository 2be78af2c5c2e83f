"""One card brought up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog

from bot.cards.kit.card_settings import NOTHING_SET, CardSettings
from bot.delivery.conversations import confirmed
from bot.delivery.crash_points import BEFORE_EDIT, EDIT_SENT, OnCrashPoint
from bot.delivery.drawing import UndrawableError, edit_message, plainer
from bot.delivery.job_metrics import NOTHING_LOGGED, Logged, metrics_at_hand, points_in_time
from bot.delivery.lease import Lease
from bot.domain.errors import SlackError, SlackPermanentError
from bot.domain.ports import Clock, Edit, Parked, Sent, SlackGateway
from bot.domain.sending import EDIT_PAUSE_SECONDS, Verdict, failed_edit, is_refused
from bot.tasks import aside_if_heavy, weight_of

_log = structlog.stdlib.get_logger(__name__)


class Editing:
    """Edits cards. Doing it twice does no harm, so nothing needs to be settled."""

    def __init__(
        self,
        clock: Clock,
        jitter: Callable[[], float],
        on_crash_point: OnCrashPoint,
        card_settings: CardSettings = NOTHING_SET,
        *,
        logged: Mapping[str, Logged] = NOTHING_LOGGED,
    ) -> None:
        self._clock = clock
        self._jitter = jitter
        self._on_crash_point = on_crash_point
        self._card_settings = card_settings
        self._logged = logged

    async def edit(self, slack: SlackGateway, lease: Lease, edit: Edit) -> Verdict:
        """Try it once, while the lease holds. What Slack says against it is in the verdict."""
        card_ts = edit.subscription.card_ts
        if card_ts is None:
            return Verdict(Parked("the card was not posted"))
        try:
            await self._send(slack, lease, edit, card_ts)
        except UndrawableError as error:
            return Verdict(Parked(error.detail))
        except SlackError as error:
            return self.failed(edit, await confirmed(slack, edit.subscription.channel_id, error))
        self._on_crash_point(EDIT_SENT)
        return Verdict(Sent(card_ts, edit.subscription.thread_ts or card_ts), EDIT_PAUSE_SECONDS)

    def failed(self, edit: Edit, error: SlackError) -> Verdict:
        """The next step for an edit whose try met this error."""
        return failed_edit(error, edit, self._clock.now(), self._jitter())

    async def _send(self, slack: SlackGateway, lease: Lease, edit: Edit, card_ts: str) -> None:
        points = await points_in_time(self._logged, edit.subscription) if edit.wants_metrics else ()
        now, channel_id = self._clock.now(), edit.subscription.channel_id
        known = metrics_at_hand(self._logged, edit.subscription)
        settings = self._card_settings.in_channel(
            edit.subscription.team_id, channel_id, edit.subscription.org_id
        )
        message = await aside_if_heavy(
            weight_of(edit.document, tuple(points), known),
            lambda: edit_message(edit, now=now, settings=settings, points=points, known=known),
            background=True,
        )
        self._on_crash_point(BEFORE_EDIT)
        lease.check()
        try:
            await slack.edit(channel_id, card_ts, message)
        except SlackPermanentError as error:
            if not is_refused(error):
                raise
            _log.warning("a card was refused, sending its text alone", detail=error.detail)
        else:
            return
        await self._clock.sleep(EDIT_PAUSE_SECONDS)
        lease.check()
        await slack.edit(channel_id, card_ts, plainer(message))
