"""What there is to read when the playground opens."""

from __future__ import annotations

from bot.cards.kit import actions
from bot.playground.training_suite import IDS
from bot.playground.workspace import GRACE, TRAINING, Message, Workspace

FAILED, RUNNING = IDS["failed_before"], IDS["running"]


async def open_conversation(workspace: Workspace) -> None:
    """Post the first messages: a failed job whose card somebody shared, and a thread whose root names a job.

    The card is the real bot's answer: it is asked, and its [Share in channel] is chosen.
    """
    board = workspace.board
    board.post(Message(board.next_ts(), TRAINING, GRACE, "Our FAQ run died. The bot says why:"))
    asked = await workspace.slash(TRAINING, GRACE, FAILED)

    def answer() -> Message | None:
        said = workspace.messages(TRAINING)
        return next((each for each in said if each.ephemeral_to == GRACE and each.blocks), None)

    def shared() -> Message | None:
        said, bot_id = workspace.messages(TRAINING), workspace.identity.bot_user_id
        return next((each for each in said if each.user_id == bot_id and each.ephemeral_to is None), None)

    card = asked.message
    if card is None:
        card = await workspace.wait_for(answer)
    await workspace.click(GRACE, card, actions.MORE, value=f"{actions.SHARE} {FAILED}")
    await workspace.wait_for(shared)
    text = f"The support-tone run is `{RUNNING}`. Mention the bot in this thread to see how it is doing."
    board.post(Message(board.next_ts(), TRAINING, GRACE, text))
