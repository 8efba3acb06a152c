"""The server: one process that holds the conversation, the actions and the HTTP interface."""
