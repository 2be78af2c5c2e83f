"""Who may do what: asked at every door, of whoever acts."""
