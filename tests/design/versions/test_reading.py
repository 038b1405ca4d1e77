"""The reading of a whole mapping: complete, in the reader's language, and a page that nothing can break out of."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from engine.design.reading import Reading, reading, templates
from engine.design.reading_pages import WIDTH, as_page, as_text
from engine.design.sentences import templates as sentence_templates
from engine.documents.workspace import Workspace
from engine.flows.library import LoadedFlow, load_flow, load_flow_text

FLOW = "ccv-orders-to-eaccounting"
HOSTILE = '<img src=x onerror="alert(1)"></title></style><script>alert(2)</script>&amp;'


@pytest.fixture
def loaded(workspace: Workspace) -> LoadedFlow:
    return load_flow(workspace, FLOW)


@pytest.fixture
def whole(loaded: LoadedFlow) -> Reading:
    return reading(loaded, label="version 3")


def test_every_field_of_every_step_has_its_sentence(loaded: LoadedFlow, whole: Reading) -> None:
    for step, read in zip(loaded.flow.steps, whole.steps, strict=True):
        said = [sentence.place for part in read.parts for sentence in part.sentences if sentence.place]

        assert said == [field.path for field in step.fields]
        assert [len(part.sentences) for part in read.parts if not part.sentences[0].place] == [
            len(checks) for checks in (step.before, step.after) if checks
        ]


def test_every_setting_lookup_value_and_example_is_in_it(loaded: LoadedFlow, whole: Reading) -> None:
    flow = loaded.flow

    assert len(whole.settings.rows) == len(flow.questions["properties"])
    assert [table.heading for table in whole.lookups] == [lookup.title for lookup in flow.lookups.values()]
    assert [len(table.rows) for table in whole.lookups] == [len(lookup.rows) for lookup in flow.lookups.values()]
    assert len(whole.values.sentences) == len(flow.values)
    assert [s.text.rpartition(":")[0] for s in whole.examples.sentences] == [e.title for e in flow.examples]


def test_answers_are_told_in_the_words_of_their_options(whole: Reading) -> None:
    rows = dict(whole.settings.rows)

    assert rows["What an order becomes"] == "Order"
    assert rows["Status of the new order"] == "In process"
    assert rows["Which statuses"].startswith("New, In process, Waiting for manufacturer, Sent")


def test_sentences_are_those_of_the_mapping(whole: Reading) -> None:
    text = " ".join(as_text(whole).split())

    assert "- Name: the company if «is company» is yes, otherwise «person name»; the result shortened" in text
    assert "- Private person: yes, where «is company» is no; written only when the record is created" in text
    assert "(A company name makes a company.)" in text
    assert "- Rows: one for each of «lines» - Row number: the row's number, counted from 1" in text
    assert "- A record waits until «Finished by the buyer» is yes (else: the buyer has not finished it)" in text
    assert "- Found by reference of the order: the order number; created if missing, else left as it is." in text
    assert "- The total: the total must be the total of «sums»" in text
    assert "Only paid orders yes" in text
    assert "- The rows name Payment terms of Visma eAccounting - A value without a row parks the record" in text
    assert text.startswith("Orders from CCV Shop to eAccounting ===") and "version 3" in text


def test_text_fits_a_page(whole: Reading) -> None:
    assert max(map(len, as_text(whole).splitlines())) <= WIDTH


def test_an_open_question_is_said_to_be_open(workspace: Workspace, loaded: LoadedFlow) -> None:
    document = json.loads(loaded.sources[f"saved_mappings/{FLOW}.json"])
    del document["questions"]["properties"]["unit"]["default"]
    read = reading(load_flow_text(workspace, FLOW, json.dumps(document)))

    assert ("Unit of new articles", "not answered yet") in read.settings.rows


# --- the page


class Elements(HTMLParser):
    """The elements of a page with their attributes, its text, and what is left open."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)


def elements(page: str) -> Elements:
    parser = Elements()
    parser.feed(page)
    parser.close()
    return parser


def test_page_asks_nothing_of_any_other_place_and_runs_nothing(whole: Reading) -> None:
    page = as_page(whole)
    found = elements(page)

    assert found.open == []
    assert not {"script", "img", "link", "iframe", "object", "form", "a", "base"} & set(found.tags)
    assert not {name for name, _ in found.attributes} & {"src", "href", "style", "onload", "onerror"}
    assert "default-src 'none'" in page and not re.search(r"https?:|//|url\(|@import", page)


def hostile(value: Any, key: str = "") -> Any:
    """The document with every word of people turned into an attack."""
    if isinstance(value, dict):
        rows = {HOSTILE: HOSTILE} if key == "rows" and value else None
        return rows or {name: hostile(held, name) for name, held in value.items()}
    if isinstance(value, list):
        return [hostile(held, key) for held in value]
    words = ("title", "description", "says", "what", "what_to_do", "note", "help")
    return HOSTILE if isinstance(value, str) and key in words else value


def test_whatever_people_wrote_stays_text(workspace: Workspace, loaded: LoadedFlow) -> None:
    document = hostile(json.loads(loaded.sources[f"saved_mappings/{FLOW}.json"]))
    document["questions"]["properties"]["unit"]["default"] = HOSTILE
    read = reading(load_flow_text(workspace, FLOW, json.dumps(document)), language='"><script>', label=HOSTILE)
    found = elements(as_page(read))

    assert found.open == []
    assert not {"script", "img"} & set(found.tags)
    assert sum(HOSTILE in word for word in found.words) > 30
    assert ("lang", '"><script>') in found.attributes


def test_page_names_its_language_and_its_headings_are_in_order(whole: Reading) -> None:
    found = elements(as_page(whole))
    levels = [int(tag[1]) for tag in found.tags if re.fullmatch("h[1-6]", tag)]

    assert ("lang", "en") in found.attributes
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


# --- languages


class Marking:
    """A catalogue that marks what went through it."""

    def __init__(self) -> None:
        self.asked: set[Any] = set()

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        return "¤" + message

    def ngettext(self, one: str, several: str, n: int) -> str:
        self.asked.add((one, several))
        return "¤" + (one if n == 1 else several)


def test_every_sentence_goes_through_the_catalogue(loaded: LoadedFlow) -> None:
    marking = Marking()
    read = reading(loaded, marking, language="sv")
    sentences = [*read.source.sentences, *read.values.sentences, *read.examples.sentences]
    sentences += [s for step in read.steps for s in step.sentences]
    sentences += [s for step in read.steps for part in step.parts for s in part.sentences]

    assert all(sentence.text.startswith("¤") for sentence in sentences)
    assert all(step.heading.startswith("¤") for step in read.steps)
    assert len(marking.asked & set(templates())) > 25
    assert len(marking.asked & set(sentence_templates())) > 8


def test_a_flow_that_names_what_is_not_there_is_read_all_the_same(workspace: Workspace, loaded: LoadedFlow) -> None:
    document = json.loads(loaded.sources[f"saved_mappings/{FLOW}.json"])
    document["source"]["resource"] = "ordres"
    document["steps"][0]["resource"] = "custmers"
    document["steps"][2]["fields"]["Nowhere.At[].All"] = {"formula": "a ? ("}
    document["lookups"]["units"]["refers"]["connector"] = "nobody"
    text = as_text(reading(load_flow_text(workspace, FLOW, json.dumps(document))))

    assert "custmers" in text and "a formula of its own: a ? (" in text
