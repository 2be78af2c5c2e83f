"""Bolt's side: what Slack delivers is acknowledged at once, and the work goes on after it.

Only what changes something waits for the database before: see `bot.handlers.deliveries.answering`.
An answer that needs no I/O rides on the ack of a slash command. Each kind of delivery has one function.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.cards.kit import actions
from bot.cards.kit.card import Card
from bot.domain.errors import StoreError
from bot.domain.messages.delivery_keys import key_of
from bot.domain.messages.installation import kind_of, team_of
from bot.domain.messages.uninstalling import APP_UNINSTALLED, TOKENS_REVOKED
from bot.domain.ports import Clock, HomeTabStore
from bot.domain.ports.deliveries import Deliveries, Incoming
from bot.handlers.deliveries.answering import Answering
from bot.handlers.deliveries.crash_points import OnCrashPoint, nothing
from bot.handlers.deliveries.incoming import COMMAND, MESSAGE, PRESS, incoming_of, with_payload
from bot.handlers.deliveries.repeats import Repeats
from bot.handlers.entry import buttons, departed, links, mentions, picker, shortcuts, uninstalled
from bot.handlers.entry.acks import ack, ack_with
from bot.handlers.entry.gate import Gate, Take, tenant_of
from bot.handlers.entry.registry import Dispatch
from bot.handlers.entry.requests import Requests, opens_window, place_of
from bot.handlers.home.home import Homes
from bot.handlers.kit import misdirected
from bot.handlers.kit.button_press import ButtonPress
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.handlers.kit.replies import whoever_asked
from bot.handlers.kit.subscription_cache import Followings
from bot.handlers.kit.tenants import Tenants
from bot.handlers.kit.work import Reply, Todo, Work
from bot.handlers.setup import submission

_Body = dict[str, Any]
_log = structlog.stdlib.get_logger(__name__)


class Listeners:
    """What Bolt hands deliveries to."""

    def __init__(  # noqa: PLR0913, PLR0917  (what every kind of delivery needs)
        self,
        tenants: Tenants,
        followings: Followings,
        clock: Clock,
        dispatch: Dispatch,
        work: Work,
        deliveries: Deliveries,
        home_tabs: HomeTabStore,
        on_crash_point: OnCrashPoint = nothing,
    ) -> None:
        self._tenants = tenants
        self._clock = clock
        self._dispatch = dispatch
        self._work = work
        self._repeats = Repeats(clock)
        self._homes = Homes(tenants, followings, home_tabs, clock, work, on_crash_point)
        self._by_kind: Mapping[str, Take] = {}
        self._requests = Requests(tenants, dispatch, self._homes, on_crash_point)
        self.answering = Answering(tenants, clock, deliveries, work, self._requests.again, on_crash_point)
        self.loops = {"answering": self.answering.run, "home": self._homes.run}
        """What goes beside the listeners."""

    def register(self, app: AsyncApp) -> None:
        """Tell ``app`` about all of them."""
        self._by_kind = {
            COMMAND: self.on_command,
            "block_actions": self.on_action,
            "message_action": self.on_message_shortcut,
            "block_suggestion": self.on_suggestion,
            "view_submission": self.on_submission,
            "app_mention": self.on_event,
            "message": self.on_event,
            "app_home_opened": self.on_home_opened,
            "link_shared": self.on_link,
            "user_change": self.on_user_changed,
            APP_UNINSTALLED: uninstalled.on_event,
            TOKENS_REVOKED: uninstalled.on_event,
        }
        self._homes.keep_true()
        app.middleware(Gate(self._tenants, self._clock, self._work, self.on_delivery))
        app.error(self.on_error)

    async def on_delivery(self, context: Context, body: _Body) -> BoltResponse:
        """Whatever came through the gate.

        Bolt's own listeners gather every argument that a listener might ask for, a tenth of the whole answer,
        read parts of a payload that need not be there, and leave open what nobody listens to: there are none.
        """
        return await self._by_kind.get(kind_of(body), self.on_anything_else)(context, body)

    async def on_command(self, context: Context, body: _Body) -> BoltResponse:
        """A slash command: the answer on the ack if it is at hand, else after it."""
        if self._repeats.is_repeat(_key(context, body)):
            return ack()
        if not _is_ours(context, typed := str(body["command"])):
            return ack(misdirected.other_command(context, typed))
        text = str(body.get("text") or "")
        if opens_window(text):
            self.answering.after_ack(self._incoming(context, body), self._requests.window(context, body))
            return ack()
        question = self._dispatch.ask(text, place_of(context, body), is_private=True)
        if (refusal := self._dispatch.refusal(context, question)) is not None:
            return ack(failure_card(context, refusal))
        if self._dispatch.changes(question):
            return await self._promise(context, COMMAND, body, self._requests.command(context, body))
        card = self._dispatch.instantly(context, question)
        if card is None:
            self.answering.after_ack(self._incoming(context, body), self._requests.command(context, body))
        return ack(card)

    async def on_action(self, context: Context, body: _Body) -> BoltResponse:
        """A button: acknowledged, then done; what it changes is written down before."""
        if (changed := submission.changed_in(context, body)) is not None:
            self._after_ack(context, body, changed)
            return ack()
        pressed = ButtonPress.read(body, context.login.installation)
        if pressed is None:
            return await self.on_anything_else(context, body)
        if self._repeats.is_repeat(_key(context, body)):
            return ack()
        if pressed.is_in_home:
            self._homes.seen(pressed.team_id, pressed.user_id)
        if pressed.action_id == actions.REFRESH_HOME:
            self._homes.show(pressed.team_id, pressed.user_id, context.workspace_id)
        elif buttons.changes(pressed):
            return await self._promise(context, PRESS, body, self._requests.press(context, body))
        else:
            self.answering.after_ack(self._incoming(context, body), self._requests.press(context, body))
        return ack()

    async def on_message_shortcut(self, context: Context, body: _Body) -> BoltResponse:
        """A shortcut in a message's menu: acknowledged, then answered."""
        if not shortcuts.is_ours(body):
            return await self.on_anything_else(context, body)
        self._after_ack(context, body, self._requests.shortcut(context, body))
        return ack()

    async def on_suggestion(self, context: Context, body: _Body) -> BoltResponse:
        """A letter typed into a menu that we fill: the ack has the options."""
        return ack_with({"options": await picker.options(context, body)})

    async def on_submission(self, context: Context, body: _Body) -> BoltResponse:
        """A window was sent: it closes, and the work is done."""
        sent = self._requests.sent(context, body)
        if sent is None:
            return ack_with(misdirected.in_its_window(context, body))
        if sent.press is not None:
            return await self._promise(context, PRESS, sent.press, self._requests.press(context, sent.press))
        self._after_ack(context, body, sent.todo)
        return ack() if sent.ack is None else ack_with(sent.ack)

    async def on_home_opened(self, context: Context, body: _Body) -> BoltResponse:
        """Somebody looks at their Home tab: acknowledged, then drawn."""
        self._after_ack(context, body, self._requests.home(context, body))
        return ack()

    async def on_link(self, context: Context, body: _Body) -> BoltResponse:
        """A link to a job page was posted: acknowledged, then shown below the message."""
        if links.may_be_shown(context, body):
            self._after_ack(context, body, self._requests.link(context, body))
        return ack()

    async def on_user_changed(self, context: Context, body: _Body) -> BoltResponse:
        """Somebody's account is another now: that it is deactivated is acknowledged, then seen to."""
        self._after_ack(context, body, departed.todo(context, body))
        return ack()

    async def on_event(self, context: Context, body: _Body) -> BoltResponse:
        """A message to the bot: acknowledged, then answered; what it changes is written down before."""
        body = dict(mentions.as_said(body))
        if not mentions.is_a_question(body["event"]):
            return ack()
        said = mentions.said(context, self._dispatch, body)
        if self._repeats.is_repeat(_key(context, body), said.rank):
            return ack()
        if said.changes:
            return await self._promise(
                context, MESSAGE, body, self._requests.message(context, body), said.rank
            )
        self.answering.after_ack(
            self._incoming(context, body, said.rank), self._requests.message(context, body)
        )
        return ack()

    async def on_anything_else(self, context: Context, body: _Body) -> BoltResponse:
        """What nothing here is made for: acknowledged, and whoever waits is told so."""
        self._after_ack(context, body, misdirected.told(context, body))
        return ack()

    async def on_error(self, error: Exception, body: _Body, context: AsyncBoltContext) -> BoltResponse:
        """Bolt's error handler: something failed before the ack, and the person is told about it."""
        tenant = tenant_of(context) or await self._tenants.of("", "")
        if tenant is None:
            _log.error("unexpected failure", exc_info=error)
            return ack()
        card = failure_card(tenant, error)
        if "command" in body:
            return ack(card)
        reply = whoever_asked(tenant.slack, body)
        self._work.start(_tell(reply, card), reply)
        return ack()

    def _incoming(self, context: Context, body: _Body, rank: int = 0) -> Incoming:
        team_id = team_of(body, context.login.installation)
        return incoming_of(body, team_id, self._clock.now(), rank)

    def _after_ack(self, context: Context, body: _Body, todo: Todo | None) -> None:
        if todo is not None and not self._repeats.is_repeat(_key(context, body)):
            self.answering.after_ack(self._incoming(context, body), todo)

    async def _promise(
        self, context: Context, kind: str, body: _Body, todo: Todo, rank: int = 0
    ) -> BoltResponse:
        """The ack once it is sure that it will be done; where that cannot be, the person is told."""
        try:
            await self.answering.promise(with_payload(self._incoming(context, body, rank), kind, body), todo)
        except StoreError as error:
            card = failure_card(context, error)
            if kind == COMMAND:
                return ack(card)
            self._work.start(_tell(todo.reply, card), todo.reply)
        return ack()


async def _tell(reply: Reply, card: Card) -> None:
    await reply(card)


def _key(context: Context, body: _Body) -> str | None:
    return key_of(body, team_of(body, context.login.installation))


def _is_ours(context: Context, command: str) -> bool:
    """Whether it is the command that is answered here, in whatever case."""
    return command.casefold() == context.slash_command.casefold()
