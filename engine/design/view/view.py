"""`View`: what the mapping page shows of a draft on one record, as plain data. Nothing in it raises for a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import Self

from engine.design.desk import Desk
from engine.design.sentences import sentence_of_step, sentence_of_when
from engine.design.view import drawn, trees
from engine.design.view.around import Around, Live, around
from engine.design.view.connections import live_of
from engine.design.view.findings import Finding, in_order, of_error, of_lint, placed
from engine.design.view.homes import homes
from engine.design.view.judged import REQUIRED, Judge
from engine.design.view.kept import Shelf, shelf_of
from engine.design.view.lint import Lint
from engine.design.view.reading import ReadFlow, read_text, with_unknown
from engine.design.view.rows import field_row, missing_row
from engine.design.view.schema_nodes import Node
from engine.design.view.values import source_values
from engine.design.view.work import Work, work_out
from engine.design.wording import Wording, field_title, titles_of
from engine.documents.workspace import Document
from engine.errors import DocumentError, Json
from engine.flows.check_names import NameChecks
from engine.flows.flow import Step
from engine.flows.library import LoadedFlow
from engine.formulas.words import Translations

PARTS = {
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
_CLOCK = timedelta(minutes=10)  # how long $now() stands still, so that not all is worked out again with every key


class View:
    """A draft on a record. Made anew for each text and record; what did not change is not worked out again.

    record: {} stands for no record. translations: for the sentences of the steps and for formulas in words.
    """

    def __init__(
        self, desk: Desk, shelf: Shelf, read: ReadFlow, record: Json, live: Live, translations: Translations | None
    ) -> None:
        self._desk = desk
        self._shelf = shelf
        self._read = read
        self._live = live
        self._translations = translations
        self.loaded: LoadedFlow = with_unknown(read.loaded)
        self.record: Json = shelf.memo.same(record)

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
        the systems are said to tell, in place of asking them.
        """
        shelf = shelf_of(desk)
        read = shelf.texts.made(
            (flow_name, text, shelf.connectors.stamp()),
            lambda: read_text(desk.workspace, flow_name, text, shelf.connectors),
        )
        told = live if live is not None else live_of(desk, shelf, read.loaded, wait)
        return cls(desk, shelf, read, dict(sample or {}), told, translations)

    # --- what it is worked out from

    @cached_property
    def around(self) -> Around:
        """Answers, facts and lookups."""
        now = self._desk.clock.now()
        slot = int(now.timestamp() // _CLOCK.total_seconds())
        flow, live = self.loaded.flow, self._live
        zone = self.loaded.connectors[flow.source.connector].http.get("zone", "")
        lookups = [[n, t.title, dict(t.rows), t.otherwise, t.value, bool(t.refers)] for n, t in flow.lookups.items()]
        systems = [flow.source.connector, flow.target(), [*self.loaded.connectors]]
        said = self._shelf.memo.same([systems, flow.answers(), zone, live.said(), lookups])
        return self._shelf.environments.made((id(said), slot), lambda: (around(self.loaded, live, now), said))[0]

    @cached_property
    def work(self) -> Work:
        """The draft worked out on the record."""
        return work_out(self.loaded, self.record, self.around, self._shelf.memo)

    @cached_property
    def lint(self) -> Lint:
        return Lint(self.loaded, self._shelf.connectors, self._shelf.findings)

    @cached_property
    def wording(self) -> Wording:
        return Wording(self.loaded, self._translations)

    @property
    def is_whole(self) -> bool:
        """Whether the draft could be loaded; where not, what can be shown of it is."""
        return self._read.is_whole

    @property
    def is_reading(self) -> bool:
        """Whether facts and lookups are just being read from the systems: a view made later shows more."""
        return self._live.is_reading

    def step(self, name: str) -> Step | None:
        return next((step for step in self.loaded.flow.steps if step.name == name), None)

    # --- what the page shows

    def steps(self) -> list[dict[str, Json]]:
        """Each step with its title, its sentences, and how it stands."""
        shown = []
        for step in self.loaded.flow.steps:
            made, connector = self.work.steps[step.name], self.loaded.connectors[step.connector]
            found = [f for f in self._findings if f.step == step.name and f.severity != "note"]
            shown.append(
                {
                    "name": step.name,
                    "title": step.title,
                    "connector": step.connector,
                    "system": connector.title,
                    "resource": step.resource,
                    "sentence": sentence_of_step(step, self.wording).as_json(),
                    "when": sentence_of_when(step, self.wording).as_json(),
                    "done": made.is_done,
                    "items": made.count if step.each is not None else None,
                    "problems": len(found),
                }
            )
        return shown

    def trees(self, name: str) -> dict[str, Json]:
        """The two trees of a step and a revision that names them."""
        step = self.step(name)
        if step is None:
            return {"revision": "", "source": {"title": "", "nodes": []}, "target": {"title": "", "nodes": []}}
        source, target = self._titles(step)
        left, right = self._source_nodes(step), self._target_nodes(step)
        made: dict[str, Json] = self._shelf.findings.made(
            ("trees", source, target, id(left), id(right)),
            lambda: (trees.both(source, left, target, right), left, right),
        )[0]
        return made

    def picture(self, name: str) -> dict[str, Json]:
        """The lines, fields and values of a step on the record, and how far the whole flow is."""
        step = self.step(name)
        if step is None:
            return {"lines": [], "fields": {}, "values": {}, "progress": self.progress(), "problems": self.problems()}
        nodes = self._source_nodes(step)
        return {
            "lines": self._lines(step, nodes),
            "fields": self._fields(step),
            "values": source_values(nodes, self.record, self.work, self.around),
            "progress": self.progress(),
            "problems": self.problems(),
            "done": self.work.steps[name].is_done,
        }

    def problems(self) -> list[dict[str, Json]]:
        """Errors and warnings of the whole flow, in its order; `where` says the place in words."""
        told = [finding for finding in self._findings if finding.severity != "note"]
        return [{**finding.as_json(), "where": self.place(finding.step, finding.target)} for finding in told]

    def place(self, name: str, target: str) -> str:
        """A place in words: the step's title and the field's."""
        step = self.step(name)
        if step is None:
            return self.title_of(name, target) or self.loaded.flow.title
        return f"{step.title}: {title}" if (title := self.title_of(name, target)) else step.title

    def title_of(self, name: str, target: str) -> str:
        """What a target field is called, or a part of a step, a named value, a lookup."""
        step = self.step(name)
        if target.startswith("$lookups."):
            lookup = self.loaded.flow.lookups.get(target.removeprefix("$lookups."))
            return lookup.title if lookup is not None else target
        if step is None or target in PARTS:
            return PARTS.get(target, target)
        return (
            field_title(self.loaded.connectors[step.connector].resources[step.resource].schema, target)
            if target
            else ""
        )

    def progress(self) -> dict[str, int]:
        """How many required fields there are, how many of them are mapped, and how many problems."""
        required = mapped = 0
        for step in self.loaded.flow.steps:
            judge = self._judge(step)
            wanted = judge.wanted()
            required += len(wanted)
            mapped += sum(judge.is_mapped(node) for node in wanted)
        problems = sum(finding.severity != "note" for finding in self._findings)
        return {"required": required, "required_mapped": mapped, "problems": problems}

    # --- parts

    def _titles(self, step: Step) -> tuple[str, str]:
        flow, connectors = self.loaded.flow, self.loaded.connectors
        source, target = connectors[flow.source.connector], connectors[step.connector]
        return (
            f"{source.title}: {source.resources[flow.source.resource].title}",
            f"{target.title}: {target.resources[step.resource].title}",
        )

    def _source_nodes(self, step: Step) -> list[Node]:
        number = self.loaded.flow.steps.index(step)
        values = [each.value for each in self.work.values.values()]
        held = [each for each in values if isinstance(each, dict | list)]
        made_of = (tuple(self.loaded.flow.values.items()), tuple(map(id, held)), tuple(map(type, values)))
        titles = tuple((name, lookup.title) for name, lookup in self.loaded.flow.lookups.items())
        key = ("source", self.lint.frame, number, titles, made_of, id(self.record))
        return self._shelf.findings.made(key, lambda: (self._made_source_nodes(step, number), held, self.record))[0]

    def _made_source_nodes(self, step: Step, number: int) -> list[Node]:
        values = self.lint.scope(("steps", number, "when")).variables.get("values")
        return trees.source_tree(self.loaded, step, self.record, self.work, (values and values.fields) or {})

    def _target_nodes(self, step: Step) -> list[Node]:
        schema = self.loaded.connectors[step.connector].resources[step.resource].schema
        key = ("target", id(schema), tuple(mapping.path for mapping in step.fields))
        return self._shelf.findings.made(key, lambda: (trees.target_tree(step, schema), schema))[0]

    def _lines(self, step: Step, nodes: list[Node]) -> list[dict[str, Json]]:
        lists = frozenset(titles_of(self.loaded).lists) | {
            node.id.replace("[]", "") for node in nodes if node.type == "list" and not node.id.startswith("$")
        }
        types = {node.id: node.type for node in nodes}
        targets = {node.id: node.type for node in self._target_nodes(step)}
        found = drawn.lines_of_step(step, self.loaded.flow.values, lists, self._shelf.findings)
        return [drawn.as_json(line, mapping, types, targets) for mapping, lines in found for line in lines]

    def _fields(self, step: Step) -> dict[str, Json]:
        made = self.work.steps[step.name]
        found: dict[str, list[Finding]] = {}
        for finding in self._findings:
            if finding.step == step.name:
                found.setdefault(finding.target, []).append(finding)
        nodes = self._target_nodes(step)
        rows = {mapping.path: field_row(made, mapping, found.get(mapping.path, [])) for mapping in step.fields}
        for node in nodes:
            if node.gone and node.id in rows:
                rows[node.id]["homes"] = self.homes(step, node.id)
        missing = {f.target: f for f in self._findings if f.step == step.name and f.code == REQUIRED}
        return rows | {target: missing_row(finding) for target, finding in missing.items()}

    def homes(self, step: Step, target: str) -> list[dict[str, Json]]:
        """Fields that a mapping could move to whose own is gone."""
        mapping = next((each for each in step.fields if each.path == target), None)
        if mapping is None:
            return []
        nodes = {node.id: node for node in self._source_nodes(step)}
        found = drawn.lines_of_step(step, self.loaded.flow.values, frozenset(), self._shelf.findings)
        sources = [
            nodes[line.source] for held, lines in found if held is mapping for line in lines if line.source in nodes
        ]
        type_ = sources[0].type if len(sources) == 1 else "any"
        taken = {each.path for each in step.fields}
        fitting = homes(target, type_, {node.meaning for node in sources} - {""}, self._target_nodes(step), taken)
        return [home.as_json() for home in fitting]

    # --- findings

    def _judge(self, step: Step) -> Judge:
        source = self.loaded.connectors[self.loaded.flow.source.connector].title
        target = self.loaded.connectors[step.connector].title
        made = self.work.steps[step.name]
        return Judge(made, self._target_nodes(step), self.lint, self._shelf.memo, source, target)

    @cached_property
    def _findings(self) -> list[Finding]:
        flow = self.loaded.flow
        found = [placed(problem, flow) for problem in (*self._read.problems, *self._live.problems)]
        found += self._of_names()
        for name, formula in flow.values.items():
            evaluation, lacks = self.work.values[name], self.work.lacks[name]
            if evaluation.error is not None and not lacks:
                found.append(of_error(evaluation.error, "", f"$values.{name}"))
            found += [of_lint(each, formula, "", f"$values.{name}") for each in self.lint.of_value(name, formula)]
        for step in flow.steps:
            found += self._judge(step).findings()
        return in_order(found, flow)

    def _of_names(self) -> list[Finding]:
        """Names that nobody knows, operations that a system does not have."""
        loaded, read = self._read.loaded, self._read
        if read.document is None:
            return []
        document = Document(self._desk.workspace.flow_place(loaded.flow.name), read.text, read.document, "")
        try:
            problems = NameChecks(loaded, document, "").problems()
        except (KeyError, IndexError, DocumentError):
            return []  # of a flow that cannot be loaded wholly: what is broken is told already
        found = [placed(problem, loaded.flow) for problem in problems if not problem.where.endswith(".fields")]
        return [finding for finding in found if not self._is_told(finding)]

    def _is_told(self, finding: Finding) -> bool:
        """Whether a finding only repeats that the draft is broken: it speaks of a system or resource nobody knows."""
        step = self.step(finding.step)
        if self._read.is_whole or step is None:
            return False
        return not self.loaded.connectors[step.connector].resources[step.resource].operations
