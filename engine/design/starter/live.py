"""What connected systems hold, where a starter proposes rows and defaults from it."""

from __future__ import annotations

from engine.design.desk import Desk
from engine.design.lookups.options import read_records
from engine.design.starter.pair import Samples
from engine.errors import Json, StudioError
from engine.flows.check_connector import sample_records
from engine.flows.library import load_connector

_SMALL = ("payment_term", "payment_method", "delivery_method", "delivery_term", "tax_code", "unit", "company")


def live_samples(desk: Desk) -> Samples:
    """Records of kinds of which an account has few (payment terms, units, …), read from the connected systems.

    The connectors' samples stand in for other kinds, and for a system that is not connected or does not answer.
    """

    def samples(connector: str, resource: str) -> list[Json]:
        known = load_connector(desk.workspace, connector)
        if known.resources[resource].kind in _SMALL:
            try:
                return list(read_records(desk, known, resource).records)
            except StudioError:
                return sample_records(desk.workspace, connector, resource)
        return sample_records(desk.workspace, connector, resource)

    return samples
