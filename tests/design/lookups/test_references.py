"""The records that the rows of a lookup may name are those that the target's other records refer to."""

from __future__ import annotations

from engine.design.lookups import referable
from tests.design.lookups.conftest import Place


def test_what_may_be_named_is_said_as_a_flow_says_it(place: Place) -> None:
    found = {each.refers["resource"]: each for each in referable(place.loaded)}
    shipped = place.lookups()["payment_terms"]["refers"]

    terms = found[shipped["resource"]]
    assert dict(terms.refers) == shipped
    assert terms.title == "Payment terms"
    assert "orders" not in found
