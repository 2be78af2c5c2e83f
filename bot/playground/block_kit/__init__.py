"""What Slack accepts: `message_problems` and its neighbours, strict and with Slack's own numbers.

It plays Slack, so it shares nothing with the code that builds cards.
"""

from bot.playground.block_kit.surfaces import message_problems, options_problems, view_problems

__all__ = ["message_problems", "options_problems", "view_problems"]
