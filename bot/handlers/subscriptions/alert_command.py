"""``/job alert <job> when eval_loss < 1.2``: one message when a value is reached."""

from __future__ import annotations

from bot.domain.commands.command_line import Form
from bot.handlers.kit.command import Command, changes
from bot.handlers.subscriptions.subscribe import DM, QUIET, to_subscribe
from bot.handlers.subscriptions.subscribe_command import run

COMMAND = Command(
    name="alert",
    usage="alert <job> [quiet] [dm] when eval_loss < 1.2",
    summary="Get one message when a value is reached.",
    run=run,
    changes=changes,
    right=to_subscribe,
    form=Form(
        needs_id=True,
        options=((QUIET,), (DM,)),
        takes_condition=True,
        needs_condition=True,
        takes_groups=True,
    ),
    is_personal=True,
)
