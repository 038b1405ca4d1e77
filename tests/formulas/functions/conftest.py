"""A case may name the zone that the connection declares."""

from dataclasses import replace

import pytest

from engine.formulas import Environment


@pytest.fixture
def environment(environment: Environment, request: pytest.FixtureRequest) -> Environment:
    """The environment of all formula tests, in the zone of the case."""
    callspec = getattr(request.node, "callspec", None)
    case = callspec.params.get("case", {}) if callspec else {}
    return replace(environment, zone=case["zone"]) if "zone" in case else environment
