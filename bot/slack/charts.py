"""Messages with charts or tables, in workspaces that might refuse them.

Both are newer than many clients and plans. A workspace without them answers ``invalid_blocks``; it may take
the one and not the other.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Final, TypeVar

import structlog

from bot.domain.errors import SlackPermanentError

REMEMBERED_SECONDS: Final = 86_400.0
"""How long no chart is tried after one was refused: a workspace seldom gets them overnight.

So long, too, a chart that was taken says that the next one will be.
"""

_PLAINER: Final = "plainer"
_CHART: Final = "data_visualization"
_TABLE: Final = "table"
_NEW: Final = frozenset({_CHART, _TABLE})
_REFUSED: Final = "invalid_blocks"
_T = TypeVar("_T")
_log = structlog.stdlib.get_logger(__name__)


class Kind(Enum):
    """Who sees a message: what is taken for all need not be taken for one person alone."""

    FOR_ALL = "for all"
    FOR_ONE = "for one"


class Charts:
    """Knows whether one workspace takes charts, and whether it takes tables; ``monotonic`` is the clock's."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._known = {name: _Blocks(monotonic) for name in _NEW}

    async def send(
        self,
        message: Mapping[str, Any],
        send: Callable[[Mapping[str, Any]], Awaitable[_T]],
        kind: Kind = Kind.FOR_ALL,
        *,
        most_refusals: float = math.inf,
    ) -> _T:
        """Send a message; where it has what is not taken, its ``plainer`` form, which may have one itself.

        Beyond ``most_refusals``, only what is known to be taken goes out. A refused message was surely not
        posted, so that another try cannot post it twice. Where the plainest is refused as well, it was not
        the charts' fault.

        Raises:
            SlackError: none was taken, or something else went wrong.
        """
        *forms, (plainest, _) = _forms(message)
        before = {name: dict(blocks.none_until) for name, blocks in self._known.items()}
        doubtful, refused = frozenset[str](), 0
        for content, needs in forms:
            # Of two that were refused together, either may be the one that is taken by itself.
            if not self._may_go(needs, kind, doubtful, is_risky=refused < most_refusals):
                continue
            try:
                sent = await send(content)
            except SlackPermanentError as error:
                self._refused(error, needs, kind)
                refused, doubtful = refused + 1, doubtful or (needs if len(needs) > 1 else doubtful)
                continue
            for each in needs | doubtful:
                self._known[each].note(kind, is_taken=each in needs)
            return sent
        try:
            return await send(plainest)
        except SlackPermanentError as error:
            if error.slack_code == _REFUSED:
                for name, blocks in self._known.items():
                    blocks.none_until = before[name]
            raise

    def _refused(self, error: SlackPermanentError, needs: frozenset[str], kind: Kind) -> None:
        """Remember it before the next try: where that is told to wait, it shall not end here once more.

        Raises:
            SlackPermanentError: it was refused for another reason.
        """
        if error.slack_code != _REFUSED:
            raise error
        _log.info("sent without its charts", detail=error.detail)
        self._known[_TABLE if _TABLE in needs else _CHART].note(kind, is_taken=False)

    def _may_go(self, needs: frozenset[str], kind: Kind, doubtful: frozenset[str], *, is_risky: bool) -> bool:
        """Whether what needs these is tried: where none was refused, or at no risk where each was taken."""
        if any(self._known[each].is_refused(kind) for each in needs - doubtful):
            return False
        return is_risky or all(self._known[each].is_taken(kind) for each in needs)


def _forms(message: Mapping[str, Any]) -> Sequence[tuple[Mapping[str, Any], frozenset[str]]]:
    """The message and each plainer form of it, with the new blocks in it."""
    content = {name: value for name, value in message.items() if name != _PLAINER}
    types = {block.get("type") for block in content.get("blocks") or () if isinstance(block, dict)}
    forms = [(content, frozenset(_NEW & types) or frozenset({_CHART}))]
    return [*forms, *_forms({**content, **message[_PLAINER]})] if _PLAINER in message else forms


class _Blocks:
    """What is known of one type of block."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self.none_until = dict.fromkeys(Kind, float("-inf"))
        self._taken_until = dict.fromkeys(Kind, float("-inf"))

    def is_refused(self, kind: Kind) -> bool:
        """Whether one was refused within the last day."""
        return self._monotonic() < self.none_until[kind]

    def is_taken(self, kind: Kind) -> bool:
        """Whether one was taken within the last day."""
        return self._monotonic() < self._taken_until[kind]

    def note(self, kind: Kind, *, is_taken: bool) -> None:
        """One was taken, or refused: in this kind of message, and in one that nothing is known of."""
        if is_taken:
            self._taken_until[kind] = self._monotonic() + REMEMBERED_SECONDS
            self.none_until[kind] = float("-inf")
            return
        now = self._monotonic()
        self._taken_until[kind] = float("-inf")
        for each in Kind:
            if now >= self._taken_until[each]:
                self.none_until[each] = now + REMEMBERED_SECONDS
