"""What makes the bot call each method of the Web API there is, by something that people or the app do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final

import aiohttp

from bot.cards.kit import actions
from bot.domain.errors import SlackError
from bot.domain.permissions.policies import PlaceSettings, Right, Who
from bot.domain.ports.tenants import StoredSettings
from bot.playground.clock import InstantClock
from bot.playground.workspace import BOT, GRACE, ME, TRAINING, Delivery
from bot.playground.workspace.oauth.grants import Approval
from bot.slack.web_api.validation import CardValidator
from tests.e2e.by_click import ByClick
from tests.e2e.strangers import OURS, THEIRS, Sender
from tests.e2e.world import JOB

Cause = Callable[[ByClick, Sender], Awaitable[Sequence[Delivery]]]
"""What is sent by hand is sent by the sender: each of its events is another one."""
NOT_CALLED: Final = frozenset({"api.test"})
"""Of those that the made-up Slack has: for whoever tries it by hand."""
_GROUP: Final = "S0MLTEAM"
_PAGE: Final = f"https://training.app.simplismart.ai/jobs/{JOB}"


async def _subscribed(made: ByClick, _sender: Sender) -> Sequence[Delivery]:
    """Twice, so that the second one gets a link; the job goes on; then no more."""
    here, suite = made.world, made.world.suite
    first = [await here.slash(f"subscribe {JOB}"), await here.slash(f"subscribe {JOB} when progress > 99")]
    await here.let_pass(4, 2)
    progress = 30 + (suite.counts["/job/get/"] + suite.counts["/job/list"]) % 60
    suite.set(JOB, status="RUNNING", progress=progress)
    await here.let_pass(30, 3)
    return [*first, await here.slash(f"unsubscribe {JOB}")]


async def _by_direct_message(made: ByClick, _sender: Sender) -> Sequence[Delivery]:
    return [await made.world.slash(f"{line} {JOB}") for line in ("subscribe dm", "unsubscribe")]


async def _answer_lost(made: ByClick, _sender: Sender) -> Sequence[Delivery]:
    """Whether it was posted is looked up."""
    made.world.workspace.faults.fail_next(1, "lost_answer", method="chat.postMessage")
    return [await made.world.slash("feed on failed"), await made.world.slash("feed off")]


async def _set_up(made: ByClick, _sender: Sender) -> Sequence[Delivery]:
    """Its window is opened, then drawn anew with what was looked up."""
    return [await made.world.slash("setup")]


async def _said(made: ByClick, sender: Sender) -> Sequence[Delivery]:
    """Thanks, and questions in a thread whose first message is gone."""
    await made.world.workspace.say(TRAINING, ME, f"<@{BOT}> thanks")
    said = (f"<@{BOT}>", f"<@{BOT}> status {JOB}")
    return [await sender.send(sender.event("app_mention", text=text, thread_ts="4.0")) for text in said]


async def _linked(made: ByClick, _sender: Sender) -> Sequence[Delivery]:
    delivery = await made.world.workspace.say(TRAINING, ME, f"look at {_PAGE}")
    return [delivery] if delivery.status else []


async def _refused_alone(_made: ByClick, sender: Sender) -> Sequence[Delivery]:
    return [await sender.send(sender.press(actions.NOT_HELPFUL))]


async def _at_home(made: ByClick, _sender: Sender) -> Sequence[Delivery]:
    await made.world.workspace.open_home(ME)
    return []


async def _installed_again(made: ByClick, _sender: Sender) -> Sequence[Delivery]:
    """By somebody else of the workspace."""
    await made.install(patiently=False)
    return []


async def _not_allowed(made: ByClick, _sender: Sender) -> Sequence[Delivery]:
    """In a workspace that the operator left out: its token is given back."""
    await made.install_for(Approval(THEIRS, GRACE, frozenset({"chat:write"})))
    return []


async def _started(made: ByClick, _sender: Sender) -> Sequence[Delivery]:
    """One more process, which asks whose its token is."""
    async with made.world.another():
        await made.world.let_pass(4, 2)
    return []


async def _validated(made: ByClick, _sender: Sender) -> Sequence[Delivery]:
    """As ``check`` does with every card."""
    async with aiohttp.ClientSession() as session:
        api_url = f"{made.world.workspace.base_url}/api/"
        token = made.grants.handed_out[0].bot_token
        with suppress(SlackError):
            await CardValidator(session, api_url, token, InstantClock()).refusal("message", {"text": "x"})
    return []


CAUSES: Final[Mapping[Cause, Sequence[str]]] = {
    _subscribed: (
        "usergroups.users.list",
        "conversations.info",
        "chat.postMessage",
        "chat.getPermalink",
        "chat.update",
    ),
    _by_direct_message: ("conversations.open",),
    _answer_lost: ("conversations.members", "conversations.history"),
    _set_up: ("users.info", "usergroups.list", "views.open", "views.update"),
    _said: ("reactions.add", "conversations.replies", "chat.delete"),
    _linked: ("chat.unfurl",),
    _refused_alone: ("chat.postEphemeral",),
    _at_home: ("views.publish",),
    _installed_again: ("oauth.v2.access",),
    _not_allowed: ("auth.revoke",),
    _started: ("auth.test",),
    _validated: ("blocks.validate",),
}
"""By what happens, the methods that are called for it. Socket Mode's own has a test of its own."""
BY_SOCKET: Final = "apps.connections.open"


async def kept_to_some(made: ByClick) -> None:
    """Who may do what depends on what Slack says of people: a group may subscribe, members may set feeds."""
    made.world.workspace.board.groups[_GROUP] = {ME}
    who = {Right.SUBSCRIBE: Who.GROUP, Right.CHANNELS: Who.MEMBERS}
    settings = PlaceSettings(who, groups={Right.SUBSCRIBE: _GROUP})
    async with made.world.stored() as store:
        await store.settings.set_settings(StoredSettings(OURS, "", settings, ME, made.world.clock.now()))
    await made.noticed()
