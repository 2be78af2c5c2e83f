"""Tokens, scopes, conversations, users and views of the Web API."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.playground.workspace import (
    BETWEEN_THREE,
    BETWEEN_TWO,
    BOT,
    DM,
    GENERAL,
    GRACE,
    HIDDEN,
    ME,
    ML_OPS,
    PARTNERS,
    TRAINING,
    Message,
)
from bot.playground.workspace.methods.table import METHODS
from tests.nesting import nested
from tests.playground.slack_side import CARD, MODAL, Slack, slack

HOME = {"type": "home", "blocks": CARD["blocks"]}


async def _answer(served: Slack, method: str, headers: dict[str, str], **form: str) -> dict[str, Any]:
    url = f"{served.workspace.base_url}/api/{method}"
    async with served.session.post(url, data=form, headers=headers) as response:
        assert response.status == 200
        return {**await response.json(), "headers": response.headers}


@pytest.mark.parametrize(
    ("headers", "form", "error"),
    [
        ({}, {}, "not_authed"),
        ({"Authorization": "Bearer xoxb-wrong"}, {}, "invalid_auth"),
        ({"Authorization": "Bearer é"}, {}, "invalid_auth"),
        ({}, {"token": "xoxb-0000000000-playground-bot"}, None),
        ({"Authorization": "Bearer xapp-1-A0JOBBOT01-playground"}, {}, "not_allowed_token_type"),
    ],
)
async def test_tokens(
    served: Slack, headers: dict[str, str], form: dict[str, str], error: str | None
) -> None:
    """In the header or as an argument; the app token is for Socket Mode only."""
    assert (await _answer(served, "auth.test", headers, **form)).get("error") == error


async def test_auth_test_says_who_and_with_which_scopes(served: Slack) -> None:
    """The scopes stand in a header."""
    response = await served.client.auth_test()
    assert response["user_id"] == BOT
    assert "chat:write" in response.headers["x-oauth-scopes"].split(",")


async def test_a_revoked_token_is_refused_everywhere(served: Slack) -> None:
    """Until it works again."""
    served.workspace.faults.account_error = "token_revoked"
    assert await served.error("auth.test") == "token_revoked"
    assert await served.error("api.test") is None
    served.workspace.faults.reset()
    assert await served.error("auth.test") is None


@pytest.mark.parametrize(
    ("method", "scope", "arguments"),
    [
        ("chat.postMessage", "chat:write", {"channel": TRAINING, "text": "x"}),
        ("conversations.replies", "channels:history", {"channel": TRAINING, "ts": "1.0"}),
        ("conversations.replies", "im:history", {"channel": DM, "ts": "1.0"}),
        ("conversations.history", "channels:history", {"channel": TRAINING}),
        ("conversations.history", "groups:history", {"channel": ML_OPS}),
        ("conversations.info", "channels:read", {"channel": TRAINING}),
        ("conversations.info", "groups:read", {"channel": ML_OPS}),
        ("conversations.info", "im:read", {"channel": DM}),
        ("users.info", "users:read", {"user": ME}),
        ("conversations.open", "im:write", {"users": ME}),
    ],
)
async def test_scopes_are_needed(served: Slack, method: str, scope: str, arguments: dict[str, str]) -> None:
    """Without it: which one is needed and which are there."""
    served.workspace.scopes.discard(scope)
    answer = await served.call(method, **arguments)
    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)
    served.workspace.scopes.add(scope)
    assert await served.error(method, **arguments) != "missing_scope"


async def test_without_any_such_scope_nothing_is_told(served: Slack) -> None:
    """Not even that a conversation is not there."""
    served.workspace.scopes.clear()
    for method in ("conversations.info", "conversations.history", "conversations.replies"):
        assert await served.error(method, channel="C0NOWHERE1") == "missing_scope"


async def test_unknown_methods_and_api_test(served: Slack) -> None:
    """A method nobody knows; a method that fails as it is told."""
    assert await served.error("chat.noSuchMethod") == "unknown_method"
    assert (await served.call("api.test", foo="bar"))["args"] == {"foo": "bar"}
    assert await served.error("api.test", error="my_error") == "my_error"


async def test_info_tells_what_the_bot_may_know(served: Slack) -> None:
    """Shared channels are marked; a private one without the bot does not exist."""
    served.workspace.scopes.add("im:read")
    assert (await served.call("conversations.info", channel=PARTNERS))["channel"]["is_ext_shared"]
    assert not (await served.call("conversations.info", channel=GENERAL))["channel"]["is_member"]
    assert (await served.call("conversations.info", channel=DM))["channel"]["user"] == ME
    for hidden in (HIDDEN, BETWEEN_TWO, BETWEEN_THREE):
        assert await served.error("conversations.info", channel=hidden) == "channel_not_found"
        assert await served.error("chat.postMessage", channel=hidden, text="x") == "channel_not_found"


async def test_replies_give_the_parent_first(served: Slack) -> None:
    """Also when asked by a reply's ts; ephemeral ones are left out."""
    board = served.workspace.board
    root = board.post(Message(board.next_ts(), TRAINING, ME, "root"))
    reply = board.post(Message(board.next_ts(), TRAINING, GRACE, "reply", thread_ts=root.ts))
    board.post(Message(board.next_ts(), TRAINING, BOT, "hidden", thread_ts=root.ts, ephemeral_to=ME))
    for ts in (root.ts, reply.ts):
        answer = await served.call("conversations.replies", channel=TRAINING, ts=ts)
        assert [one["text"] for one in answer["messages"]] == ["root", "reply"]
    one = await served.call("conversations.replies", channel=TRAINING, ts=root.ts, limit=1)
    assert (len(one["messages"]), one["has_more"]) == (1, True)
    assert (
        await served.error("conversations.replies", channel=TRAINING, ts=root.ts, limit="x")
        == "invalid_limit"
    )
    assert await served.error("conversations.replies", channel=GENERAL, ts=root.ts) == "not_in_channel"


