"""The bot without accounts: a training suite and a Slack workspace that behave like the real ones."""
