"""A starter of orders is made, answered and run between two stand-ins, and what arrived is read back by meanings.

Nothing here knows a system by name: what can be asked of a target is read from what its connector declares.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.commands.main import main
from engine.connectors.connector import Resource
from engine.design.desk import desk
from engine.design.starter.fields import Field, Record
from engine.documents.workspace import Workspace
from engine.flows.library import load_connector
from engine.mappings.paths import get_path
from engine.runs.clients import stored_connection
from sandbox.catalogue import build
from sandbox.eaccounting import EAccounting
from sandbox.server import Serving
from sandbox.system import System
from tests.design.starter.expected_setup import set_up
from tests.design.starter.source_orders import source_of

Doc = dict[str, Any]
ROOT = Path(__file__).resolve().parents[3]
FLOW = "made"


@dataclass
class Arrived:
    """What became of one order: the records by kind of step, as the target holds them, else as they were sent."""

    problems: list[str] = field(default_factory=list)
    planned: dict[str, list[Doc]] = field(default_factory=dict)
    records: dict[str, Doc] = field(default_factory=dict)


@dataclass
class Trial:
    """A run's results. counts: how many records became what; schemas, resources: by step; articles: records of the
    target by key; rates: percent by the key of its tax codes.
    """

    flow: Doc
    unasked: set[str]
    schemas: dict[str, Doc]
    resources: dict[str, Resource]
    orders: dict[str, Arrived]
    counts: dict[str, int]
    articles: dict[str, Doc] = field(default_factory=dict)
    rates: dict[str, Decimal] = field(default_factory=dict)

    def document(self) -> str:
        """The step that makes the document."""
        return next(step["step"] for step in self.flow["steps"] if step["step"] in ("order", "invoice"))

    def document_schema(self) -> Doc:
        return self.schemas[self.document()]

    def article_of(self, row: Doc) -> Doc:
        """The article that a row of the document names by its key."""
        found = self._of_row("order.lines[].article")
        return self.articles.get(str(row.get(found.name) if found else ""), {})

    def number_of(self, row: Doc) -> Any:
        """The article number of a row."""
        own = self._of_row("order.lines[].sku")
        told = row.get(own.name) if own else None
        return told or self._of_article(row, "article.sku")

    def rates_of(self, record: Doc) -> Callable[[Doc], Any]:
        """What gives the rate of a row in percent: its own, else that of its article's tax code, if the document
        bears tax at all: buyers abroad may not.
        """
        own = self._of_row("order.lines[].tax_rate")
        if own is not None:
            return lambda row: Decimal(str(row[own.name])) * 100 / Decimal(str(own.scale or 100))
        told = self.totals(record)
        if told is not None and told["tax"] == 0:
            return lambda row: 0
        return lambda row: self.rates[str(self._of_article(row, "article.tax_class"))]

    def totals(self, record: Doc) -> dict[str, Decimal] | None:
        """Net, tax and gross as the target tells them; None where it does not."""
        held = Record.of(self.resources[self.document()])
        told = [held.one(meaning) for meaning in ("order.total", "order.tax_total")]
        if any(field is None for field in told):
            return None
        gross, tax = (Decimal(str(get_path(record, field.path))) for field in told if field)
        return {"net": gross - tax, "tax": tax, "gross": gross}

    def _of_row(self, meaning: str) -> Field | None:
        return Record.of(self.resources[self.document()]).one(meaning)

    def _of_article(self, row: Doc, meaning: str) -> Any:
        held = Record.of(self.resources["articles"]).one(meaning)
        return get_path(self.article_of(row), held.path) if held else None


def engine(workspace: Path, *words: str) -> list[Doc]:
    """Call the command line; what it prints as objects."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*words, "--json", "--workspace", str(workspace)])
    assert code in (0, 1), (words, out.getvalue()[-2000:], err.getvalue())
    return [json.loads(line) for line in out.getvalue().splitlines() if line.startswith("{")]


def tried(workspace: Path, source: str, target: str, expected: Doc) -> Trial:
    """Make, answer and run the starter over the expected orders."""
    (workspace / "saved_mappings").mkdir(parents=True)
    for name in (source, target):
        shutil.copytree(ROOT / "connector_specs" / name, workspace / "connector_specs" / name)
    shutil.copy(ROOT / "connector_specs" / "vocabulary.json", workspace / "connector_specs")
    shop = source_of(source)
    other = build(target, shop.clock, seed=7, orders=20)
    if "company" in expected["setup"] or "rates" in expected["setup"]:
        assert isinstance(other, EAccounting)
        set_up(other._books, expected["setup"])
    systems: list[System] = [shop.shop, other]
    for system in systems:
        system.limits_on = False
    with Serving(systems, clock=shop.clock) as serving:
        for system in systems:
            asked = load_connector(Workspace(ROOT), system.name).every_question()
            given = system.credentials(serving.addresses[system.name])
            given |= expected["setup"].get("connection", {}) if system is other else {}
            answers = {name: value for name, value in given.items() if name in asked}
            file = workspace / f"{system.name}.answers.json"
            file.write_text(json.dumps(answers))
            engine(workspace, "connect", system.name, "--answers", str(file), "--allow-private")
        unasked = made(workspace, source, target, expected["answers"])
        only = [word for number in (*expected["orders"], *expected.get("refused", ())) for word in ("--only", number)]
        planned = engine(workspace, "run", FLOW, "--dry-run", *only)
        real = engine(workspace, "run", FLOW, *only)
        return read_back(workspace, target, expected, unasked, planned, real)


