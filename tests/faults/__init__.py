"""What happens when something breaks: workers, databases, disks, clocks, clients.

The tests are part of the suite; `python -m tests.faults` prints figures for those faults that have them.
"""
