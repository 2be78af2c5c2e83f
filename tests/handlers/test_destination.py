"""Where updates are to go, where Slack does not say or lets the bot do too little."""

from __future__ import annotations

from bot.domain.errors import SlackError, SlackLimitedError, SlackPassingError, SlackPermissionError
from tests.handlers.neighbours import Neighbourhood
from tests.tables import each_row


def _running() -> Neighbourhood:
    made = Neighbourhood()
    made.jobs.give("run-7", status="RUNNING", progress=10, experiment_name="tickets")
    return made


@each_row("error", [SlackPassingError(slack_code="timeout"), SlackLimitedError()])
@each_row(
    "typed, refused, words",
    [
        ("subscribe run-7", "conversation", "couldn't check this channel"),
        ("subscribe run-7 dm", "open_dm", "couldn't open our direct message"),
        ("feed on", "conversation", "couldn't check this channel"),
        ("digest daily", "conversation", "couldn't check this channel"),
    ],
)
async def test_where_slack_does_not_say_whether_it_takes_messages_there(
    error: SlackError, typed: str, refused: str, words: str
) -> None:
    """What could not be checked is said, nothing is promised, and the line to type again is there."""
    made = _running()
    made.jobs.list_of()
    made.slack.refuses[refused] = error
    (told,) = await made.ask(typed)
    assert words in told
    assert f"/job {typed}" in told
    assert made.stored.wishes == []
    assert await made.digests.digest("T1", "C1", "org") is None


async def test_without_the_right_to_post_the_card_is_promised_for_when_it_is_there() -> None:
    """Which permission is missing is said, not that Slack takes no messages."""
    made = _running()
    made.deliverer.does = {}
    made.deliverer.error = SlackPermissionError(slack_code="missing_scope", needed="chat:write")
    (told,) = await made.ask("subscribe run-7")
    assert "chat:write" in told
    assert "takes no messages" not in told
