"""Rasa components that read a message: cleaning, facts, sentence vectors, and what is certain about its intent."""
