"""What scripts/words does: the texts of the studio's source, into each language's studio.po."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
KEYWORDS = {"_": None, "no_": None, "n_": (1, 2)}


def messages() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Every text for translation: the file it stands in, and the text, or the texts for one and for many."""
    found = extract_from_dir(str(ROOT / "studio"), method_map=[("**.py", "python")], keywords=KEYWORDS)
    for file, _line, message, _comments, _context in sorted(found, key=lambda each: (each[0], each[1])):
        yield file, message


def updated(known: Catalog, language: str) -> Catalog:
    """The catalogue with every text of today, translated as far as it was; ordered by file, without line numbers,
    so that moving code changes nothing here.
    """
    fresh = Catalog(locale=language, project="Mapping Studio", header_comment="# The studio's words.", fuzzy=False)
    for file, message in messages():
        found = known.get(message)
        string = found.string if found is not None and found.string else ""
        fresh.add(message, string or None, locations=[(f"studio/{file}", 0)])
    return fresh


def main() -> None:
    """Rewrite each catalogue."""
    for path in sorted((ROOT / "studio" / "locales").glob("*/LC_MESSAGES/studio.po")):
        language = path.parents[1].name
        with path.open("rb") as file:
            known = read_po(file, locale=language)
        fresh = updated(known, language)
        fresh.revision_date = fresh.creation_date = known.creation_date
        with path.open("wb") as out:
            write_po(out, fresh, width=110, include_lineno=False, sort_by_file=True)
        left = sum(1 for message in fresh if message.id and not all(_strings(message.string)))
        print(f"{path.relative_to(ROOT)}: {len(fresh)} texts, {left} not translated yet")


def _strings(held: object) -> tuple[object, ...]:
    return held if isinstance(held, tuple) else (held,)


if __name__ == "__main__":
    main()
