"""What polls and metrics checks mean: what to write, whom to notify, when to poll next. Pure."""
