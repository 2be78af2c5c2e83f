"""The gate that every delivery passes before any handler sees it: it knows who asks, and refuses strangers.

In a channel shared with another company (Slack Connect) Slack hands us what its people do as well: presses,
shortcuts, mentions, links. Whatever kind of delivery is added later stands behind this gate too: what says
nothing of who asks is refused.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, NamedTuple

import orjson
import structlog
from cachetools import TTLCache
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.cards.kit.card import Card
from bot.cards.kit.stranger import not_ready_card, stranger_card
from bot.domain.audit import Action, Result
from bot.domain.messages.installation import (
    Standing,
    channel_of,
    delivered_to,
    kind_of,
    standing,
    team_of,
)
from bot.domain.messages.uninstalling import APP_UNINSTALLED, TOKENS_REVOKED
from bot.domain.ports import Clock
from bot.handlers.audit import record
from bot.handlers.entry import uninstalled
from bot.handlers.entry.mentions import is_a_question
from bot.handlers.kit import misdirected
from bot.handlers.kit.command import Place
from bot.handlers.kit.context import Context
from bot.handlers.kit.replies import in_thread, nowhere, place_of_press, privately_in, thread_of, to_one
from bot.handlers.kit.tenants import Tenants
from bot.handlers.kit.work import Reply, Work
from bot.tasks import goes_on_for

TOLD_SECONDS: Final = 3600.0
"""How often at most one person is told why they get no answer."""
MOST_TOLD: Final = 10_000
MOST_UNKNOWN: Final = 20
"""Unknown workspaces of which the audit trail says within that time that they tried something."""
_LONGEST_ID: Final = 40

Take = Callable[[Context, dict[str, Any]], Awaitable[BoltResponse]]
"""Takes a payload for the tenant it was delivered for, and acknowledges it."""
TENANT: Final = "tenant"
"""Under this name Bolt's context of a delivery has ours."""
_COMMAND: Final = "command"
_PRESSES: Final = frozenset({"block_actions", "message_action"})
_LEAVES: Final = frozenset({APP_UNINSTALLED, TOKENS_REVOKED})
"""Events that name no person, and come once a workspace has no token anymore."""
_SUGGESTION: Final = "block_suggestion"
_JSON: Final[dict[str, str | Sequence[str]]] = {"content-type": ["application/json;charset=utf-8"]}
_log = structlog.stdlib.get_logger(__name__)


class _Told(NamedTuple):
    """Who was told, and where."""

    home_id: str
    asker: str


