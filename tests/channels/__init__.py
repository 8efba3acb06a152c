"""Tests of the messaging platforms."""
