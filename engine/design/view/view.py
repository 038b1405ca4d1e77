"""`View`: what the mapping page shows of a draft on one record, as plain data. Nothing in it raises for a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from engine.design.desk import Desk
from engine.design.sentences import sentence_of_step, sentence_of_when
from engine.design.view import compared, completing, drawn, trees
from engine.design.view.around import Live, with_example
from engine.design.view.basis import Basis
from engine.design.view.connections import live_of
from engine.design.view.diagnosing import Diagnosis
from engine.design.view.explaining import explained
from engine.design.view.fields import fields_of
from engine.design.view.judged import UNKNOWN_FACT
from engine.design.view.kept import read_once, shelf_of
from engine.design.view.rehearsed import rehearsed
from engine.design.view.requests import requests_of
from engine.design.view.schema_nodes import Node
from engine.design.view.tried import tried
from engine.design.view.values import source_values
from engine.design.wording import field_title, titles_of
from engine.errors import Json
from engine.flows.flow import Step
from engine.flows.library import LoadedFlow
from engine.formulas import MISSING, Environment
from engine.formulas.words import Template, Translations
from engine.runs.examples import as_written

PARTS: dict[str, Template] = {
    "match": "how the record is found",
    "when": "when it is done",
    "each": "what it is done for",
    "before": "what must agree before it",
    "after": "what must agree after it",
    "policy": "what it does",
    "key": "which record it is",
    "instead": "what stands in",
    "resource": "the kind of record",
    "connector": "the system",
}


class View:
    """A draft on a record. Made anew for each text and record; what did not change is not worked out again.

    record: {} stands for no record. translations: for the sentences of the steps and for formulas in words.
    """

    def __init__(self, basis: Basis) -> None:
        self._basis = basis
        self._pictures: dict[str, dict[str, Json]] = {}
        self._steps: list[dict[str, Json]] | None = None
        self.loaded: LoadedFlow = basis.loaded
        self.record: Json = basis.record

    @classmethod
    def of(
        cls,
        desk: Desk,
        flow_name: str,
        text: str,
        sample: Mapping[str, Json] | None,
        *,
        translations: Translations | None = None,
        wait: float = 0.0,
        live: Live | None = None,
    ) -> Self:
        """The view of a draft's text. wait: seconds to wait for facts and lookups that are just being read; live: what
        the systems are said to tell, in place of asking them. Where they tell nothing, and the sample is an example's
        record, what the example says counts.
        """
        shelf = shelf_of(desk)
        read = read_once(desk.workspace, shelf, flow_name, text)
        told = live if live is not None else live_of(desk, shelf, read.loaded, wait)
        example = next((each for each in read.loaded.flow.examples if sample and each.given == sample), None)
        if example is not None:
            told = with_example(told, read.loaded, example)
        return cls(Basis(desk, shelf, read, dict(sample or {}), told, translations))

    @property
    def environment(self) -> Environment:
        """The answers, facts and lookups all is worked out with."""
        return self._basis.around.environment

    @property
    def is_whole(self) -> bool:
        """Whether the draft could be loaded; where not, what can be shown of it is."""
        return self._basis.read.is_whole

    @property
    def is_reading(self) -> bool:
        """Whether facts and lookups are just being read from the systems: a view made later shows more."""
        return self._basis.live.is_reading

    # --- what the page shows

    def steps(self) -> list[dict[str, Json]]:
        """Each step with its title, its sentences, and how it stands."""
        if self._steps is None:
            self._steps = self._steps_shown()
        return self._steps

    def _steps_shown(self) -> list[dict[str, Json]]:
        shown = []
        for step in self._basis.wording.loaded.flow.steps:
            made, connector = self._basis.work.steps[step.name], self.loaded.connectors[step.connector]
            found = [f for f in self._basis.findings if f.step == step.name and f.severity != "note"]
            shown.append(
                {
                    "name": step.name,
                    "title": step.title,
                    "connector": step.connector,
                    "system": connector.title,
                    "resource": step.resource,
                    "sentence": sentence_of_step(step, self._basis.wording).as_json(),
                    "when": sentence_of_when(step, self._basis.wording).as_json(),
                    "done": made.is_done,
                    "items": made.count if step.each is not None else None,
                    "problems": len(found),
                }
            )
        return shown

    def trees(self, name: str) -> dict[str, Json]:
        """The two trees of a step and a revision that names them."""
        step = self._basis.step(name)
        if step is None:
            return {"revision": "", "source": {"title": "", "nodes": []}, "target": {"title": "", "nodes": []}}
        source, target = self._titles(step)
        left, right = self._basis.source_nodes(step), self._basis.target_nodes(step)
        made: dict[str, Json] = self._basis.shelf.findings.made(
            ("trees", source, target, id(left), id(right)),
            lambda: (trees.both(source, left, target, right), left, right),
        )[0]
        return made

    def picture(self, name: str) -> dict[str, Json]:
        """The lines, fields and values of a step on the record, and how far it is."""
        if name not in self._pictures:
            self._pictures[name] = self._picture(name)
        return self._pictures[name]

    def _picture(self, name: str) -> dict[str, Json]:
        step = self._basis.step(name)
        if step is None:
            return {
                "lines": [],
                "fields": {},
                "values": {},
                "progress": self.progress(name),
                "problems": self.problems(),
            }
        nodes = self._basis.source_nodes(step)
        return {
            "lines": self._lines(step, nodes),
            "fields": fields_of(self._basis, step),
            "values": source_values(nodes, self.record, self._basis.work, self._basis.around),
            "progress": self.progress(name),
            "problems": self.problems(),
            "done": self._basis.work.steps[name].is_done,
            "held_back": self._basis.held_back,
        }

    def answers(self) -> dict[str, Json]:
        """What the targets would answer, by step, with placeholders for what they give themselves."""
        answers: dict[str, Json] = dict(self._basis.work.sight.variables["steps"])
        return answers

    def needs(self) -> list[dict[str, Json]]:
        """The fields whose value cannot be known without a system that is not at hand, and why."""
        found = [finding for finding in self._basis.findings if finding.code == UNKNOWN_FACT]
        places = [(self.place(finding.step, finding.target), finding) for finding in found]
        return [{"step": f.step, "target": f.target, "what": f.what, "where": where} for where, f in places]

    def problems(self) -> list[dict[str, Json]]:
        """Errors and warnings of the whole flow, in its order; `where` says the place in words."""
        told = [finding for finding in self._basis.findings if finding.severity != "note"]
        return [{**finding.as_json(), "where": self.place(finding.step, finding.target)} for finding in told]

    def place(self, name: str, target: str) -> str:
        """A place in words: the step's title and the field's."""
        flow = self._basis.wording.loaded.flow
        step = next((step for step in flow.steps if step.name == name), None)
        if step is None:
            return self.title_of(name, target) or flow.title
        return f"{step.title}: {title}" if (title := self.title_of(name, target)) else step.title

    def title_of(self, name: str, target: str) -> str:
        """What a target field is called, or a part of a step, a named value, a lookup."""
        step, loaded = self._basis.step(name), self._basis.wording.loaded
        if target.startswith("$lookups."):
            lookup = loaded.flow.lookups.get(target.removeprefix("$lookups."))
            return lookup.title if lookup is not None else target
        if step is None or target in PARTS:
            return self._basis.say(PARTS[target]) if target in PARTS else target
        return field_title(loaded.connectors[step.connector].resources[step.resource].schema, target) if target else ""

    def progress(self, name: str) -> dict[str, int]:
        """How many required fields a step has, how many of them are mapped, and how many problems the whole flow."""
        step = self._basis.step(name)
        required, mapped = self._basis.judge(step).required() if step is not None else (0, 0)
        problems = sum(finding.severity != "note" for finding in self._basis.findings)
        return {"required": required, "required_mapped": mapped, "problems": problems}

    def result(self, name: str) -> Json:
        """What a step would send: its fields, or a list of them where it is done for several items."""
        made = self._basis.work.steps.get(name)
        if made is None:
            return None
        bodies: list[Json] = [as_written(body) for body in made.bodies]
        return bodies if made.step.each is not None else bodies[0]

    def values(self, name: str) -> dict[str, list[Json]]:
        """The finished values of a step's fields, each as often as it is made; those that give nothing are left out."""
        made = self._basis.work.steps.get(name)
        found: dict[str, list[Json]] = {}
        for mapping in made.step.fields if made is not None else ():
            works = made.works(mapping.path) if made is not None else []
            found[mapping.path] = [value for work in works for value in work.done.values if value is not MISSING]
        return found

    def request(self, name: str) -> dict[str, Json]:
        """The requests a step would send, as for a record that the target does not have."""
        made = self._basis.work.steps.get(name)
        if made is None:
            return {"requests": [], "notes": []}
        stored = self._basis.desk.ledger.connection(made.step.connector)
        answers = stored.answers if stored is not None else {}
        connector = self.loaded.connectors[made.step.connector]
        return requests_of(made, connector, answers, self._basis.desk.formulas, self._basis.say, self._basis.newcomers)

    def rehearse(self) -> dict[str, Json]:
        """What a run would send now, records of the target looked up; asks the connected systems and sends nothing.

        Raises what keeps it from being tried: DocumentError, ConnectionMissing, ExchangeError.
        """
        basis = self._basis
        return rehearsed(basis.desk, self.loaded.flow.name, basis.read.text, self.record, basis.newcomers)

    def changes(self, other_text: str | None = None) -> list[dict[str, Json]]:
        """The fields that become another than by the published flow, or by another text of it."""
        name = self.loaded.flow.name
        other_text = compared.published(self._basis.desk.workspace, name) if other_text is None else other_text
        if other_text is None:
            return []
        other = self._of(name, other_text, self._basis.translations)
        found = compared.changes(other._basis.work, self._basis.work)
        return [{**row, "where": self.place(str(row["step"]), str(row["target"]))} for row in found]

    def expected(self) -> dict[str, Json]:
        """What the steps that are done send, by name, as it stands in an example: in no reader's language."""
        plain = self._of(self.loaded.flow.name, self._basis.read.text, None)
        done = {step["name"]: plain.result(step["name"]) for step in plain.steps() if step["done"]}
        return {name: body for name, body in done.items() if body is not None}

    def _of(self, name: str, text: str, translations: Translations | None) -> Self:
        """Another text, or the same in another language, on this record."""
        basis = self._basis
        return type(self).of(basis.desk, name, text, self.record, translations=translations, live=basis.live)

    def example_count(self) -> int:
        return len(self.loaded.flow.examples)

    def examples(self) -> list[dict[str, Json]]:
        """The draft's examples, tried: whether each gives what it expects, and what differs."""
        key = ("examples", id(self._basis.read))
        loaded = self._basis.read.loaded
        made: list[dict[str, Json]] = self._basis.shelf.findings.made(
            key, lambda: (tried(loaded, self._basis.desk.formulas), self._basis.read)
        )[0]
        return made

    def explain(self, name: str, target: str) -> dict[str, Json]:
        """How a field comes to its value, in words and with what it read; without words where nothing is mapped."""
        step = self._basis.step(name)
        mapping = next((each for each in step.fields if each.path == target), None) if step is not None else None
        if step is None or mapping is None:
            return {"words": "", "formula": "", "results": [], "count": 0, "lacks": "", "problems": []}
        found = [each for each in self._basis.findings if (each.step, each.target) == (name, target)]
        return explained(self._basis.work.steps[name], mapping, self._basis.wording, self._basis.shelf.memo, found)

    def diagnose(self, name: str, target: str, formula: str) -> dict[str, Json]:
        """What a formula would give in a field, and what is wrong with it; nothing of the draft changes."""
        if name not in self._basis.work.steps or not formula.strip():
            return {"value": None, "shown": None, "diagnostics": [], "reads": [], "lacks": ""}
        made = self._basis.work.steps[name]
        basis = self._basis
        diagnosis = Diagnosis(basis.read.loaded, basis.desk.workspace, made, basis.lint, basis.shelf.memo)
        return diagnosis.of(target, formula)

    def completions(self, name: str, target: str = "") -> dict[str, Json]:
        """What can be written in a field's formula; scope: the path of the list whose items it sees."""
        step = self._basis.step(name)
        say = self._basis.say
        held = completing.functions_in_words(say)
        if step is None:
            return {"scope": None, "functions": held, "variables": []}
        variables = completing.variables(step, target, say)
        return {"scope": completing.scope(step, target), "functions": held, "variables": variables}

    # --- parts

    def _titles(self, step: Step) -> tuple[str, str]:
        flow, connectors = self.loaded.flow, self._basis.wording.loaded.connectors
        source, target = connectors[flow.source.connector], connectors[step.connector]
        return (
            f"{source.title}: {source.resources[flow.source.resource].title}",
            f"{target.title}: {target.resources[step.resource].title}",
        )

    def _lines(self, step: Step, nodes: list[Node]) -> list[dict[str, Json]]:
        basis = self._basis
        known = basis.shelf.findings.made(("lists", basis.lint.frame), lambda: (titles_of(self.loaded).lists,))[0]
        lists = known | {
            node.id.replace("[]", "") for node in nodes if node.type == "list" and not node.id.startswith("$")
        }
        types = {node.id: node.type for node in nodes}
        targets = {node.id: node.type for node in self._basis.target_nodes(step)}
        found = drawn.lines_of_step(step, self.loaded.flow.values, lists, self._basis.shelf.findings)
        return [drawn.as_json(line, mapping, types, targets) for mapping, lines in found for line in lines]
