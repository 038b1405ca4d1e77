"""The parts of the mapping page."""
