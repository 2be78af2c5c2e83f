"""The calls with the client secret: what of Slack's answers is a token that can be kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.domain.errors import SlackError, SlackPermanentError
from bot.playground.clock import InstantClock, ManualClock
from bot.playground.serving import serving
from bot.playground.workspace import ME, Workspace
from bot.playground.workspace.oauth.grants import TOKEN_SECONDS, Approval, Grants
from bot.slack.gateway import open_session
from bot.slack.oauth import OAuthCalls, read_grant

HERE = Approval("T1", ME, frozenset({"commands", "chat:write"}))
ANSWER: dict[str, Any] = {
    "ok": True,
    "access_token": "xoxb-1-secret",
    "team": {"id": "T1", "name": "One"},
    "enterprise": None,
    "is_enterprise_install": False,
}


@dataclass
class Both:
    """Our side and Slack's."""

    calls: OAuthCalls
    grants: Grants
    workspace: Workspace
    clock: ManualClock


@asynccontextmanager
async def both(*, rotates: bool = False) -> AsyncIterator[Both]:
    """A fresh workspace, and calls with its app's secret."""
    clock = ManualClock()
    workspace = Workspace(clock)
    workspace.rates.enabled = False
    grants = workspace.grants
    grants.rotates = rotates
    secret = SecretStr(grants.client_secret)
    async with serving(workspace.app()) as url, open_session() as session:
        calls = OAuthCalls(session, f"{url}/api/", grants.client_id, secret, InstantClock(), lambda: 0.5)
        try:
            yield Both(calls, grants, workspace, clock)
        finally:
            await workspace.aclose()


async def test_a_code_is_exchanged_once() -> None:
    """What comes back says where, for whom, and what was granted."""
    async with both() as made:
        code = made.grants.approve(HERE)
        grant = await made.calls.exchange(code)
        assert (grant.home_id, grant.installer_user_id, grant.scopes) == ("T1", ME, HERE.scopes)
        assert (grant.refresh_token, grant.expires_in_seconds) == (None, None)
        assert "xoxb" not in repr(grant)
        with pytest.raises(SlackPermanentError) as caught:
            await made.calls.exchange(code)
        assert caught.value.slack_code == "invalid_code"


async def test_tokens_are_refreshed_again_and_again() -> None:
    """Each time by the newest refresh token; one that was used works for a short while."""
    async with both(rotates=True) as made:
        first = await made.calls.exchange(made.grants.approve(HERE))
        assert first.expires_in_seconds == TOKEN_SECONDS
        assert first.refresh_token is not None
        second = await made.calls.refresh(first.refresh_token)
        lost = await made.calls.refresh(first.refresh_token)
        assert len({each.bot_token for each in (first, second, lost)}) == 3
        made.clock.advance(made.grants.grace_seconds)
        with pytest.raises(SlackPermanentError) as caught:
            await made.calls.refresh(first.refresh_token)
        assert caught.value.slack_code == "invalid_refresh_token"
        assert lost.refresh_token is not None
        await made.calls.refresh(lost.refresh_token)


async def test_a_revoked_token_works_no_longer() -> None:
    """Twice is an error of Slack's."""
    async with both() as made:
        token = (await made.calls.exchange(made.grants.approve(HERE))).bot_token
        await made.calls.revoke(token)
        with pytest.raises(SlackError) as caught:
            await made.calls.revoke(token)
        assert caught.value.slack_code == "token_revoked"


async def test_a_code_whose_answer_is_lost_is_not_sent_again() -> None:
    """It works once: a second time would only be refused."""
    async with both() as made:
        made.workspace.faults.fail_next(1, "lost_answer", method="oauth.v2.access")
        with pytest.raises(SlackError) as caught:
            await made.calls.exchange(made.grants.approve(HERE))
        assert caught.value.slack_code == "connection_lost"
        assert len(made.workspace.calls_of("oauth.v2.access")) == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"access_token": None},
        {"access_token": "xoxp-1"},
        {"access_token": ["xoxb-1"]},
        {"access_token": "xoxb-" + "x" * 10_000},
        {"team": None},
        {"team": "T1"},
        {"team": {"id": 1}},
        {"team": {"id": "T" * 1_000}},
        {"is_enterprise_install": True},
        {"is_enterprise_install": True, "enterprise": {"name": "E"}},
        {"refresh_token": "xoxe-1"},
        {"expires_in": 43_200},
        {"refresh_token": "xoxe-1", "expires_in": -1},
        {"refresh_token": "xoxe-1", "expires_in": 1e300},
        {"refresh_token": "xoxe-1", "expires_in": True},
    ],
    ids=str,
)
def test_an_answer_without_a_token_that_can_be_kept_is_refused(odd: dict[str, Any]) -> None:
    """A token that nobody can refresh would be gone tomorrow; the message has none of it."""
    with pytest.raises(SlackPermanentError) as caught:
        read_grant(ANSWER | odd)
    assert "xox" not in str(caught.value)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "team",
                "enterprise",
                "authed_user",
                "scope",
                "app_id",
                "bot_user_id",
                "expires_in",
                "refresh_token",
            ]
        ),
        _JSON,
    )
)
def test_no_answer_is_a_crash(odd: dict[str, Any]) -> None:
    """Whatever stands where something else should."""
    try:
        grant = read_grant(ANSWER | odd)
    except SlackPermanentError:
        return
    assert grant.home_id
    assert grant.bot_token.get_secret_value() == ANSWER["access_token"]
