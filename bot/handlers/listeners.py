"""Bolt's side: what Slack delivers is acknowledged at once, and the work goes on after it.

An answer that needs no I/O rides on the ack of a slash command: one round trip, no second call.
There is one listener for each kind of delivery, however many commands there are, since Bolt asks
its listeners in turn. What is told by its type alone has none, nor has the slash command: they are taken
by the last step before the listeners, which saves the gathering of every argument a listener might ask
for, a tenth of the whole answer.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson
from slack_bolt.async_app import AsyncApp
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.cards import actions
from bot.cards.card import Card
from bot.domain.errors import NotUnderstoodError
from bot.domain.installation import team_of
from bot.handlers import buttons, departed, links, mentions, picker, shortcuts
from bot.handlers.command import Place, Question
from bot.handlers.context import Context
from bot.handlers.failures import failure_card
from bot.handlers.gate import Gate
from bot.handlers.home import Homes
from bot.handlers.press import Press
from bot.handlers.registry import Dispatch
from bot.handlers.repeats import Repeats
from bot.handlers.replies import nowhere, privately, whoever_asked
from bot.handlers.work import Reply, Work

_JSON: dict[str, str | Sequence[str]] = {"content-type": ["application/json;charset=utf-8"]}


_Body = dict[str, Any]


class BeforeListeners(AsyncMiddleware):
    """The step that takes what needs no listener and lets everything else go on to them."""

    def __init__(
        self,
        command: str,
        answer: Callable[[_Body], BoltResponse],
        by_type: Mapping[str, Callable[[_Body], Awaitable[BoltResponse]]],
    ) -> None:
        self._command = command
        self._answer = answer
        self._by_type = by_type

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002  (Bolt's name)
    ) -> BoltResponse | None:
        """The ack of our slash command, or of a payload by its type; else what comes of it further on."""
        if req.body.get("command") == self._command:
            return self._answer(req.body)
        take = self._by_type.get(_type_of(req.body))
        if take is not None:
            return await take(req.body)
        await next()
        return resp


def _type_of(body: _Body) -> str:
    """A payload's type; of an event callback, the event's."""
    kind, event = body.get("type"), body.get("event")
    if kind == "event_callback" and isinstance(event, dict):
        kind = event.get("type")
    return str(kind)


class Listeners:
    """What is registered with Bolt."""

    def __init__(self, context: Context, dispatch: Dispatch, work: Work) -> None:
        self._context = context
        self._dispatch = dispatch
        self._work = work
        self._repeats = Repeats(context.clock)
        self._homes = Homes(context, work)

    def register(self, app: AsyncApp) -> None:
        """Tell ``app`` about all of them."""
        by_type = {
            "message_action": self.on_message_shortcut,
            "block_suggestion": self.on_suggestion,
            "view_submission": self.on_submission,
            "app_home_opened": self.on_home_opened,
            "link_shared": self.on_link,
            "user_change": self.on_user_changed,
        }
        self._homes.keep_true()
        app.middleware(Gate(self._context, self._work))
        app.middleware(BeforeListeners(self._context.slash_command, self.on_command, by_type))
        app.action(re.compile(".*"))(self.on_action)
        app.event("app_mention")(self.on_event)
        app.event("message")(self.on_event)
        app.error(self.on_error)

    def on_command(self, body: dict[str, Any]) -> BoltResponse:
        """A slash command: the answer on the ack if it is at hand, else after it."""
        if self._repeats.is_repeat(body):
            return _ack()
        text = str(body.get("text") or "")
        if picker.is_asked_for(text):
            reply = privately(self._context.slack, str(body.get("response_url") or ""))
            self._work.start(picker.open_picker(self._context, self._dispatch, body), reply)
            return _ack()
        try:
            question = self._dispatch.read(text, self._place(body), is_private=True)
        except NotUnderstoodError as error:
            return _ack(failure_card(self._context, error))
        card = self._dispatch.instantly(self._context, question)
        if card is None:
            answers = max(1, len(question.request_ids))
            reply = privately(self._context.slack, str(body.get("response_url") or ""), answers=answers)
            self._work.start(self._answer(question, reply), reply)
        return _ack(card)

    async def on_action(self, body: dict[str, Any]) -> BoltResponse:
        """A button: acknowledged, then done."""
        pressed = Press.read(body, self._context.installation())
        if pressed is None or self._repeats.is_repeat(body):
            return _ack()
        if pressed.action_id == actions.REFRESH_HOME:
            self._homes.show(pressed.team_id, pressed.user_id)
        else:
            self._work.start(
                buttons.press(self._context, pressed),
                whoever_asked(self._context.slack, body),
            )
        return _ack()

    async def on_message_shortcut(self, body: dict[str, Any]) -> BoltResponse:
        """A shortcut in a message's menu: acknowledged, then answered."""
        if shortcuts.is_ours(body) and not self._repeats.is_repeat(body):
            self._work.start(
                shortcuts.check(self._context, self._dispatch, body),
                whoever_asked(self._context.slack, body),
            )
        return _ack()

    async def on_suggestion(self, body: dict[str, Any]) -> BoltResponse:
        """A letter typed into a menu that we fill: the ack has the options."""
        options = await picker.options(self._context, body)
        return BoltResponse(status=200, body=orjson.dumps({"options": options}).decode(), headers=_JSON)

    async def on_submission(self, body: dict[str, Any]) -> BoltResponse:
        """A window was sent: it closes, and the work is done."""
        if picker.is_choice(body) and not self._repeats.is_repeat(body):
            reply = picker.reply_to(self._context, body)
            self._work.start(picker.show(self._context, self._dispatch, body), reply)
        return _ack()

    async def on_home_opened(self, body: dict[str, Any]) -> BoltResponse:
        """Somebody looks at their Home tab: acknowledged, then drawn."""
        if not self._repeats.is_repeat(body):
            self._homes.opened(body)
        return _ack()

    async def on_link(self, body: dict[str, Any]) -> BoltResponse:
        """A link to a job page was posted: acknowledged, then shown below the message."""
        if links.may_be_shown(self._context, body) and not self._repeats.is_repeat(body):
            self._work.start(links.show(self._context, body), nowhere)
        return _ack()

    async def on_user_changed(self, body: dict[str, Any]) -> BoltResponse:
        """Somebody's account is another now: that it is deactivated is acknowledged, then seen to."""
        if (user_id := departed.who_left(body)) is not None:
            self._work.start(departed.forget(self._context, user_id), nowhere)
        return _ack()

    async def on_event(self, body: dict[str, Any]) -> BoltResponse:
        """A message to the bot: acknowledged, then answered."""
        if mentions.is_a_question(body["event"]) and not self._repeats.is_repeat(body):
            self._work.start(
                mentions.answer(self._context, self._dispatch, body),
                mentions.reply_to(self._context, body),
            )
        return _ack()

    async def on_error(self, error: Exception, body: dict[str, Any]) -> BoltResponse:
        """Bolt's error handler: something failed before the ack, and the person hears of it."""
        card = failure_card(self._context, error)
        if "command" in body:
            return _ack(card)
        reply = whoever_asked(self._context.slack, body)
        self._work.start(_tell(reply, card), reply)
        return _ack()

    async def _answer(self, question: Question, reply: Reply) -> None:
        async for card in self._dispatch.answer(self._context, question):
            await reply(card)

    def _place(self, body: _Body) -> Place:
        """A slash command cannot be typed in a thread, and says nothing of who else reads along."""
        team_id = team_of(body, self._context.installation())
        return Place(team_id, str(body.get("channel_id") or ""), str(body.get("user_id") or ""))


async def _tell(reply: Reply, card: Card) -> None:
    await reply(card)


def _ack(card: Card | None = None) -> BoltResponse:
    """An empty 200, or one that carries an ephemeral message."""
    if card is None:
        return BoltResponse(status=200, body="")
    return BoltResponse(status=200, body=_ephemeral(card), headers=_JSON)


@lru_cache(maxsize=256)
def _ephemeral(card: Card) -> str:
    """The ack's body; made once for a card that many ask for in the same second.

    Slack tells nobody what it made of an ack: no chart rides on it, since it might not be taken.
    """
    return orjson.dumps({"response_type": "ephemeral", **(card.plainer or card).message()}).decode()
