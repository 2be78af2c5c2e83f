"""What ``check`` says of an app that workspaces install by a click."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cli.finding import Finding
from bot.domain.errors import SettingsError, StoreError
from bot.domain.ports import StoredInstallation
from bot.store.store import DatabaseStore
from bot.tenants.rekeying import check_secrets
from bot.tenants.sealing import Sealer


async def check_installations(store: DatabaseStore, sealer: Sealer) -> Sequence[Finding]:
    """Whether the stored secrets can be read, and which workspaces have to install the app again."""
    try:
        found = await store.installations.installations()
        connections = await store.connections.connections()
        await check_secrets(store.secrets, sealer)
    except SettingsError as error:
        return [Finding("secrets", str(error))]
    except StoreError:
        return []  # the database's own line says so
    note = f"{_counted(found)}, {len(connections)} connected to an organization of their own"
    again = [
        Finding(f"installation {each.team_id}", problem) for each in found if (problem := _problem(each))
    ]
    return [Finding("secrets"), Finding("installations", note=note), *again]


def _problem(installation: StoredInstallation) -> str:
    tokens = installation.tokens
    if tokens.bot_token is None:
        return "the app was uninstalled there, or its token removed. Install it there again"
    if tokens.expires_at is not None and tokens.refresh_at is None:
        return "its token can't be refreshed. Install the app there again"
    if installation.problem:
        return f"its token was not refreshed ({installation.problem}). The bot tries again; look at its log"
    return ""


def _counted(found: Sequence[StoredInstallation]) -> str:
    return "1 workspace" if len(found) == 1 else f"{len(found)} workspaces"
