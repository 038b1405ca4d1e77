"""A whole mapping in plain language: what is read, what becomes of it, field by field, to show or to print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.design.differences import answer_words, value_words
from engine.design.sentences import sentence_of_step, sentence_of_when, sentence_of_write
from engine.design.wording import Wording
from engine.documents.strict_json import read_strict
from engine.errors import Json
from engine.flows.flow import Check, Condition, Example, Lookup, Step
from engine.flows.library import LoadedFlow
from engine.formulas.words import Speech, Template, Translations, readable
from engine.mappings.mapping import FieldMapping

HEADINGS: dict[str, Template] = {
    "source": "What is read",
    "settings": "Settings",
    "steps": "What becomes of it",
    "step": "{number}. {title}",
    "fields": "Fields",
    "before": "Checked before anything is sent",
    "after": "Checked when the system has answered",
    "lookups": "Lookups",
    "values": "Named values",
    "examples": "Examples",
    "question": "Question",
    "answer": "Answer",
    "key": "Value",
    "value": "Becomes",
}
SENTENCES: dict[str, Template] = {
    "writes": "Writes: {resource} in {system}",
    "reads": "Read are: {resource} of {system}",
    "since": "At first from: {since}",
    "overlap": ("Each run reads the last minute again", "Each run reads the last {count} minutes again"),
    "waits": "A record waits until {condition} (else: {says})",
    "never": "A record is never taken if {condition} ({says})",
    "wait days": (
        "A record that still waits after a day is skipped",
        "A record that still waits after {count} days is skipped",
    ),
    "field": "{field}: {words}",
    "field written": "{field}: {words}; written {write}",
    "rows": "{field}: one for each of {words}",
    "rows written": "{field}: one for each of {words}; written {write}",
    "no answer": "not answered yet",
    "sums": "{what}: {source} must be {target}",
    "sums within": "{what}: {source} must be {target}, but for at most {within}",
    "holds": "{what}: it must hold that {holds}",
    "checked if": "{check}; looked at only if {when}",
    "fail": "A value without a row parks the record",
    "leave_out": "A value without a row leaves the field out",
    "otherwise": "A value without a row becomes {value}",
    "refers": "The rows name {resource} of {system}",
    "refers every": "The rows are all {resource} of {system}",
    "no rows": "There are no rows",
    "named": "{name}: {words}",
    "expected": "{title}: what is sent is compared",
    "parked": "{title}: the record is parked",
    "waiting": "{title}: the record waits",
    "skipped": "{title}: the record is skipped",
    "unfinished": "{title}: nothing is expected yet",
}


def templates() -> list[Template]:
    """Every template of this module, for whoever translates them."""
    return [*HEADINGS.values(), *SENTENCES.values()]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence. depth: how far inside lists it stands; note: why it is so; place: the target field, "" for none."""

    text: str
    depth: int = 0
    note: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Sentences under a heading of their own."""

    heading: str
    sentences: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class StepReading:
    """A step: what it writes, for what, how its record is found and what is done then; its fields and checks."""

    name: str
    heading: str
    sentences: tuple[Said, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Two columns under a heading, with what is said of them."""

    heading: str
    sentences: tuple[Said, ...]
    columns: tuple[str, str]
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole mapping. language: of its words, as a page names it; label: which version it is, or ""."""

    title: str
    about: str
    label: str
    language: str
    source: Part
    settings: Table
    steps_heading: str
    steps: tuple[StepReading, ...]
    lookups_heading: str
    lookups: tuple[Table, ...]
    values: Part
    examples: Part


def reading(
    loaded: LoadedFlow, translations: Translations | None = None, *, language: str = "en", label: str = ""
) -> Reading:
    """The reading of a flow in the reader's language."""
    wording = Wording(loaded, translations)
    flow, say = wording.loaded.flow, wording.say
    values = [_said(say, "named", name=readable(n), words=wording.of(formula)) for n, formula in flow.values.items()]
    return Reading(
        title=flow.title,
        about=_about(loaded, translations),
        label=label,
        language=language,
        source=_source(wording),
        settings=_settings(flow.questions, say),
        steps_heading=say(HEADINGS["steps"]),
        steps=tuple(_step(step, number, wording) for number, step in enumerate(flow.steps, 1)),
        lookups_heading=say(HEADINGS["lookups"]),
        lookups=tuple(_lookup(lookup, wording) for lookup in flow.lookups.values()),
        values=Part(say(HEADINGS["values"]), tuple(values)),
        examples=Part(say(HEADINGS["examples"]), tuple(_example(example, say) for example in flow.examples)),
    )


def _said(say: Speech, sentence: str, count: int = 2, *, depth: int = 0, **holes: str) -> Said:
    return Said(_capital(say(SENTENCES[sentence], count, **holes)), depth)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _about(loaded: LoadedFlow, translations: Translations | None) -> str:
    """What the flow's file says of itself, which nothing but its reader needs."""
    held = read_strict(loaded.sources[f"saved_mappings/{loaded.flow.name}.json"]).get("description", "")
    about = held if isinstance(held, str) else ""
    return translations.gettext(about) if translations and about else about


