"""Whatever a connector leaves unsaid, a starter is either refused with reasons or has no error that `check` finds."""

from __future__ import annotations

import copy
import json
import random
from functools import partial
from typing import Any

import pytest

from engine.connectors.connector import Connector, read_connector
from engine.design.starter.making import made
from engine.design.suggestions import suggestions
from engine.errors import DocumentError
from engine.flows.check import check_flow_text
from engine.flows.check_connector import sample_records
from engine.flows.library import load_flow_text

SAID = ("x-meaning", "x-kind", "x-codes", "x-refers", "x-basis", "x-scale", "maxLength", "default")
PAIRS = [
    ("ccv-shop", "eaccounting", "orders"),
    ("ccv-shop", "eaccounting", "products"),
    ("ccv-shop", "specter", "orders"),
    ("abicart", "eaccounting", "orders"),
    ("abicart", "specter", "orders"),
    ("specter", "abicart", "stock_changes"),
    ("specter", "abicart", "order_changes"),
]


def thinned(schema: dict[str, Any], dice: random.Random, part: float) -> None:
    """Leave out some of the fields, and some of what is said of the others."""
    fields = schema.get("properties", {})
    for name in list(fields):
        if dice.random() < part:
            del fields[name]
            schema["required"] = [each for each in schema.get("required", ()) if each != name]
            continue
        for key in SAID:
            if dice.random() < part / 2:
                fields[name].pop(key, None)
        thinned(fields[name], dice, part)
        thinned(fields[name].get("items", {}), dice, part)


def connector(bench: Any, name: str, dice: random.Random, part: float) -> Connector:
    folder = bench.workspace.connectors / name
    files = {path.name: copy.deepcopy(json.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.json"))}
    document = files.pop("connector.json")
    for schema in files.values():
        thinned(schema, dice, part)
    for resource in document["resources"].values():
        for operation in list(resource["operations"])[1:]:
            if dice.random() < part:
                del resource["operations"][operation]
    document["facts"] = {fact: about for fact, about in document["facts"].items() if dice.random() > part}
    return read_connector(name, document, files, {})


@pytest.mark.parametrize("seed", range(5))
def test_a_starter_is_sound_or_refused(bench: Any, seed: int) -> None:
    dice = random.Random(seed)
    part = dice.choice([0.02, 0.05, 0.1])
    connectors = {name: connector(bench, name, dice, part) for name in bench.connectors}
    samples = partial(sample_records, bench.workspace)
    for source, target, resource in PAIRS:
        try:
            result = made(connectors, source, target, resource, samples=samples)
        except DocumentError as refused:
            assert all(problem.what and problem.what_to_do for problem in refused.problems)
            continue
        found = check_flow_text(bench.workspace, "made", result.text, bench.formulas, connectors)
        loaded = load_flow_text(bench.workspace, "made", result.text, connectors)

        assert [str(problem) for problem in found if problem.severity == "error"] == []
        for step in loaded.flow.steps:
            suggestions(loaded, step.name, samples)


def test_a_source_that_does_not_tell_what_is_paid_gets_a_flow_without_payments(bench: Any) -> None:
    folder = bench.workspace.connectors / "ccv-shop"
    files = {path.name: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}
    for field in files["orders.schema.json"]["properties"].values():
        if field.get("x-meaning", "").startswith("order.payment.paid"):
            del field["x-meaning"]
    shop = read_connector("ccv-shop", files.pop("connector.json"), files, {})
    books = bench.connectors["eaccounting"]
    flow = json.loads(made({"ccv-shop": shop, "eaccounting": books}, "ccv-shop", "eaccounting", "orders").text)

    assert "payment" not in [step["step"] for step in flow["steps"]]
    assert "register_payment" not in flow["questions"]["properties"]
