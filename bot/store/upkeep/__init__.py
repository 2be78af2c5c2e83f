"""What is forgotten, and whose it all is."""
