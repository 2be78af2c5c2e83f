"""Who may set the bot up in a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class AdminRight(Enum):
    """What is an admin's alone: nobody can give it to others."""

    SETUP = "setup"
    """Set the bot up in a workspace: see `Admission`."""
    HEALTH = "health"
    """See how the bot is: whoever runs it."""


class Admission(Enum):
    """Whether somebody may, and who else can."""

    GRANTED = "granted"
    ADMINS_ONLY = "admins_only"
    """Only admins and owners of the workspace may."""
    ONE_PERSON_ONLY = "one_person_only"
    """Slack doesn't say who is an admin: only whoever installed the app, or `ADMIN_USER_ID`, may."""
    NOBODY = "nobody"
    """The same, and it isn't known who that is."""
    UNKNOWN = "unknown"
    """Slack doesn't answer: nobody is let in."""


@dataclass(frozen=True, slots=True)
class SetupOffer:
    """The answer for one person, and whom to ask otherwise."""

    admission: Admission
    ask: str = ""
    """Somebody who is known to be able to; empty where nobody is."""

    is_for_all: bool = False
    """Everybody reads what is offered, also those who can't."""

    channel_id: str = ""
    """The channel that it is about, which had an organization of its own; empty: the workspace."""

    @property
    def is_granted(self) -> bool:
        """Whether they can do it themselves."""
        return self.admission is Admission.GRANTED


def admission_of(user_id: str, *, is_admin: bool | None, otherwise: str | None) -> Admission:
    """Whether this person may.

    Args:
        user_id: who asks.
        is_admin: whether Slack says that they are an admin or owner; None: it says so of nobody.
        otherwise: who may then.
    """
    if is_admin is not None:
        return Admission.GRANTED if is_admin and user_id else Admission.ADMINS_ONLY
    if not otherwise:
        return Admission.NOBODY
    return Admission.GRANTED if user_id == otherwise else Admission.ONE_PERSON_ONLY
