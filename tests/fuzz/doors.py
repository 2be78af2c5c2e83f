"""Every way in that deliveries have, walked over as the bot registers them: what is added is fuzzed too."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from bot.cards.gallery.gallery import samples
from bot.cards.kit import actions
from bot.cards.subscriptions.subscribe_dialog import Origin as Window
from bot.cards.subscriptions.subscribe_dialog import SubscribeChoice
from bot.domain.messages.uninstalling import APP_UNINSTALLED, TOKENS_REVOKED
from bot.handlers.entry.registry import COMMANDS, Dispatch
from bot.playground.workspace import BOT, GRACE, ME, TRAINING
from tests.e2e.strangers import NAMES, OURS, Sender, events
from tests.e2e.world import JOB, World

Payload = dict[str, Any]
Walk = Callable[[Sender], Iterator[Payload]]

ENDINGS: Final = frozenset({APP_UNINSTALLED, TOKENS_REVOKED})
"""Events that end what is stored of a workspace; `endings` has them, and no other walk."""
LINES: Final[Sequence[str]] = (
    "",
    JOB,
    f"compare {JOB} legal-full-8b",
    f"metrics {JOB} loss",
    f"subscribe {JOB} dm",
    f"subscribe {JOB} when eval_loss < 1.2",
    "subscribe name:sweep-* when all done",
    "list failed 7d base:llama",
    "feed on failed",
    "digest weekly mon 09:00 Europe/Berlin",
    "pause until tomorrow 9am",
    "setup channel",
    "is legal-full-8b done?",
    "what is running",
    "no such thing",
)
"""Beside each command by its name alone and with a job."""
_IDS: Final = {actions.SUBSCRIBE_AS: SubscribeChoice(JOB, frozenset({"dm"}), is_on_card=True).value()}


def sender_in(made: World) -> Sender:
    """Somebody of ours, in a channel that the bot is in."""
    return Sender(made, OURS, ME, channel_id=TRAINING)


def commands(sender: Sender) -> Iterator[Payload]:
    """Every command, and lines in one's own words."""
    for command in COMMANDS:
        for name in (command.name, *command.aliases[:1]):
            yield sender.command(f"{name} {JOB}")
    yield from (sender.command(text) for text in (*LINES, *(each.name for each in COMMANDS)))
    yield sender.command("help", command="/another")


def presses(sender: Sender) -> Iterator[Payload]:
    """Every button, on a card and in Home, and every menu with every choice."""
    for name in sorted(NAMES):
        yield sender.press(name, value=_IDS.get(name))
        yield sender.press(name, in_home=True, value=_IDS.get(name))
    for menu in sorted(actions.MENUS):
        for name in sorted(actions.ALL):
            option = {"value": actions.Chosen(name, JOB).option_value()}
            yield _chosen(sender.press(menu), {"type": "overflow", "selected_option": option})
    picked = {"type": "external_select", "selected_option": {"value": JOB}}
    yield _chosen(sender.press(actions.PICK, in_home=True), picked)


def message_shortcuts(sender: Sender) -> Iterator[Payload]:
    """Every callback ID on a message."""
    for name in sorted(NAMES):
        more = {"message": sender.message(), "channel": {"id": TRAINING, "name": "training"}}
        yield sender.interaction("message_action", callback_id=name, **more)


def global_shortcuts(sender: Sender) -> Iterator[Payload]:
    """Every callback ID, from anywhere."""
    yield from (sender.interaction("shortcut", responds=False, callback_id=name) for name in sorted(NAMES))


def suggestions(sender: Sender) -> Iterator[Payload]:
    """A letter typed into every menu."""
    for name in sorted(NAMES):
        more = {"action_id": name, "value": "legal", "view": sender.view(actions.PICK)}
        yield sender.interaction("block_suggestion", responds=False, **more)


