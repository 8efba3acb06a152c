"""The README under test: its transcripts are made by running the assistant, its commands are run."""