def _source(wording: Wording) -> Part:
    source, say = wording.loaded.flow.source, wording.say
    connector = wording.loaded.connectors[source.connector]
    resource = connector.resources.get(source.resource)
    title = resource.title if resource else source.resource
    sentences = [_said(say, "reads", resource=title, system=connector.title)]
    if source.since is not None:
        sentences.append(_said(say, "since", since=wording.of(source.since)))
    sentences.append(_said(say, "overlap", source.overlap_minutes))
    for name, conditions in (("waits", source.where), ("never", source.never)):
        sentences += [_condition(name, condition, wording) for condition in conditions]
    if source.where:
        sentences.append(_said(say, "wait days", source.wait_days))
    return Part(say(HEADINGS["source"]), tuple(sentences))


def _condition(name: str, condition: Condition, wording: Wording) -> Said:
    return _said(wording.say, name, condition=wording.condition(condition.formula), says=condition.says)


def _settings(questions: Mapping[str, Json], say: Speech) -> Table:
    rows = []
    for name, about in questions.get("properties", {}).items():
        answered = "default" in about
        answer = answer_words(about["default"], about, say) if answered else say(SENTENCES["no answer"])
        rows.append((str(about.get("title") or readable(name)), answer))
    return Table(say(HEADINGS["settings"]), (), (say(HEADINGS["question"]), say(HEADINGS["answer"])), tuple(rows))


# --- steps


def _step(step: Step, number: int, wording: Wording) -> StepReading:
    say, resource = wording.say, wording.resource(step)
    title = resource.title if resource else step.resource
    sentences = (
        _said(say, "writes", resource=title, system=wording.system(step)),
        Said(sentence_of_when(step, wording).text),
        Said(sentence_of_step(step, wording).text),
    )
    parts = (
        Part(say(HEADINGS["before"]), _checks(step.before, step, wording)),
        Part(say(HEADINGS["fields"]), tuple(_field(field, step, wording) for field in step.fields)),
        Part(say(HEADINGS["after"]), _checks(step.after, step, wording)),
    )
    heading = say(HEADINGS["step"], number=number, title=step.title)
    return StepReading(step.name, heading, sentences, tuple(part for part in parts if part.sentences))


def _field(field: FieldMapping, step: Step, wording: Wording) -> Said:
    """A field's sentence; inside a list it is called by what it is called there."""
    say, depth = wording.say, field.path.removesuffix("[]").count("[].")
    name = wording.field(step, field.path).split(", ", depth)[-1] if depth else wording.field(step, field.path)
    kind = "rows" if field.is_list else "field"
    words = wording.of(field.formula, step, field.path)
    if field.write == "always":
        text = say(SENTENCES[kind], field=_capital(name), words=words)
    else:
        write = sentence_of_write(field.write, say)
        text = say(SENTENCES[f"{kind} written"], field=_capital(name), words=words, write=write)
    return Said(text, depth, field.note, field.path)


def _checks(checks: Sequence[Check], step: Step, wording: Wording) -> tuple[Said, ...]:
    return tuple(Said(_capital(_check(check, step, wording)), 0, check.what_to_do) for check in checks)


def _check(check: Check, step: Step, wording: Wording) -> str:
    say, formulas = wording.say, check.formulas
    if "holds" in formulas:
        text = say(SENTENCES["holds"], what=check.what, holds=wording.condition(formulas["holds"], step))
    else:
        holes = {part: wording.of(formulas[part], step) for part in ("source", "target", "within") if part in formulas}
        text = say(SENTENCES["sums within" if "within" in holes else "sums"], what=check.what, **holes)
    if "when" in formulas:
        text = say(SENTENCES["checked if"], check=text, when=wording.condition(formulas["when"], step))
    return text


# --- tables and examples


def _lookup(lookup: Lookup, wording: Wording) -> Table:
    say, sentences = wording.say, []
    if lookup.refers is not None:
        connector = wording.loaded.connectors.get(lookup.refers.connector)
        resource = connector.resources.get(lookup.refers.resource) if connector else None
        sentences.append(
            _said(
                say,
                "refers every" if lookup.refers.every else "refers",
                resource=resource.title if resource else lookup.refers.resource,
                system=connector.title if connector else lookup.refers.connector,
            )
        )
    if not lookup.rows and not (lookup.refers and lookup.refers.every):
        sentences.append(_said(say, "no rows"))
    if lookup.otherwise == "value":
        sentences.append(_said(say, "otherwise", value=value_words(lookup.value, say)))
    else:
        sentences.append(_said(say, lookup.otherwise))
    columns = (say(HEADINGS["key"]), say(HEADINGS["value"]))
    rows = tuple((key, value_words(value, say)) for key, value in lookup.rows.items())
    return Table(lookup.title, tuple(sentences), columns, rows)


def _example(example: Example, say: Speech) -> Said:
    kind = next(iter(example.outcomes), "unfinished")
    return _said(say, kind, title=example.title)
