"""What is removed from messages, kept of them, and how it is deleted."""
