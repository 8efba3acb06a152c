"""Measurements beside a reference in the same run; the machines are too noisy for figures that stand alone."""
