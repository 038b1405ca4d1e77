"""Flows say what should happen: read from their files, checked, and versioned with their connectors."""
