"""Proposals for the fields of a step that nothing is mapped to, each with its reason; nothing is applied by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial

from engine.design.desk import Desk
from engine.design.starter.context import Context
from engine.design.starter.fields import Field, Record
from engine.design.starter.known_tables import KnownTables
from engine.design.starter.pair import Pair, Samples
from engine.design.starter.readings import Readings, canonical, facts_by_meaning, raw
from engine.design.starter.steps import StepMaker
from engine.design.starter.templates import document
from engine.design.starter.writings import LETTERS, ZONE, written_for
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, Json, Problem
from engine.flows.check_connector import sample_records
from engine.flows.flow import Step
from engine.flows.library import LoadedFlow, load_flow_text
from engine.formulas.paths import reads_here, way_of
from engine.formulas.words import Speech, Template, Translations
from engine.mappings.lines import lines
from engine.mappings.mapping import FieldMapping
from engine.mappings.paths import get_path, list_of

_LINES = "order.lines"
_Titles = Mapping[str, str]
_ANSWER = re.compile(r"\$answers\.(\w+)")
_LEAST_SAMPLES = 2
_LEAST_LETTERS = 3
_LEAST_NUMBER = 10  # smaller numbers are alike by chance


WHY: dict[str, Template] = {
    "process": "usual for “{title}” in such a flow",
    "meaning": "same meaning: {title}",
    "meaning alone": "same meaning",
    "near": "nearly the same meaning: {title}",
    "name": "same name: {title}",
    "value": "same value in {count} samples",
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A formula for a field that has none. source: the path it reads first, "" where it reads none; why: in words."""

    target: str
    source: str
    formula: str
    why: str

    def as_json(self) -> dict[str, Json]:
        return asdict(self)


def suggest(
    desk: Desk,
    flow: str,
    text: str,
    step: str,
    sample: Mapping[str, Json] | None = None,
    translations: Translations | None = None,
) -> list[Suggestion]:
    """What could be mapped in a step of a draft, in the order of the target's fields.

    sample: a record that is looked at beside the samples. DocumentError where the text is no flow or has no such step.
    """
    loaded = load_flow_text(desk.workspace, flow, text)
    kept = partial(sample_records, desk.workspace)

    def samples(connector: str, resource: str) -> list[Json]:
        source = loaded.flow.source
        mine = sample is not None and (connector, resource) == (source.connector, source.resource)
        return [*([sample] if mine else []), *kept(connector, resource)]

    return suggestions(loaded, step, samples, titles_of(desk.workspace), translations)


def titles_of(workspace: Workspace) -> dict[str, str]:
    """Meaning → its title in the vocabulary; nothing where there is no vocabulary that can be read."""
    path = workspace.connectors / "vocabulary.json"
    try:
        held = workspace.read_document(path).value["meanings"] if path.is_file() else {}
        return {name: str(about["title"]) for name, about in held.items()}
    except (DocumentError, KeyError, TypeError, AttributeError):
        return {}  # `check` tells of it


def suggestions(
    loaded: LoadedFlow,
    step: str,
    samples: Samples,
    titles: Mapping[str, str] | None = None,
    translations: Translations | None = None,
) -> list[Suggestion]:
    """The same for a flow that is loaded. titles: what people call the meanings."""
    found = next((each for each in loaded.flow.steps if each.name == step), None)
    if found is None:
        names = ", ".join(each.name for each in loaded.flow.steps)
        raise DocumentError([Problem("step", f"the flow has no step “{step}”", f"Its steps are: {names}.")])
    _refuse_unknown(loaded)
    return list(_Search(loaded, found, samples, titles or {}, translations).found())


def _refuse_unknown(loaded: LoadedFlow) -> None:
    """DocumentError where the flow speaks of kinds of records that its systems do not have."""
    flow = loaded.flow
    named = [(flow.source.connector, flow.source.resource), *((s.connector, s.resource) for s in flow.steps)]
    problems = [
        Problem(connector, f"there is no resource “{resource}”", "Name one that the connector has.")
        for connector, resource in dict.fromkeys(named)
        if resource not in loaded.connectors[connector].resources
    ]
    if problems:
        raise DocumentError(problems)


