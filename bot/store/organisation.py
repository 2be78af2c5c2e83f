"""The part of the `Store` that is about an organisation's jobs as a whole: see `bot.domain.storage`."""

from __future__ import annotations

from bot.store.opening import OpenedWhenUsed


class OrganisationStore(OpenedWhenUsed):
    """Feeds, digests, examinations and finished jobs."""
