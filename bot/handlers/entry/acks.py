"""The ways to acknowledge a delivery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson
from slack_bolt.response import BoltResponse

from bot.cards.kit.card import Card

_JSON: dict[str, str | Sequence[str]] = {"content-type": ["application/json;charset=utf-8"]}


def ack(card: Card | None = None) -> BoltResponse:
    """An empty 200, or one that carries an ephemeral message."""
    if card is None:
        return BoltResponse(status=200, body="")
    return BoltResponse(status=200, body=_ephemeral(card), headers=_JSON)


def ack_with(answer: Mapping[str, Any]) -> BoltResponse:
    """A 200 that carries this, such as the options of a menu."""
    return BoltResponse(status=200, body=orjson.dumps(answer).decode(), headers=_JSON)


@lru_cache(maxsize=256)
def _ephemeral(card: Card) -> str:
    """The ack's body; made once for a card that many ask for in the same second.

    Slack tells nobody what it made of an ack: no chart rides on it, since it might not be taken.
    """
    return orjson.dumps({"response_type": "ephemeral", **(card.plainer or card).message()}).decode()
