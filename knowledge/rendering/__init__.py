"""Turns results into messages: text in Chinese or English, quick replies, and the same for programs.

All words a user reads stand in `knowledge/data`: clinical ones in the statements, the rest in `phrases`.
"""
