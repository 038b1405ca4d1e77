"""The single values of a record: what each is called, what may stand there, and what somebody typed as such a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from engine.connectors.connector import Resource
from engine.design.localised import code_in_words
from engine.design.lookups.cells import NUMBER, TEXT, YES_NO, kind_of, shown, value_of
from engine.documents.choices import choices
from engine.documents.schemas import explain
from engine.errors import DocumentError, Json, Problem
from engine.formulas import MISSING
from engine.formulas.words import Speech, Translations
from engine.runs.ledger import StoredRecord
from engine.runs.ledger.mended_fields import MendedField, Path, path_text, value_there
from engine.runs.moments import as_moment

__all__ = ["DAY", "MISSING", "MOMENT", "NUMBER", "TEXT", "YES_NO", "Leaf", "Leaves", "Path", "path_of", "path_text"]

DAY, MOMENT = "day", "moment"
_LONGEST = 20_000  # characters of a text
_MOST_ITEMS = 2_000  # of one list
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_SPACES = re.compile("[\\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}']")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a record. titles: from the outside in, places in lists counted from 1; read: what the source has,
    value: with what was mended, MISSING where nothing stands; kind: of TEXT, NUMBER, YES_NO, DAY, MOMENT; codes: what
    may stand there with the words for it, all of them where `is_closed`; why_not: why it may not be mended.
    """

    path: Path
    titles: tuple[str, ...]
    kind: str
    read: Json = field(repr=False)
    value: Json = field(repr=False)
    about: Mapping[str, Any] = field(repr=False)
    codes: tuple[tuple[str, str], ...] = ()
    is_closed: bool = False
    may_be_nothing: bool = False
    why_not: str = ""
    mended: MendedField | None = field(default=None, repr=False)

    @property
    def title(self) -> str:
        return " ▸ ".join(self.titles)

    @property
    def typed(self) -> str:
        """Its value as somebody would type it."""
        return "" if self.value is MISSING else shown(self.value)


class Leaves:
    """The values of one record that its schema knows. identity: the first names of what its key and number are made of:
    which record it is cannot be mended.
    """

    def __init__(
        self,
        resource: Resource,
        record: StoredRecord,
        identity: frozenset[str],
        translations: Translations | None = None,
    ) -> None:
        self._schema = resource.schema
        self._read, self._now = record.as_read, record.payload
        self._mended = {each.path: each for each in record.mended.holds}
        self._identity = identity
        self._say = Speech(translations)
        self._translations = translations

    def all(self) -> Iterator[Leaf]:
        """Every one, in the order of the schema; those that are not there but could be, too."""
        yield from self._below((), (), self._schema)

    def at(self, path: Path) -> Leaf:
        """The one at a place; DocumentError where the schema knows none, or the record has no such item."""
        titles: tuple[str, ...] = ()
        about: Any = self._schema
        for place, part in enumerate(path):
            if isinstance(part, int):
                items = value_there(self._read, path[:place])
                about = about.get("items") if isinstance(items, list) and part < len(items) else None
                titles = (*titles, str(part + 1))
            else:
                about = about.get("properties", {}).get(part)
                titles = (*titles, self._titled(part, about)) if about is not None else titles
            if not isinstance(about, Mapping):
                raise _no_leaf(path, "the source's records have no such value, as far as its connector says")
        if not path or not self._is_leaf(path, about):
            raise _no_leaf(path, "it is no single value")
        return self._leaf(path, titles, about)

    # --- walking

    def _below(self, path: Path, titles: tuple[str, ...], about: Mapping[str, Any]) -> Iterator[Leaf]:
        for name, of_it in about.get("properties", {}).items():
            yield from self._of((*path, name), (*titles, self._titled(name, of_it)), of_it)

    def _of(self, path: Path, titles: tuple[str, ...], about: Mapping[str, Any]) -> Iterator[Leaf]:
        if "properties" in about:
            yield from self._below(path, titles, about)
        elif "items" in about:
            held = value_there(self._read, path)
            for place in range(min(len(held), _MOST_ITEMS) if isinstance(held, list) else 0):
                yield from self._of((*path, place), (*titles, str(place + 1)), about["items"])
        elif self._is_leaf(path, about):
            yield self._leaf(path, titles, about)

    def _is_leaf(self, path: Path, about: Mapping[str, Any]) -> bool:
        has_parts = "properties" in about or "items" in about or _types(about) & {"object", "array"}
        return not has_parts and not isinstance(value_there(self._read, path), dict | list)

    def _titled(self, name: str, about: Mapping[str, Any]) -> str:
        return self._say.titled(str(about.get("title") or name))

    def _leaf(self, path: Path, titles: tuple[str, ...], about: Mapping[str, Any]) -> Leaf:
        read, value = value_there(self._read, path), value_there(self._now, path)
        closed = choices(about)
        meanings = about.get("x-codes", {})
        if closed:
            codes = tuple((shown(each), self._say.titled(title)) for each, title in closed)
        else:
            codes = tuple((code, code_in_words(meaning, self._translations)) for code, meaning in meanings.items())
        return Leaf(
            path,
            titles,
            _kind(about, read),
            read,
            value,
            about,
            codes,
            bool(closed),
            "null" in _types(about),
            "It says which record this is." if path[0] in self._identity else "",
            self._mended.get(path),
        )


