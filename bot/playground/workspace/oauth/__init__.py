"""How the app is installed by a click, and how its tokens are refreshed."""
