"""`connect --look`: the first record as formulas see it, for whoever describes a system."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.commands.conftest import Call


def change(workspace: Path, **parts: Any) -> None:
    """Describe the shop's products otherwise."""
    path = workspace / "connector_specs/ccv-shop/connector.json"
    document = json.loads(path.read_text())
    products = document["resources"]["products"]
    products["operations"]["read"] |= {name: parts.pop(name) for name in ("records",) if name in parts}
    products |= parts
    path.write_text(json.dumps(document))


def test_the_first_record_is_shown_as_formulas_see_it(call: Call, connected: Path) -> None:
    said = call(connected, "connect", "ccv-shop", "--look", "products")

    assert (said.code, said.err) == (0, "")
    heading, _, record = said.out.partition("\n")
    assert heading.endswith("on the first page, as formulas see it:")
    assert json.loads(record)["productnumber"]


def test_a_key_that_gives_nothing_is_told(call: Call, connected: Path) -> None:
    change(connected, key="$string(uid)", number="nummer")
    said = call(connected, "connect", "ccv-shop", "--look", "products")

    assert said.code == 0
    assert "resources.products.key: “$string(uid)” gives nothing for this record" in said.err
    assert "resources.products.number: “nummer” gives nothing for this record" in said.err


def test_where_no_record_is_found_the_reply_is_shown(call: Call, connected: Path) -> None:
    change(connected, records="products")
    said = call(connected, "connect", "ccv-shop", "--look", "products")

    assert said.code == 0
    assert "“products” finds no record in this reply." in said.out
    assert '"items"' in said.out


def test_what_is_one_of_its_kind_is_shown_too(call: Call, connected: Path) -> None:
    said = call(connected, "connect", "eaccounting", "--look", "companysettings")

    assert said.code == 0
    assert "Voorbeeldwinkel" in said.out


def test_what_cannot_be_looked_at_is_said(call: Call, connected: Path) -> None:
    wrong = call(connected, "connect", "ccv-shop", "--look", "product")
    unread = call(connected, "connect", "ccv-shop", "--look", "order_changes")

    assert wrong.code == unread.code == 2
    assert "there is no resource 'product'\n  → Did you mean 'products'?" in wrong.err
    assert "the connector declares no way to read these records" in unread.err
