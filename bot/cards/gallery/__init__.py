"""A sample of every card and window: the playground shows them, golden files keep them."""
