"""The bot without accounts: a training API and a Slack workspace that behave like the real ones."""
