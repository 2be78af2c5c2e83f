"""The load balancer between Slack and the processes that serve, and which of them had what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import aiohttp

from bot import EVENTS_PATH
from bot.domain.ports import Clock
from bot.playground.workspace.dispatch.envelope import Envelope, LinkLostError, Reply
from bot.playground.workspace.dispatch.http_link import HttpLink
from bot.playground.workspace.identity import Identity

AVOIDED_SECONDS: Final = 10.0
"""So long a process that did not answer gets nothing, unless there is no other."""


@dataclass(slots=True)
class Attempt:
    """One request that a process was sent."""

    process: int
    at: float
    is_acked: bool = False
    """It answered 200, whether Slack got that or not."""


@dataclass(slots=True)
class _Target:
    process: int
    url: str
    avoided_until: float = 0.0


class Balancer:
    """Takes turns between the processes that serve; one that refuses connections is passed over."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._targets: dict[int, _Target] = {}
        self._turn = 0
        self.attempts: defaultdict[str, list[Attempt]] = defaultdict(list)
        """By what is unique of a request: `key_of`."""

    def serve(self, slot: int, process: int, port: int) -> None:
        """Another process serves in this slot from now on."""
        self._targets[slot] = _Target(process, f"http://127.0.0.1:{port}{EVENTS_PATH}")

    def link(self, identity: Identity) -> BalancedLink:
        """What a workspace delivers through."""
        return BalancedLink(identity, self)

    def note(self, target: _Target, key: str) -> Attempt:
        """The process is sent this now."""
        attempt = Attempt(target.process, self._clock.monotonic())
        self.attempts[key].append(attempt)
        return attempt

    def avoid(self, target: _Target) -> None:
        """It did not answer."""
        target.avoided_until = self._clock.monotonic() + AVOIDED_SECONDS

    def targets(self) -> Iterator[_Target]:
        """Whom to try, in this order."""
        self._turn += 1
        found = [self._targets[slot] for slot in sorted(self._targets)]
        turned = [*found[self._turn % len(found) :], *found[: self._turn % len(found)]] if found else []
        now = self._clock.monotonic()
        yield from sorted(turned, key=lambda each: each.avoided_until > now)


class BalancedLink(HttpLink):
    """Delivers one workspace's requests."""

    def __init__(self, identity: Identity, balancer: Balancer) -> None:
        super().__init__(identity)
        self._balancer = balancer
        self.request_url = f"http://127.0.0.1{EVENTS_PATH}"
        self.losing = 0
        """Of so many events to come Slack does not get the first acknowledgment."""

    async def send(self, envelope: Envelope) -> Reply:
        """One attempt, by whichever process takes the connection."""
        for target in self._balancer.targets():
            attempt = self._balancer.note(target, key_of(envelope.payload))
            try:
                reply = await self.post(target.url, envelope)
            except LinkLostError as lost:
                self._balancer.avoid(target)
                if not isinstance(lost.__cause__, aiohttp.ClientConnectorError):
                    raise
                self._balancer.attempts[key_of(envelope.payload)].remove(attempt)
                continue
            except BaseException:  # Slack waited for long enough
                self._balancer.avoid(target)
                raise
            attempt.is_acked = reply.status == HTTPStatus.OK
            if envelope.kind == "events_api" and self.losing and not envelope.retry_num:
                self.losing -= 1
                msg = "connection_failed"
                raise LinkLostError(msg)
            return reply
        msg = "connection_failed"
        raise LinkLostError(msg)


def key_of(payload: Mapping[str, Any]) -> str:
    """What is unique of a request, however often Slack delivers it."""
    event = payload.get("event")
    if isinstance(event, dict):
        return f"{payload['team_id']}:{event['event_ts']}"
    return str(payload.get("response_url") or payload.get("trigger_id"))
