"""What each kind of delivery asks for, as something to begin; the same the first time and once more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from bot.cards.kit import actions
from bot.domain.job.reading import read_object
from bot.domain.messages.installation import channel_of, team_of
from bot.domain.permissions.administration import AdminRight
from bot.domain.permissions.policies import Right
from bot.domain.ports.deliveries import Incoming
from bot.handlers.deliveries import crash_points
from bot.handlers.deliveries.incoming import COMMAND, MESSAGE, PRESS, body_of
from bot.handlers.entry import buttons, links, mentions, picker, shortcuts
from bot.handlers.entry.registry import Dispatch
from bot.handlers.home.home import Homes
from bot.handlers.kit.button_press import ButtonPress
from bot.handlers.kit.command import Needed, Place, Question
from bot.handlers.kit.context import Context
from bot.handlers.kit.replies import nowhere, privately, to_person, whoever_asked
from bot.handlers.kit.tenants import Tenants, in_workspace
from bot.handlers.kit.work import Reply, Todo
from bot.handlers.setup import opening, submission
from bot.handlers.subscriptions.subscribe_dialog import as_press
from bot.tasks import working_for

_Body = Mapping[str, Any]


class Requests:
    """Makes a `Todo` of each payload. Nothing is begun here."""

    def __init__(
        self,
        tenants: Tenants,
        dispatch: Dispatch,
        homes: Homes,
        on_crash_point: crash_points.OnCrashPoint = crash_points.nothing,
    ) -> None:
        self._tenants = tenants
        self._dispatch = dispatch
        self._homes = homes
        self._on_crash_point = on_crash_point

    def command(self, context: Context, body: _Body) -> Todo:
        """A slash command with words."""
        answers = max(1, self._answers_to(context, body))
        reply = privately(context.slack, str(body.get("response_url") or ""), answers=answers)
        return Todo(partial(self._answer, context, body, reply), reply)

    def window(self, context: Context, body: _Body) -> Todo:
        """The slash command alone, or with ``setup``."""
        reply = privately(context.slack, str(body.get("response_url") or ""))
        if opening.is_asked_for(text := str(body.get("text") or "")):
            asker = place_of(context, body)
            place, trigger_id = opening.place_in(text, asker.channel_id), str(body.get("trigger_id") or "")
            return Todo(partial(opening.open_setup, context, asker, place, trigger_id), reply)
        return Todo(partial(picker.open_picker, context, self._dispatch, body), reply)

    def press(self, context: Context, body: _Body) -> Todo:
        """A button of ours."""
        pressed = ButtonPress.read(body, context.login.installation)
        if pressed is None:
            msg = "no button of ours"
            raise ValueError(msg)
        return Todo(partial(buttons.press, context, pressed), whoever_asked(context.slack, body))

    def shortcut(self, context: Context, body: _Body) -> Todo:
        """The shortcut in a message's menu."""
        begin = partial(shortcuts.check, context, self._dispatch, body)
        return Todo(begin, whoever_asked(context.slack, body))

    def sent(self, context: Context, body: _Body) -> Sent | None:
        """A window; None where no window of this version's was sent."""
        window = WINDOWS.get(str(read_object(body.get("view")).get("callback_id")))
        return None if window is None else window.read(context, self, body)

    def choice(self, context: Context, body: _Body) -> Todo:
        """The picker's window, sent."""
        begin = partial(picker.show, context, self._dispatch, body)
        return Todo(begin, picker.reply_to(context, body))

    def message(self, context: Context, body: _Body) -> Todo:
        """A mention, or a direct message."""
        begin = partial(mentions.answer, context, self._dispatch, body)
        return Todo(begin, mentions.reply_to(context, body))

    def link(self, context: Context, body: _Body) -> Todo:
        """A link to a job's page."""
        return Todo(partial(links.show, context, body), nowhere)

    def home(self, context: Context, body: _Body) -> Todo:
        """The Home tab, looked at."""
        return Todo(partial(self._show_home, context, body), nowhere)

    async def again(self, incoming: Incoming) -> Todo | None:
        """What another process had begun, or was about to; None where its workspace is none of ours.

        Raises:
            KeyError: a newer version of the bot wrote down something else.
            ValueError: the same.
        """
        body = body_of(incoming)
        context = await self._tenants.of(incoming.team_id, channel_of(body))
        if context is None:
            return None
        context = in_workspace(context, body)
        if incoming.kind == PRESS and incoming.response_url is None:
            todo = self._press_in_home(context, body, incoming)
        else:
            make = {COMMAND: self.command, PRESS: self.press, MESSAGE: self.message}[incoming.kind]
            todo = make(context, body)
        return Todo(partial(_for_tenant, incoming.team_id, context.org_id, todo), todo.reply)

    def _press_in_home(self, context: Context, body: _Body, incoming: Incoming) -> Todo:
        """Its trigger is over, so no window can be opened: a failure is told in the direct messages.

        Nobody in this process knows that the person looks at their Home tab: it is drawn in any case.
        """
        press = self.press(context, body)

        async def begin() -> None:
            await press.begin()
            self._homes.show(incoming.team_id, incoming.user_id)

        return Todo(begin, to_person(context.slack, incoming.user_id))

    def _answers_to(self, context: Context, body: _Body) -> int:
        """How many there will be at most, as far as can be told before the names are known."""
        return len(self._read(context, body).request_ids)

    def _read(self, context: Context, body: _Body) -> Question:
        return self._dispatch.ask(str(body.get("text") or ""), place_of(context, body), is_private=True)

    async def _answer(self, context: Context, body: _Body, reply: Reply) -> None:
        async for card in self._dispatch.answer(context, self._read(context, body)):
            self._on_crash_point(crash_points.CARD_MADE)
            await reply(card)
            self._on_crash_point(crash_points.CARD_SENT)

    async def _show_home(self, context: Context, body: _Body) -> None:
        self._homes.opened(context, body)


