"""What a button does, and who may press it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from bot.domain.permissions.administration import AdminRight
from bot.handlers.kit.button_press import ButtonPress, to_presser
from bot.handlers.kit.command import Needed
from bot.handlers.kit.context import Context
from bot.handlers.kit.replies import to_person
from bot.handlers.rights.checks import as_seen, denial


class Button(NamedTuple):
    """What a button does."""

    run: Callable[[Context, ButtonPress], Awaitable[None]]
    changes: Callable[[ButtonPress], bool]
    """Whether it changes something that is stored: it is then done whatever dies once it was acknowledged."""
    right: Callable[[ButtonPress], Needed | None]
    """What it takes to press it; None for nothing. A button that asks a command leaves it to that."""

    async def press(self, context: Context, pressed: ButtonPress) -> None:
        """Do what it says, for whoever may; anybody else is told in private who can.

        Raises:
            StoreError: nobody knows who may.
        """
        right = self.right(pressed)
        if right is AdminRight.SETUP:  # its window opens first, and asks: a trigger lives 3 s
            right = None
        denied = await denial(context, pressed.place, right, pressed.action_id)
        if denied is None:
            context = await as_seen(context, pressed.place, for_all=not pressed.is_private)
            await self.run(context, pressed)
        elif pressed.channel_id:
            await to_presser(context, pressed)(denied)
        else:
            await to_person(context.slack, pressed.user_id)(denied)


def anybody(_pressed: ButtonPress) -> Needed | None:
    """Of a button that everybody can press."""
    return None


def to_set_up(_pressed: ButtonPress) -> Needed | None:
    """Of a button to the window of setup."""
    return AdminRight.SETUP
