"""The made-up Slack's side of an installation by a click."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from bot.playground.workspace import ME, TRAINING
from bot.playground.workspace.oauth.grants import CODE_SECONDS, TOKEN_SECONDS, Approval
from tests.playground.slack_side import Slack

HERE = Approval("T0PLAYGRND", ME, frozenset({"chat:write"}))


def _app(served: Slack) -> dict[str, str]:
    grants = served.workspace.grants
    return {"client_id": grants.client_id, "client_secret": grants.client_secret}


async def _access(served: Slack, **arguments: str) -> dict[str, Any]:
    url = f"{served.workspace.base_url}/api/oauth.v2.access"
    async with served.session.post(url, data={**_app(served), **arguments}) as response:
        return dict(await response.json())


async def _as(served: Slack, token: str, method: str, **arguments: str) -> dict[str, Any]:
    url = f"{served.workspace.base_url}/api/{method}"
    headers = {"Authorization": f"Bearer {token}"}
    async with served.session.post(url, data=arguments, headers=headers) as response:
        return {**await response.json(), "scopes": response.headers["x-oauth-scopes"]}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"client_id": "é"}, "invalid_client_id"),
        ({"client_secret": "x"}, "bad_client_secret"),
        ({"grant_type": "password"}, "invalid_grant_type"),
        ({"code": "x"}, "invalid_code"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_refresh_token"),
        ({"grant_type": "refresh_token"}, "invalid_refresh_token"),
    ],
)
async def test_a_wrong_call_is_refused_as_slack_does(
    served: Slack, wrong: dict[str, str], error: str
) -> None:
    """With its code."""
    assert await _access(served, **wrong) == {"ok": False, "error": error}


async def test_a_code_is_good_for_ten_minutes_and_once(served: Slack) -> None:
    """Installed again, the token is the same."""
    late = served.workspace.grants.approve(HERE)
    served.clock.advance(CODE_SECONDS)
    assert (await _access(served, code=late))["error"] == "invalid_code"
    code = served.workspace.grants.approve(HERE)
    first = await _access(served, code=code)
    assert (first["ok"], first["team"]["id"], first["enterprise"]) == (True, "T0PLAYGRND", None)
    assert "refresh_token" not in first
    assert (await _access(served, code=code))["error"] == "invalid_code"
    again = await _access(served, code=served.workspace.grants.approve(HERE))
    assert again["access_token"] == first["access_token"]


async def test_its_token_is_one_of_the_workspace(served: Slack) -> None:
    """With the scopes that were granted and no others."""
    token = (await _access(served, code=served.workspace.grants.approve(HERE)))["access_token"]
    who = await _as(served, token, "auth.test")
    assert (who["team_id"], who["scopes"]) == ("T0PLAYGRND", "chat:write")
    assert (await _as(served, token, "chat.postMessage", channel=TRAINING, text="hello"))["ok"]
    assert (await _as(served, token, "users.info", user=ME))["error"] == "missing_scope"
    served.workspace.grants.revoke_all("T0PLAYGRND")
    assert (await _as(served, token, "auth.test"))["error"] == "token_revoked"


async def test_rotated_tokens_expire_and_two_are_good_at_a_time(served: Slack) -> None:
    """The oldest of three is revoked."""
    served.workspace.grants.rotates = True
    first = await _access(served, code=served.workspace.grants.approve(HERE))
    assert first["expires_in"] == TOKEN_SECONDS
    tokens = [first]
    for _ in range(2):
        refresh = tokens[-1]["refresh_token"]
        tokens.append(await _access(served, grant_type="refresh_token", refresh_token=refresh))
    answers = [await _as(served, each["access_token"], "auth.test") for each in tokens]
    assert [each.get("error") for each in answers] == ["token_revoked", None, None]
    served.clock.advance(TOKEN_SECONDS)
    assert (await _as(served, tokens[-1]["access_token"], "auth.test"))["error"] == "token_expired"
    refresh = tokens[-1]["refresh_token"]
    assert (await _access(served, grant_type="refresh_token", refresh_token=refresh))["ok"]


async def test_an_organizations_token_names_the_organization(served: Slack) -> None:
    """And no workspace."""
    approval = Approval("T1", ME, HERE.scopes, enterprise_id="E1", is_org_wide=True)
    made = await _access(served, code=served.workspace.grants.approve(approval))
    assert (made["team"], made["enterprise"]["id"], made["is_enterprise_install"]) == (None, "E1", True)
    who = await _as(served, made["access_token"], "auth.test")
    assert (who["team_id"], who["enterprise_id"]) == ("E1", "E1")


async def test_the_page_sends_people_back(served: Slack) -> None:
    """With a code, or with what they declined; not for another app."""
    served.workspace.world.redirect_url = "https://bot.example/slack/oauth_redirect"
    url = f"{served.workspace.base_url}/oauth/v2/authorize"
    asked = {"client_id": _app(served)["client_id"], "scope": "commands,im:write", "state": "<s>&"}
    async with served.session.get(url, params=asked) as page:
        text = await page.text()
        assert "<li>commands</li>" in text
        assert 'value="im:write" checked' in text
        assert "<s>" not in text
    async with served.session.get(url, params={**asked, "client_id": "other"}) as page:
        assert page.status == 400
    for answer, word in (("allow", "code"), ("cancel", "error")):
        async with served.session.post(url, data={**asked, "answer": answer}, allow_redirects=False) as sent:
            back = dict(parse_qsl(urlsplit(sent.headers["Location"]).query))
        assert (sent.status, back["state"], word in back) == (302, "<s>&", True)
    (approval,) = [each for each, _ in served.workspace.grants.waiting]
    assert approval.scopes == {"commands"}
