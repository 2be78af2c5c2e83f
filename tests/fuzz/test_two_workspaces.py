"""Two workspaces at once, each with odd payloads: nothing of the one is in anything that the other gets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.workspace import Delivery
from bot.web.server import MAX_BODY_BYTES
from tests.e2e.crossing.attacks import attacker
from tests.e2e.crossing.opening import crossing
from tests.e2e.crossing.places import Crossing, Place
from tests.fuzz.budget import fuzzed
from tests.fuzz.doors import WALKS, name_of
from tests.fuzz.mutations import Mutation, mutated, mutations
from tests.fuzz.test_deliveries import deliver
from tests.resting_loop import at_rest

_STRIDE = 17
"""One in so many payloads of a walk is changed in the same way, and delivered in both at once."""


@pytest.fixture
async def both() -> AsyncIterator[Crossing]:
    """Each with an organization of its own, and something to hide."""
    async with crossing() as made:
        yield made


def _said(place: Place, delivered: Delivery) -> str:
    workspace = place.world.workspace
    calls = [(call.method, call.arguments) for call in workspace.calls]
    return json.dumps([delivered.body, calls, list(workspace.world.answers)], default=str).lower()


def _leaks(place: Place, other: Place, delivered: Delivery) -> Iterator[str]:
    said = _said(place, delivered)
    for word in (other.word, *other.ids, other.resident.lower(), f"{other.word}-org"):
        if (at := said.find(word)) >= 0:
            yield f"{place.word} gets {said[max(0, at - 120) : at + 80]}"
    for request in place.suite.requests:
        if other.word in str(request).lower():
            yield f"{place.word}'s organization is asked: {request}"


@fuzzed(12)
@given(walk=st.sampled_from(sorted(WALKS)), start=st.integers(0, _STRIDE - 1), changes=mutations())
async def test_neither_gets_anything_of_the_other(
    both: Crossing, walk: str, start: int, changes: tuple[Mutation, ...]
) -> None:
    """The same is done in both, at the same moment."""
    places = (both.main, both.other)
    walks = [islice(WALKS[walk](attacker(each)), start, None, _STRIDE) for each in places]
    for payloads in zip(*walks, strict=True):
        odd: list[Any] = [mutated(each, changes) for each in payloads]
        if max(len(json.dumps(each)) for each in odd) > MAX_BODY_BYTES:
            continue
        for place in places:
            place.suite.requests.clear()
            place.world.workspace.calls.clear()
            place.world.workspace.world.answers.clear()
        one, other = await asyncio.gather(
            *(deliver(place.world, *each) for place, *each in zip(places, payloads, odd, strict=True))
        )
        await at_rest()
        assert [*_leaks(*places, one), *_leaks(*reversed(places), other)] == [], name_of(odd[0])
