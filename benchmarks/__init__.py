"""Measurements of the engine against the stand-ins; every figure is a ratio within one run. See README.md."""
