"""Everything that somebody in one place may try, to see or to change what is another place's.

Each attack is a payload that is signed as Slack signs it: what no client of Slack's can send is among them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from bot.cards.jobs.jobs_list import Page
from bot.cards.jobs.which_one import Choice
from bot.cards.kit import actions
from bot.cards.subscriptions.finding import Unhelpful
from bot.cards.subscriptions.subscribe_dialog import Origin as Window
from bot.cards.subscriptions.subscribe_dialog import SubscribeChoice
from bot.handlers.entry.registry import COMMANDS
from bot.playground.workspace import BOT, GRACE
from bot.playground.workspace.expiring_tokens import Origin
from tests.e2e.crossing.places import Place
from tests.e2e.strangers import NAMES, Sender, events
from tests.e2e.world import JOB

_WINDOWS: Final = frozenset({actions.PICK, actions.SUBSCRIBE, actions.SETUP_SEND})
Payload = dict[str, Any]
Attack = Callable[[Place, Place], Iterator[Payload]]
"""By somebody at the first, against the second."""

_LINES: Final = (
    "status {} report {} compare {} " + JOB,
    "which one is {}",
    "is {} done",
    "why did {} fail",
    "did {} fail like the one before",
    "subscribe {} dm",
    "unsubscribe {}",
    "alert {} when progress > 1",
    "find {}",
    "subscribe name:{}*",
)


def attacker(place: Place) -> Sender:
    """Somebody who is in every place's workspace, and nobody's subscriber."""
    return Sender(place.world, place.team_id, GRACE, home_id=place.team_id, channel_id=place.channel_id)


def names_of(target: Place) -> Sequence[str]:
    """What jobs and subscriptions of a place may be called: known, guessed, and begun."""
    word = target.word
    ids = (target.secret_id, target.secret_id[:8], target.secret_id.upper(), *target.subscriptions)
    return (*ids, f"{word}-secret", f"{word}-s", f"{word}-sweep-0", f"<@{target.resident}>")


def values_of(target: Place) -> Sequence[str]:
    """What a button of the place's may carry."""
    job, (one, group) = target.secret_id, target.subscriptions
    line = f"status {job}"
    return (
        job,
        one,
        group,
        f"{one} {group}",
        f"{job} {target.word}-sweep-0",
        line,
        Choice("status", (job,)).value(),
        Choice("unsubscribe", (job,)).value(),
        Choice("subscribe", (job,)).value(),
        Unhelpful(job, "plateau").value(),
        SubscribeChoice(job, frozenset(), is_on_card=True).value(),
        SubscribeChoice(f"name:{target.word}-sweep-*", frozenset({"dm"}), is_on_card=True).value(),
        Page(0).value(),
        target.channel_id,
    )


def commands(at: Place, target: Place) -> Iterator[Payload]:
    """Every command with every name."""
    sender = attacker(at)
    for command in COMMANDS:
        yield sender.command(command.name)
        for name in names_of(target):
            yield sender.command(f"{command.name} {name}")
    yield from (sender.command(name) for name in names_of(target))
    yield from (sender.command(line.format(*[name] * 3)) for line in _LINES for name in names_of(target))


def mentions(at: Place, target: Place) -> Iterator[Payload]:
    """The same in one's own words, also in the thread of a card there."""
    sender = attacker(at)
    for name in names_of(target):
        for line in (*_LINES, "{}", "what is running", "why"):
            text = f"<@{BOT}> {line.format(*[name] * 3)}"
            yield sender.event("app_mention", text=text, channel=at.channel_id)
            yield sender.event("app_mention", text=text, channel=at.channel_id, thread_ts=target.card_ts)
    if at.team_id != target.team_id:  # in direct messages people ask about the workspace's jobs
        yield sender.edit()


def buttons(at: Place, target: Place) -> Iterator[Payload]:
    """Every action there is, with every value; also as the choice of a menu."""
    sender = attacker(at)
    for name in sorted(NAMES):
        for value in values_of(target):
            yield sender.press(name, value=value)
        for value in values_of(target)[:3]:
            if at.team_id != target.team_id:  # Home is the workspace's, whatever a channel has
                yield sender.press(name, value=value, in_home=True)
        for menu in sorted(actions.MENUS):
            for value in values_of(target)[:2]:
                option = {"value": actions.Chosen(name, value).option_value()}
                yield _chosen(sender.press(menu), {"type": "overflow", "selected_option": option})
    for value in values_of(target):
        picked = {"type": "external_select", "selected_option": {"value": value}}
        yield _chosen(sender.press(actions.PICK), picked)


