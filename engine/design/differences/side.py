"""One of the two texts that are compared, with the words for its formulas as far as its connectors are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.design.wording import Wording
from engine.documents.strict_json import read_strict
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, Json, Problem, StudioError
from engine.flows.flow import Step
from engine.flows.library import LoadedFlow, flow_from_sources, load_flow_text
from engine.formulas.words import Speech, Titles, Translations, condition_in_words, in_words, readable


@dataclass(frozen=True)
class Side:
    """A text of a flow. loaded: None where it breaks its schema, or its connectors are gone: then names stand bare."""

    text: str = field(repr=False)
    loaded: LoadedFlow | None = field(default=None, repr=False)

    @classmethod
    def of(cls, workspace: Workspace, name: str, text: str) -> Side:
        """A text as it is read with the connectors of today; DocumentError where it is no JSON."""
        read_strict(text, where=workspace.relative(workspace.flow_place(name)))
        try:
            return cls(text, load_flow_text(workspace, name, text))
        except DocumentError:
            return cls(text)

    @classmethod
    def of_version(cls, name: str, sources: Mapping[str, str]) -> Side:
        """A version with the connectors of its time. DocumentError where its documents have no file of this flow."""
        path = f"saved_mappings/{name}.json"
        if path not in sources:
            raise DocumentError([Problem(path, "this version does not hold the flow's file", "Name another version.")])
        try:
            loaded = flow_from_sources(name, sources)
        except (StudioError, LookupError, TypeError, AttributeError):  # it broke its schema, or had another form then
            return cls(sources[path])
        return cls(sources[path], loaded if set(loaded.flow.connectors()) <= set(loaded.connectors) else None)

    @cached_property
    def document(self) -> Json:
        return read_strict(self.text)

    def wording(self, other: Side, translations: Translations | None) -> SideWording:
        """The words for this side; with the titles of the other one where it has none itself."""
        return SideWording(self.loaded or other.loaded, translations)


class SideWording:
    """Words for formulas, with titles where a flow is loaded, else with the names as they stand."""

    def __init__(self, loaded: LoadedFlow | None, translations: Translations | None) -> None:
        self.say = Speech(translations)
        self._translations = translations
        self.wording = Wording(loaded, translations) if loaded is not None else None
        self._steps = {step.name: step for step in loaded.flow.steps} if loaded is not None else {}

    def step(self, name: str) -> Step | None:
        return self._steps.get(name)

    def formula(self, formula: str, step: str = "", path: str = "") -> str:
        if self.wording is None:
            return in_words(formula, Titles({}), self._translations)
        return self.wording.of(formula, self._steps.get(step), path)

    def condition(self, formula: str, step: str = "") -> str:
        if self.wording is None:
            return condition_in_words(formula, Titles({}), self._translations)
        return self.wording.condition(formula, self._steps.get(step))

    def condition_on_found(self, formula: str, step: str) -> str:
        held = self._steps.get(step)
        if self.wording is None or held is None:
            return condition_in_words(formula, Titles({}), self._translations)
        return self.wording.condition_on_found(formula, held)

    def field(self, step: str, path: str) -> str:
        """What a target field is called."""
        held = self._steps.get(step)
        if self.wording is None or held is None:
            return ", ".join(readable(name.removesuffix("[]")) for name in path.split("."))
        return self.wording.field(held, path)
