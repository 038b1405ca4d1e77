"""What connected systems hold, where a starter proposes rows and defaults from it."""

from __future__ import annotations

from collections.abc import Callable

from engine.design.desk import Desk
from engine.design.lookups.options import read_records
from engine.design.starter.pair import Samples
from engine.errors import ConnectionMissing, Json, Problem, StudioError
from engine.flows.check_connector import sample_records
from engine.flows.library import load_connector

_SMALL = ("payment_term", "payment_method", "delivery_method", "delivery_term", "tax_code", "unit", "company")


def live_samples(desk: Desk, tell: Callable[[Problem], None] = lambda problem: None) -> Samples:
    """Records of kinds of which an account has few (payment terms, units, …), read from the connected systems.

    The connectors' samples stand in for other kinds, and for a system that is not connected or does not answer; of
    such a system that is told once.
    """
    told: set[str] = set()

    def samples(connector: str, resource: str) -> list[Json]:
        known = load_connector(desk.workspace, connector)
        if known.resources[resource].kind in _SMALL:
            try:
                return list(read_records(desk, known, resource).records)
            except StudioError as error:
                if connector not in told:
                    told.add(connector)
                    tell(_without(known.title, error))
        return sample_records(desk.workspace, connector, resource)

    return samples


def _without(system: str, error: StudioError) -> Problem:
    """Why samples stand in for what a system holds."""
    if isinstance(error, ConnectionMissing):
        what, severity = (
            "it is not connected, so the samples of its description were taken in place of its records",
            "note",
        )
        return Problem(
            system,
            what,
            "Connect it and make the flow anew, or look through the rows of the lookups.",
            severity=severity,
        )
    what = f"its records could not be read, so the samples of its description were taken: {error.what}"
    return Problem(system, what, "Try again later, or look through the rows of the lookups.", severity="warning")
