"""What a button does, and who may press it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from bot.domain.permissions.policies import Right
from bot.handlers.kit.button_press import ButtonPress, to_presser
from bot.handlers.kit.context import Context
from bot.handlers.kit.replies import to_person
from bot.handlers.rights.checks import as_seen, denial


class Button(NamedTuple):
    """What a button does."""

    run: Callable[[Context, ButtonPress], Awaitable[None]]
    changes: Callable[[ButtonPress], bool]
    """Whether it changes something that is stored: it is then done whatever dies once it was acknowledged."""
    right: Callable[[ButtonPress], Right | None]
    """What it takes to press it; None for nothing. A button that asks a command leaves it to that."""

    async def press(self, context: Context, pressed: ButtonPress) -> None:
        """Do what it says, for whoever may; anybody else is told in private who can.

        Raises:
            StoreError: nobody knows who may.
        """
        denied = await denial(context, pressed.place, self.right(pressed), pressed.action_id)
        if denied is None:
            context = await as_seen(context, pressed.place, for_all=not pressed.is_private)
            await self.run(context, pressed)
        elif pressed.channel_id:
            await to_presser(context, pressed)(denied)
        else:
            await to_person(context.slack, pressed.user_id)(denied)


def anybody(_pressed: ButtonPress) -> Right | None:
    """Of a button that everybody can press."""
    return None
