"""Who may do what: pure decisions about people."""
