"""The parts of the page of running flows."""
