"""What a starter proposes from: records of the connected systems, and whose did not come is told once."""

from __future__ import annotations

import socket

from engine.design.starter.live import live_samples
from engine.errors import Problem
from tests.design.lookups.conftest import Place


def test_records_of_a_connected_system_are_taken_and_nothing_is_told(place: Place) -> None:
    place.connect()
    told: list[Problem] = []
    found = live_samples(place.desk, told.append)("eaccounting", place.lookups()["payment_terms"]["refers"]["resource"])

    assert "Pin" in [each["Name"] for each in found]
    assert told == []


def test_a_system_that_does_not_answer_is_told_once_and_samples_stand_in(place: Place) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place.serving.addresses = {
            **(reached := place.serving.addresses),
            "eaccounting": at_port(free.getsockname()[1]),
        }
    try:
        place.connect()
    finally:
        place.serving.addresses = reached
    told: list[Problem] = []
    samples = live_samples(place.desk, told.append)
    resource = place.lookups()["payment_terms"]["refers"]["resource"]

    assert samples("eaccounting", resource)
    assert samples("eaccounting", resource)
    assert [(each.where, each.severity) for each in told] == [("Visma eAccounting", "warning")]
    assert "could not be read, so the samples of its description were taken" in told[0].what


def at_port(port: int) -> str:
    return f"http://127.0.0.1:{port}"
