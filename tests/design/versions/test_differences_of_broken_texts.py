"""Differences are told of drafts that break the schema or are no JSON, and in any language."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.design.differences import Side, changes_between, templates
from engine.documents.workspace import Workspace
from engine.errors import DocumentError
from engine.flows.library import load_flow
from tests.design.versions.test_differences import CASES, FLOW, Differ, step


def test_a_list_of_one_side_of_another_kind_is_told(differ: Differ) -> None:
    [change] = differ(lambda f: f.update(steps="none"))

    assert change.where == "steps" and change.kind == "changed" and change.after == "none"


def test_a_draft_that_breaks_the_schema_is_compared_with_the_titles_of_the_other(differ: Differ) -> None:
    def edit(flow: Any) -> None:
        step(flow, "order")["fields"]["CurrencyCode"]["formula"] = "customer.email"
        step(flow, "order")["oops"] = 1

    changes = differ(edit)

    assert [c.says for c in changes] == ["Step «order», field «Currency»: changed", "steps[2].oops: added"]
    assert changes[0].after_words == "the e-mail"


def test_a_text_that_is_no_json_is_told_with_its_line(workspace: Workspace) -> None:
    with pytest.raises(DocumentError, match=f"{FLOW}.json:2"):
        Side.of(workspace, FLOW, '{\n"title": ,')


def test_a_side_knows_its_version_with_the_connectors_of_its_time(workspace: Workspace, text: str) -> None:
    sources = dict(load_flow(workspace, FLOW).sources)
    schema = "connector_specs/eaccounting/orders.schema.json"
    sources[schema] = sources[schema].replace('"title": "Currency"', '"title": "Money of the order"')
    after = text.replace('"CurrencyCode": { "formula": "currency" }', '"CurrencyCode": { "formula": "id" }')
    if after == text:
        document = json.loads(text)
        step(document, "order")["fields"]["CurrencyCode"]["formula"] = "id"
        after = json.dumps(document)
    changes = changes_between(
        Side.of(workspace, FLOW, text), Side.of_version(FLOW, {**sources, f"saved_mappings/{FLOW}.json": after})
    )

    assert [c.what for c in changes if c.target == "CurrencyCode"] == ["Step «order», field «Money of the order»"]


def test_a_version_without_its_connectors_is_compared_all_the_same(workspace: Workspace, text: str) -> None:
    old = Side.of_version(FLOW, {f"saved_mappings/{FLOW}.json": text})

    assert old.loaded is None
    assert changes_between(old, Side.of(workspace, FLOW, text)) == []


class Swedish:
    """A catalogue that marks what it is asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        return "¤" + message

    def ngettext(self, one: str, several: str, n: int) -> str:
        return self.gettext(one if n == 1 else several)


def test_every_word_is_given_to_the_translators(workspace: Workspace, text: str) -> None:
    swedish = Swedish()
    document = json.loads(text)
    for edit, *_ in CASES:
        edit(document)
    changes = changes_between(Side.of(workspace, FLOW, text), Side.of(workspace, FLOW, json.dumps(document)), swedish)

    assert len(changes) > 12 and all(change.says.startswith("¤") for change in changes)
    assert len(swedish.asked & set(templates())) > 25
