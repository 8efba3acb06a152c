"""The shapes of the knowledge base: what its files may hold and what its functions return."""
