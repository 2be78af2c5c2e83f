"""What must hold whatever comes in: the acks, the log, and what was sent to Slack."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from typing import Final

from bot.playground.block_kit import message_problems, options_problems, view_problems
from bot.playground.workspace import Call, Delivery, Workspace

NOT_TAKEN: Final = frozenset(
    {
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_form_data",
        "invalid_json",
        "invalid_metadata_format",
        "invalid_payload",
        "json_not_object",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "unknown_method",
    }
)
"""What Slack says of a call that is wrong whatever its workspace is like."""
_NO_TRIGGER: Final = "missing required field: trigger_id"
"""Where none came, no window can be opened: it is tried all the same."""
ACK_SECONDS: Final = 3.0
MOST_OF_A_LINE: Final = 20_000
"""Characters of one line of the log: what anybody sends does not fill the disk."""


class Judge:
    """Looks at what happened since it last looked. ``read`` gives what was logged since, as JSON lines."""

    def __init__(self, read: Callable[[], str], spaces: Sequence[Workspace], secrets: Sequence[str]) -> None:
        self._read = read
        self._spaces = spaces
        self._secrets = secrets

    def findings(self, delivered: Sequence[Delivery] = ()) -> list[str]:
        """All that must not be."""
        found = [*self._log(), *(each for one in delivered for each in _ack(one))]
        said = [json.dumps(each.body, default=str) for each in delivered]
        for space in self._spaces:
            found += _calls(space)
            said += [
                json.dumps([call.method, call.arguments], default=str)
                for call in space.calls
                if not _is_login(call)
            ]
            said += [str(each) for each in space.world.answers]
            space.calls.clear()
            space.world.answers.clear()
        return [*found, *self.shown("\n".join(said), "sent")]

    def _log(self) -> Iterator[str]:
        logged = self._read()
        yield from self.shown(logged, "logged")
        for line in logged.splitlines():
            if len(line) > MOST_OF_A_LINE:
                yield f"a line of {len(line)} characters: {line[:200]}"
            try:
                told = json.loads(line)
            except ValueError:
                yield f"no line of the log's: {line[:200]}"
                continue
            if "exception" in told or told.get("level") == "critical":
                yield f"{told.get('event')}\n{told.get('exception')}"

    def shown(self, text: str, where: str) -> Iterator[str]:
        """The secrets in a text."""
        for secret in self._secrets:
            if (at := text.find(secret)) >= 0:
                yield f"a secret is {where}: {text[max(0, at - 200) : at]}"


def _is_login(call: Call) -> bool:
    """Whether secrets go with it, to Slack, as they have to."""
    return call.method in {"oauth.v2.access", "auth.revoke"}


def _ack(delivery: Delivery) -> Iterator[str]:
    if delivery.status is None or delivery.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        yield f"not acknowledged: {delivery.error} {delivery.status}"
    if delivery.elapsed_seconds > ACK_SECONDS:
        yield f"acknowledged after {delivery.elapsed_seconds} s"
    body = delivery.body
    if not isinstance(body, dict):
        return
    if isinstance(view := body.get("view"), dict):
        yield from view_problems(view)
    elif "options" in body:
        yield from options_problems(body)
    elif "text" in body or "blocks" in body:
        yield from message_problems(body)


def _calls(space: Workspace) -> Iterator[str]:
    """What Slack would not take, whatever its workspace is like."""
    for call in space.calls:
        if call.answer.get("error") in NOT_TAKEN and _NO_TRIGGER not in str(call.answer):
            yield f"{call.method} {json.dumps(call.answer)}: {json.dumps(call.arguments, default=str)[:999]}"
    for answer in space.world.answers:
        message = json.loads(str(answer))
        if not message.get("delete_original"):
            yield from message_problems(message)
