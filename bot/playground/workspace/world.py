"""Everything the workspace's parts share."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

from bot.domain.ports import Clock
from bot.playground.workspace.board import Board
from bot.playground.workspace.expiring_tokens import (
    LINK_SECONDS,
    RESPONSE_URL_SECONDS,
    RESPONSE_URL_USES,
    TRIGGER_SECONDS,
    Origin,
    Tickets,
)
from bot.playground.workspace.faults import Faults
from bot.playground.workspace.feed import Feed
from bot.playground.workspace.identity import DEFAULT_SCOPES, Identity
from bot.playground.workspace.oauth.grants import Grants, Tokens
from bot.playground.workspace.rates import Rates
from bot.playground.workspace.refusal import refuse

_MOST_ANSWERS_KEPT: Final = 10_000


class World:
    """One workspace with one app installed."""

    def __init__(
        self,
        clock: Clock,
        identity: Identity,
        scopes: Iterable[str] = DEFAULT_SCOPES,
        *,
        is_installed: bool = True,
    ) -> None:
        self.clock = clock
        self.identity = identity
        self.scopes = set(scopes)
        """What the bot token may do; tests take some away."""
        self.is_installed = is_installed
        """Whether the app is: else its bot token is dead, and nobody can reach it."""
        self.feed = Feed()
        self.board = Board(clock, identity, self.feed)
        self.rates = Rates(clock)
        self.faults = Faults()
        self.triggers: Tickets[str] = Tickets(clock, "17.42.", TRIGGER_SECONDS, 1)
        """Trigger ids; each stands for the person who pulled it."""
        self.response_urls: Tickets[Origin] = Tickets(clock, "", RESPONSE_URL_SECONDS, RESPONSE_URL_USES)
        self.answers: deque[object] = deque(maxlen=_MOST_ANSWERS_KEPT)
        """What was sent to response URLs, whether it was taken or not."""
        self.links: Tickets[str] = Tickets(clock, "link-", LINK_SECONDS, 1)
        """Tickets for one websocket connection each."""
        self.grants = Grants(clock, identity)
        """What was handed out to the app where somebody installed it by a click."""
        self.caller: Tokens | None = None
        """Whose token the call that is answered has; None: the app's own, of `Identity`."""
        self.redirect_url = ""
        """Where people who install the app come back to, as the app's configuration has it."""
        self.base_url = "http://127.0.0.1"
        """Where the workspace's server is reached; `serving` sets it."""

    @property
    def granted_scopes(self) -> frozenset[str]:
        """What the token of the call that is answered may do."""
        return frozenset(self.scopes) if self.caller is None else self.caller.approval.scopes

    def need_scope(self, *any_of: str) -> None:
        """Go on if the bot token has one of these scopes.

        Raises:
            Refusal: ``missing_scope``.
        """
        if self.granted_scopes.isdisjoint(any_of):
            refuse("missing_scope", needed=any_of[0], provided=",".join(sorted(self.granted_scopes)))

    def response_url(self, origin: Origin) -> str:
        """A new response URL that answers there."""
        return f"{self.base_url}/respond/{self.identity.team_id}/{self.response_urls.issue(origin)}"