def path_of(text: str) -> Path:
    """A place as it is written, `orderrows[2].sku`; DocumentError where it is none."""
    found = _STEP.findall(text)
    path: Path = tuple(int(place) if place else name for name, place in found)
    if not path or path_text(path) != text.strip():
        what, advice = "it is no place in a record", "Write it as customer.email or rows[0].sku; lists begin with 0."
        raise DocumentError([Problem(text[:80], what, advice)])
    return path


def value_typed(leaf: Leaf, text: str | None, decimal: Literal[".", ","] = ".") -> Json:
    """What somebody typed as a value that may stand there; None: nothing stands there. decimal: the reader's mark.

    DocumentError says why it may not.
    """
    try:
        value = _value(leaf, text, decimal)
    except ValueError as error:
        raise DocumentError([Problem(leaf.title, str(error), "Change it; nothing was kept.")]) from error
    reasons = explain(leaf.about, value)
    if reasons:
        advice = "Give a value as its system takes it; nothing was kept."
        raise DocumentError([Problem(leaf.title, sentence, advice) for _, sentence in reasons])
    return value


def _value(leaf: Leaf, text: str | None, decimal: str) -> Json:
    if text is None:
        return None
    if len(text) > _LONGEST:
        raise ValueError(f"it has more than {_LONGEST:,} characters")
    if leaf.kind == NUMBER:
        return _number(text, decimal)
    if leaf.kind == YES_NO:
        return value_of(text, YES_NO)
    if leaf.kind in (DAY, MOMENT):
        return _time(leaf, text.strip())
    known = [value for value, _ in choices(leaf.about) if shown(value) == text]
    return known[0] if known else text


def _number(text: str, decimal: str) -> int | float:
    """As the reader writes numbers; what may be meant in two ways is asked back."""
    plain = _SPACES.sub("", text)
    other = "," if decimal == "." else "."
    if re.fullmatch(rf"[-−]?\d{{1,3}}(\{other}\d{{3}})+(\{decimal}\d+)?", plain):
        if plain.count(other) == 1 and decimal not in plain:
            one, two = plain.replace(other, ""), plain.replace(other, decimal)
            raise ValueError(f"“{text[:40]}” may mean {one} or {two}; write it without marks between thousands")
        plain = plain.replace(other, "")
    found = value_of(plain.replace(",", "."), NUMBER)
    assert isinstance(found, int | float)
    return found


def _time(leaf: Leaf, text: str) -> str:
    """Written as the source writes it: other programs read it so."""
    try:
        date.fromisoformat(text) if leaf.kind == DAY else as_moment(text)
    except (ValueError, DocumentError) as error:
        raise ValueError(f"“{text[:40]}” is no {'day' if leaf.kind == DAY else 'moment'}") from error
    if isinstance(leaf.read, str) and _shape(leaf.read) != _shape(text):
        raise ValueError(f"“{text[:40]}” is written in another way than in the source: {leaf.read[:40]}")
    return text


def _shape(text: str) -> str:
    return re.sub(r"\d+", lambda found: "0" * len(found[0]), text)


def _types(about: Mapping[str, Any]) -> set[str]:
    said = about.get("type", ())
    return {said} if isinstance(said, str) else set(said)


def _kind(about: Mapping[str, Any], read: Json) -> str:
    types = _types(about) - {"null"}
    if types <= {"integer", "number"} and types:
        return NUMBER
    if types == {"boolean"}:
        return YES_NO
    if types and "string" not in types:
        return TEXT
    if about.get("format") == "date" or about.get("x-kind") == "date":
        return DAY
    if about.get("format") == "date-time" or about.get("x-kind") == "datetime":
        held = read if isinstance(read, str) else ""
        with suppress(ValueError):
            return DAY if date.fromisoformat(held) and len(held) == 10 else MOMENT
        return MOMENT
    if types or read is MISSING or read is None:
        return TEXT
    return kind_of(read)


def _no_leaf(path: Path, why: str) -> DocumentError:
    advice = "Name one value, as customer.email or rows[0].sku; lists begin with 0."
    return DocumentError([Problem(path_text(path) or "the record", why, advice)])
