"""What people and admins do."""
