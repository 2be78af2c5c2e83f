"""What the README shows people can be typed into the playground, and is answered."""

from __future__ import annotations

from structlog.testing import capture_logs

from bot.playground.workspace import ME, TRAINING
from tests.documents import README, rows
from tests.e2e.world import World


async def test_every_example_is_answered(over_http: World) -> None:
    """In the table's order, as somebody who tries one after the other; none of them fails."""
    examples = [example.strip("`") for example, _ in rows(README, "Ask it")]
    with capture_logs() as logs:
        for number, example in enumerate(examples):
            await over_http.slash(example.removeprefix("/job "))
            await over_http.soon(lambda number=number: _answers(over_http) > number)
    assert [line for line in logs if "reference" in line] == []


def _answers(made: World) -> int:
    """How many messages the asker alone has got, and windows."""
    messages = sum(message.ephemeral_to == ME for message in made.workspace.messages(TRAINING))
    return messages + len(made.workspace.calls_of("views.open"))
