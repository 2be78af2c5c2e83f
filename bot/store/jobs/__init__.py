"""What is known of an organisation's jobs: listed ones, finished ones."""
