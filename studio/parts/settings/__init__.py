"""The parts of the page settings."""
