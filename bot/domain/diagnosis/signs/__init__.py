"""What gives each class of failure away, by family; above each group, where its words are raised."""
