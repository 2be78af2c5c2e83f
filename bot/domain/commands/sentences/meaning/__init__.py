"""What the signs in a sentence mean together: rules, one subject a file."""
