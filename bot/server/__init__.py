"""The one process people start: conversation, HTTP interface of the knowledge base, and the chat page."""
