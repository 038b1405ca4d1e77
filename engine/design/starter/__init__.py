"""Flows generated from what fields mean: offers, starters with their questions, and the gaps they leave."""

from engine.design.starter.door import offers, starter
from engine.design.starter.making import StarterResult
from engine.design.starter.offering import Offer
from engine.design.starter.pair import Samples

__all__ = ["Offer", "Samples", "StarterResult", "offers", "starter"]
