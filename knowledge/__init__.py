"""A deterministic knowledge base on colorectal liver metastases, built from one published review.

Pure Python: it imports neither Rasa nor FastAPI, and the same input always gives the same output.
Start with :func:`knowledge.loading.load_knowledge`.
"""
