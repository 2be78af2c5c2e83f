"""What the bot knows and decides, without a clock, a network or Slack."""