def made(workspace: Path, source: str, target: str, answers: Doc) -> set[str]:
    """Write the starter with the answers as defaults and rows of lookups; the names that it does not ask for."""
    words = ["starter", source, target, "--resource", "orders", "--connected"]
    [asked] = engine(workspace, *words)
    known = {question["name"] for question in asked["questions"]}
    file = workspace / "answers.json"
    file.write_text(json.dumps({name: value for name, value in answers.items() if name in known}))
    engine(workspace, *words, "--answers", str(file), "--name", FLOW, "--write")
    path = workspace / "saved_mappings" / f"{FLOW}.json"
    flow = json.loads(path.read_text())
    lookups = {name for name in answers if name in flow.get("lookups", {})}
    for name in lookups:
        flow["lookups"][name]["rows"] |= answers[name]
    path.write_text(json.dumps(flow))
    return set(answers) - known - lookups


def read_back(
    workspace: Path, target: str, expected: Doc, unasked: set[str], planned: list[Doc], real: list[Doc]
) -> Trial:
    """Gather what was planned, what became of it, and what the target holds now where it can be asked."""
    flow = json.loads((workspace / "saved_mappings" / f"{FLOW}.json").read_text())
    orders: dict[str, Arrived] = {}
    numbers: dict[str, str] = {}
    [run] = [line for line in real if line["kind"] == "run"]
    for line in planned:
        if line["kind"] == "record":
            numbers[line["key"]] = line["number"]
            orders[line["number"]] = Arrived()
        elif line["kind"] == "request":
            orders[numbers[line["key"]]].planned.setdefault(line["step"], []).append(line["body"])
    for line in real:
        if line["kind"] == "parked":
            orders[line["number"]].problems = [f"{each['where']}: {each['what']}" for each in line["problems"]]
    with desk(workspace) as things:
        loaded = things.load(FLOW)
        connector = loaded.connectors[target]
        steps = {step["step"]: step for step in flow["steps"] if step["connector"] == target}
        resources = {name: connector.resources[step["resource"]] for name, step in steps.items()}
        schemas = {name: dict(resource.schema) for name, resource in resources.items()}
        trial = Trial(flow, unasked, schemas, resources, orders, run["counts"])
        stored = stored_connection(things.ledger, connector, target)
        with things.system(connector, stored, things.clock.now()) as system:
            if "articles" in resources:
                articles = resources["articles"]
                trial.articles = {str(r[articles.key_field or ""]): r for r in system.all(articles.name)}
                trial.rates = dict(_rates(system, Record.of(articles), connector.resources))
            known: dict[tuple[str, str], Doc] = {}
            for number, wish in expected["orders"].items():
                arrived = orders[number]
                for step, part in (("customer", wish["customer"]), (trial.document(), wish["order"])):
                    if step in resources:
                        # what was sent for an earlier order of the same buyer is not sent again
                        place = (step, str(part.get("customer.email")) if step == "customer" else number)
                        known[place] = known.get(place, {}) | arrived.planned.get(step, [{}])[0]
                        held = Record.of(resources[step])
                        arrived.records[step] = _held(system, held, steps[step], part, known[place])
    return trial


def _rates(system: Any, article: Record, resources: Any) -> Iterator[tuple[str, Decimal]]:
    """Key and rate in percent of each of the target's tax codes, which its articles name."""
    field = article.one("article.tax_class")
    codes = resources.get(field.refers) if field and field.refers else None
    rate = Record.of(codes).one("tax_code.rate") if codes else None
    if codes is None or rate is None:
        return
    for record in system.all(codes.name):
        percent = Decimal(str(get_path(record, rate.path))) * 100 / Decimal(str(rate.scale or 100))
        yield str(record[codes.key_field]), percent


def _held(system: Any, record: Record, step: Doc, part: Doc, sent: Doc) -> Doc:
    """The record as the target holds it, where it can be searched by what the step matches; else as it was sent."""
    match = step["match"]["field"]
    [searched] = [field for field in record.fields if field.path == match]
    if not record.resource.can_find_by(match):
        return sent
    person = record.one("customer.is_person")
    found = system.find(record.resource.name, match, part[searched.meaning])
    if person is not None:  # a person and a company may have one e-mail address
        found = [each for each in found if each[person.path] is part[person.meaning]]
    return dict(found[0]) if len(found) == 1 else {}
