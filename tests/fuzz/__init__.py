"""Messages that nobody means, by the hundred thousand: `python -m tests.fuzz`."""
