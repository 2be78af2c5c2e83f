"""App Home and help."""
