"""Cards about subscriptions, and the updates in their threads."""
