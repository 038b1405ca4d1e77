"""Goes through two documents side by side and writes down what differs; what it knows nothing of, key by key."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.design.differences.change import KINDS, THINGS, Change, Kind, value_words
from engine.design.differences.side import Side, SideWording
from engine.documents.positions import path_text
from engine.errors import Json
from engine.formulas.words import Speech, Translations


class _Absent:
    """Nothing is there; not even null."""


ABSENT = _Absent()
Path = tuple[str | int, ...]
Words = Callable[["SideWording", Json], str]


@dataclass(frozen=True, slots=True)
class At:
    """A place and what it is called. thing: a template of THINGS, holes: what fills it."""

    path: Path
    thing: str
    holes: Mapping[str, str]
    step: str = ""
    target: str = ""


class Comparing:
    """The two sides, and the changes found so far."""

    def __init__(self, before: Side, after: Side, translations: Translations | None) -> None:
        self.say = Speech(translations)
        self.before = before.wording(after, translations)
        self.after = after.wording(before, translations)
        self.changes: list[Change] = []

    def what(self, at: At) -> str:
        return self.say(THINGS[at.thing], **at.holes)

    def add(self, at: At, kind: Kind, before: Json, after: Json, words: Words | None = None) -> None:
        """Write a change down; words: what a value means, told for each side as that side calls things."""
        what = self.what(at)
        change = Change(
            where=path_text(at.path),
            what=what,
            kind=kind,
            says=self.say(KINDS[kind], what=what),
            before=None if before is ABSENT else before,
            after=None if after is ABSENT else after,
            before_words="" if before is ABSENT or words is None else words(self.before, before),
            after_words="" if after is ABSENT or words is None else words(self.after, after),
            step=at.step,
            target=at.target,
        )
        self.changes.append(change)

    def value(self, at: At, before: Json, after: Json, words: Words | None = None) -> None:
        """Compare two values as wholes; ABSENT where there is none."""
        if not is_same(before, after):
            kind: Kind = "added" if before is ABSENT else "removed" if after is ABSENT else "changed"
            self.add(at, kind, before, after, words or plain_words)

    def deep(self, at: At, before: Json, after: Json, thing: str = "place") -> None:
        """Compare two values down to the innermost places that differ. thing: takes the {path} inside."""
        for inside, left, right in innermost(before, after, ()):
            path = (*at.path, *inside)
            shown = path_text(inside if thing != "place" else path)
            self.value(At(path, thing, {**at.holes, "path": shown}, at.step, at.target), left, right)

    def order(self, at: At, before: Iterable[str], after: Iterable[str]) -> None:
        """Say so where what both sides have comes in another order."""
        old, new = list(before), list(after)
        common = Counter(old) & Counter(new)
        left, right = _only(old, common), _only(new, common)
        if left != right:
            self.add(at, "moved", left, right, plain_words)


def _only(names: Sequence[str], kept: Counter[str]) -> list[str]:
    """The names of which there is one on the other side too."""
    left, found = Counter(kept), []
    for name in names:
        if left[name] > 0:
            left[name] -= 1
            found.append(name)
    return found


def plain_words(wording: SideWording, value: Json) -> str:
    """Values as people read them; a text speaks for itself."""
    return "" if isinstance(value, str) and value else value_words(value, wording.say)


def is_same(before: Json, after: Json) -> bool:
    """Equal as they are written in JSON: true is not 1, and 1 is not 1.0. The order of keys does not matter."""
    if before is ABSENT or after is ABSENT:
        return before is after
    return type(before) is type(after) and _literal(before) == _literal(after)


def _literal(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def keys_of(before: Mapping[str, Json], after: Mapping[str, Json]) -> list[str]:
    """The keys of both, as they come in the later one, those that are gone after their old neighbours."""
    keys = list(after)
    place = 0
    for key in before:
        if key in after:
            place = keys.index(key) + 1
        else:
            keys.insert(place, key)
            place += 1
    return keys


def pairs(
    before: Sequence[Json], after: Sequence[Json], *names: Callable[[Json], Json]
) -> Iterator[tuple[int | None, int | None]]:
    """Positions of items that are one thing: called alike by the first name, else by the next; then those left over.

    In the order of the later list; what is gone comes last. The same name twice: the first goes with the first.
    """
    left, right = dict.fromkeys(range(len(before))), dict.fromkeys(range(len(after)))
    found: dict[int, int] = {}
    for name in names:
        places: dict[str, list[int]] = {}
        for i in left:
            places.setdefault(_literal(name(before[i])), []).append(i)
        for j in list(right):
            held = places.get(_literal(name(after[j])))
            if held:
                found[j] = held.pop(0)
                left.pop(found[j])
                right.pop(j)
    for j in range(len(after)):
        yield found.get(j), j
    yield from ((i, None) for i in left)


def innermost(before: Json, after: Json, path: Path) -> Iterator[tuple[Path, Json, Json]]:
    """The innermost places that differ; lists of different length by position, what is too much at their end."""
    if is_same(before, after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in keys_of(before, after):
            yield from innermost(before.get(key, ABSENT), after.get(key, ABSENT), (*path, key))
    elif isinstance(before, list) and isinstance(after, list):
        for i in range(max(len(before), len(after))):
            left, right = (side[i] if i < len(side) else ABSENT for side in (before, after))
            yield from innermost(left, right, (*path, i))
    else:
        yield path, before, after
