"""Who may do what, at every door: each command and each button there is, also one that is added later."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.cards.kit import actions
from bot.cards.kit.card_settings import CardSettings
from bot.cards.subscriptions.subscribe_dialog import DM, SubscribeChoice
from bot.domain.audit import Result
from bot.domain.errors import JobBotError, SlackError, StoreError
from bot.domain.job.cost import Money
from bot.domain.permissions.administration import AdminRight
from bot.domain.permissions.policies import InForce, PlaceSettings, Right, Who
from bot.handlers.entry import buttons
from bot.handlers.entry.buttons import BUTTONS
from bot.handlers.entry.registry import COMMANDS
from bot.handlers.kit.button_press import ButtonPress
from bot.handlers.kit.command import Command, Needed, Place
from tests.handlers.neighbours import HERE, Neighbourhood
from tests.handlers.pressing import payload_of
from tests.tables import each_row

JOB = "3fe92c25-e5fd-4281-93df-5aa886064dbd"
OTHER = JOB[:-1] + "e"
DIRECT = Place("T1", "D1", "U01", is_dm=True)
WORDS = {
    "alert": f"{JOB} when eval_loss < 1.2",
    "feed": "on",
    "digest": "daily 09:00 UTC",
    "pause": "2h",
    "compare": f"{JOB} {OTHER}",
    **dict.fromkeys(("help", "health", "setup", "list", "subscriptions", "resume"), ""),
}
"""What stands behind each command; a job where it isn't named here."""
CURRENCY = "€"
"""Whatever shows what a job costs, shows this."""
NOBODY: dict[Needed, str] = {
    **dict.fromkeys(Right, "Nobody can"),
    AdminRight.SETUP: "can set up jobbot",
    AdminRight.HEALTH: "Only your jobbot admin",
}
"""What whoever lacks a right is told."""


def kept_to(who: Who, *people: str, group_id: str = "") -> InForce:
    """Every right is theirs alone."""
    lists, groups = dict.fromkeys(Right, people), dict.fromkeys(Right, group_id)
    return InForce(PlaceSettings(dict.fromkeys(Right, who), lists, groups))


def made() -> Neighbourhood:
    """Jobs that cost something, and nobody who may do or see anything."""
    made = Neighbourhood()
    for each in (JOB, OTHER):
        made.jobs.give(
            each,
            experiment_name="legal-full-8b",
            status="RUNNING",
            created_at="2026-03-02T07:00:00Z",
            started_at="2026-03-02T07:05:00Z",
            infra_config={"gpu_type": "h100", "gpu_count": 8, "node_count": 1},
        )
    prices = {"h100": Money(4, CURRENCY)}
    made.context = replace(made.context, card_settings=CardSettings(gpu_hour_prices=prices))
    made.settings.in_force = kept_to(Who.PEOPLE)
    return made


def is_unchanged(made: Neighbourhood) -> bool:
    """Nothing is stored of the channel's, or of what is set."""
    return not (made.stored.wishes or made.feeds.known or made.digests.all or made.settings.saved)


def _line(command: Command) -> str:
    return f"{command.name} {WORDS.get(command.name, JOB)}".strip()


@each_row("command", COMMANDS, lambda command: command.name)
async def test_no_command_does_what_its_asker_has_no_right_to(command: Command) -> None:
    """Nothing of the channel's changes, nobody sees a price, and a denial is private."""
    here = made()
    cards = await here.ask(_line(command))
    assert is_unchanged(here)
    assert not any(CURRENCY in card for card in cards)
    if (right := command.right(here.question(_line(command)))) is not None:
        assert command.is_personal
        assert NOBODY[right] in cards[0]
        (entry,) = here.audit.kept
        assert (entry.user_id, entry.result) == (HERE.user_id, Result.DENIED)
        assert command.name in {entry.subject, entry.action}


