"""What preview and explain say of a formula: its words under it, and the lines of the picture for scripts."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from engine.commands.output import Output
from engine.commands.telling import tell_fields
from engine.design.titles import lines_of, titles_of
from engine.documents.workspace import Workspace
from engine.errors import Json
from engine.flows.library import LoadedFlow, load_flow
from engine.formulas import Trace
from engine.formulas.words import in_words
from engine.runs.fields import FieldTrace

FLOW = "ccv-orders-to-eaccounting"


def traced(step: str, path: str, formula: str) -> FieldTrace:
    return FieldTrace(step, path, formula, Trace("x", None, (), ()))


FIELDS = [
    traced("", "bill", "customer.billingaddress"),
    traced("customer", "Name", "$truncate($values.bill.company, 50)"),
    traced("articles[0]", "Number", "number"),
    traced("order", "Rows[]", "orderrows"),
    traced("order", "Rows[0].Price", "count * price"),
    traced("order", "Rows[1].Price", "count * price"),
]


@pytest.fixture(scope="module")
def loaded() -> LoadedFlow:
    return load_flow(Workspace(Path(__file__).parents[2]), FLOW)


def told(as_json: bool, loaded: LoadedFlow | None) -> str:
    stream = io.StringIO()
    tell_fields(FIELDS, Output(as_json, stream), loaded)
    return stream.getvalue()


def objects(loaded: LoadedFlow | None, kind: str) -> list[Json]:
    return [found for line in told(True, loaded).splitlines() if (found := json.loads(line))["kind"] == kind]


def test_a_formula_has_its_words_under_it(loaded: LoadedFlow) -> None:
    text = told(False, loaded)

    assert "← $truncate($values.bill.company, 50)\n        the company, shortened to at most 50 characters\n" in text


def test_words_use_the_titles_of_the_flow_and_its_connectors(loaded: LoadedFlow) -> None:
    assert [field["words"] for field in objects(loaded, "field")] == [
        "the billing address",
        "the company, shortened to at most 50 characters",
        "the number",
        "the order rows",
        "the quantity times the price per unit",
        "the quantity times the price per unit",
    ]


def test_without_the_flow_names_are_made_readable() -> None:
    words = [field["words"] for field in objects(None, "field")]

    assert words[0] == "the billingaddress"
    assert words[4] == "the count times the price"


def test_scripts_are_given_the_lines_of_every_step(loaded: LoadedFlow) -> None:
    drawn = {found["step"]: found["lines"] for found in objects(loaded, "lines")}

    assert list(drawn) == [step.name for step in loaded.flow.steps]
    assert {"source": "ordernumber_full", "kind": "field", "target": "BuyersOrderReference", "via": []} in drawn[
        "order"
    ]
    assert drawn == lines_of(FIELDS, loaded)


def test_without_the_flow_lines_are_drawn_of_what_was_traced() -> None:
    drawn = lines_of(FIELDS)

    assert list(drawn) == ["customer", "order"]
    assert {"source": "orderrows[].count", "kind": "field", "target": "Rows[].Price", "via": []} in drawn["order"]
    assert [line["source"] for line in drawn["customer"]] == ["$values.bill.company", "customer.billingaddress.company"]


def test_text_for_people_has_no_lines_of_the_picture(loaded: LoadedFlow) -> None:
    assert '"lines"' not in told(False, loaded)


def test_facts_and_lookups_have_their_titles(loaded: LoadedFlow) -> None:
    titles = titles_of(loaded)

    assert in_words('$table("units", $answers.unit)', titles) == (
        "looked up in «Units by name» by the answer to «Unit of new articles»"
    )
    assert in_words("$facts.target.currency", titles) == "the currency of the books in Visma eAccounting"