class _Search:
    """One step's search. Each way gives (formula, why) for a field, or nothing; the first that gives one counts."""

    def __init__(
        self, loaded: LoadedFlow, step: Step, samples: Samples, titles: _Titles, translations: Translations | None
    ) -> None:
        flow = loaded.flow
        self._say, self._translations = Speech(translations), translations
        self._loaded, self._step, self._titles = loaded, step, titles
        self._source_name, self._samples = flow.source.connector, samples
        target = loaded.connectors[step.connector]
        self._pair = Pair(loaded.connectors[self._source_name], target, flow.source.resource, samples)
        self._target = Record.of(target.resources[step.resource])
        self._record = self._pair.record
        self._readings = Readings(self._record, facts_by_meaning(target, "target"))
        self._questions = set(flow.questions.get("properties", {}))
        self._maker = self._step_maker()
        self._ways: list[Callable[[Field], tuple[str, str] | None]] = [
            self._by_process,
            self._by_meaning,
            self._by_near_meaning,
            self._by_name,
            self._by_value,
        ]

    def found(self) -> Iterator[Suggestion]:
        if self._step.connector == self._source_name and self._target.resource.kind == self._record.resource.kind:
            return  # the record's own fields written back to it change nothing
        mapped = {mapping.path for mapping in self._step.fields}
        for field in self._target.fields:
            if field.path in mapped:
                continue
            if field.is_list and field.path.count("[]") == 1:
                yield from self._list(field)
                continue
            if not self._is_open(field, mapped):
                continue
            for way in self._ways:
                proposal = way(field)
                if proposal is not None and self._is_known(proposal[0]):
                    yield Suggestion(field.path, self._reads(field, proposal[0]), *proposal)
                    break

    def _list(self, field: Field) -> Iterator[Suggestion]:
        """What a list's items are: the flow's own lines where it has some, else the source's list of that meaning."""
        own = self._record.one(field.meaning) if field.meaning and self._step.each is None else None
        if own is None or not field.is_written:
            return
        formula = "$values.lines" if field.meaning == _LINES and "lines" in self._loaded.flow.values else raw(own)
        yield Suggestion(field.path, formula, formula, self._why("meaning", field, field.meaning))

    def _is_open(self, field: Field, mapped: set[str]) -> bool:
        """Can a formula be put there by itself? Not on lists and groups, nor where the system writes, nor in a list
        or beside a group whose own mapping is not there or gives it whole.
        """
        if not field.is_written or field.is_list or field.is_group or field.path.count("[]") > 1:
            return False
        inside = list_of(field.path)
        if inside is not None and inside[0] not in mapped:
            return False
        names = field.path.split(".")
        above = [".".join(names[:end]) for end in range(1, len(names))]
        return not any(path in mapped for path in above if not path.endswith("[]"))

    def _is_known(self, formula: str) -> bool:
        return set(_ANSWER.findall(formula)) <= self._questions

    def _reads(self, field: Field, formula: str) -> str:
        """The source of the first line that the formula would have."""
        mappings = [*(m for m in self._step.fields if m.is_list), FieldMapping(field.path, formula, False)]
        drawn = lines(mappings, values=self._loaded.flow.values, each=self._step.each)
        here = [line.source for line in drawn if line.target == field.path]
        return next((source for source in here if not source.startswith("$")), next(iter(here), ""))

    # --- the ways

    def _step_maker(self) -> StepMaker | None:
        """What the process for this kind of record puts into such a step."""
        kind, written = self._record.resource.kind, self._target.resource.kind
        if kind not in ("order", "article", "customer"):
            return None
        template = next(
            (t for t in document(kind)["steps"] if t.get("kind") == written or written in t.get("kinds", ())), None
        )
        if template is None or self._step.connector == self._source_name:
            return None
        flow = self._loaded.flow
        context = Context(self._pair, document(kind), KnownTables(flow.lookups, self._pair))
        context.values |= flow.values
        for earlier in flow.steps:
            if earlier is self._step:
                break
            resource = self._loaded.connectors[earlier.connector].resources[earlier.resource]
            context.records[earlier.name] = Record.of(resource)
        context.computed["sent rows"] = "$values.lines"
        return StepMaker(context, self._target, template, self._step.name)

    def _by_process(self, field: Field) -> tuple[str, str] | None:
        formula = self._maker.formula(field) if self._maker and field.meaning else None
        if formula is None or not self._sees_what_it_reads(field, formula):
            return None
        if not reads_here(formula):
            return formula, self._why("process", field, field.meaning)
        return formula, self._why("meaning", field, field.meaning)

    def _sees_what_it_reads(self, field: Field, formula: str) -> bool:
        """Formulas of items name fields of the items at hand, which this flow may make otherwise."""
        if list_of(field.path) is None and self._step.each is None:
            return True
        names = {path.split(".")[0] for path in reads_here(formula) or () if not path.startswith("$")}
        return names <= self._item_names(field)

    def _item_names(self, field: Field) -> set[str]:
        """The fields that the items have, as far as their formula tells."""
        inside = list_of(field.path)
        each = next((m.formula for m in self._step.fields if inside and m.path == inside[0]), self._step.each or "")
        way = way_of(each) or ()
        if way[:1] == ("$values",) and len(way) == 2:
            made = " ".join(self._loaded.flow.values.values())
            return set(re.findall(r'"(\w+)":', made))
        prefix = ".".join(way) + "[]."
        return {f.path.removeprefix(prefix).split(".")[0] for f in self._record.fields if f.path.startswith(prefix)}

    def _by_meaning(self, field: Field) -> tuple[str, str] | None:
        formula = self._readings.of(field.meaning) if field.meaning else None
        return self._of_reading(field, field.meaning, formula, "meaning")

    def _by_near_meaning(self, field: Field) -> tuple[str, str] | None:
        near = document("alike").get(field.meaning, "")
        return self._of_reading(field, near, self._readings.of(near) if near else None, "near")

    def _of_reading(self, field: Field, meaning: str, formula: str | None, why: str) -> tuple[str, str] | None:
        if formula is None or field.refers or not self._is_level(field, meaning):
            return None
        read = self._record.one(meaning)
        if read is not None and read.codes and field.codes and read.codes != field.codes:
            return None  # one system's codes are none of the other's
        formula = self._readings.first_filled(formula, meaning)
        return self._written(field, formula, read), self._why(why, field, meaning)

    def _is_level(self, field: Field, meaning: str) -> bool:
        """Does a formula at the field see fields of that meaning, a list's only where its own items are walked?"""
        inside = list_of(field.path)
        if inside is None and self._step.each is None:
            return "[]" not in meaning
        each = next((m.formula for m in self._step.fields if inside and m.path == inside[0]), self._step.each or "")
        way = ".".join(way_of(each) or ())
        return any(f.path.startswith(f"{way}[].") for f in self._record.meaning(meaning)) if way else False

    def _by_name(self, field: Field) -> tuple[str, str] | None:
        names = {_folded(field.name), _folded(field.title)}
        for other in self._seen(field):
            if {_folded(other.name), _folded(other.title)} & names and self._fits(field, other):
                return self._plain(field, other), self._say(WHY["name"], title=self._say.titled(other.title))
        return None

    def _by_value(self, field: Field) -> tuple[str, str] | None:
        if list_of(field.path) is not None or self._step.each is not None:
            return None
        wanted = _telling(self._samples(self._step.connector, self._step.resource), field)
        if len(wanted) < _LEAST_SAMPLES:
            return None
        given = self._samples(self._source_name, self._loaded.flow.source.resource)
        for other in self._seen(field):
            if self._fits(field, other) and set(wanted) <= set(_telling(given, other)):
                return self._plain(field, other), self._say(WHY["value"], len(wanted))
        return None

    def _seen(self, field: Field) -> Iterator[Field]:
        """The source's single values that a formula at the field sees under their own name."""
        inside = list_of(field.path)
        each = next((m.formula for m in self._step.fields if inside and m.path == inside[0]), self._step.each or "")
        prefix = ".".join(way_of(each) or ("\0",)) + "[]." if each else ""
        for other in self._record.fields:
            if other.is_list or other.is_group or not other.path.startswith(prefix):
                continue
            if "[]" not in other.path.removeprefix(prefix):
                yield other

    def _fits(self, field: Field, other: Field) -> bool:
        if field.refers or other.refers or (field.meaning and other.meaning):
            return False  # what both mean is known, and differs
        if field.kind and other.kind and {field.kind, other.kind} <= {"money", "rate", "date", "datetime", "flag"}:
            return field.kind == other.kind
        return "boolean" in field.types if "boolean" in other.types else "boolean" not in field.types

    def _plain(self, field: Field, other: Field) -> str:
        formula = canonical(other)
        if formula == raw(other) and other.may_be_null:
            formula = f"$first_filled({formula})"
        return self._written(field, formula, other)

    def _written(self, field: Field, formula: str, read: Field | None) -> str:
        """The formula as the field takes it, by the flow's own questions where it has them."""
        zone = f'"{(read.about.get("x-zone") if read else None) or "UTC"}"'
        zone = ZONE if "time_zone" in self._questions else zone
        letters = LETTERS if "other_letters" in self._questions else ""
        return written_for(field, formula, kind=read.kind if read else "", zone=zone, letters=letters)

    def _why(self, why: str, field: Field, meaning: str) -> str:
        """By the meaning's title; where that is in another language than the reader's, by the field's own."""
        title = self._titles.get(meaning, meaning)
        here = self._say.titled(title)
        own, is_foreign = self._say.titled(field.title), self._translations is not None and here == title
        if why == "meaning" and (is_foreign or here.casefold() == own.casefold()):
            return self._say(WHY["meaning alone"])  # the field's title stands beside it
        return self._say(WHY[why], title=own if is_foreign else here)


def _folded(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def _telling(samples: list[Json], field: Field) -> list[str]:
    """What the samples hold in a field, if it can hardly be the same by chance."""
    found: dict[str, None] = {}
    for sample in samples:
        value = get_path(sample, field.path)
        is_text = isinstance(value, str) and len(value.strip()) >= _LEAST_LETTERS
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= _LEAST_NUMBER
        if is_text or is_number:
            found[str(value).strip().casefold()] = None
    return list(found)


__all__ = ["Suggestion", "suggest", "suggestions", "titles_of"]
