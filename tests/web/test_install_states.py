"""Install by a click: states used again, elsewhere, too late or forged, and addresses of any kind."""

from __future__ import annotations

import asyncio
import random
from itertools import product
from pathlib import Path

from structlog.testing import capture_logs

from tests.web.installing import installing


async def test_a_state_works_once_in_time_in_its_browser(tmp_path: Path) -> None:
    """Otherwise Slack isn't even asked, and the code stays good."""
    async with installing(tmp_path) as made:
        state = (await made.browser.begin())["state"]
        code = made.approved()
        other = made.another_browser()
        await made.refused(await other.come_back(code=code, state=state), 400, "another browser")
        await other.begin()
        await made.refused(await other.come_back(code=code, state=state), 400, "another browser")
        cookie = dict(made.browser.cookies)
        made.clock.advance(600)
        await made.refused(await made.browser.come_back(code=code, state=state), 400, "expired")
        assert made.asked() == 0
        state = (await made.browser.begin())["state"]
        cookie = dict(made.browser.cookies)
        code = made.approved()
        assert (await made.browser.come_back(code=code, state=state)).status == 200
        for browser in (made.browser, made.another_browser()):
            browser.cookies = dict(cookie)
            page = await browser.come_back(code=made.approved(), state=state)
            assert (page.status, "expired" in page.text) == (400, True)
        assert made.asked() == 1


async def test_of_two_who_use_a_state_at_once_one_installs(tmp_path: Path) -> None:
    """As a double click, or somebody who has the address and the cookie."""
    async with installing(tmp_path) as made:
        state = (await made.browser.begin())["state"]
        cookie = dict(made.browser.cookies)
        twins = [made.another_browser() for _ in range(5)]
        for twin in twins:
            twin.cookies = dict(cookie)
        pages = await asyncio.gather(*(twin.come_back(code=made.approved(), state=state) for twin in twins))
        assert sorted(page.status for page in pages) == [200, 400, 400, 400, 400]
        assert made.asked() == 1


FORGED = (
    "",
    "x",
    "1",
    "9999999999.AAAA.0",
    f"9999999999.{'A' * 43}.{'0' * 64}",
    f"{'9' * 12}.{'A' * 43}.{'0' * 64}",
    "%00",
    "%F0%9F%92%A9",
    "a" * 1_500,
)


async def test_a_forged_state_is_refused(tmp_path: Path) -> None:
    """Whatever cookie comes with it."""
    async with installing(tmp_path) as made:
        await made.browser.begin()
        given = dict(made.browser.cookies)
        for state, cookies in product(FORGED, (given, {"__Host-jobbot-install": "%00"}, {})):
            made.browser.cookies = dict(cookies)
            page = await made.browser.come_back(code="1", state=state)
            await made.refused(page, 400, "another browser")
        assert made.asked() == 0


async def test_a_changed_state_is_refused(tmp_path: Path) -> None:
    """One that was made to last longer, in the browser it was given to."""
    async with installing(tmp_path) as made:
        state = (await made.browser.begin())["state"]
        expires, rest = state.split(".", 1)
        page = await made.browser.come_back(code=made.approved(), state=f"{int(expires) + 60}.{rest}")
        await made.refused(page, 400, "another browser")


async def test_strangers_leave_nothing_behind(tmp_path: Path) -> None:
    """However often somebody opens the first page, nothing is stored for it."""
    async with installing(tmp_path) as made:
        states = {(await made.another_browser().begin())["state"] for _ in range(50)}
        assert len(states) == 50
        assert await made.store.installations.revision() == 0


ADDRESSES = (
    ("", 400),
    ("code=1", 400),
    ("state=1&state=2&code=1", 400),
    ("error=access_denied", 200),
    ("error=<script>alert(1)</script>&state=x", 400),
    ("error=" + "x" * 1_900, 400),
    ("x" * 2_001, 414),
    ("=&&&==%", 400),
    ("code=%00&state=%00", 400),
)


async def test_any_address_is_answered_plainly(tmp_path: Path) -> None:
    """Without asking Slack; nothing that was sent comes back as markup."""
    async with installing(tmp_path) as made:
        with capture_logs() as logs:
            for query, status in ADDRESSES:
                page = await made.browser.get(f"/slack/oauth_redirect?{query}")
                assert (query, page.status) == (query, status)
                assert "<script" not in page.text
                assert "x" * 100 not in page.text
        assert made.asked() == 0
        assert [line for line in logs if line["log_level"] in {"warning", "error"}] == []


async def test_the_first_page_passes_on_nothing_but_a_workspace(tmp_path: Path) -> None:
    """A workspace that is named is chosen in Slack already."""
    async with installing(tmp_path) as made:
        for team in ("T2%26scope=admin", "%0d%0aSet-Cookie:a=b", "<b>", "t2", "T" * 100):
            assert "team" not in await made.browser.begin(f"?team={team}")
        assert (await made.browser.begin("?team=T0THEIRS1"))["team"] == "T0THEIRS1"
        assert (await made.browser.get(f"/slack/install?team={'T' * 3_000}")).status == 414


PIECES = (
    "state",
    "code",
    "error",
    "team",
    "&",
    "=",
    "%",
    "%0d%0a",
    "%00",
    ";",
    "..",
    "<b>",
    "xoxb-1",
    "é",
    "\\",
)
"""What addresses and cookies are put together from."""


async def test_whatever_is_sent_costs_no_failure(tmp_path: Path) -> None:
    """Three hundred addresses and cookies, the same in each run: none is a failure, none asks Slack."""
    chance = random.Random(13)  # noqa: S311  (the same ones in each run)
    async with installing(tmp_path) as made:
        state = (await made.browser.begin())["state"]
        given = dict(made.browser.cookies)
        pieces = (*PIECES, state, *given.values(), state[:40], "A" * 500)
        with capture_logs() as logs:
            for _ in range(300):
                query = "".join(chance.choices(pieces, k=chance.randrange(1, 12)))
                cookie = "".join(chance.choices(pieces, k=3)).encode("ascii", "ignore").decode()
                made.browser.cookies = {chance.choice([*given, "other"]): cookie}
                path = chance.choice(["/slack/install", "/slack/oauth_redirect"])
                page = await made.browser.get(f"{path}?{query}")
                assert page.status in {200, 400, 414}, (path, query, cookie)
        assert [line for line in logs if line["log_level"] in {"warning", "error"}] == []
        assert made.asked() == 0
        assert await made.store.installations.revision() == 0
