"""A flow as it is shown: what it and its systems call things, in the reader's language where that is known.

For words only. What is worked out, checked or written uses the flow as it is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.connectors.connector import Connector, Resource
from engine.errors import Json
from engine.flows.flow import Check, Condition, Flow, Step
from engine.flows.library import LoadedFlow
from engine.formulas.words import Translations, lowered, readable

_SAID = {"title", "description"}
_DATA = {"default", "enum", "const", "examples"}
_MOST_KEPT = 64
_kept: dict[tuple[int, int], tuple[Connector, Translations, Connector]] = {}  # what is in it keeps its id


def localised(loaded: LoadedFlow, translations: Translations | None) -> LoadedFlow:
    """The flow with its titles, notes and sentences translated; those that nobody has translated stay as written."""
    if translations is None:
        return loaded
    connectors = {name: _connector(connector, translations) for name, connector in loaded.connectors.items()}
    return replace(loaded, flow=_flow(loaded.flow, translations), connectors=connectors)


def localised_schema(schema: Json, translations: Translations) -> Any:
    """A schema, of records or of questions, with its titles and descriptions translated."""
    if isinstance(schema, Mapping):
        return {
            key: translations.gettext(held)
            if key in _SAID and isinstance(held, str) and held
            else held
            if key in _DATA
            else localised_schema(held, translations)
            for key, held in schema.items()
        }
    return [localised_schema(held, translations) for held in schema] if isinstance(schema, list) else schema


def code_in_words(meaning: str, translations: Translations | None = None) -> str:
    """What a code means, from `x-codes`, as it stands inside a sentence."""
    words = readable(meaning)
    said = translations.gettext(words.capitalize()) if translations is not None else ""
    return lowered(said) if said and said != words.capitalize() else words


def _connector(connector: Connector, translations: Translations) -> Connector:
    key = (id(connector), id(translations))
    if key not in _kept:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = (connector, translations, _translated(connector, translations))
    return _kept[key][2]


def _translated(connector: Connector, translations: Translations) -> Connector:
    say = translations.gettext
    return replace(
        connector,
        facts={name: replace(fact, title=say(fact.title)) for name, fact in connector.facts.items()},
        resources={name: _resource(resource, translations) for name, resource in connector.resources.items()},
    )


def _resource(resource: Resource, translations: Translations) -> Resource:
    schema = localised_schema(resource.schema, translations)
    return replace(resource, title=translations.gettext(resource.title), schema=schema)


def _flow(flow: Flow, translations: Translations) -> Flow:
    say = translations.gettext
    source = replace(
        flow.source,
        where=tuple(_condition(each, translations) for each in flow.source.where),
        never=tuple(_condition(each, translations) for each in flow.source.never),
    )
    return replace(
        flow,
        title=say(flow.title),
        source=source,
        questions=localised_schema(flow.questions, translations),
        lookups={name: replace(lookup, title=say(lookup.title)) for name, lookup in flow.lookups.items()},
        steps=tuple(_step(step, translations) for step in flow.steps),
        preconditions=tuple(
            replace(each, title=say(each.title), what_to_do=say(each.what_to_do)) for each in flow.preconditions
        ),
        examples=tuple(replace(example, title=say(example.title)) for example in flow.examples),
    )


def _condition(condition: Condition, translations: Translations) -> Condition:
    return replace(condition, says=translations.gettext(condition.says))


def _step(step: Step, translations: Translations) -> Step:
    say = translations.gettext
    return replace(
        step,
        title=say(step.title),
        fields=tuple(replace(field, note=say(field.note)) if field.note else field for field in step.fields),
        before=tuple(_check(check, translations) for check in step.before),
        after=tuple(_check(check, translations) for check in step.after),
    )


def _check(check: Check, translations: Translations) -> Check:
    say = translations.gettext
    return replace(check, what=say(check.what), what_to_do=say(check.what_to_do) if check.what_to_do else "")