def buttons_on_their_cards(at: Place, target: Place) -> Iterator[Payload]:
    """The message, its thread and the place's own list are the target's."""
    sender = attacker(at)
    for name in sorted(NAMES):
        for value in values_of(target)[:3]:
            press = sender.press(name, value=value)
            press["container"] |= {"message_ts": target.card_ts, "thread_ts": target.card_ts}
            press["message"] |= {"ts": target.card_ts, "text": target.secret_id}
            press["actions"][0]["block_id"] = f"line-{value}"
            yield press


def shortcuts(at: Place, target: Place) -> Iterator[Payload]:
    """On a message that names jobs of the target, and says that it is its workspace's."""
    sender = attacker(at)
    for name in sorted(NAMES):
        for text in names_of(target)[: None if name == actions.CHECK_JOB else 1]:
            message = sender.message() | {"text": text, "team": target.team_id, "ts": target.card_ts}
            more = {"message": message, "channel": {"id": at.channel_id}}
            yield sender.interaction("message_action", callback_id=name, **more)


def menus(at: Place, target: Place) -> Iterator[Payload]:
    """Letters typed into every menu, in a window that was opened here or carries what one there does."""
    sender = attacker(at)
    typed = ("", "a", target.word, *names_of(target))
    for name in sorted(NAMES):
        for text in typed if name == actions.PICK else typed[:1]:
            here = json.dumps({"response_url": "", "channel_id": at.channel_id})
            for carried in (here, _window(at, target)):
                view = sender.view(name) | {"private_metadata": carried}
                more = {"action_id": name, "value": text, "view": view}
                yield sender.interaction("block_suggestion", responds=False, **more)


def windows(at: Place, target: Place) -> Iterator[Payload]:
    """Every window sent, as the target's carries it, or as somebody may have put it together."""
    sender = attacker(at)
    for name in sorted(NAMES):
        for carried in _windows(at, target, is_one=name in _WINDOWS):
            for value in (target.secret_id, *target.subscriptions)[: 3 if name == actions.PICK else 1]:
                chosen = {"selected_option": {"value": value}}
                fields = {actions.PICK: {actions.PICK: chosen}}
                view = sender.view(name) | {"private_metadata": carried, "state": {"values": fields}}
                yield sender.interaction("view_submission", responds=False, view=view)
            yield sender.interaction("view_closed", responds=False, view=view)


def told(at: Place, target: Place) -> Iterator[Payload]:
    """Every event, about the target's jobs and people."""
    sender = attacker(at)
    link = {"domain": "app.simplismart.ai", "url": f"https://app.simplismart.ai/jobs/{target.secret_id}"}
    someone = {"id": target.resident, "deleted": True, "team_id": at.team_id}
    for kind in sorted(events() - {"app_uninstalled", "tokens_revoked"}):
        yield sender.event(kind, links=[link], channel=at.channel_id)
    if at.team_id != target.team_id:
        yield sender.event("app_home_opened", user=target.resident)
        yield sender.event("user_change", user=someone, team=at.team_id)
        yield sender.event("tokens_revoked", tokens={"bot": ["U0ANOTHER"]})


def _chosen(press: Payload, choice: Mapping[str, Any]) -> Payload:
    press["actions"][0] |= choice
    return press


def _window(at: Place, target: Place) -> str:
    """The target's own, as far as the attacker's workspace would have it: without where answers go."""
    return target.window if at.team_id != target.team_id else json.dumps({"channel_id": at.channel_id})


def _windows(at: Place, target: Place, *, is_one: bool) -> Iterator[str]:
    """What a window may carry: as it was opened there; of one that there is, also as somebody makes it up."""
    yield _window(at, target)
    if not is_one:
        return
    url = at.world.workspace.world.response_url(Origin(at.channel_id, GRACE))
    yield json.dumps({"response_url": url, "channel_id": at.channel_id})
    for job in (target.secret_id, f"name:{target.word}-sweep-*"):
        yield Window(job, at.channel_id, "", target.card_ts, url, is_on_card=True).metadata()
    if at.team_id != target.team_id:  # without a channel it is about the workspace, as everything in Home
        yield from ("", "[]", "{}", f'["{target.secret_id}"]', "null", json.dumps([at.channel_id]))


ATTACKS: Final[Mapping[str, Attack]] = {
    each.__name__: each
    for each in (
        commands,
        mentions,
        buttons,
        buttons_on_their_cards,
        shortcuts,
        menus,
        windows,
        told,
    )
}
