"""A message that answers somebody: once in effect, and never in the channel where its thread is gone.

The same rules as for the outbox, without its database: see `bot.domain.sending`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import structlog

from bot.domain.errors import SlackError, SlackPassingError, SlackStrayError, may_have_happened
from bot.domain.messages.settling import Settling
from bot.domain.messages.slack_messages import Posted, Sending
from bot.domain.ports import Clock
from bot.domain.sending import is_stray
from bot.slack.messages import posted, send_body
from bot.slack.sent_message_lookup import look
from bot.slack.web_api.answers import Answer
from bot.slack.web_api.calling import SlackCalls
from bot.slack.web_api.pacing import pause_before_retry

LOOK_SECONDS: Final = 3.0
LOOK_AFTER_TIMEOUT_SECONDS: Final = 10.0
"""How long what may still be under way gets, before it is looked for: more where Slack is just slow."""

_log = structlog.stdlib.get_logger(__name__)


class Answering:
    """Posts messages; ``new_id`` makes what each can be found by, ``jitter`` numbers from 0 to 1."""

    def __init__(
        self, calls: SlackCalls, clock: Clock, jitter: Callable[[], float], new_id: Callable[[], str]
    ) -> None:
        self._calls = calls
        self._clock = clock
        self._jitter = jitter
        self._new_id = new_id

    async def post(self, channel_id: str, message: Mapping[str, Any], thread_ts: str | None) -> str:
        """``chat.postMessage``: the ``ts`` of what stands there now.

        Raises:
            SlackStrayError: what was to be answered is gone, and so is the answer.
            SlackError: it was not posted; or `may_have_happened`, where nobody can say.
        """
        stood = await self._posted(channel_id, message, Sending(self._new_id(), thread_ts))
        if is_stray(thread_ts, stood):
            await self._remove(stood)
            detail = "chat.postMessage: the thread's first message is gone"
            raise SlackStrayError(detail, slack_code="thread_not_found")
        return stood.ts

    async def _posted(self, channel_id: str, message: Mapping[str, Any], how: Sending) -> Posted:
        since, waited, attempts = self._clock.now(), 0.0, 0
        while True:
            attempts += 1
            try:
                return await self._once(channel_id, message, how)
            except SlackError as error:
                failure = error
            pause = pause_before_retry(
                failure, attempt=attempts, waited_seconds=waited, jitter=self._jitter()
            )
            is_uncertain = may_have_happened(failure)
            if pause is None and not is_uncertain:
                raise failure
            wait = max(pause or 0.0, _head_start(failure) if is_uncertain else 0.0)
            waited += wait
            await self._clock.sleep(wait)
            if is_uncertain and (found := await self._found(channel_id, how, since, failure)):
                return found
            if pause is None:
                raise SlackPassingError(
                    failure.detail, slack_code=failure.slack_code, may_have_happened=False
                )

    async def _once(self, channel_id: str, message: Mapping[str, Any], how: Sending) -> Posted:
        answer, _ = await self._calls.once("chat.postMessage", send_body(channel_id, message, how))
        # An answer that shows no message says nothing against its thread.
        return posted(channel_id, {"message": {"thread_ts": how.thread_ts}, **answer})

    async def _found(
        self, channel_id: str, how: Sending, since: datetime, failure: SlackError
    ) -> Posted | None:
        """The message that may have been posted; ``failure`` again, where it cannot be known."""
        settling = Settling.begin(since, self._clock.now(), how.thread_ts)
        try:
            while True:
                found = await look(self._read, channel_id, how.thread_ts, how.opaque_id, settling)
                if not isinstance(found, Settling):
                    return found
                settling = found
        except SlackError as error:
            _log.warning("cannot see whether an answer was posted", detail=error.detail)
        raise failure

    async def _read(self, method: str, body: Mapping[str, str]) -> Answer:
        return await self._calls.call(method, body, form=True)

    async def _remove(self, stray: Posted) -> None:
        try:
            await self._calls.call("chat.delete", {"channel": stray.channel_id, "ts": stray.ts})
        except SlackError as error:
            _log.warning("a stray message stays", detail=error.detail)


def _head_start(failure: SlackError) -> float:
    return LOOK_AFTER_TIMEOUT_SECONDS if failure.slack_code == "timeout" else LOOK_SECONDS
