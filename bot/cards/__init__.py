"""What people see: the domain's values as Block Kit, without Slack, a clock or a network."""
