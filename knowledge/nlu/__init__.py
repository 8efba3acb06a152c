"""Reads messages in Chinese and English: facts of a patient, bare answers, what is named and asked.

Deterministic: a lexicon (`knowledge/data/lexicon`), patterns for numbers, and rules of context. What cannot be read
for certain is left out or asked about, never guessed.
"""
