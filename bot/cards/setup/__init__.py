"""What an admin sets: the organization and its key, and who may do what."""
