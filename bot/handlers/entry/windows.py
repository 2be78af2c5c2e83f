"""The windows that people send: what each comes to, and what it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from bot.cards.kit import actions
from bot.domain.job.reading import read_object
from bot.domain.permissions.administration import AdminRight
from bot.domain.permissions.policies import Right
from bot.handlers.entry import picker
from bot.handlers.entry.requests import Requests
from bot.handlers.kit.command import Needed
from bot.handlers.kit.context import Context
from bot.handlers.kit.work import Todo
from bot.handlers.setup import submission
from bot.handlers.subscriptions.subscribe_dialog import as_press

_Body = Mapping[str, Any]


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


def sent_in(context: Context, requests: Requests, body: _Body) -> Sent | None:
    """What a ``view_submission`` comes to; None where no window of this version's was sent."""
    window = WINDOWS.get(str(read_object(body.get("view")).get("callback_id")))
    return None if window is None else window.read(context, requests, body)
