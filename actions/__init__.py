"""Custom actions, one module for each goal a user has.

They are thin: what the conversation knows becomes a `Turn`, one call to `knowledge` answers, and `say` sends the
reply. No module here holds a word that users read, and none does anything when it is imported.
"""
