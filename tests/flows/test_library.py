"""Flows as they lie in a workspace: read, checked with the connectors they speak to, versioned and remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.documents.workspace import Workspace
from engine.errors import DocumentError
from engine.flows.check import check_flow_text, check_workspace, load_sound_flow_text
from engine.flows.library import flow_from_sources, load_connector, load_flow, load_flow_text
from engine.formulas import Formulas

FLOW = "ccv-orders-to-eaccounting"
FILE = f"saved_mappings/{FLOW}.json"
Edit = Callable[[str, Callable[[Any], object]], None]


def test_flow_comes_with_the_connectors_it_speaks_to(workspace: Workspace) -> None:
    loaded = load_flow(workspace, FLOW)

    assert ["ccv-shop", "eaccounting"] == loaded.flow.connectors() == list(loaded.connectors)
    assert loaded.flow.name == FLOW and loaded.flow.title
    documents = ["order", "invoice", "draft", "quote"]
    assert [step.name for step in loaded.flow.steps] == ["customer", "articles", *documents, "payment", "write_back"]
    assert FILE in loaded.sources and "connector_specs/ccv-shop/connector.json" in loaded.sources
    assert all("\\" not in path and not path.startswith("/") for path in loaded.sources)


def test_version_is_that_of_the_bytes_of_all_files(workspace: Workspace) -> None:
    first = load_flow(workspace, FLOW)
    assert first.version == load_flow(workspace, FLOW).version

    for path in (FILE, "connector_specs/eaccounting/orders.schema.json", "connector_specs/ccv-shop/connector.json"):
        file = workspace.root / path
        held = file.read_bytes()
        file.write_bytes(held + b"\n")
        assert first.version != load_flow(workspace, FLOW).version
        file.write_bytes(held)
    assert first.version == load_flow(workspace, FLOW).version


def test_what_the_flow_does_not_use_is_not_in_its_version(workspace: Workspace) -> None:
    first = load_flow(workspace, FLOW)
    (workspace.flows / "other.json").write_bytes((workspace.root / FILE).read_bytes())
    (workspace.connectors / "eaccounting" / "notes.txt").write_text("hello")

    assert first.version == load_flow(workspace, FLOW).version
    assert first.version != load_flow(workspace, "other").version


def test_flow_is_made_again_from_what_a_version_remembered(workspace: Workspace) -> None:
    loaded = load_flow(workspace, FLOW)
    again = flow_from_sources(FLOW, loaded.sources)

    assert loaded.version == again.version
    assert loaded.flow == again.flow
    assert {name: c.title for name, c in loaded.connectors.items()} == {n: c.title for n, c in again.connectors.items()}


def test_unknown_flow_is_named_with_the_nearest(workspace: Workspace) -> None:
    with pytest.raises(DocumentError) as caught:
        load_flow(workspace, "ccv-order-to-eaccounting")

    [problem] = caught.value.problems
    assert problem.what == "there is no flow 'ccv-order-to-eaccounting'"
    assert f"Did you mean {FLOW!r}?" == problem.what_to_do


def test_name_in_another_case_is_another_flow(workspace: Workspace) -> None:
    with pytest.raises(DocumentError) as caught:
        load_flow(workspace, FLOW.upper())

    assert f"Did you mean {FLOW!r}?" == caught.value.problems[0].what_to_do


@pytest.mark.parametrize("name", ["../saved_mappings/" + FLOW, "/etc/passwd", "", ".", f"{FLOW}.json"])
def test_no_name_leads_out_of_the_workspace(workspace: Workspace, name: str) -> None:
    with pytest.raises(DocumentError):
        load_flow(workspace, name)
    with pytest.raises(DocumentError):
        load_connector(workspace, name)


def test_every_problem_of_every_file_is_said_at_once(workspace: Workspace, edit: Edit) -> None:
    edit("connector_specs/ccv-shop/connector.json", lambda c: c.update(title=5))
    edit("connector_specs/eaccounting/connector.json", lambda c: c["http"].update(base=None))
    edit("connector_specs/eaccounting/orders.schema.json", lambda c: c.update(type="oject"))
    with pytest.raises(DocumentError) as caught:
        load_flow(workspace, FLOW)

    places = " ".join(problem.where for problem in caught.value.problems)
    assert all(name in places for name in ("ccv-shop/connector", "eaccounting/connector", "orders.schema"))
    assert all(problem.what and problem.what_to_do for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda flow: flow.pop("steps"), "steps"),
        (lambda flow: flow["steps"][0].pop("connector"), "connector"),
        (lambda flow: flow["steps"][0].update(polcy="create"), "polcy"),
        (lambda flow: flow["lookups"]["units"]["otherwise"].update(do="guess"), "guess"),
        (lambda flow: flow["steps"][0]["fields"]["Name"].update(write="sometimes"), "sometimes"),
        (lambda flow: flow["source"].update(overlap_minutes=-5), "-5"),
        (lambda flow: flow["source"].update(wait_days="long"), "wait_days"),
    ],
)
def test_flow_that_does_not_fit_is_refused_with_its_place(
    workspace: Workspace, edit: Edit, change: Callable[[Any], object], words: str
) -> None:
    edit(FILE, change)
    with pytest.raises(DocumentError) as caught:
        load_flow(workspace, FLOW)

    assert words in str(caught.value)
    assert all(problem.where.startswith(FILE) for problem in caught.value.problems)


def test_flow_whose_connector_is_not_there(workspace: Workspace, edit: Edit) -> None:
    edit(FILE, lambda flow: flow["source"].update(connector="ccvshop"))
    with pytest.raises(DocumentError) as caught:
        load_flow(workspace, FLOW)

    assert "there is no connector 'ccvshop'" in str(caught.value)
    assert "Did you mean 'ccv-shop'?" in str(caught.value)


@pytest.mark.parametrize("text", ['{"title": 1', '{"title": NaN}', '{"a": 1, "a": 2}', "", "\ufeff{}"])
def test_file_that_is_no_plain_json_is_named(workspace: Workspace, text: str) -> None:
    (workspace.root / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        load_flow(workspace, FLOW)

    assert FILE in str(caught.value)


def test_answers_are_the_defaults_with_those_given_over_them(workspace: Workspace) -> None:
    flow = load_flow(workspace, FLOW).flow
    answers = flow.answers({"document": "draft"})

    assert (answers["document"], answers["only_paid"], answers["articles"]) == ("draft", True, "create")
    assert flow.answers()["document"] == "order"


def test_a_formula_of_many_lines_is_one_formula(workspace: Workspace, edit: Edit) -> None:
    edit(FILE, lambda flow: flow["values"].update(bill=["customer", "  .billingaddress"]))

    assert load_flow(workspace, FLOW).flow.values["bill"] == "customer\n  .billingaddress"


def test_text_is_loaded_as_its_file_would_be(workspace: Workspace) -> None:
    loaded = load_flow(workspace, FLOW)
    text = (workspace.root / FILE).read_bytes().decode()
    from_text = load_flow_text(workspace, FLOW, text)

    assert loaded == from_text
    assert load_flow_text(workspace, FLOW, text + "\n").version != loaded.version
    assert load_flow_text(workspace, "not-there-yet", text).flow.name == "not-there-yet"


def test_broken_text_is_told_with_its_lines_though_the_file_is_well(workspace: Workspace) -> None:
    text = (workspace.root / FILE).read_bytes().decode()
    with pytest.raises(DocumentError) as no_json:
        load_flow_text(workspace, FLOW, text.replace('"source": {', '"source": {,', 1))
    with pytest.raises(DocumentError) as no_flow:
        load_flow_text(workspace, FLOW, text.replace('"wait_days": 30', '"wait_days": "long"', 1))

    assert no_json.value.problems[0].where.startswith(f"{FILE}:4:")
    assert no_flow.value.problems[0].where == f"{FILE}:29 source.wait_days"


def test_text_with_half_a_character_is_refused(workspace: Workspace) -> None:
    with pytest.raises(DocumentError, match="half"):
        load_flow_text(workspace, FLOW, '{"title": "\ud800"}')


@pytest.mark.parametrize("name", ["../x", "", ".", "a/b", "a\\b", " a", "a.", "-a", "x" * 101, "a\0", "a\n"])
def test_text_is_no_flow_of_a_name_that_leads_elsewhere(workspace: Workspace, name: str) -> None:
    text = (workspace.root / FILE).read_bytes().decode()
    with pytest.raises(DocumentError, match="cannot be the name"):
        load_flow_text(workspace, name, text)


def test_check_of_a_text_says_what_check_of_its_file_says(workspace: Workspace, edit: Edit) -> None:
    edit(FILE, lambda flow: flow["steps"][0]["fields"]["Name"].update(formula="$upercase(custmer.email)"))
    text = (workspace.root / FILE).read_bytes().decode()
    with Formulas() as formulas:
        of_file = [p for p in check_workspace(workspace, [FLOW], formulas) if p.where.startswith(FILE)]
        edit(FILE, lambda flow: flow["steps"][0]["fields"]["Name"].update(formula="customer.email"))
        of_text = check_flow_text(workspace, FLOW, text, formulas)
        with pytest.raises(DocumentError):
            load_sound_flow_text(workspace, FLOW, text, formulas)

    assert of_file == of_text
    assert any(p.severity == "error" and "upercase" in p.what for p in of_text)


def test_connectors_at_hand_are_not_read_again(workspace: Workspace) -> None:
    loaded = load_flow(workspace, FLOW)
    text = loaded.sources[FILE]
    (workspace.connectors / "ccv-shop" / "connector.json").write_text("{")

    assert load_flow_text(workspace, FLOW, text, loaded.connectors) == loaded
