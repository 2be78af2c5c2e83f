"""How the bot is, for its admin."""
