"""Where the app is installed, the organizations people ask about there, and their secrets, sealed."""