class Gate(AsyncMiddleware):
    """Bolt's one step of ours; ``take`` gets what comes through."""

    def __init__(self, tenants: Tenants, clock: Clock, work: Work, take: Take) -> None:
        self._take = take
        self._tenants = tenants
        self._work = work
        self._told: TTLCache[_Told, None] = TTLCache(MOST_TOLD, TOLD_SECONDS, timer=clock.monotonic)
        self._unknown: TTLCache[str, None] = TTLCache(MOST_UNKNOWN, TOLD_SECONDS, timer=clock.monotonic)
        """Workspaces that are none of ours, and are in the trail."""

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002  (Bolt's signature)
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002, ARG002  (Bolt's name)
    ) -> BoltResponse:
        """The ack, or the refusal."""
        context = await self._tenants.of_delivery(req.body)
        if context is None:
            team_id = [*delivered_to(req.body), ""][0][:_LONGEST_ID]
            goes_on_for(team_id)
            _log.warning("a delivery for a workspace that is none of ours", kind=kind_of(req.body))
            self._note(team_id, req.body)
            if kind_of(req.body) in _LEAVES:
                return await uninstalled.on_event_of_another(self._work.shared, req.body)
            return _nothing_said(req.body)
        req.context[TENANT] = context
        goes_on_for(team_of(req.body, context.login.installation), context.org_id)
        found = standing(req.body, context.login.installation)
        if found is Standing.UNKNOWN:
            found = standing(req.body, await context.login.soon())
            if found is Standing.UNKNOWN:
                _log.warning("who asks cannot be checked: Slack has not said yet where the bot is at home")
        if found is Standing.OURS and misdirected.is_anothers_window(context, req.body):
            return _acked(misdirected.in_its_window(context, req.body))
        if found is Standing.OURS:
            return await self._take(context, req.body)
        if found is Standing.STRANGER and kind_of(req.body) in _LEAVES:
            return await uninstalled.on_event_of_another(context, req.body)
        return self._refuse(context, req.body, found)

    def _note(self, team_id: str, body: dict[str, Any]) -> None:
        """In the audit trail, once in a while; however many workspaces there are, they don't fill it."""
        self._unknown.expire()
        if team_id in self._unknown or len(self._unknown) >= MOST_UNKNOWN:
            return
        self._unknown[team_id] = None
        place = Place(team_id, channel_of(body)[:_LONGEST_ID], _asker(body)[:_LONGEST_ID])
        denied = record(self._work.shared, place, Action.REQUEST, kind_of(body), Result.DENIED)
        self._work.start(denied, nowhere)

    def _refuse(self, context: Context, body: dict[str, Any], found: Standing) -> BoltResponse:
        kind = kind_of(body)
        if found is Standing.UNKNOWN and body.get("type") == "event_callback":
            # Not acknowledged: Slack sends it again.
            return BoltResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, body="")
        reply = _way_back(context, body, kind)
        is_asked = kind == _COMMAND or reply is not None
        card = self._words(context, body, found) if is_asked else None
        if card is not None and kind == _COMMAND:
            return _acked({"response_type": "ephemeral", **card.message()})
        if card is not None and reply is not None:
            self._work.start(_tell(reply, card), nowhere)
        return _nothing_said(body)

    def _words(self, context: Context, body: dict[str, Any], found: Standing) -> Card | None:
        """What they are told; None where they were told within the hour."""
        if found is Standing.UNKNOWN:
            return not_ready_card()
        asker, home_id = _asker(body), context.login.installation.home_id
        if (told := _Told(home_id, asker)) in self._told:
            return None
        self._told[told] = None
        place = Place(home_id, channel_of(body), asker)
        denied = record(context, place, Action.REQUEST, kind_of(body), Result.DENIED)
        self._work.start(denied, nowhere)
        return stranger_card()


def tenant_of(context: Mapping[str, Any]) -> Context | None:
    """Whom the gate found a delivery to be for; None where it did not come so far. ``context`` is Bolt's."""
    found = context.get(TENANT)
    return found if isinstance(found, Context) else None


def _way_back(context: Context, body: dict[str, Any], kind: str) -> Reply | None:
    """To the eyes of whoever asked; None for what is no question, or asked where nothing can be told."""
    slack = context.slack
    if kind in _PRESSES and isinstance(url := body.get("response_url"), str):
        return privately_in(slack, url, place_of_press(body))
    event = body.get("event")
    if not (isinstance(event, dict) and is_a_question(event)):
        return None
    if event.get("channel_type") == "im":  # where Slack shows nothing to one person alone
        return in_thread(slack, event["channel"], thread_of(event))
    return to_one(slack, event["channel"], event["user"], event.get("thread_ts"))


def _asker(body: dict[str, Any]) -> str:
    """The user's id, wherever it stands; empty where nobody is named."""
    event = body.get("event")
    asker = event.get("user") if isinstance(event, dict) else body.get("user") or body.get("user_id")
    return str((asker.get("id") if isinstance(asker, dict) else asker) or "")


def _nothing_said(body: dict[str, Any]) -> BoltResponse:
    if kind_of(body) == _SUGGESTION:
        return _acked({"options": []})
    return BoltResponse(status=HTTPStatus.OK, body="")


def _acked(answer: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=HTTPStatus.OK, body=orjson.dumps(answer).decode(), headers=_JSON)


async def _tell(reply: Reply, card: Card) -> None:
    await reply(card)