def submissions(sender: Sender) -> Iterator[Payload]:
    """Every window of the gallery, filled in as it is shown, and one of every callback ID."""
    for view in (*windows(sender), *map(sender.view, sorted(NAMES))):
        yield sender.interaction("view_submission", responds=False, view=view)


def closings(sender: Sender) -> Iterator[Payload]:
    """The same windows, closed."""
    for view in (*windows(sender), *map(sender.view, sorted(NAMES))):
        yield sender.interaction("view_closed", responds=False, view=view, is_cleared=False)


def told(sender: Sender) -> Iterator[Payload]:
    """Every event of the manifest, and those that nobody has thought of yet; in a channel and a DM."""
    for kind in sorted(events() - {"app_mention", "message"} - ENDINGS):
        yield sender.event(kind)
        yield sender.event(kind, channel_type="im", channel="D0JOBBOT01", user_team=OURS)
    gone = {"id": GRACE, "deleted": True, "team_id": OURS}
    yield sender.event("user_change", user=gone, user_team=None)
    yield sender.event(
        "reaction_added", item={"type": "message", "channel": TRAINING, "ts": "5.0"}, reaction="eyes"
    )


def endings(sender: Sender) -> Iterator[Payload]:
    """The app is uninstalled: nothing that is sent later is answered."""
    for kind in sorted(ENDINGS):
        yield sender.event(kind, tokens={"bot": [BOT], "oauth": [ME]}) | {"event_time": 1}
        yield sender.event(kind, tokens={"bot": ["U0ANOTHER"]})


def said(sender: Sender) -> Iterator[Payload]:
    """Mentions in a channel and a thread, direct messages, and edits of them."""
    for text in (*LINES, f"status {JOB}", "thanks", f"subscribe {JOB}"):
        yield sender.event("app_mention", text=f"<@{BOT}> {text}")
        yield sender.event("app_mention", text=f"<@{BOT}> {text}", thread_ts="4.0")
        yield sender.event("message", text=text, channel_type="im", channel="D0JOBBOT01")
    yield sender.edit()


WALKS: Final[Mapping[str, Walk]] = {
    each.__name__: each
    for each in (
        commands,
        presses,
        message_shortcuts,
        global_shortcuts,
        suggestions,
        submissions,
        closings,
        told,
        said,
    )
}


def windows(sender: Sender) -> Iterator[Payload]:
    """Each window of the gallery that can be sent, as Slack would send it with its fields filled in."""
    opened = Window(
        JOB, TRAINING, "training", "4.0", sender.handles()["response_url"], is_on_card=True, home_id=OURS
    )
    carried = {actions.SUBSCRIBE: opened.metadata()}
    for sample in samples(Dispatch().help):
        name = sample.body.get("callback_id")
        if sample.kind != "modal" or name is None:
            continue
        window = sender.view(name)
        metadata = carried.get(name) or sample.body["private_metadata"] or window["private_metadata"]
        yield window | {
            "type": "modal",
            "hash": "1.abc",
            "private_metadata": metadata,
            "state": {"values": dict(_filled(sample.body["blocks"]))},
        }


def _filled(blocks: Sequence[Payload]) -> Iterator[tuple[str, Payload]]:
    for block in blocks:
        element = block.get("element")
        if element is not None:
            yield block.get("block_id", "b1"), {element["action_id"]: _entry(element)}


def _entry(element: Payload) -> Payload:
    kind = element["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": element.get("initial_value", "a-value")}
    if kind == "multi_users_select":
        return {"type": kind, "selected_users": [ME]}
    if kind == "external_select":
        return {"type": kind, "selected_option": {"value": JOB}}
    return {"type": kind, "selected_option": element["options"][-1]}


def _chosen(press: Payload, choice: Payload) -> Payload:
    press["actions"][0] |= choice
    return press


def name_of(payload: Payload) -> str:
    """A payload's name, for whoever reads that it failed."""
    return json.dumps(payload)[:3_000]
