"""The people in a soak: what they ask and change meanwhile, through whichever process answers."""
