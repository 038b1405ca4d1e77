"""Suggestions fill only what is empty, say why, and give formulas that the flow can keep."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from engine.design.starter import StarterResult
from engine.design.suggestions import Suggestion, suggestions, titles_of
from engine.errors import DocumentError
from engine.flows.check_connector import sample_records
from engine.runs.examples import tried_examples

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = (ROOT / "saved_mappings" / "ccv-orders-to-eaccounting.json").read_text(encoding="utf-8")


def found(bench: Any, text: str, step: str) -> dict[str, Suggestion]:
    samples = partial(sample_records, bench.workspace)
    return {each.target: each for each in suggestions(bench.load(text), step, samples, titles_of(bench.workspace))}


def changed(text: str, step: str, formulas: dict[str, str | None]) -> str:
    """The flow with formulas of a step; None takes one away."""
    document = json.loads(text)
    fields = next(each for each in document["steps"] if each["step"] == step)["fields"]
    for target, formula in formulas.items():
        if formula is None:
            del fields[target]
        else:
            fields[target] = {"formula": formula}
    return json.dumps(document)


def without(text: str, step: str, *targets: str) -> str:
    return changed(text, step, dict.fromkeys(targets))


def test_only_what_is_empty_is_proposed(bench: Any) -> None:
    for step in bench.load(SHIPPED).flow.steps:
        mapped = {field.path for field in step.fields}

        assert mapped.isdisjoint(found(bench, SHIPPED, step.name))


def test_the_same_meaning_is_the_reason_and_the_formula_turns_the_value(bench: Any) -> None:
    proposed = found(bench, without(SHIPPED, "order", "OrderDate"), "order")["OrderDate"]

    assert proposed.formula == "$local_date(create_date, $answers.time_zone)"
    assert proposed.source == "create_date"
    assert proposed.why == "same meaning: Placed at"


def test_a_meaning_that_is_called_as_the_field_is_not_said_twice(bench: Any) -> None:
    assert found(bench, SHIPPED, "order")["InvoiceCity"].why == "same meaning"


def test_lookups_and_earlier_steps_are_used_where_a_field_names_a_record(bench: Any) -> None:
    customer = found(bench, without(SHIPPED, "customer", "TermsOfPaymentId"), "customer")
    order = found(bench, without(SHIPPED, "order", "CustomerId"), "order")

    assert customer["TermsOfPaymentId"].formula == '$table("payment_terms", paymethod)'
    assert order["CustomerId"].formula == "$steps.customer.Id"


def test_fields_of_rows_are_proposed_as_the_items_of_the_flow_have_them(bench: Any) -> None:
    proposed = found(bench, without(SHIPPED, "order", "Rows[].Quantity", "Rows[].ArticleId"), "order")

    assert proposed["Rows[].Quantity"].formula == "quantity"
    assert proposed["Rows[].ArticleId"].formula == "$lookup($steps.articles, number).Id"


def test_a_list_is_proposed_by_what_the_flow_makes_its_rows_of(bench: Any) -> None:
    document = json.loads(SHIPPED)
    fields = document["steps"][2]["fields"]
    document["steps"][2]["fields"] = {name: held for name, held in fields.items() if not name.startswith("Rows")}
    proposed = found(bench, json.dumps(document), "order")

    assert proposed["Rows[]"].formula == "$values.lines"
    assert [target for target in proposed if target.startswith("Rows[].")] == []


def test_a_related_meaning_is_told_as_such(bench: Any) -> None:
    proposed = found(bench, SHIPPED, "customer")["ContactPersonEmail"]

    assert proposed.formula == "$first_filled(customer.email)"
    assert proposed.why == "nearly the same meaning: Buyer's e-mail"


def test_nothing_of_a_record_is_proposed_to_be_written_back_to_itself(bench: Any) -> None:
    assert found(bench, SHIPPED, "write_back") == {}


def test_proposals_come_in_the_targets_order_each_time(bench: Any) -> None:
    text = without(SHIPPED, "customer", "Name", "InvoiceCity", "Telephone")
    once = list(found(bench, text, "customer"))

    assert once == list(found(bench, text, "customer"))
    assert once.index("Name") < once.index("Telephone") < once.index("InvoiceCity")


def test_a_step_that_is_not_there_is_told(bench: Any) -> None:
    with pytest.raises(DocumentError, match="no step “nothing”"):
        found(bench, SHIPPED, "nothing")


def test_a_flow_that_names_no_resource_there_is_and_one_with_broken_formulas_are_borne(bench: Any) -> None:
    broken = changed(SHIPPED, "order", {"OrderDate": "$local_date(((", "CustomerId": None})

    assert found(bench, broken, "order")["CustomerId"].formula == "$steps.customer.Id"
    with pytest.raises(DocumentError, match="there is no resource “nothings”"):
        found(bench, SHIPPED.replace('"resource": "customers"', '"resource": "nothings"'), "order")


@pytest.mark.parametrize("step", ["customer", "articles", "order", "draft"])
def test_a_step_whose_formulas_are_all_gone_gets_them_back(bench: Any, made: StarterResult, step: str) -> None:
    """Suggest knows whatever the starter knew."""
    about = next(each for each in bench.load(made.text).flow.steps if each.name == step)
    gone = [field.path for field in about.fields if not field.is_list and field.formula not in ("false", "true", "0")]
    text = without(made.text, step, *gone)
    text = changed(text, step, {each.target: each.formula for each in found(bench, text, step).values()})
    after = {
        field.path: field.formula for field in next(s for s in bench.load(text).flow.steps if s.name == step).fields
    }

    assert {field.path: after.get(field.path) for field in about.fields} == {f.path: f.formula for f in about.fields}


def test_every_proposal_can_be_accepted_and_check_finds_no_error(bench: Any) -> None:
    text = SHIPPED
    for step in bench.load(SHIPPED).flow.steps:
        proposed = found(bench, SHIPPED, step.name).values()
        text = changed(text, step.name, {each.target: each.formula for each in proposed})
    tried = list(tried_examples(bench.load(text), bench.formulas))

    assert len(json.loads(text)["steps"][0]["fields"]) > len(json.loads(SHIPPED)["steps"][0]["fields"])
    assert [problem for problem in bench.check(text) if problem.severity == "error"] == []
    assert [outcome.kind for _, outcome in tried] == [kind for example, _ in tried for kind in example.outcomes]


# --- without meanings

FIELDS = {"id": {"type": "string"}, "colour": {"type": "string", "title": "Colour"}, "serial": {"type": "string"}}
TARGET = {
    "id": {"type": "string", "x-write": "never"},
    "number": {"type": "string", "x-meaning": "order.external_number"},
    "Colour": {"type": ["string", "null"], "maxLength": 5},
    "engraving": {"type": ["string", "null"]},
}


@pytest.fixture
def bare(invent: Any) -> Any:
    """Two systems whose fields say nothing of their meaning, with samples."""
    serials = ["SN-1001", "SN-1002", "SN-1003"]
    source = [{"id": f"{n}", "colour": "red", "serial": serial} for n, serial in enumerate(serials)]
    target = [{"id": f"t{n}", "engraving": serial} for n, serial in enumerate(serials)]
    shop = ("order", {"type": "object", "required": ["id", "colour", "serial"], "properties": FIELDS}, ["read"], source)
    books = ("order", {"type": "object", "properties": TARGET}, ["create"], target)
    bench = invent(
        {
            "winkel": {"title": "Winkel", "roles": ["webshop"], "resources": {"orders": shop}},
            "kontor": {"title": "Kontor", "roles": ["erp"], "resources": {"orders": books}},
        }
    )
    flow = {
        "title": "Orders",
        "source": {"connector": "winkel", "resource": "orders"},
        "steps": [
            {
                "step": "order",
                "title": "Made",
                "connector": "kontor",
                "resource": "orders",
                "match": {"field": "number", "formula": "id"},
                "policy": "skip_if_exists",
                "fields": {"number": {"formula": "id"}},
            }
        ],
    }
    return bench, json.dumps(flow)


def test_the_same_name_is_a_reason(bare: Any) -> None:
    bench, text = bare
    proposed = found(bench, text, "order")["Colour"]

    assert (proposed.source, proposed.formula) == ("colour", "$truncate(colour, 5)")
    assert proposed.why == "same name: Colour"


def test_the_same_value_in_samples_is_a_reason(bare: Any) -> None:
    bench, text = bare
    proposed = found(bench, text, "order")["engraving"]

    assert (proposed.source, proposed.formula) == ("serial", "serial")
    assert proposed.why == "same value in 3 samples"


def test_a_value_that_is_the_same_once_is_no_reason(bare: Any) -> None:
    bench, text = bare
    few = {"winkel": bench.workspace, "kontor": bench.workspace}

    def samples(connector: str, resource: str) -> list[Any]:
        return sample_records(few[connector], connector, resource)[:1]

    assert "engraving" not in {each.target for each in suggestions(bench.load(text), "order", samples)}


def test_flows_without_the_settings_of_a_starter_get_formulas_that_need_none(bench: Any) -> None:
    document = json.loads(SHIPPED)
    del document["questions"]["properties"]["time_zone"]
    document["steps"] = [step for step in document["steps"] if step["step"] in ("customer", "articles", "order")]
    document["examples"] = []
    document["steps"][2]["fields"].pop("OrderDate")
    loaded = bench.load(json.dumps(document))
    proposed = {
        each.target: each.formula
        for each in suggestions(replace(loaded), "order", partial(sample_records, bench.workspace))
    }

    assert proposed["OrderDate"] == '$local_date(create_date, "UTC")'
