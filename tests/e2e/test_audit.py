"""The audit trail of what people do, and of what they try and cannot do."""

from __future__ import annotations

from bot.cards.kit import actions
from bot.domain.audit import AuditEntry
from bot.playground.workspace import ME, ML_OPS, PARTNER, PARTNERS, TRAINING
from tests.e2e.messages import text_of
from tests.e2e.strangers import OURS, Sender, stranger
from tests.e2e.test_two_tenants import THEIRS, two_tenants
from tests.e2e.world import JOB, World, world

Told = tuple[str, str, str, str, str]


async def _trail(made: World) -> list[Told]:
    """What it says, once nothing is under way."""
    await made.let_pass(1)
    async with made.stored() as store:
        return [_told(each) for each in await store.audit.entries()]


def _told(entry: AuditEntry) -> Told:
    return entry.action, entry.subject, entry.result, entry.channel_id, entry.user_id


async def test_what_a_channel_gets_is_recorded(over_http: World) -> None:
    """Feeds and digests, on and off; not what is only asked, nor what was off anyway."""
    made = over_http
    lines = (
        "feed",
        "digest off",
        "feed on status:failed",
        "digest weekly 10:00 UTC",
        "feed off",
        "digest off",
    )
    for line in lines:
        await made.slash(line, ML_OPS)
        await made.let_pass(2, 2)
    assert await _trail(made) == [
        ("feed on", "status:failed", "done", ML_OPS, ME),
        ("digest on", "digest weekly 10:00 UTC", "done", ML_OPS, ME),
        ("feed off", "", "done", ML_OPS, ME),
        ("digest off", "", "done", ML_OPS, ME),
    ]


async def test_subscriptions_in_channels_and_their_end_for_all(over_http: World) -> None:
    """One's own in a direct message is nobody else's business."""
    made = over_http
    await made.slash(f"subscribe {JOB} dm")
    await made.let_pass(2, 2)
    await made.slash(f"subscribe {JOB}")
    await made.slash("subscribe name:support-*")
    await made.let_pass(2, 2)
    async with made.stored() as store:
        followed = await store.subscriptions.followed(OURS, TRAINING, ME)
        (found,) = [
            each.subscription
            for each in followed
            if each.subscription.request_id == JOB and each.subscription.channel_id == TRAINING
        ]
    sender = Sender(made, OURS, "U0OTHER001")
    assert (await sender.send(sender.press(actions.STOP_FOR_ALL, value=found.id))).ok
    trail = await _trail(made)
    assert trail[0] == ("subscribe", JOB, "done", TRAINING, ME)
    assert (trail[1][0], trail[1][2]) == ("subscribe", "done")
    assert "support-" in trail[1][1]
    assert trail[2] == ("stop for all", JOB, "done", TRAINING, "U0OTHER001")
    assert len(trail) == 3


async def test_a_stranger_is_recorded_once_an_hour() -> None:
    """With the kind of what they sent, and nothing of its words."""
    async with world() as made:
        sender = stranger(made)
        for _ in range(3):
            await sender.send(sender.press(actions.STOP_FOR_ALL))
        assert await _trail(made) == [("request", "block_actions", "denied", PARTNERS, PARTNER)]


async def test_another_workspaces_id_is_recorded_where_it_was_sent() -> None:
    """Under the workspace of who pressed; the other one's trail has nothing new."""
    async with two_tenants() as (ours, theirs):
        await ours.slash(f"subscribe {JOB}", ML_OPS)
        await ours.soon(lambda: [m for m in ours.workspace.messages(ML_OPS) if "tone" in text_of(m)] or None)
        async with ours.stored() as store:
            [followed] = await store.subscriptions.followed(OURS, ML_OPS, ME)
        sender = Sender(theirs, THEIRS.team_id, ME)
        for action_id in (actions.STOP, actions.STOP_FOR_ALL, actions.GROUP_SUBSCRIBE):
            press = sender.press(action_id, value=followed.subscription.id)
            press["message"]["team"] = THEIRS.team_id
            await sender.send(press)
            await theirs.let_pass(1, 2)
        async with ours.stored() as store:
            denied = [each for each in await store.audit.entries() if each.result == "denied"]
    assert {each.team_id for each in denied} == {THEIRS.team_id}
    assert [each.action for each in denied] == ["stop", "stop for all", "subscribe"]
    assert {each.subject for each in denied} == {followed.subscription.id}
