"""What brings the assistant onto a machine: the environment, the browser of the tests, the checks."""
