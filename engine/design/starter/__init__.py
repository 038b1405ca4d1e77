"""Flows generated from what fields mean: offers, starters with their questions, and the gaps they leave."""

from engine.design.starter.door import offers, starter
from engine.design.starter.making import StarterResult
from engine.design.starter.offering import Offer

__all__ = ["Offer", "StarterResult", "offers", "starter"]
