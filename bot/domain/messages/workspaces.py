"""In which workspace of an Enterprise Grid organization something happens. Pure: a payload in, an ID out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.domain.messages.installation import Body, Installation, organizations_in

_WORKSPACE: Final = "T"
"""As the IDs of workspaces begin; those of organizations begin with E."""


def workspace_of(body: Body, installation: Installation) -> str:
    """The workspace; with an org-wide installation the one that the payload names as the organization's.

    Empty where it names none. Another company's is none of ours, whatever it is named as.
    """
    if installation.team_id:
        return installation.team_id
    known = organizations_in(body, installation)
    team, user, view = (body.get(each) for each in ("team", "user", "view"))
    named = (
        body.get("team_id"),
        body.get("context_team_id"),
        *(
            part.get(key)
            for part, key in ((team, "id"), (user, "team_id"), (view, "team_id"))
            if isinstance(part, Mapping)
        ),
    )
    ours = (each for each in named if isinstance(each, str) and each.startswith(_WORKSPACE))
    return next((each for each in ours if known.get(each) == installation.enterprise_id), "")
