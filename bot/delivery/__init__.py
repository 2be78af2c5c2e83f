"""What sends the outbox: to each thread in order, to each channel no faster than Slack takes it."""

from bot.delivery.delivery import Delivery
from bot.delivery.steps import STEPS

__all__ = ["STEPS", "Delivery"]
