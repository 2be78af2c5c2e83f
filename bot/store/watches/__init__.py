"""Which work is due, and what looks and metrics checks came to."""
