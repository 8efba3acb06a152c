"""One reader for each group of facts: it finds what a message says of them."""
