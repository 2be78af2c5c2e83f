"""The last step before Bolt's listeners, for what needs none of them.

What is told by its kind alone is taken here, which saves the gathering of every argument a listener might
ask for, a tenth of the whole answer; and what nobody listens to, which Bolt would not acknowledge.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.domain.messages.installation import kind_of
from bot.handlers.entry.gate import TENANT
from bot.handlers.kit.context import Context

Take = Callable[[Context, dict[str, Any]], Awaitable[BoltResponse]]
"""Takes a payload for the tenant it was delivered for, and acknowledges it."""
_LISTENED: Final = frozenset({"block_actions", "app_mention", "message"})
"""The kinds that have a listener."""


class BeforeListeners(AsyncMiddleware):
    """The step that takes what needs no listener, or has none, and lets everything else go on to them."""

    def __init__(
        self,
        by_kind: Mapping[str, Take],
        otherwise: Take,
    ) -> None:
        self._by_kind = by_kind
        self._otherwise = otherwise

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002  (Bolt's name)
    ) -> BoltResponse | None:
        """The ack of a payload that is told by its kind; else the outcome further on."""
        kind = kind_of(req.body)
        if kind in _LISTENED:
            await next()
            return resp
        return await self._by_kind.get(kind, self._otherwise)(req.context[TENANT], req.body)
