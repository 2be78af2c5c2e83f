"""Install by a click: an honest installation, and those that Slack or we refuse."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from structlog.testing import capture_logs

from bot.domain.ports import SecretKind
from bot.logs import attributed
from bot.playground.workspace import ME
from tests.web.installing import SCOPES, Installing, installing

HOME = "T0PLAYGRND"


async def _tokens(made: Installing, home_id: str = HOME) -> tuple[str, str | None]:
    """What is stored, opened."""
    (found,) = [each for each in await made.store.installations.installations() if each.team_id == home_id]
    bot, refresh = found.tokens.bot_token, found.tokens.refresh_token
    assert bot is not None
    return (
        made.sealer.open(SecretKind.BOT_TOKEN, home_id, bot).get_secret_value(),
        None
        if refresh is None
        else made.sealer.open(SecretKind.REFRESH_TOKEN, home_id, refresh).get_secret_value(),
    )


async def test_a_workspace_installs_the_app(tmp_path: Path) -> None:
    """Through Slack's own page, where one of the optional permissions is declined."""
    async with installing(tmp_path) as made:
        browser = made.browser
        asked = await browser.begin()
        assert frozenset(asked["scope"].split(",")) == SCOPES
        assert (asked["user_scope"], asked["client_id"]) == ("", made.workspace.grants.client_id)
        form = {**asked, "answer": "allow", "optional": ["im:write"]}
        url = f"{made.workspace.base_url}/oauth/v2/authorize"
        async with browser.session.get(
            f"{url}?client_id={asked['client_id']}&scope={asked['scope']}"
        ) as page:
            assert "Allow" in await page.text()
        async with browser.session.post(url, data=_fields(form), allow_redirects=False) as answer:
            back = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
        page = await browser.come_back(**back)
        assert (page.status, "jobbot is installed" in page.text) == (200, True)
        assert "It now works in Playground. In Slack, type /job to begin." in page.text
        assert f'href="{made.workspace.base_url}/app_redirect?app=' in page.text
        (found,) = await made.store.installations.installations()
        assert (found.team_id, found.installer_user_id, found.is_org_wide) == (HOME, ME, False)
        assert "im:write" in found.scopes
        assert "users:read" not in found.scopes
        assert found.installed_at == made.clock.now()
        (handed_out,) = made.workspace.grants.handed_out
        assert await _tokens(made) == (handed_out.bot_token, None)


def _fields(form: dict[str, object]) -> list[tuple[str, str]]:
    return [
        (name, str(each))
        for name, value in form.items()
        for each in (value if isinstance(value, list) else [value])
    ]


async def test_tokens_that_expire_come_with_the_next_ones(tmp_path: Path) -> None:
    """Which are asked for in the middle of their twelve hours."""
    async with installing(tmp_path, rotates=True) as made:
        with capture_logs(processors=[attributed]) as logs:
            page = await made.install()
        assert page.status == 200
        assert "xox" not in f"{page.text}{page.headers}{logs}"
        assert made.workspace.grants.client_secret not in f"{page.text}{logs}"
        (handed_out,) = made.workspace.grants.handed_out
        assert await _tokens(made) == (handed_out.bot_token, handed_out.refresh_token)
        assert await made.store.installations.next_refresh_at() == made.clock.now() + timedelta(hours=6)


async def test_an_organization_installs_it_for_all_its_workspaces(tmp_path: Path) -> None:
    """Its answer names no workspace."""
    async with installing(tmp_path) as made:
        page = await made.install("T2", enterprise_id="E1", is_org_wide=True)
        assert "It now works in The organization." in page.text
        (found,) = await made.store.installations.installations()
        assert (found.team_id, found.enterprise_id, found.is_org_wide) == ("E1", "E1", True)


