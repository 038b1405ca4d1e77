"""Connectors speak to other systems: what a system can be asked is data, how it is asked is here."""
