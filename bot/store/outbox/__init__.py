"""What is to be sent: lanes, posts, edits."""
