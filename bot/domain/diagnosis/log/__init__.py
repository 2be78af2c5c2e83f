"""An error message, which may be a whole log, as lines and as statements."""