async def test_open_finds_or_makes_direct_messages(served: Slack) -> None:
    """One conversation a person."""
    assert (await served.call("conversations.open", users=ME))["channel"]["id"] == DM
    made = (await served.call("conversations.open", users=GRACE))["channel"]["id"]
    assert (await served.call("conversations.open", users=GRACE))["channel"]["id"] == made
    assert await served.error("conversations.open", users=BOT) == "user_not_found"
    assert await served.error("conversations.open", channel=TRAINING) == (
        "method_not_supported_for_channel_type"
    )


async def test_a_trigger_opens_one_modal_within_three_seconds(served: Slack) -> None:
    """Used twice, too late, never issued: each has its code; a refused view does not use it up."""
    triggers = served.workspace.world.triggers
    trigger = triggers.issue(ME)
    assert await served.error("views.open", trigger_id=trigger, view={"type": "modal"}) == "invalid_arguments"
    answer = await served.call("views.open", trigger_id=trigger, view=MODAL)
    assert [view.id for view in served.workspace.views_of(ME)] == [answer["view"]["id"]]
    assert await served.error("views.open", trigger_id=trigger, view=MODAL) == "exchanged_trigger_id"
    assert await served.error("views.open", trigger_id="1.2.x", view=MODAL) == "invalid_trigger_id"
    late = triggers.issue(ME)
    served.clock.advance(3.01)
    assert await served.error("views.open", trigger_id=late, view=MODAL) == "expired_trigger_id"


async def test_an_open_modal_can_be_updated(served: Slack) -> None:
    """Until it is closed; an old hash conflicts."""
    trigger = served.workspace.world.triggers.issue(ME)
    view = (await served.call("views.open", trigger_id=trigger, view=MODAL))["view"]
    newer = {**MODAL, "title": {"type": "plain_text", "text": "Newer"}}
    updated = await served.call("views.update", view_id=view["id"], view=newer, hash=view["hash"])
    assert updated["view"]["title"]["text"] == "Newer"
    assert await served.error("views.update", view_id=view["id"], view=MODAL, hash=view["hash"]) == (
        "hash_conflict"
    )
    await served.workspace.close_view(ME, served.workspace.views_of(ME)[0])
    assert await served.error("views.update", view_id=view["id"], view=MODAL) == "not_found"


async def test_home_is_published_for_one_person(served: Slack) -> None:
    """A modal is no Home tab."""
    assert (await served.call("views.publish", user_id=ME, view=HOME))["view"]["type"] == "home"
    assert served.workspace.board.homes[ME].content == HOME
    assert await served.error("views.publish", user_id=ME, view=MODAL) == "invalid_arguments"
    assert await served.error("views.publish", user_id="U0NOBODY01", view=HOME) == "user_not_found"


JSON = nested(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
NAMES = st.sampled_from(
    [
        "channel",
        "text",
        "blocks",
        "ts",
        "thread_ts",
        "user",
        "users",
        "view",
        "view_id",
        "trigger_id",
        "limit",
        "cursor",
        "oldest",
        "latest",
        "metadata",
        "message_ts",
    ]
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(METHODS)), st.dictionaries(NAMES, JSON, max_size=4)), max_size=4
    )
)
def test_no_arguments_break_it(calls: list[tuple[str, dict[str, Any]]]) -> None:
    """Whatever is sent, the answer is ok or has an error code."""

    async def run() -> None:
        async with slack() as served:
            served.workspace.rates.enabled = False
            for method, arguments in calls:
                answer = await served.call(method, **arguments)
                assert answer["ok"] or isinstance(answer["error"], str)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"[1]", "application/json", "json_not_object"),
        (b"\xff\xfe", "application/json", "invalid_json"),
        (b"[" * 100_000, "application/json", "invalid_json"),
    ],
)
async def test_bodies_that_cannot_be_read(served: Slack, body: bytes, content_type: str, error: str) -> None:
    """Slack says how."""
    url = f"{served.workspace.base_url}/api/chat.postMessage"
    async with served.session.post(url, data=body, headers={"Content-Type": content_type}) as response:
        assert (await response.json())["error"] == error
