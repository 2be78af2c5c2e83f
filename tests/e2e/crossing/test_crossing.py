"""Nobody sees or changes what is another's: whatever somebody tries in one place, against another one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.e2e.crossing.attacks import ATTACKS, attacker
from tests.e2e.crossing.opening import crossing
from tests.e2e.crossing.places import Crossing, Place
from tests.e2e.strangers import what
from tests.e2e.world import Transport
from tests.resting_loop import at_rest

WAYS = (("main", "other"), ("other", "channel"), ("main", "channel"), ("channel", "main"))
BY_SOCKET = ((WAYS[0], "socket"), (WAYS[3], "socket"))
"""Another workspace, and another organization of the same: one socket brings what each workspace sends."""
_CUT = r"…|\\+u2026"
"""Three dots, as they stand in text, in JSON, and in JSON within JSON."""
MOST_OF_THEM = 1_000
"""Attacks each way, at the least: that none are left out unseen."""


def _clear(made: Crossing) -> None:
    for place in made.places:
        place.suite.requests.clear()
        place.world.workspace.calls.clear()
        place.world.workspace.world.answers.clear()


def _got(place: Place, ack: Any, *, in_home: bool = True) -> str:
    """All that the bot said in a place's workspace since."""
    workspace = place.world.workspace
    heard = [call for call in workspace.calls if in_home or call.method != "views.publish"]
    calls = [(call.method, call.arguments) for call in heard]
    return json.dumps([ack, calls, list(workspace.world.answers)], default=str)


def _typed_in(payload: Mapping[str, Any], target: Place) -> set[str]:
    """The attacker's own words that are the target's too: they may come back."""
    return {each for each in re.findall(r"[\w*-]+", json.dumps(payload)) if _is_told(each, target)}


def _without(typed: set[str], text: str) -> str:
    """What was said, but for those words, whole or as a label cuts them short."""
    words = sorted(typed, key=len, reverse=True)
    starts = sorted({each[:end] for each in words for end in range(1, len(each))}, key=len, reverse=True)
    whole, cut = ("|".join(map(re.escape, each)) or "(?!)" for each in (words, starts))
    return re.sub(rf"{whole}|(?:{cut})(?:{_CUT})", "", text, flags=re.IGNORECASE)


def _is_told(text: str, target: Place) -> bool:
    return any(each in text.lower() for each in (target.word, *target.ids))


def _leaks(at: Place, target: Place, typed: set[str], ack: Any) -> Iterator[str]:
    """What an attack gave away. Home is the whole workspace's, also for who came from a channel."""
    said = _got(at, ack, in_home=at.team_id != target.team_id)
    if _is_told(said, target) and _is_told(said := _without(typed, said), target):
        found = re.search("|".join((target.word, *target.ids)), said.lower())
        assert found
        yield f"is shown: {said[max(0, found.start() - 120) : found.end() + 80]}"
    asked = [f"{each.path} {dict(each.query)}" for each in target.suite.requests]
    if asked:
        yield f"is asked about: {asked}"
    if at.team_id != target.team_id and (got := _got(target, None)) != _got_nothing():
        yield f"hears of it: {got[:300]}"


def _got_nothing() -> str:
    return json.dumps([None, [], []])


@pytest.mark.parametrize(("way", "transport"), [*((way, "http") for way in WAYS), *BY_SOCKET], ids=str)
async def test_no_attack_finds_anything(way: tuple[str, str], transport: Transport) -> None:
    """Neither a word nor a request, and nothing that is stored is another afterwards."""
    async with crossing(transport) as made:
        at, target = (getattr(made, each) for each in way)
        before, typed = await made.kept(target), set[str]()
        found, tried = list[str](), 0
        for name, attack in ATTACKS.items():
            for payload in attack(at, target):
                _clear(made)
                delivery = await attacker(at).send(payload)
                await at_rest()
                tried += 1
                typed |= _typed_in(payload, target)
                leaks = _leaks(at, target, typed, delivery.body)
                found += [f"{name}: {what(payload)}: {leak}" for leak in leaks]
            if await made.kept(target) != before:
                found.append(f"{name}: something that is stored was changed")
        assert not found, "\n".join(found[:12])
        assert tried > MOST_OF_THEM, tried