async def test_pages_load_nothing_and_tell_nobody(tmp_path: Path) -> None:
    """Whoever is asked to leave the page isn't told the address, in which a code stands."""
    async with installing(tmp_path) as made:
        for page in (await made.browser.get("/slack/install"), await made.install()):
            assert page.headers["Referrer-Policy"] == "no-referrer"
            assert page.headers["Cache-Control"] == "no-store"
            assert "default-src 'none'" in page.headers["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
            assert "<script" not in page.text
            assert "src=" not in page.text
        made.browser.cookies.clear()
        await made.browser.begin()
        for wanted in ("__Host-", "; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/", "Max-Age=600"):
            assert wanted in made.browser.set_cookie


async def test_a_request_that_was_declined_says_so(tmp_path: Path) -> None:
    """And can be begun again."""
    async with installing(tmp_path) as made:
        state = (await made.browser.begin())["state"]
        page = await made.browser.come_back(error="access_denied", state=state)
        await made.refused(page, 200, "The request was declined in Slack.")
        assert 'href="/slack/install"' in page.text
        assert (await made.install()).status == 200


FAULTS = {
    "server_error": (503, "Slack isn&#x27;t responding"),
    "html": (503, "Slack isn&#x27;t responding"),
    "rate_limited": (503, "Slack isn&#x27;t responding"),
    "lost": (503, "Slack isn&#x27;t responding"),
    "lost_answer": (503, "Slack isn&#x27;t responding"),
    "invalid_code": (400, "Slack didn&#x27;t accept this installation"),
    "bad_client_secret": (500, "Slack refused this app&#x27;s credentials"),
    "nobody_has_heard_of_it": (500, "Slack refused this app&#x27;s credentials"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_slack_may_be_down_or_say_no(tmp_path: Path, fault: str) -> None:
    """People are told which it is; the next try works, after the wait. The log has no code and no secret."""
    status, word = FAULTS[fault]
    async with installing(tmp_path) as made:
        faults = made.workspace.faults
        if fault in {"server_error", "html", "rate_limited", "lost", "lost_answer"}:
            faults.fail_next(5, fault, method="oauth.v2.access", retry_after_seconds=60)  # type: ignore[arg-type]
        else:
            faults.refuse_next(1, fault, method="oauth.v2.access")
        state = (await made.browser.begin())["state"]
        code = made.approved()
        with capture_logs(processors=[attributed]) as logs:
            page = await made.browser.come_back(code=code, state=state)
        await made.refused(page, status, word)
        told = json.dumps(logs, default=str)
        assert "Slack gave no token for an installation" in told
        for secret in (code, state, made.workspace.grants.client_secret):
            assert secret not in told + page.text
        faults.reset()
        made.calling.advance(60)
        assert (await made.install()).status == 200


async def test_a_code_works_once(tmp_path: Path) -> None:
    """Somebody who reads one in a history gets nothing for it."""
    async with installing(tmp_path) as made:
        code = made.approved()
        state = (await made.browser.begin())["state"]
        assert (await made.browser.come_back(code=code, state=state)).status == 200
        other = made.another_browser()
        state = (await other.begin())["state"]
        page = await other.come_back(code=code, state=state)
        assert (page.status, "works once" in page.text) == (400, True)
        assert len(await made.store.installations.installations()) == 1


async def test_only_the_first_workspace_installs_where_none_are_named(tmp_path: Path) -> None:
    """It may again; of anybody else nothing is stored, and their token is revoked."""
    async with installing(tmp_path) as made:
        assert (await made.install()).status == 200
        with capture_logs(processors=[attributed]) as logs:
            page = await made.install("T0THEIRS1")
        assert (page.status, "ALLOWED_WORKSPACES" in page.text) == (403, True)
        assert [line["team_id"] for line in logs if "not allowed" in line["event"]] == ["T0THEIRS1"]
        trail = [(each.action, each.subject, each.result) for each in await made.store.audit.entries()]
        assert trail == [("install", HOME, "done"), ("install", "T0THEIRS1", "denied")]
        assert [each.team_id for each in await made.store.installations.installations()] == [HOME]
        theirs = made.workspace.grants.handed_out[-1]
        assert (theirs.approval.team_id, theirs.is_revoked) == ("T0THEIRS1", True)
        assert not made.workspace.grants.handed_out[0].is_revoked
        assert (await made.install()).status == 200


@pytest.mark.parametrize("allowed", ["T0THEIRS1", "E1", "*"])
async def test_the_workspaces_that_are_named_install(tmp_path: Path, allowed: str) -> None:
    """By their own ID, by their organization's, or all."""
    async with installing(tmp_path, allowed, "T9") as made:
        assert (await made.install("T0THEIRS1", enterprise_id="E1")).status == 200
        stranger = await made.install("T0STRANGE")
        assert stranger.status == (200 if allowed == "*" else 403)


async def test_a_flood_of_codes_does_not_reach_slack(tmp_path: Path) -> None:
    """Thirty a minute are asked about; after that it goes on."""
    async with installing(tmp_path) as made:
        statuses = []
        for _ in range(32):
            browser = made.another_browser()
            state = (await browser.begin())["state"]
            statuses.append((await browser.come_back(code="guessed", state=state)).status)
        assert statuses == [400] * 30 + [429] * 2
        assert made.asked() == 30
        made.clock.advance(60)
        assert (await made.install()).status == 200


async def test_a_database_that_is_away_is_said_plainly(tmp_path: Path) -> None:
    """Before Slack is asked."""
    async with installing(tmp_path) as made:
        state = (await made.browser.begin())["state"]
        await made.store.installations.revision()
        made.database.rename(tmp_path / "elsewhere")
        page = await made.browser.come_back(code=made.approved(), state=state)
        assert (page.status, "couldn&#x27;t be saved" in page.text) == (503, True)
        assert made.asked() == 0
