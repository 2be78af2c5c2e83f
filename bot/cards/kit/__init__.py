"""What every card is made of: blocks, text, limits, phrases, and cards that any subject may need."""
