"""The engine's sentences in Swedish: whole, in Swedish order, and without a word of English between the names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.pofile import read_po

from engine.design.catalogue import templates
from engine.design.localised import localised, localised_schema
from engine.design.reading import reading
from engine.design.sentences import sentence_of_step, sentence_of_when
from engine.design.wording import Wording
from engine.documents.workspace import Workspace
from engine.flows.library import LoadedFlow, load_flow_text
from engine.formulas.words import condition_in_words, in_words
from studio.words import EngineWords, catalogue_of

ROOT = Path(__file__).parents[2]
FLOW = "ccv-orders-to-eaccounting"
CASES: dict[str, Any] = json.loads((ROOT / "tests" / "formulas" / "words" / "cases.json").read_text(encoding="utf-8"))
FORMULAS = [
    formula
    for _, cases in CASES["cases"]
    for formula, said in cases
    if not re.search("formula of its own|fits the pattern", said)
]
ENGLISH = set("the a an of is are if it its with and or not otherwise where there each for only by then to as".split())
QUOTED = re.compile(r"«[^«»]*»|”[^”]*”")


@pytest.fixture(scope="module")
def swedish() -> EngineWords:
    with (ROOT / "studio" / "locales" / "sv" / "LC_MESSAGES" / "engine.po").open("rb") as file:
        return EngineWords(read_po(file, locale="sv"))


@pytest.fixture(scope="module")
def with_documents() -> EngineWords:
    engine, documents = catalogue_of("sv", "engine"), catalogue_of("sv", "documents")
    assert engine is not None and documents is not None
    return EngineWords(engine, documents)


@pytest.fixture(scope="module")
def loaded() -> LoadedFlow:
    text = (ROOT / "saved_mappings" / f"{FLOW}.json").read_text(encoding="utf-8")
    return load_flow_text(Workspace(ROOT), FLOW, text)


def _english(said: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", QUOTED.sub("", said))) & ENGLISH


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("company ? company : name", "«company»; om det saknas, «name»"),
        ('isCompleted ? "paid" : "open"', "”paid” om «is completed» är ja, annars ”open”"),
        ("$exists(company)", "ja, om «company» finns"),
        ("$count(lines) = 0", "ja, om det inte finns några «lines»"),
        ('status != "open"', "ja, om «status» är något annat än ”open”"),
        ("$round(price, 1)", "«price», avrundat till 1 decimal"),
        ("$round(price, 2)", "«price», avrundat till 2 decimaler"),
        ("lines[price > 0].sku", "«SKU» i «lines» vars «price» är mer än 0"),
        ("$steps.customer.Id", "«Id» från steget «customer»"),
    ],
)
def test_a_formula_reads_in_swedish(formula: str, said: str, swedish: EngineWords) -> None:
    assert in_words(formula, CASES["titles"], swedish) == said


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_english_stands_between_the_names_of_a_reading(formula: str, swedish: EngineWords) -> None:
    titles = {path: title for path, title in CASES["titles"].items() if not path.startswith("$facts")}
    said = in_words(formula, titles, swedish)

    assert not _english(re.sub(r"(med|;) [\w ]+:", ":", said)), said  # the names of a record's fields stand bare
    assert not _english(re.sub(r"(med|;) [\w ]+:", ":", condition_in_words(formula, titles, swedish)))


def test_the_shipped_flow_reads_in_swedish(loaded: LoadedFlow, swedish: EngineWords) -> None:
    read = reading(loaded, swedish, language="sv")

    assert read.language == "sv"
    assert [part.heading for part in read.steps[2].parts] == [
        "Kontrolleras innan något skickas",
        "Fält",
        "Kontrolleras när systemet har svarat",
    ]
    assert read.source.sentences[1].text == (
        "Första gången från: svaret på «From which date»; om det saknas, 31 dagar före körningens tidpunkt"
    )
    assert read.steps[2].sentences[2].text == (
        "Hittas med «reference of the order»: «order number»; skapas om den saknas, lämnas annars som den är."
    )


def test_titles_of_documents_are_shown_in_swedish_and_stay_as_they_are_in_the_flow(
    loaded: LoadedFlow, with_documents: EngineWords
) -> None:
    shown = localised(loaded, with_documents)
    order = shown.connectors["eaccounting"].resources["orders"]

    assert order.title == "Order"
    assert order.schema["properties"]["OrderDate"]["title"] == "Orderdatum"
    assert shown.flow.questions["properties"]["only_paid"]["title"] == "Bara betalda order"
    assert shown.flow.steps[2].title == "Ordern skapas"
    assert [step.fields[0].formula for step in shown.flow.steps] == [
        step.fields[0].formula for step in loaded.flow.steps
    ]
    assert loaded.flow.steps[2].title == "The order is made"
    assert localised(loaded, None) is loaded


def test_a_title_that_nobody_has_translated_is_shown_as_written(
    loaded: LoadedFlow, with_documents: EngineWords
) -> None:
    own = replace(loaded, flow=replace(loaded.flow, title="Orders of Åsa's shop"))

    assert localised(own, with_documents).flow.title == "Orders of Åsa's shop"
    assert localised_schema({"enum": ["Orders"], "title": "Orders"}, with_documents) == {
        "enum": ["Orders"],
        "title": "Order",
    }


def test_no_english_stands_between_the_names_in_the_sentences_of_steps(
    loaded: LoadedFlow, swedish: EngineWords
) -> None:
    for said in _step_sentences(loaded, swedish):
        assert not _english(said), said


def _step_sentences(loaded: LoadedFlow, swedish: EngineWords) -> Iterator[str]:
    wording = Wording(loaded, swedish)
    for step in loaded.flow.steps:
        yield sentence_of_when(step, wording).text
        yield sentence_of_step(step, wording).text
        for field in step.fields:
            yield wording.of(field.formula, step, field.path)


def test_translations_ask_only_for_forms_that_phrases_have(swedish: EngineWords) -> None:
    known = {form for text in _texts() for form in _forms(text)}
    for template in templates():
        if isinstance(template, tuple):
            said = [swedish.ngettext(*template, n) for n in (1, 2)]
        else:
            said = [swedish.gettext(template)]
        assert {form for text in said for form in _forms(text)} <= known, template


def _texts() -> Iterator[str]:
    for template in templates():
        yield from (template,) if isinstance(template, str) else template


def _forms(text: str) -> Iterator[str]:
    return (form for _, _, form, _ in Formatter().parse(text) if form is not None)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Orders from CCV Shop to Visma eAccounting", "Order från CCV Shop till Visma eAccounting"),
        ("Articles that are not in the books", "Artiklar som inte finns i bokföringen"),
        ("The buyer is found by e-mail, or becomes a customer", "Köparen hittas med e-post, eller blir en kund"),
        (
            "The number in the books is written back to the order in the shop.",
            "Numret i bokföringen skrivs tillbaka till ordern i butiken.",
        ),
        ("Orders of CCV Shop are read.", "Order läses från CCV Shop."),
        ("Orders from Åsa's shop to Visma eAccounting", "Order från Åsa's shop till Visma eAccounting"),
        (
            "Each order of the shop becomes a thing of yours in the books, once.",  # never half in each language
            "Each order of the shop becomes a thing of yours in the books, once.",
        ),
    ],
)
def test_sentences_that_a_starter_filled_are_known_again(written: str, shown: str, with_documents: EngineWords) -> None:
    assert with_documents.gettext(written) == shown
