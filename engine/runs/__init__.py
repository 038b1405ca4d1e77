"""Runs do what flows say, once, and remember it."""
