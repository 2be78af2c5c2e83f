"""Who asks, and whose a payload is: from payloads as Slack sends them, made up."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.messages.installation import Installation, Standing, delivered_to, standing, team_of
from tests.tables import each_row

OURS, THEIRS, SISTER, ORG, THEIR_ORG = "T0OURS", "T0THEIRS", "T0SISTER", "E0OURS", "E0THEIRS"
ALONE = Installation(OURS)
IN_ORG = Installation(OURS, ORG)
WHOLE_ORG = Installation(ORG, ORG)
NOWHERE = Installation()
AUTHORIZED = [{"team_id": OURS, "enterprise_id": None, "is_bot": True}]
AUTHORIZED_IN_ORG = [{"team_id": OURS, "enterprise_id": ORG}]
AUTHORIZED_ORG = [{"team_id": None, "enterprise_id": ORG, "is_enterprise_install": True}]
IN_OURS = {"team_id": OURS, "context_team_id": OURS}
IN_OUR_ORG = IN_OURS | {"enterprise_id": ORG, "context_enterprise_id": ORG}
IN_THEIRS = {"team_id": THEIRS, "context_team_id": OURS, "is_ext_shared_channel": True}


def event(inner: dict[str, Any], **outer: Any) -> dict[str, Any]:
    """An event callback; a mention, unless ``inner`` says otherwise."""
    mention = {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "1.0"}
    return {"type": "event_callback", "authorizations": AUTHORIZED, **outer, "event": mention | inner}


def press(user_team: str | None, team: str | None, enterprise: str | None = None) -> dict[str, Any]:
    """A button."""
    return {
        "type": "block_actions",
        "user": {"id": "U1", "team_id": user_team},
        "team": team and {"id": team, "domain": "d"},
        "enterprise": enterprise and {"id": enterprise, "name": "n"},
    }


def edit(said: dict[str, Any], **outer: Any) -> dict[str, Any]:
    """A direct message that its author edited."""
    inner = {"type": "message", "subtype": "message_changed", "channel_type": "im", "user": None}
    return event(inner | {"message": {"user": "U1", **said}}, **outer)


OWN = [
    (ALONE, press(OURS, OURS)),
    (ALONE, press(None, OURS)),
    (ALONE, {"command": "/job", "team_id": OURS}),
    (ALONE, event({}, team_id=OURS)),
    (ALONE, event({"team": OURS}, **IN_OURS)),
    (ALONE, event({"team": OURS}, **IN_THEIRS)),
    (ALONE, event({"type": "message", "channel_type": "im", "team": OURS}, **IN_OURS)),
    (ALONE, edit({}, **IN_OURS)),
    (ALONE, edit({"team": OURS}, **IN_OURS)),
    (ALONE, edit({"team": OURS}, **IN_THEIRS)),
    (ALONE, event({"type": "app_home_opened", "tab": "home"}, **IN_OURS)),
    (ALONE, event({"type": "link_shared"}, **IN_OURS)),
    (ALONE, event({"type": "link_shared"}, **IN_THEIRS)),
    (ALONE, event({"type": "app_uninstalled", "user": None}, team_id=OURS)),
    (IN_ORG, press(SISTER, SISTER, ORG)),
    (IN_ORG, press(ORG, OURS, ORG)),
    (IN_ORG, {"command": "/job", "team_id": SISTER, "enterprise_id": ORG}),
    (IN_ORG, event({"team": OURS, "user_team": ORG}, **IN_OURS, is_ext_shared_channel=True)),
    (IN_ORG, event({"type": "app_home_opened"}, team_id=SISTER, enterprise_id=ORG)),
    (IN_ORG, event({"team": SISTER}, team_id=SISTER, enterprise_id=ORG, authorizations=AUTHORIZED_ORG)),
    # auth.test has not named the organisation, the payload does
    (ALONE, event({"user_team": ORG}, **IN_OURS, authorizations=AUTHORIZED_IN_ORG)),
    (ALONE, event({"user_team": ORG}, **IN_OUR_ORG, authorizations=AUTHORIZED_ORG)),
    (ALONE, press(ORG, OURS, ORG)),
    (WHOLE_ORG, press(SISTER, None, ORG)),
    (Installation("", ORG), press(SISTER, None, ORG)),
    (WHOLE_ORG, event({"team": SISTER}, team_id=SISTER, enterprise_id=ORG, authorizations=AUTHORIZED_ORG)),
    # before auth.test has answered, an event says for whom it is
    (NOWHERE, event({"team": OURS}, **IN_THEIRS)),
    (NOWHERE, event({"user_team": ORG}, **IN_OURS, authorizations=AUTHORIZED_IN_ORG)),
    (NOWHERE, event({"user_team": ORG}, **IN_OUR_ORG, authorizations=AUTHORIZED_ORG)),
    (NOWHERE, event({"team": OURS}, **IN_OURS, authorizations=[])),
]

STRANGE = [
    (ALONE, press(THEIRS, THEIRS)),
    (ALONE, press(THEIRS, OURS)),
    (ALONE, press(THEIRS, THEIRS, THEIR_ORG)),
    (ALONE, press(None, None)),
    (ALONE, {"type": "view_submission", "user": {"id": "U1"}, "view": {"team_id": THEIRS}}),
    (ALONE, {"type": "view_submission", "view": {"app_installed_team_id": OURS}, **press(THEIRS, THEIRS)}),
    (ALONE, {"command": "/job", "team_id": THEIRS}),
    (ALONE, {"command": "/job"}),
    (ALONE, event({"team": OURS, "user_team": THEIRS}, **IN_OURS)),
    (ALONE, event({"team": OURS, "user_team": THEIR_ORG}, **IN_OURS, is_ext_shared_channel=True)),
    (ALONE, event({"team": OURS, "source_team": THEIRS}, **IN_OURS)),
    (ALONE, event({"team": OURS, "user_profile": {"team": THEIR_ORG}}, **IN_OURS)),
    (ALONE, event({"type": "message", "channel_type": "im", "user_team": THEIRS}, **IN_OURS)),
    (ALONE, edit({"team": THEIRS}, **IN_OURS)),
    (ALONE, edit({"team": OURS, "user_team": THEIRS}, **IN_OURS)),
    (ALONE, edit({"source_team": THEIRS}, **IN_OURS)),
    (ALONE, edit({}, **IN_THEIRS)),
    (ALONE, event({"team": THEIRS}, **IN_THEIRS)),
    (ALONE, event({}, **IN_THEIRS)),
    (ALONE, event({}, **IN_OURS, is_ext_shared_channel=True)),
    (ALONE, event({"type": "app_home_opened"}, team_id=THEIRS)),
    (ALONE, event({"type": "link_shared"}, team_id=THEIRS)),
    (ALONE, event({"type": "link_shared", "user_team": THEIRS}, **IN_OURS)),
    (ALONE, event({"type": "not_yet_invented"}, **IN_THEIRS)),
    (ALONE, event({"type": "app_uninstalled"}, team_id=THEIRS, authorizations=[])),
    # another company that has installed the same app
    (ALONE, event({"team": THEIRS}, team_id=THEIRS, authorizations=[{"team_id": THEIRS}])),
    (IN_ORG, press(THEIRS, THEIRS, THEIR_ORG)),
    (IN_ORG, press(THEIRS, OURS, ORG)),
    (IN_ORG, event({"team": OURS, "user_team": THEIR_ORG}, **IN_OUR_ORG)),
    # What is known of us outweighs whatever else a payload says of our workspace.
    (IN_ORG, event({"user_team": THEIR_ORG}, **IN_OURS, enterprise_id=THEIR_ORG)),
    (ALONE, event({"user_team": THEIR_ORG}, **IN_OURS, enterprise_id=THEIR_ORG, authorizations=AUTHORIZED)),
    (NOWHERE, event({"user_team": THEIR_ORG}, **IN_OURS, enterprise_id=THEIR_ORG, authorizations=AUTHORIZED)),
    (ALONE, event({"user_team": THEIR_ORG}, **IN_OURS, authorizations=[{"enterprise_id": THEIR_ORG}])),
    (WHOLE_ORG, press(THEIRS, None, THEIR_ORG)),
    (IN_ORG, press(THEIRS, None, ORG)),
    (IN_ORG, press(THEIRS, None, ORG) | {"is_enterprise_install": True}),
    (ALONE, press(THEIRS, None, ORG)),
    (NOWHERE, event({"team": THEIRS}, **IN_THEIRS)),
    (NOWHERE, event({"user_team": THEIR_ORG}, **IN_OUR_ORG, authorizations=AUTHORIZED_ORG)),
]


@each_row("installation, body", OWN)
def test_our_own_people(installation: Installation, body: dict[str, Any]) -> None:
    """Whoever made the channel, and also where Slack names their organisation."""
    assert standing(body, installation) is Standing.OURS


@each_row("installation, body", STRANGE)
def test_strangers(installation: Installation, body: dict[str, Any]) -> None:
    """Whatever else the payload says of us."""
    assert standing(body, installation) is Standing.STRANGER


@pytest.mark.parametrize("body", [press(OURS, OURS), {"command": "/job", "team_id": OURS}, {}])
def test_nobody_is_known_before_we_know_ourselves(body: dict[str, Any]) -> None:
    """An interaction says nothing of whom it is for."""
    assert standing(body, NOWHERE) is Standing.UNKNOWN


@pytest.mark.parametrize(
    "body",
    [
        {"type": "event_callback", "event": "x", "authorizations": "x"},
        {"type": "event_callback", "event": {"user": 5, "user_team": ["T"]}, "authorizations": [5, None]},
        {"type": "block_actions", "user": "U1", "team": 7, "view": [], "enterprise": "E"},
        {"type": None, "command": None},
        {},
    ],
)
def test_nonsense_is_a_stranger(body: dict[str, Any]) -> None:
    """And fails nowhere."""
    assert standing(body, ALONE) is Standing.STRANGER
    assert isinstance(team_of(body, NOWHERE), str)


@each_row("installation, body", OWN)
def test_what_is_stored_is_ours(installation: Installation, body: dict[str, Any]) -> None:
    """Under one id, whatever the payload is called after."""
    expected = ORG if installation.is_whole_organization else OURS
    assert team_of(body, installation) == expected


def test_whom_a_payload_was_delivered_for() -> None:
    """The message with a button is the app's own; a shortcut is for whoever uses it, on anybody's message."""
    said = {"message": {"team": "T-AUTHOR"}, "team": {"id": "T-ASKER"}, "user": {"team_id": "T-ASKER"}}
    assert next(delivered_to({"type": "block_actions", **said})) == "T-AUTHOR"
    assert next(delivered_to({"type": "message_action", **said})) == "T-ASKER"
    event = {"authorizations": [{"team_id": None, "enterprise_id": "E1"}], "context_team_id": "T1"}
    assert list(delivered_to(event))[:2] == ["E1", "T1"]
