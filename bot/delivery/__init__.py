"""What sends the outbox: to each thread in order, to each channel no faster than Slack takes it."""

from bot.delivery.crash_points import CRASH_POINTS
from bot.delivery.delivery import Delivery

__all__ = ["CRASH_POINTS", "Delivery"]
