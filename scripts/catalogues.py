"""What scripts/words does: the texts of the studio's source and the engine's templates, into each language's files."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALES = ROOT / "studio" / "locales"
KEYWORDS = {"_": 1, "no_": 1, "n_": 2}  # how many of its first arguments are texts
DOMAINS = {
    "studio": "# The studio's words.",
    "engine": "# How the engine tells flows and formulas in words. A hole may ask for another form: docs/words.md.",
    "documents": "# What the systems and flows of this repository call their things; others are shown as written.",
}
# In documents: what is read by people, and what is data.
SAID = {
    *("title", "title_without_create", "description", "help", "note", "says", "what", "what_to_do", "x-where"),
    *("called", "sentence", "reads"),
}
HOLE = re.compile(r"\{\{[^{}]*\}\}")
DATA = {"default", "enum", "const", "examples", "rows", "evidence", "given", "expected"}

Message = str | tuple[str, ...]


def messages() -> Iterator[tuple[str, Message]]:
    """Every text of the studio: the file it stands in, and the text, or the texts for one and for many."""
    for path in sorted((ROOT / "studio").rglob("*.py")):
        for message in texts_in(path.read_text(encoding="utf-8")):
            yield path.relative_to(ROOT).as_posix(), message


def texts_in(source: str) -> Iterator[Message]:
    """The texts for translation in this source, inside f-strings too, which Babel's own extraction passes over."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda each: (each.lineno, each.col_offset)):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        texts = [_text(argument) for argument in call.args[: KEYWORDS.get(name, 0)]]
        if texts and all(texts):
            yield str(texts[0]) if name != "n_" else tuple(str(text) for text in texts)


def _text(argument: ast.expr) -> str | None:
    held = argument.value if isinstance(argument, ast.Constant) else None
    return held if isinstance(held, str) else None


def templates() -> Iterator[tuple[str, Message]]:
    """Every template of the engine; from which file it comes is of no use to whoever translates it."""
    from engine.design.catalogue import templates as of_the_engine

    for template in of_the_engine():
        yield "", template


def of_documents() -> Iterator[tuple[str, Message]]:
    """The titles and sentences of connectors, flows and starters, but for formulas."""
    from engine.design.starter.making import READ
    from engine.design.starter.steps import ASKED

    yield "engine/design/starter/making.py", READ
    yield "engine/design/starter/steps.py", ASKED
    for folder in ("connector_specs", "saved_mappings", "engine/design/starter/processes"):
        for path in sorted((ROOT / folder).rglob("*.json")):
            if "samples" not in path.parts and path.name != "vocabulary.json":
                for text in _said_in(json.loads(path.read_text(encoding="utf-8"))):
                    yield path.relative_to(ROOT).as_posix(), text


def _said_in(held: Any) -> Iterator[str]:
    from engine.formulas.words import readable

    if isinstance(held, dict):
        for key, value in held.items():
            said = value if key == "x-where" and isinstance(value, list) else [value]
            if key in SAID and all(isinstance(text, str) for text in said):
                yield from (text for text in said if text and text[0] not in '"$' and HOLE.sub("", text).strip())
            elif key == "x-codes":
                yield from (readable(meaning).capitalize() for meaning in value.values() if isinstance(meaning, str))
            elif key == "step" and isinstance(value, str) and "{{" not in value:
                yield value.replace("_", " ").capitalize()  # as a tab of the mapping page
            elif key == "examples" and "source" in held:  # of a flow, not of a schema
                yield from (each["title"] for each in value)
            elif key == "roles" and isinstance(value, dict):  # what starters call a system
                yield from value.values()
            elif key not in DATA:
                yield from _said_in(value)
    elif isinstance(held, list):
        for value in held:
            yield from _said_in(value)


def texts_of(domain: str) -> Iterator[tuple[str, Message]]:
    """What a catalogue of this name holds."""
    return {"studio": messages, "engine": templates, "documents": of_documents}[domain]()


def updated(known: Catalog, language: str, texts: Iterable[tuple[str, Message]], comment: str) -> Catalog:
    """The catalogue with every text of today, translated as far as it was; ordered as the texts are, without line
    numbers, so that moving code changes nothing here.
    """
    fresh = Catalog(locale=language, project="Mapping Studio", header_comment=comment, fuzzy=False)
    for file, message in texts:
        found = known.get(message)
        string = _as_asked(message, found.string) if found is not None else None
        fresh.add(message, string or None, locations=[(file, 0)] if file else [])
    fresh.revision_date = fresh.creation_date = known.creation_date
    return fresh


def main(new_languages: list[str]) -> None:
    """Rewrite each catalogue, and begin those of new languages."""
    for language in sorted({*new_languages, *(path.name for path in LOCALES.iterdir())}):
        for domain, comment in DOMAINS.items():
            path = LOCALES / language / "LC_MESSAGES" / f"{domain}.po"
            fresh = updated(_known(path, language), language, texts_of(domain), comment)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as out:
                write_po(out, fresh, width=110, include_lineno=False)
            left = sum(1 for message in fresh if message.id and not is_translated(message.string))
            print(f"{path.relative_to(ROOT)}: {len(fresh)} texts, {left} not translated yet")


def _as_asked(message: Message, string: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """A translation in the number of forms that the text has now."""
    if isinstance(message, tuple) and isinstance(string, str):
        return (string,) * len(message)
    return string[-1] if isinstance(message, str) and isinstance(string, tuple) else string


def is_translated(string: object) -> bool:
    """Whether a translation is there, in all its plural forms."""
    return all(string) if isinstance(string, tuple) else bool(string)


def _known(path: Path, language: str) -> Catalog:
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main(sys.argv[1:])
