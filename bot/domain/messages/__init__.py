"""Our messages in Slack and the workspace they stand in."""
