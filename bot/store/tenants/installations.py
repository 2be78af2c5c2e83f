"""Installations of the Slack app, and the refresh of their tokens by one process at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Update, and_, delete, exists, func, insert, or_, select, update

from bot.domain.audit import AuditEntry
from bot.domain.ports import ClaimedRefresh, SealedTokens, StoredInstallation
from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.rows import first_generation, moment, moment_if, seconds_if, storable, written_entry
from bot.store.tables import audit_trail, connections, installations, spent_states
from bot.store.tenants.ownership import is_anothers
from bot.store.tenants.revisions import count_up, current_revision

_ONE_UNINSTALL_SECONDS: Final = 60.0
"""Apart at most are the events of one."""


class InstallationQueries(StoreQueries):
    """See `bot.domain.ports.InstallationStore`."""

    @reads
    async def revision(self, connection: Connected) -> int:
        """See the port."""
        return await current_revision(connection)

    @reads
    async def installations(self, connection: Connected) -> Sequence[StoredInstallation]:
        """See the port."""
        rows = await connection.execute(select(installations).order_by(installations.c.team_id))
        return [_read(row) for row in rows]

    @writes
    async def install(
        self, connection: Connected, installation: StoredInstallation, *, is_first_only: bool
    ) -> bool:
        """See the port."""
        await count_up(self.database, connection)
        team_id = storable(installation.team_id)
        if is_first_only and await is_anothers(connection, team_id):
            return False
        given = _written(installation)
        fresh = self.database.insert(installations)
        fresh = fresh.values(team_id=team_id, generation=first_generation(), **given)
        again = {**given, "generation": installations.c.generation + 1}
        await connection.execute(
            fresh.on_conflict_do_update(index_elements=[installations.c.team_id], set_=again)
        )
        return True

    @writes
    async def uninstall(
        self, connection: Connected, team_id: str, at: datetime, entry: AuditEntry | None = None
    ) -> bool:
        """See the port."""
        await count_up(self.database, connection)
        team_id = storable(team_id)
        its = installations.c.team_id == team_id
        is_newer = select(exists().where(its, installations.c.installed_at > at.timestamp()))
        if await connection.scalar(is_newer):
            return False
        has_token = or_(installations.c.bot_token.is_not(None), installations.c.refresh_token.is_not(None))
        over = update(installations).where(its, has_token)
        over = over.values(
            bot_token=None,
            refresh_token=None,
            token_expires_at=None,
            refresh_at=None,
            problem="",
            generation=installations.c.generation + 1,
        )
        had_token = bool((await connection.execute(over)).rowcount)
        theirs = or_(connections.c.team_id == team_id, connections.c.enterprise_id == team_id)
        keys = update(connections).where(theirs, connections.c.set_at <= at.timestamp())
        keys = keys.where(connections.c.api_key.is_not(None)).values(api_key=None)
        is_over = bool((await connection.execute(keys)).rowcount) or had_token
        if entry is not None and is_over and (had_token or not await _is_told(connection, entry)):
            await connection.execute(insert(audit_trail).values(written_entry(entry)))
        return is_over

    @reads
    async def next_refresh_at(self, connection: Connected) -> datetime | None:
        """See the port."""
        return moment_if(await connection.scalar(select(func.min(installations.c.refresh_at))))

    @writes
    async def claim_refresh(
        self, connection: Connected, now: datetime, lease_seconds: float
    ) -> ClaimedRefresh | None:
        """See the port."""
        due = (
            select(installations.c.team_id)
            .where(installations.c.refresh_at <= now.timestamp())
            .order_by(installations.c.refresh_at)
            .limit(1)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        claim = (
            update(installations)
            .where(installations.c.team_id.in_(select(due.c.team_id)))
            .values(refresh_at=now.timestamp() + lease_seconds, generation=installations.c.generation + 1)
            .returning(installations)
        )
        row = (await connection.execute(claim)).first()
        return None if row is None else ClaimedRefresh(_read(row), row.generation)

    @writes
    async def finish_refresh(
        self, connection: Connected, claim: ClaimedRefresh, tokens: SealedTokens
    ) -> bool:
        """See the port."""
        await count_up(self.database, connection)
        kept = _held(claim).values(problem="", **_written_tokens(tokens))
        return bool((await connection.execute(kept)).rowcount)

    @writes
    async def fail_refresh(
        self, connection: Connected, claim: ClaimedRefresh, again_at: datetime | None, problem: str
    ) -> bool:
        """See the port."""
        later = _held(claim).values(refresh_at=seconds_if(again_at), problem=storable(problem))
        return bool((await connection.execute(later)).rowcount)

    @reads
    async def refresh_problems(self, connection: Connected) -> int:
        """See the port."""
        counted = select(func.count()).select_from(installations).where(installations.c.problem != "")
        return int(await connection.scalar(counted) or 0)

    @writes
    async def spend_state(
        self, connection: Connected, state: str, expires_at: datetime, now: datetime
    ) -> bool:
        """See the port."""
        await connection.execute(delete(spent_states).where(spent_states.c.expires_at <= now.timestamp()))
        hashed = sha256(state.encode("utf-8", "replace")).hexdigest()
        spent = self.database.insert(spent_states)
        spent = spent.values(state_hash=hashed, expires_at=expires_at.timestamp())
        spent = spent.on_conflict_do_nothing(index_elements=[spent_states.c.state_hash])
        return bool((await connection.execute(spent)).rowcount)


async def _is_told(connection: Connected, entry: AuditEntry) -> bool:
    """Whether the trail has it already: a key was set between the two events of one uninstall."""
    same = audit_trail.c.team_id == entry.team_id, audit_trail.c.action == entry.action
    lately = audit_trail.c.at >= entry.at.timestamp() - _ONE_UNINSTALL_SECONDS
    return bool(await connection.scalar(select(exists().where(*same, lately))))


def _held(claim: ClaimedRefresh) -> Update:
    """The row, if nobody took it over and nobody installed the app anew."""
    return update(installations).where(_is(claim.installation.team_id, claim.generation))


def _is(team_id: str, generation: int) -> ColumnElement[bool]:
    return and_(installations.c.team_id == team_id, installations.c.generation == generation)


def _written(installation: StoredInstallation) -> dict[str, Any]:
    """All but which one it is."""
    return {
        "enterprise_id": storable(installation.enterprise_id),
        "is_org_wide": installation.is_org_wide,
        "app_id": storable(installation.app_id),
        "bot_user_id": storable(installation.bot_user_id),
        "scopes": storable(",".join(sorted(installation.scopes))),
        "installer_user_id": storable(installation.installer_user_id),
        "installed_at": installation.installed_at.timestamp(),
        "problem": storable(installation.problem),
        **_written_tokens(installation.tokens),
    }


def _written_tokens(tokens: SealedTokens) -> dict[str, Any]:
    return {
        "bot_token": tokens.bot_token,
        "refresh_token": tokens.refresh_token,
        "token_expires_at": seconds_if(tokens.expires_at),
        "refresh_at": seconds_if(tokens.refresh_at),
    }


def _read(row: Row[Any]) -> StoredInstallation:
    return StoredInstallation(
        team_id=row.team_id,
        enterprise_id=row.enterprise_id,
        is_org_wide=row.is_org_wide,
        app_id=row.app_id,
        bot_user_id=row.bot_user_id,
        scopes=frozenset(filter(None, row.scopes.split(","))),
        installer_user_id=row.installer_user_id,
        installed_at=moment(row.installed_at),
        tokens=SealedTokens(
            row.bot_token, row.refresh_token, moment_if(row.token_expires_at), moment_if(row.refresh_at)
        ),
        problem=row.problem,
    )