async def _for_tenant(team_id: str, org_id: str, todo: Todo) -> None:
    with working_for(team_id, org_id):
        await todo.begin()


def opens_window(text: str) -> bool:
    """Whether a slash command with this text opens a window; most do not name the one that has a name."""
    return not text.strip() or (opening.NAME in text.lower() and opening.is_asked_for(text))


def place_of(context: Context, body: _Body) -> Place:
    """A slash command cannot be typed in a thread, and says nothing of who else reads along."""
    team_id = team_of(body, context.login.installation)
    return Place(
        team_id,
        str(body.get("channel_id") or ""),
        str(body.get("user_id") or ""),
        channel_name=str(body.get("channel_name") or ""),
    )


class Sent(NamedTuple):
    """A window that was sent."""

    todo: Todo | None = None
    """For after the ack."""
    ack: Mapping[str, Any] | None = None
    """What it shows from now on; None: it closes."""
    press: dict[str, Any] | None = None
    """The press of a button that it stands for: done, promised and permitted as that is."""


class Window(NamedTuple):
    """One of ours."""

    read: Callable[[Context, Requests, _Body], Sent | None]
    """None where another version of the bot opened it."""
    right: Needed | None
    """What it takes to send it, which what it comes to asks; None for nothing."""


def _subscribe(_context: Context, _requests: Requests, body: _Body) -> Sent | None:
    press = as_press(body)
    return None if press is None else Sent(press=press)


def _set_up(context: Context, _requests: Requests, body: _Body) -> Sent | None:
    sent = submission.sent_in(context, body)
    return None if sent is None else Sent(submission.todo(context, sent), sent.ack())


def _pick(context: Context, requests: Requests, body: _Body) -> Sent | None:
    return Sent(requests.choice(context, body)) if picker.is_choice(body) else None


WINDOWS: Mapping[str, Window] = {
    actions.SUBSCRIBE: Window(_subscribe, Right.SUBSCRIBE),
    actions.SETUP_SEND: Window(_set_up, AdminRight.SETUP),
    actions.PICK: Window(_pick, None),
}
"""By their ``callback_id``."""
