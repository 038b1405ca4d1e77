"""Flows generated from what fields mean: offers, starters with their questions, and the gaps they leave."""