@each_row("action_id", sorted(BUTTONS))
async def test_no_button_does_what_its_presser_has_no_right_to(action_id: str) -> None:
    """On a card of one's own and on everybody's; the window of [Subscribe], sent, is one of them."""
    values = {
        actions.SUBSCRIBE_AS: SubscribeChoice(JOB, frozenset(), is_on_card=True).value(),
        **dict.fromkeys(actions.ASKS, f"subscribe {JOB}"),
    }
    for is_private in (True, False):
        here = made()
        pressed = ButtonPress.read(payload_of(action_id, values.get(action_id, JOB), private=is_private))
        assert pressed is not None
        try:
            await buttons.press(here.context, pressed)
        except (JobBotError, AttributeError):
            """What a button needs beside a job is another test's."""
        sent = json.dumps([body for _, _, body in here.slack.sent], ensure_ascii=False)
        assert is_unchanged(here)
        assert CURRENCY not in sent
        if (right := BUTTONS[action_id].right(pressed)) is not None:
            assert NOBODY[right] in sent
            assert [each.result for each in here.audit.kept] == [Result.DENIED]


async def test_whoever_has_the_right_does_it() -> None:
    """The same, for somebody on the list; and in their own direct messages everybody."""
    here = made()
    here.settings.in_force = kept_to(Who.PEOPLE, HERE.user_id)
    await here.ask(f"subscribe {JOB}")
    assert here.stored.wishes
    assert any(CURRENCY in card for card in await here.ask(f"report {JOB}"))
    here = made()
    await here.ask(f"subscribe {JOB} dm")
    await here.ask(f"subscribe {JOB}", DIRECT)
    pressed = ButtonPress.read(
        payload_of(actions.SUBSCRIBE_AS, SubscribeChoice(JOB, frozenset({DM}), is_on_card=False).value())
    )
    assert pressed is not None
    await buttons.press(here.context, pressed)
    assert len(here.stored.wishes) == 3


async def test_members_and_groups_are_asked_about_each_time() -> None:
    """Of Slack; where it doesn't say, nobody may, and the card says why."""
    here, line = made(), f"subscribe {JOB}"
    here.settings.in_force = kept_to(Who.MEMBERS)
    (card,) = await here.ask(line)
    assert "channels:read" in card
    here.slack.people.members = {HERE.channel_id: {"U02"}}
    (card,) = await here.ask(line)
    assert "Only members of this channel can subscribe" in card
    here.slack.people.fails = SlackError()
    (card,) = await here.ask(line)
    assert "Slack isn't saying" in card
    here.slack.people.fails = None
    here.settings.in_force = kept_to(Who.GROUP, group_id="S0GROUP")
    (card,) = await here.ask(line)
    assert "usergroups:read" in card
    here.slack.people.groups = {"S0GROUP": set()}
    (card,) = await here.ask(line)
    assert "Only members of <!subteam^S0GROUP>" in card
    assert is_unchanged(here)
    here.slack.people.groups = {"S0GROUP": {HERE.user_id}}
    await here.ask(line)
    assert here.stored.wishes


async def test_what_all_read_shows_cost_only_where_all_may_see_it() -> None:
    """Members read what stands in their channel; a list or a group may not be all of them."""
    here, line = made(), f"report {JOB}"
    here.slack.people.members = {HERE.channel_id: {HERE.user_id}}
    here.slack.people.groups = {"S1": {HERE.user_id}}
    for who, is_shown in ((Who.EVERYONE, True), (Who.MEMBERS, True), (Who.PEOPLE, False), (Who.GROUP, False)):
        here.settings.in_force = kept_to(who, HERE.user_id, group_id="S1")
        (for_all,) = await here.ask(line, is_private=False)
        assert (CURRENCY in for_all) == is_shown, who
        (alone,) = await here.ask(line)
        assert CURRENCY in alone
    here.settings.in_force = kept_to(Who.MEMBERS)
    (direct,) = await here.ask(line, DIRECT)
    assert CURRENCY not in direct


async def test_while_the_database_says_nothing_nobody_gets_more() -> None:
    """A price is left out, and a right is not given."""
    here = made()
    here.settings.in_force = None
    (card,) = await here.ask(f"report {JOB}")
    assert CURRENCY not in card
    with pytest.raises(StoreError):
        await here.ask(f"subscribe {JOB}")
    assert is_unchanged(here)
