"""A payload's parts are of the type that Slack documents, or not there."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages.installation import Installation, Standing, standing, team_of
from bot.domain.messages.payload_shape import well_formed
from tests.nesting import nested
from tests.tables import each_row

_NAMES = (
    "type",
    "user",
    "team",
    "channel",
    "container",
    "message",
    "actions",
    "view",
    "event",
    "state",
    "id",
)
_JSON = nested(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=4),
)


@each_row(
    "sent, kept",
    [
        ({"user": "U1", "team": {"id": "T1"}}, {"team": {"id": "T1"}}),
        ({"user": {"id": 5, "team_id": "T1"}}, {"user": {"team_id": "T1"}}),
        ({"actions": ["x", {"action_id": 1, "value": "v"}]}, {"actions": [{"value": "v"}]}),
        ({"actions": {"0": {}}, "text": "hi"}, {"text": "hi"}),
        ({"message": {"blocks": [{"type": "a"}, None, "x"]}}, {"message": {"blocks": [{"type": "a"}]}}),
        ({"event": {"user": {"id": "U1", "deleted": True}, "channel": {"id": "C1"}}},
         {"event": {"user": {"id": "U1", "deleted": True}}}),
        ({"trigger_id": "1" * 256, "channel_id": "C" * 255}, {"channel_id": "C" * 255}),
        ({"view": {"state": {"values": {"a": {"b": 5, "c": {"value": 1}}}}}},
         {"view": {"state": {"values": {"a": {"c": {}}}}}}),
    ],
)  # fmt: skip
def test_what_is_of_another_type_is_not_there(sent: dict[str, Any], kept: dict[str, Any]) -> None:
    """The rest stays."""
    assert well_formed(sent) == kept


@each_row("whole", [{}, {"user": None, "container": None}, {"other": [1, "x"], "text": "hi", "event": {}}])
def test_what_is_whole_stays_the_same(whole: dict[str, Any]) -> None:
    """The same object: nearly every delivery is."""
    assert well_formed(whole) is whole


@given(st.dictionaries(st.sampled_from(_NAMES), _JSON))
def test_any_object_can_be_read_then(body: dict[str, Any]) -> None:
    """Once more changes nothing, and nothing is added."""
    kept = well_formed(body)
    assert well_formed(kept) is kept
    assert kept.keys() <= body.keys()
    for installation in (Installation(), Installation("T1", "E1")):
        assert standing(kept, installation) in Standing
        assert isinstance(team_of(kept, installation), str)
