"""The HTTP server: the gate that Slack's requests pass, deadlines and bounds, and how the bot is.

Whatever reaches the port is a stranger's until `bot.web.signature` has said that Slack signed it; nothing
before that point does more than read it and say no.
"""
