"""Bolt's flow that installs the app, with our pages, our calls to Slack and our stores."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import structlog
from pydantic import SecretStr
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation

from bot.domain.errors import SlackError, SlackLimitedError, SlackPassingError, StoreError
from bot.domain.ports import Clock, InstallationStore, SlackOAuth
from bot.tasks import working_for
from bot.tenants import pages
from bot.tenants.installations import Installations, NotAllowedError, as_installation
from bot.tenants.states import BrowserBinding, SignedStates

AUTHORIZE_PATH: Final = "/oauth/v2/authorize"
MOST_EXCHANGES: Final = 30
"""Codes that Slack is asked about within a minute, whoever sends them."""
_MINUTE: Final = 60.0

_TEAM: Final = re.compile(r"[TE][A-Z0-9]{2,40}", re.ASCII)
_CODE: Final = re.compile(r"[!-~]{1,500}", re.ASCII)
_REASON: Final = re.compile(r"[a-z_]{1,60}", re.ASCII)

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class App:
    """The app as Slack knows it, and where things are."""

    client_id: str
    client_secret: SecretStr
    scopes: Collection[str]
    """All that are asked for; which of them are optional the app's manifest says."""
    slack_url: str
    """Where Slack's pages are, without a slash at the end."""
    install_path: str
    redirect_path: str
    slash_command: str


class Reason(StrEnum):
    """Why nothing was installed; the first five are Bolt's."""

    DECLINED = "access_denied"
    OTHER_BROWSER = "invalid_browser"
    EXPIRED = "invalid_state"
    INCOMPLETE = "missing_code"
    NOT_SAVED = "storage_error"
    CODE_REFUSED = "invalid_code"
    TOO_MANY = "too_many"
    SLACK_DOWN = "slack_down"
    MISCONFIGURED = "misconfigured"
    NOT_ALLOWED = "not_allowed"


