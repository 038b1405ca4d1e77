"""Says the formulas and fields of one flow in words, each from where it stands, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from engine.connectors.connector import Resource
from engine.design.localised import localised
from engine.errors import Json
from engine.flows.flow import Step
from engine.flows.library import LoadedFlow
from engine.formulas.words import Speech, Titles, Translations, condition_in_words, in_words, lowered, readable
from engine.mappings.paths import list_of, schema_at


class Wording:
    """The words for one flow. say: fills templates, translated where there are translations; loaded: the flow as it
    is shown, with titles in the reader's language.
    """

    def __init__(self, loaded: LoadedFlow, translations: Translations | None = None) -> None:
        self.loaded = localised(loaded, translations)
        self.say = Speech(translations)
        self._translations = translations

    @cached_property
    def titles(self) -> Titles:
        """What a formula over the whole record calls things."""
        return titles_of(self.loaded)

    def of(self, formula: str, step: Step | None = None, path: str = "") -> str:
        """What a formula gives. step: whose formula it is; path: the target field it fills, which may be in a list."""
        return in_words(formula, self.titles_at(step, path), self._translations)

    def condition(self, formula: str, step: Step | None = None) -> str:
        """A condition as it follows an “if”."""
        return condition_in_words(formula, self.titles_at(step), self._translations)

    def condition_on_found(self, formula: str, step: Step) -> str:
        """A condition on a record found in the target."""
        titles = Titles.of(self.schema(step), others={"$match": "", "$scope": ""})
        return condition_in_words(formula, titles, self._translations)

    def titles_at(self, step: Step | None, path: str = "") -> Titles:
        """What a formula calls things that sees one item of a step, or of a list in it."""
        if step is None:
            return self.titles
        inside = list_of(path)
        rows = next((f.formula for f in step.fields if inside and f.path == inside[0]), None)
        if rows is not None:
            return self.titles.inside(rows)
        return self.titles if step.each is None else self.titles.inside(step.each)

    def resource(self, step: Step) -> Resource | None:
        """The kind of record a step writes; None where its system has none of this name."""
        return self.loaded.connectors[step.connector].resources.get(step.resource)

    def schema(self, step: Step) -> Mapping[str, Json]:
        """The schema of what a step writes; an empty one where it is not known."""
        resource = self.resource(step)
        return {} if resource is None else resource.schema

    def system(self, step: Step) -> str:
        """What the system a step writes to is called."""
        return self.loaded.connectors[step.connector].title

    def field(self, step: Step, path: str) -> str:
        """What a target field is called, with the object or list it stands in."""
        return field_title(self.schema(step), path)

    def field_inside(self, step: Step, path: str) -> str:
        """The same in the middle of a sentence."""
        return lowered(self.field(step, path))


def field_title(schema: Mapping[str, Json], path: str) -> str:
    """`Rows[].UnitPrice` by the titles of a schema: “Rows, price for one”; by its names where there are none."""
    names = path.split(".")
    titles = []
    for many in range(1, len(names) + 1):
        written = ".".join(names[:many])
        about = schema_at(schema, written.removesuffix("[]"))
        title = str(about.get("title", "")) if about else ""
        titles.append(title or readable(names[many - 1].removesuffix("[]")).capitalize())
    first, *others = titles
    return ", ".join([first, *(lowered(title) for title in others)])


def titles_of(loaded: LoadedFlow) -> Titles:
    """What the fields, answers, facts and lookups of a flow are called."""
    flow, connectors = loaded.flow, loaded.connectors
    source, target = flow.source.connector, flow.target()
    others = {f"$lookups.{name}": lookup.title for name, lookup in flow.lookups.items()}
    for side, name in (("source", source), ("target", target), *((name, name) for name in connectors)):
        others[f"$facts.{side}"] = connectors[name].title
        others |= {f"$facts.{side}.{fact.name}": fact.title for fact in connectors[name].facts.values()}
    resource = connectors[source].resources.get(flow.source.resource)  # a draft may name what is not there
    return Titles.of(resource.schema if resource else None, questions=flow.questions, values=flow.values, others=others)
