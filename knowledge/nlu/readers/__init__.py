"""One reader for each sort of fact; all work on a message with its terms and their context."""
