"""One message: settle what an earlier try came to, send it, see where it landed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import structlog

from bot.cards.kit.card_settings import NOTHING_SET, CardSettings
from bot.delivery.conversations import confirmed
from bot.delivery.crash_points import (
    BEFORE_SEND,
    BEFORE_STRAY_DELETED,
    POST_SENT,
    POST_SETTLED,
    STRAY_DELETED,
    OnCrashPoint,
)
from bot.delivery.drawing import Message, UndrawableError, plainer, post_message
from bot.delivery.job_metrics import NOTHING_LOGGED, Logged, metrics_at_hand, points_in_time
from bot.delivery.lease import Lease
from bot.domain.errors import (
    SlackError,
    SlackGoneError,
    SlackLimitedError,
    SlackPassingError,
    SlackPermanentError,
)
from bot.domain.messages.settling import Settling
from bot.domain.messages.slack_messages import Posted, Sending
from bot.domain.ports import Clock, Over, Parked, Post, SlackGateway
from bot.domain.ports.monitoring import SettlementOutcome
from bot.domain.sending import (
    CHANNEL_PAUSE_SECONDS,
    Verdict,
    failed_post,
    homeless,
    is_refused,
    landed,
    unsettled_post,
)
from bot.domain.subscriptions.subscription import Ending
from bot.tasks import aside_if_heavy, weight_of

_STRAY = "the thread's first message is gone: Slack moved the reply to the channel"

_log = structlog.stdlib.get_logger(__name__)


class Posting:
    """Sends messages, each at most once, as far as Slack lets us know."""

    def __init__(  # noqa: PLR0913  (what messages need, by its name)
        self,
        clock: Clock,
        jitter: Callable[[], float],
        on_crash_point: OnCrashPoint,
        slash_command: str,
        *,
        logged: Mapping[str, Logged] = NOTHING_LOGGED,
        card_settings: CardSettings = NOTHING_SET,
    ) -> None:
        self._clock = clock
        self._jitter = jitter
        self._on_crash_point = on_crash_point
        self._slash_command = slash_command
        self._logged = logged
        self._card_settings = card_settings
        self._unknowable: set[str] = set()
        """Why it could not be known whether messages were sent; each is logged once."""

    async def post(self, slack: SlackGateway, lease: Lease, post: Post) -> Verdict:
        """Try it once, while the lease holds. What Slack says against it is in the verdict."""
        if reason := homeless(post):
            return Verdict(reason)
        settlement = None
        if post.is_uncertain:
            found = await self._find(slack, post)
            if isinstance(found, Verdict):
                return replace(found, settlement=SettlementOutcome.LATER)
            self._on_crash_point(POST_SETTLED)
            if isinstance(found, Posted):
                return replace(await self._seen(slack, post, found), settlement=SettlementOutcome.FOUND)
            settlement = found
        return replace(await self._sent(slack, lease, post), settlement=settlement)

    async def _sent(self, slack: SlackGateway, lease: Lease, post: Post) -> Verdict:
        try:
            posted = await self._send(slack, lease, post)
        except UndrawableError as error:
            return Verdict(Parked(error.detail))
        except SlackError as error:
            return self.failed(post, await confirmed(slack, post.subscription.channel_id, error))
        self._on_crash_point(POST_SENT)
        return await self._seen(slack, post, posted)

    def failed(self, post: Post, error: SlackError) -> Verdict:
        """The next step for a post whose try met this error."""
        return failed_post(error, post, self._clock.now(), self._jitter())

    async def _find(self, slack: SlackGateway, post: Post) -> Posted | Verdict | SettlementOutcome:
        """What an earlier try left, or why nothing; a verdict where that is to be found out later."""
        where, now = post.subscription, self._clock.now()
        settling = post.settling or Settling.begin(post.first_try_at, now, where.thread_ts)
        try:
            while True:
                found = await slack.find_sent(where.channel_id, where.thread_ts, post.id, settling)
                if not isinstance(found, Settling):
                    return found or SettlementOutcome.ABSENT
                settling = found
        except (SlackLimitedError, SlackPassingError) as error:
            if isinstance(error, SlackPassingError) or not settling.is_overdue(now):
                return unsettled_post(error, post, now, self._jitter(), settling)
            # Slack lets some apps read so little that the end is never reached, and the thread waits.
            _log.warning("cannot see in time whether a message was sent", detail=error.detail)
        except (SlackPermanentError, SlackGoneError) as error:
            # Sending may work all the same, and says itself where the conversation is closed.
            if error.slack_code not in self._unknowable:
                self._unknowable.add(error.slack_code)
                _log.info("cannot see whether messages were sent, they may come twice", detail=error.detail)
        return SettlementOutcome.UNKNOWABLE

    async def _send(self, slack: SlackGateway, lease: Lease, post: Post) -> Posted:
        points = await points_in_time(self._logged, post.subscription) if post.wants_metrics else ()
        now, known = self._clock.now(), metrics_at_hand(self._logged, post.subscription)
        there = post.subscription
        settings = self._card_settings.in_channel(there.team_id, there.channel_id, there.org_id)
        message = await aside_if_heavy(
            weight_of(post.document, tuple(points), known),
            lambda: post_message(
                post,
                slash_command=self._slash_command,
                now=now,
                points=points,
                settings=settings,
                known=known,
            ),
            background=True,
        )
        self._on_crash_point(BEFORE_SEND)
        try:
            return await _call(slack, lease, post, message)
        except SlackPermanentError as error:
            if not is_refused(error):
                raise
            _log.warning("a message was refused, sending its text alone", detail=error.detail)
        # The refused one counts against the channel's rate.
        await self._clock.sleep(CHANNEL_PAUSE_SECONDS)
        return await _call(slack, lease, post, plainer(message))

    async def _seen(self, slack: SlackGateway, post: Post, posted: Posted) -> Verdict:
        """A message of ours is there: it counts, unless it is a stray."""
        if sent := landed(post, posted):
            return Verdict(sent, CHANNEL_PAUSE_SECONDS)
        self._on_crash_point(BEFORE_STRAY_DELETED)
        try:
            await slack.delete(posted.channel_id, posted.ts)
        except (SlackLimitedError, SlackPassingError) as error:
            return unsettled_post(error, post, self._clock.now(), self._jitter())
        except SlackError as error:
            _log.warning("a stray message stays", detail=error.detail)
        self._on_crash_point(STRAY_DELETED)
        return Verdict(Over(Ending.THREAD_GONE, _STRAY), CHANNEL_PAUSE_SECONDS)


async def _call(slack: SlackGateway, lease: Lease, post: Post, message: Message) -> Posted:
    lease.check()
    how = Sending(opaque_id=post.id, thread_ts=post.subscription.thread_ts, broadcast=post.broadcast)
    return await slack.send(post.subscription.channel_id, message, how)
