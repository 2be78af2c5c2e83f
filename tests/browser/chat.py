"""The playground's page as a person uses it."""

from __future__ import annotations

from typing import Any

from playwright.async_api import ConsoleMessage, Locator, Page, Request, expect

from bot.playground.training_suite.catalogue import IDS

PATIENCE_MS = 60_000
"""Reached only where it never comes: how soon something is there says how busy the machine is."""
RUNNING = IDS["running"]
FAILED = IDS["leaked"]
COMPLETED = IDS["completed"]
HOSTILE = IDS["markup"]

expect.set_options(timeout=PATIENCE_MS)


class Chat:
    """One page, and what it should not have done."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.troubles: list[str] = []
        """What the console and the page complained about."""
        self.foreign_requests: list[str] = []
        """Requests to anything but the playground."""
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("request", self._saw)

    async def open(self) -> None:
        """Load the page."""
        await self.page.goto(self.address)
        await expect(self.page.locator("html")).to_have_attribute("data-ready", "true")

    def get(self, test_id: str) -> Locator:
        """The element with this ``data-testid``."""
        return self.page.get_by_test_id(test_id)

    def message(self, words: str) -> Locator:
        """The messages of the channel that hold these words."""
        return self.get("message-list").get_by_test_id("message").filter(has_text=words)

    def reply(self, words: str) -> Locator:
        """The messages in the thread's pane that hold these words."""
        return self.get("thread-pane").get_by_test_id("message").filter(has_text=words)

    async def ask(self, words: str) -> None:
        """Write into the channel's composer and send it."""
        await self.get("composer").fill(words)
        await self.get("send").click()

    async def card(self, request_id: str) -> Locator:
        """Ask for a job; its card, for the asker's eyes."""
        await self.ask(f"/job {request_id}")
        card = self.message(request_id[:8]).and_(self.page.locator("[data-ephemeral=true]")).last
        await expect(card).to_be_visible()
        return card

    async def switch(self, name: str, *, on: bool) -> None:
        """Make the training suite misbehave, or behave again."""
        await self.get(f"switch-{name}").set_checked(on)

    async def overflowing(self, inside: str) -> list[Any]:
        """What reaches beyond the window's right or left edge in these elements, seen by the eye."""
        return await self.page.eval_on_selector_all(
            f"{inside}, {inside} *",
            """nodes => nodes
                .filter(node => node.getClientRects().length && !node.closest(".hidden"))
                .map(node => [node.className, node.getBoundingClientRect()])
                .filter(([, box]) => box.right > innerWidth + 1 || box.left < -1)
                .map(([name]) => String(name))""",
        )

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.troubles.append(message.text)

    def _saw(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:")):
            self.foreign_requests.append(request.url)


def button(inside: Locator, name: str) -> Locator:
    """A button of a card, by its words."""
    return inside.get_by_role("button", name=name, exact=True)


async def choose(card: Locator, name: str, *, timeout_ms: float | None = None) -> None:
    """Choose an option of a card's menu, by its words."""
    await card.get_by_role("button", name="More actions").click(timeout=timeout_ms)
    await card.get_by_role("menuitem", name=name, exact=True).click(timeout=timeout_ms)
