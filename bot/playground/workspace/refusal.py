"""How Slack says no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn


class Refusal(Exception):  # noqa: N818  (it is an answer of the Web API, not a mistake in this program)
    """``{"ok": false, "error": code}``, with what else Slack tells."""

    def __init__(self, code: str, *, messages: Sequence[str] = (), **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = tuple(messages)
        self.more = more

    def answer(self) -> Mapping[str, Any]:
        """The JSON body."""
        body: dict[str, Any] = {"ok": False, "error": self.code, **self.more}
        if self.messages:
            body["errors"] = list(self.messages)
            body["response_metadata"] = {"messages": [f"[ERROR] {text}" for text in self.messages]}
        return body


def refuse(code: str, *, messages: Sequence[str] = (), **more: Any) -> NoReturn:
    """Raise `Refusal`."""
    raise Refusal(code, messages=messages, **more)


class RateLimit(Exception):  # noqa: N818  (the same)
    """429; ``retry_after_seconds`` is whole, as Slack sends it."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"retry after {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds
