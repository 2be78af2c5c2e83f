"""Many organizations of Simplismart behind one address."""

from __future__ import annotations

from aiohttp import web

from bot.domain.ports import Clock
from bot.playground.training_suite import TrainingSuite
from bot.playground.training_suite.keys import key_until
from tests.soak.plan import workspace_name


class TrainingApis:
    """One suite for each workspace."""

    def __init__(self, clock: Clock, count: int) -> None:
        self.suites = [_suite(clock, number) for number in range(count)]
        self._apps = {each.org_id: each.app() for each in self.suites}
        self._keys = {each.org_id: each.token for each in self.suites}
        self.crossed: list[str] = []
        """Questions about an organization with another one's key, or about none that there is."""

    def app(self) -> web.Application:
        """The application to serve."""
        app = web.Application()
        app.router.add_get("/job/{what}/", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        org_id = request.query.get("org_id", "")
        key = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self._keys.get(org_id) != key:
            self.crossed.append(f"{request.path_qs} with another organization's key")
            return web.json_response({"detail": "Given token not valid for any token type."}, status=401)
        found = await self._apps[org_id].router.resolve(request)
        return await found.handler(request)


def _suite(clock: Clock, number: int) -> TrainingSuite:
    name = workspace_name(number)
    return TrainingSuite(clock, jobs=(), token=key_until(None, of=name), org_id=f"org-{name}")
