"""What people can ask: one command a file, and Bolt's side of it."""
