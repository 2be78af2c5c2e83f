"""Each line of the log says whose it is, through every door and in every loop, in fair weather and foul."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from structlog.testing import capture_logs

from bot.domain.messages.installation import channel_of
from bot.logs import attributed
from bot.playground.workspace.faults import Fault
from tests.e2e.crossing.attacks import attacker
from tests.e2e.crossing.opening import crossing
from tests.e2e.crossing.places import Crossing, Place
from tests.e2e.strangers import everything, what
from tests.resting_loop import at_rest

Line = Mapping[str, Any]
PROCESS_WIDE: Final = frozenset[str]()
"""What the log says of the process alone."""
LEAST_IN_DELIVERIES, LEAST_IN_LOOPS = 20, 6
"""Different lines that have to be seen, so that their silence proves something."""
SUBJECTS: Final = frozenset({"request_id", "channel_id", "user_id", "subject"})
"""What a line may be about."""


def fair(_made: Crossing) -> None:
    """Nothing fails."""


def simplismart_refuses(made: Crossing) -> None:
    """Every key has expired."""
    for place in made.places:
        place.suite.switches.update({"key_expired": True})


def simplismart_is_busy(made: Crossing) -> None:
    """Everybody is asked to wait."""
    for place in made.places:
        place.suite.switches.update({"key_expired": False, "rate_limited": True})


def slack_refuses(made: Crossing) -> None:
    """Nothing of ours is taken."""
    for place in made.places:
        place.world.workspace.world.faults.standing = Fault("refused", code="missing_scope")


def slack_is_away(made: Crossing) -> None:
    """Nobody can say what became of anything."""
    for place in made.places:
        place.suite.switches.update({"rate_limited": False})
        place.world.workspace.world.faults.standing = Fault("lost_answer")


def slack_is_busy(made: Crossing) -> None:
    """Everybody is asked to wait."""
    for place in made.places:
        place.world.workspace.world.faults.standing = Fault("rate_limited")


WEATHER: Final[tuple[Callable[[Crossing], None], ...]] = (
    fair,
    simplismart_refuses,
    simplismart_is_busy,
    slack_is_away,
    slack_is_busy,
    slack_refuses,
)


def _wrong(lines: Iterable[Line], teams: set[str], orgs: set[str]) -> Iterator[str]:
    """Lines that say nothing of whose they are, or that they are somebody else's."""
    for line in lines:
        named = line.get("team_id", ""), line.get("org_id", "")
        if line["event"] in PROCESS_WIDE and not SUBJECTS & set(line):
            continue
        is_theirs = named[0] in {"", *teams} and named[1] in {"", *orgs}
        is_about_people = bool({"channel_id", "user_id"} & set(line))
        if named == ("", "") or not is_theirs or (is_about_people and not named[0]):
            yield f"{line}"


def _orgs(made: Crossing, place: Place, channel_id: str) -> set[str]:
    """A channel with an organization of its own asks that; Home, which is drawn beside, the workspace's."""
    workspaces = made.main if place.team_id == made.main.team_id else place
    return {workspaces.suite.org_id, *([place.suite.org_id] if channel_id == place.channel_id else [])}


async def test_every_line_of_a_delivery_says_whose_it_is() -> None:
    """Whatever comes in, and whatever fails meanwhile."""
    wrong, seen = list[str](), set[str]()
    async with crossing() as made:
        for number, weather in enumerate(WEATHER):
            weather(made)
            for place in made.places if weather is fair else made.places[number % 3 :][:1]:
                for payload in everything(attacker(place)):
                    with capture_logs(processors=[attributed]) as lines:
                        await attacker(place).send(payload)
                        await at_rest()
                    orgs = _orgs(made, place, channel_of(payload))
                    seen |= {line["event"] for line in lines}
                    wrong += [
                        f"{weather.__name__}: {what(payload)}: {each}"
                        for each in _wrong(lines, {place.team_id}, orgs)
                    ]
    assert not wrong, "\n".join(wrong[:20])
    assert len(seen) > LEAST_IN_DELIVERIES, sorted(seen)


async def test_every_line_of_a_loop_says_whose_it_is() -> None:
    """The watcher, delivery, Home, digests and feeds go on for everybody at once."""
    wrong, seen = list[str](), set[str]()
    async with crossing() as made:
        for weather in WEATHER:
            weather(made)
            for place in made.places:
                place.suite.set(place.secret_id, status="RUNNING", error_message=None)
            with capture_logs(processors=[attributed]) as lines:
                await made.main.world.let_pass(240, 12)
                for place in made.places:
                    place.suite.set(place.secret_id, status="FAILED", error_message=f"{place.word}wood split")
                await made.main.world.let_pass(240, 12)
            seen |= {line["event"] for line in lines}
            teams, orgs = {each.team_id for each in made.places}, {each.suite.org_id for each in made.places}
            wrong += [f"{weather.__name__}: {each}" for each in _wrong(lines, teams, orgs)]
            for place in made.places:
                wrong += [
                    f"{weather.__name__}: not {place.word}'s: {line}"
                    for line in lines
                    if place.word in str(line) and line.get("org_id") != place.suite.org_id
                ]
    assert not wrong, "\n".join(wrong[:20])
    assert len(seen) > LEAST_IN_LOOPS, sorted(seen)


LOOPS: Final[Mapping[str, str]] = {
    "answering": "what is taken up is the delivery's",
    "api key": "each key is an organization's",
    "connection": "the process's: the websocket is everybody's",
    "connections": "the process's: whose a request is, is not known before Slack's door",
    "delivery": "each lane is a workspace's, and each message an organization's",
    "home": "each tab is a workspace's",
    "incidents": "each report is an organization's",
    "metrics": "the process's",
    "login": "of the only token there is: Slack has not said whose it is",
    "place settings": "the process's: it logs nothing",
    "rate share": "the process's",
    "tenants": "each installation that is read is a workspace's",
    "tokens": "each token is a workspace's",
    "watcher": "each turn is an organization's",
    "workspaces": "each line names the workspace",
}
"""Everything that goes on by itself, and whose work it is."""


async def test_of_every_loop_it_is_known_whose_work_it_does() -> None:
    """One that is added later says so here, and binds what it logs."""
    async with crossing() as made:
        checks = (await made.main.world.bot.readiness()).problems
    unknown = set(checks) - {"settings", "slack", "store", "deliveries"} - set(LOOPS)
    assert not unknown
