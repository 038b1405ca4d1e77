"""Connecting systems: their questions answered and kept, tried, signed in by consent, listed and let go."""
