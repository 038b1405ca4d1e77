"""What people call the ids that lookups give, and codes: the row's own words, an option's title, a code's meaning."""

from __future__ import annotations

from collections.abc import Mapping

from engine.design.view.view import View
from engine.errors import Json
from engine.formulas.words.titles import readable
from engine.mappings.finish import PLACEHOLDER
from engine.mappings.paths import schema_at

_ANSWER = "$answers."


def names_of_ids(view: View) -> dict[str, str]:
    """Id → what a row calls it, of lookups that name records of the target; nothing where they were not read yet."""
    found: dict[str, str] = {}
    for name, lookup in view.loaded.flow.lookups.items():
        refers, table = lookup.refers, view.environment.lookups.get(name)
        connector = view.loaded.connectors.get(refers.connector) if refers is not None else None
        resource = connector.resources.get(refers.resource) if connector is not None and refers is not None else None
        if table is None or refers is None or resource is None or refers.gives != resource.key_field:
            continue
        for key, given in table.rows.items():
            title = key if refers.every else lookup.rows.get(key)
            if isinstance(given, str) and PLACEHOLDER not in given and title not in (None, "", given):
                found.setdefault(given, str(title))
    return found


def names_of_codes(view: View, name: str) -> dict[str, dict[str, str]]:
    """Target field of a step → what its codes are called: by the question that the field takes over, by the schema."""
    step = next((each for each in view.loaded.flow.steps if each.name == name), None)
    if step is None:
        return {}
    schema = view.loaded.connectors[step.connector].resources[step.resource].schema
    asked = view.loaded.flow.questions.get("properties", {})
    found = {}
    for mapping in step.fields:
        about = schema_at(schema, mapping.path) or {}
        formula = mapping.formula.strip()
        question = asked.get(formula.removeprefix(_ANSWER), {}) if formula.startswith(_ANSWER) else {}
        titles = {**_meanings(about), **_titles(about), **_titles(question)}
        if titles:
            found[mapping.path] = titles
    return found


def _titles(about: Mapping[str, Json]) -> dict[str, str]:
    options = [option for option in about.get("oneOf", ()) if "const" in option and option.get("title")]
    return {str(option["const"]): str(option["title"]) for option in options}


def _meanings(about: Mapping[str, Json]) -> dict[str, str]:
    codes = about.get("x-codes")
    held = codes if isinstance(codes, dict) else {}
    return {str(code): readable(meaning).capitalize() for code, meaning in held.items() if isinstance(meaning, str)}
