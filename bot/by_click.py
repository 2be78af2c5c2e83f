"""What it takes where workspaces install the app themselves: built once, for serving and working alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

import aiohttp
import structlog
from pydantic import SecretStr

from bot import INSTALL_PATH, OAUTH_REDIRECT_PATH
from bot.domain.errors import KeyRejectedError, SettingsError, StoreError
from bot.domain.ports import Clock, OrganizationAccess
from bot.handlers.audit import add
from bot.manifest import optional_scopes, required_scopes
from bot.settings import Settings
from bot.slack.oauth import OAuthCalls
from bot.slack.web_api.waits import SlackWaits
from bot.store.store import DatabaseStore
from bot.tenants import pages
from bot.tenants.connecting import Connecting
from bot.tenants.install_flow import App, InstallFlow
from bot.tenants.installations import Installations
from bot.tenants.rekeying import check_secrets
from bot.tenants.rotation import TokenRotation
from bot.tenants.sealing import Sealer
from bot.tenants.stored_tenants import Addresses, StoredTenants
from bot.training_api.build import build_training_api
from bot.web.install_door import InstallDoor

_API = "/api/"
_SLACK = "https://slack.com"

_log = structlog.stdlib.get_logger(__name__)


class ByClick:
    """The settings' app, installed by a click. Nothing is asked of anybody before it is used."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        store: DatabaseStore,
        session: aiohttp.ClientSession,
        waits: SlackWaits,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._store = store
        self._sealer = Sealer(settings.secrets_key_list)
        self._client_id = settings.slack_client_id or ""
        self._secret = settings.slack_client_secret or SecretStr("")
        self._oauth = OAuthCalls(
            session, settings.slack_api_url, self._client_id, self._secret, clock, waits=waits.of("")
        )
        self._rotation: TokenRotation | None = None

    async def refuse_unreadable_secrets(self) -> None:
        """Check the keys at the start; a database that does not answer yet is no reason not to start.

        Raises:
            SettingsError: some of what is stored can't be read with them.
        """
        try:
            await check_secrets(self._store.secrets, self._sealer)
        except StoreError as error:
            _log.warning("starting without a look at the stored secrets", detail=error.detail)

    def tenants(self) -> StoredTenants:
        """The workspaces that have installed the app."""
        settings = self._settings
        default = None
        if settings.simplismart_org_id:
            default = OrganizationAccess(
                settings.simplismart_org_id, settings.simplismart_api_url, settings.simplismart_api_token
            )
        addresses = Addresses(settings.slack_api_url, settings.simplismart_api_url)
        store = self._store
        return StoredTenants(
            store.installations,
            store.connections,
            self._sealer,
            self._clock,
            addresses,
            default,
            settings.admin_user_id,
        )

    def rotation(self, on_crash_point: Callable[[str], None]) -> TokenRotation:
        """What refreshes tokens that expire."""
        self._rotation = TokenRotation(
            self._store.installations, self._sealer, self._oauth, self._clock, on_crash_point
        )
        return self._rotation

    @property
    def refresh_problems(self) -> int:
        """Workspaces whose token could not be refreshed the last time."""
        return 0 if self._rotation is None else self._rotation.problems

    def connecting(self, changed: Callable[[], Awaitable[object]]) -> Connecting:
        """What `setup` connects organizations with; ``changed`` is called once something counts."""
        return Connecting(self._store.connections, self._sealer, self._clock, self._try_key, changed)

    async def _try_key(self, org_id: str, api_key: SecretStr) -> None:
        """Ask for the list of jobs, once.

        Raises:
            TrainingApiError: the key is refused, or there is no answer in time.
        """
        url, token = self._settings.simplismart_api_url, api_key.get_secret_value()
        try:
            api = build_training_api(base_url=url, org_id=org_id, token=token, clock=self._clock)
        except SettingsError as error:
            raise KeyRejectedError(str(error)) from None
        try:
            await api.client.probe()
        finally:
            await api.aclose()

    def door(self, changed: Callable[[], Awaitable[object]]) -> InstallDoor:
        """Where people install the app; ``changed`` is called once it counts.

        Raises:
            SettingsError: the manifest, which says what the app may do, is missing.
        """
        app = App(
            client_id=self._client_id,
            client_secret=self._secret,
            scopes=required_scopes() | optional_scopes(),
            slack_url=slack_url(self._settings.slack_api_url),
            install_path=INSTALL_PATH,
            redirect_path=OAUTH_REDIRECT_PATH,
            slash_command=self._settings.slash_command,
        )
        store, allowed = self._store.installations, self._settings.allowed_workspace_ids
        trail = partial(add, self._store.audit)
        kept = Installations(store, self._sealer, self._clock, allowed, changed=changed, audit=trail)
        return InstallDoor(InstallFlow(app, self._oauth, store, kept, self._clock), pages.HEADERS)


def slack_url(slack_api_url: str) -> str:
    """Where the pages of the same Slack are: of a test server's, or that for governments."""
    address, found, rest = slack_api_url.rpartition(_API)
    return address if found and not rest else _SLACK
