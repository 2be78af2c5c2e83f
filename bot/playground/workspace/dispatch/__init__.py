"""What is sent to the app, and how it gets there."""