class _RefusedError(Exception):
    """An installation that ends here."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Failure:
    status: int
    what: str
    what_to_do: str


_FAILURES: Final[Mapping[str, _Failure]] = {
    Reason.DECLINED: _Failure(200, "Nothing was installed", "The request was declined in Slack."),
    Reason.OTHER_BROWSER: _Failure(
        400, "This page belongs to another browser", "Start again, and stay in one browser and one tab."
    ),
    Reason.EXPIRED: _Failure(400, "This page has expired", "It works once, for ten minutes."),
    Reason.INCOMPLETE: _Failure(400, "Something is missing in this address", "Slack sends people here."),
    Reason.CODE_REFUSED: _Failure(
        400, "Slack didn't accept this installation", "Its code works once, for ten minutes."
    ),
    Reason.TOO_MANY: _Failure(429, "Too many installations right now", "Try again in a minute."),
    Reason.SLACK_DOWN: _Failure(503, "Slack isn't responding", "Try again in a minute."),
    Reason.MISCONFIGURED: _Failure(
        500, "Slack refused this app's credentials", "Your jobbot admin finds the reason in the log."
    ),
    Reason.NOT_ALLOWED: _Failure(
        403,
        "This workspace can't install jobbot",
        "Nothing was stored. Ask your jobbot admin to allow the workspace (ALLOWED_WORKSPACES).",
    ),
    Reason.NOT_SAVED: _Failure(503, "The installation couldn't be saved", "Try again in a minute."),
}
_OTHER: Final = _Failure(400, "Nothing was installed", "Slack reported an error.")


class InstallFlow(AsyncOAuthFlow):
    """Serves two addresses: where an installation begins, and where Slack sends people back to."""

    def __init__(
        self,
        app: App,
        oauth: SlackOAuth,
        store: InstallationStore,
        installations: Installations,
        clock: Clock,
    ) -> None:
        super().__init__(
            settings=AsyncOAuthSettings(
                client_id=app.client_id,
                client_secret=app.client_secret.get_secret_value(),
                scopes=sorted(app.scopes),
                user_scopes=[],
                install_path=app.install_path,
                redirect_uri_path=app.redirect_path,
                callback_options=AsyncCallbackOptions(self._succeeded, self._failed),
                authorization_url=f"{app.slack_url}{AUTHORIZE_PATH}",
                installation_store=installations,
                state_store=SignedStates(store, app.client_secret, clock),
            )
        )
        self.settings.state_utils = BrowserBinding(app.client_secret)
        self._app = app
        self._oauth = oauth
        self._clock = clock
        self._exchanges: deque[float] = deque(maxlen=MOST_EXCHANGES)

    async def handle_callback(self, request: AsyncBoltRequest) -> BoltResponse:
        """Bolt's, with what only we know can go wrong."""
        try:
            return await super().handle_callback(request)
        except _RefusedError as refused:
            reason = refused.reason
        except StoreError as error:
            _log.error("an installation cannot be begun or ended", detail=error.detail)
            reason = Reason.NOT_SAVED
        return self._failure_page(reason)

    async def build_authorize_url(self, state: str, request: AsyncBoltRequest) -> str:
        """Slack's page; the workspace that the address names is chosen there already."""
        named = (request.query.get("team") or [""])[0]
        team = named if _TEAM.fullmatch(named) else None
        url: str = self.settings.authorize_url_generator.generate(state=state, team=team)
        return url

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:  # noqa: ARG002  (Bolt's)
        """The page where it begins."""
        return pages.install_page(url)

    async def run_installation(self, code: str) -> Installation:
        """The code's token. Bolt's own way logs the code, and fails where Slack's answer is no answer."""
        if not _CODE.fullmatch(code):
            raise _RefusedError(Reason.INCOMPLETE)
        self._take_turn()
        try:
            grant = await self._oauth.exchange(code)
        except SlackError as error:
            _log.warning("Slack gave no token for an installation", detail=error.detail)
            raise _RefusedError(_reason_of(error)) from error
        return as_installation(grant, self._clock.now())

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:
        """Keep it; where the workspace can't have it, nothing is left of it in Slack either."""
        with working_for(installation.team_id or installation.enterprise_id or ""):
            await self._store(request, installation)

    async def _store(self, request: AsyncBoltRequest, installation: Installation) -> None:
        try:
            await super().store_installation(request, installation)
        except NotAllowedError as error:
            _log.warning("a workspace that is not allowed to has tried to install the app")
            await self._revoke(installation)
            raise _RefusedError(Reason.NOT_ALLOWED) from error
        except (BoltError, StoreError) as error:
            if isinstance(error, StoreError):
                _log.error("an installation could not be kept", detail=error.detail)
            raise _RefusedError(Reason.NOT_SAVED) from error
        _log.info(
            "the app was installed",
            enterprise_id=installation.enterprise_id,
            user_id=installation.user_id,
            is_org_wide=installation.is_enterprise_install,
        )

    async def _revoke(self, installation: Installation) -> None:
        try:
            await self._oauth.revoke(SecretStr(installation.bot_token or ""))
        except SlackError as error:
            _log.warning("a token that is not kept could not be revoked", detail=error.detail)

    def _take_turn(self) -> None:
        now = self._clock.monotonic()
        if len(self._exchanges) == MOST_EXCHANGES and now - self._exchanges[0] < _MINUTE:
            raise _RefusedError(Reason.TOO_MANY)
        self._exchanges.append(now)

    async def _succeeded(self, args: AsyncSuccessArgs) -> BoltResponse:
        made = args.installation
        name = made.enterprise_name if made.is_enterprise_install else made.team_name
        page = pages.installed_page(
            name or "",
            app_id=made.app_id or "",
            team_id=made.team_id or "",
            slash_command=self._app.slash_command,
            slack_url=self._app.slack_url,
        )
        return self._answer(200, page)

    async def _failed(self, args: AsyncFailureArgs) -> BoltResponse:
        return self._failure_page(args.reason)

    def _failure_page(self, reason: str) -> BoltResponse:
        failure = _FAILURES.get(reason, _OTHER)
        named = f" ({reason})" if failure is _OTHER and _REASON.fullmatch(reason) else ""
        page = pages.failed_page(failure.what, f"{failure.what_to_do}{named}", self._app.install_path)
        return self._answer(failure.status, page)

    def _answer(self, status: int, page: str) -> BoltResponse:
        over = self.settings.state_utils.build_set_cookie_for_deletion()
        return BoltResponse(status=status, body=page, headers={"Set-Cookie": [over]})


def _reason_of(error: SlackError) -> Reason:
    if isinstance(error, SlackPassingError | SlackLimitedError):
        return Reason.SLACK_DOWN
    return Reason.CODE_REFUSED if error.slack_code == "invalid_code" else Reason.MISCONFIGURED
