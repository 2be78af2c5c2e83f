"""A Slack bot that answers for training jobs: ask for one by its request id and get its card."""

__version__ = "0.1.0"

EVENTS_PATH = "/slack/events"
"""Where Slack sends commands, events and interactions: Bolt's convention, in the server and the manifest."""
INSTALL_PATH = "/slack/install"
"""Where people begin to install the app, with SLACK_CLIENT_ID: Bolt's convention too."""
OAUTH_REDIRECT_PATH = "/slack/oauth_redirect"
"""Where Slack sends them back to."""
