"""Who gets updates on which job: what is remembered of it, what is told, and when to look again."""
