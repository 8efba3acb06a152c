"""How well messages are understood, on sets that nobody tuned the wording of examples to."""
