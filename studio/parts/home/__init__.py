"""The parts of the page home."""
