"""Messaging platforms: what arrives is verified, kept, answered in order, and sent until it has arrived."""
