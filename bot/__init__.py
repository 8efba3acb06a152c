"""The conversation: dialogue rules, understanding, channels and the server."""
