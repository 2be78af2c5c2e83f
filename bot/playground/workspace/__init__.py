"""A Slack workspace that behaves like the real one: Web API, delivery over HTTP and Socket Mode."""

from bot.playground.workspace.dispatch.envelope import Delivery, Envelope
from bot.playground.workspace.dispatch.http_link import request_of, signed_headers
from bot.playground.workspace.identity import (
    ARCHIVED,
    BETWEEN_THREE,
    BETWEEN_TWO,
    BOT,
    DM,
    GENERAL,
    GRACE,
    HIDDEN,
    LINUS,
    ME,
    ML_OPS,
    PARTNER,
    PARTNERS,
    TRAINING,
    Identity,
)
from bot.playground.workspace.model import Channel, ChannelKind, Message, User, View
from bot.playground.workspace.people.actions import NotPossibleError
from bot.playground.workspace.web_api.web_api import Call
from bot.playground.workspace.workspace import Workspace

__all__ = [
    "ARCHIVED",
    "BETWEEN_THREE",
    "BETWEEN_TWO",
    "BOT",
    "DM",
    "GENERAL",
    "GRACE",
    "HIDDEN",
    "LINUS",
    "ME",
    "ML_OPS",
    "PARTNER",
    "PARTNERS",
    "TRAINING",
    "Call",
    "Channel",
    "ChannelKind",
    "Delivery",
    "Envelope",
    "Identity",
    "Message",
    "NotPossibleError",
    "User",
    "View",
    "Workspace",
    "request_of",
    "signed_headers",
]
