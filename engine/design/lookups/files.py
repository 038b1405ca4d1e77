"""Rows of a value table as a file that spreadsheets open, and back: CSV, or what is copied from a spreadsheet.

    to_csv({"ideal": "Paid at once"})               # key;value, one row to a line
    from_text("ideal\\tPaid at once\\ninvoice\\t30 days")  # Parsed(rows, problems, …)

Nothing of a text with an error is to be used: `Parsed.is_good` says so.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.design.lookups import cells
from engine.design.lookups.cells import KINDS, NUMBER, TEXT
from engine.design.lookups.tables import Value
from engine.design.lookups.texts import Decoded, decoded
from engine.errors import Problem

DELIMITERS: Mapping[str, str] = {"\t": "tab", ";": "semicolon", ",": "comma"}
COLUMNS = ("key", "value", "type")
MOST_ROWS = 50_000
_MOST_PROBLEMS = 20
_SNIFFED_ROWS = 200
# what people and spreadsheets write above the two columns
_KEYS = {"key", "from", "source", "source value", "code", "sleutel", "van", "bron", "nyckel", "från", "källa"}
_VALUES = {"value", "to", "target", "target value", "gives", "waarde", "naar", "doel", "värde", "till", "mål"}
_KIND_WORDS = {**{kind: kind for kind in KINDS}, "boolean": cells.YES_NO, "null": cells.NOTHING, "": ""}


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text said. rows: those that can be read; problems: by line; lines: where each key stands.

    delimiter: of DELIMITERS; has_heading: whether the first line names the columns; encoding: in words.
    """

    rows: Mapping[str, Value]
    problems: tuple[Problem, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)
    delimiter: str = ";"
    has_heading: bool = False
    encoding: str = ""

    @property
    def is_good(self) -> bool:
        return not any(problem.severity == "error" for problem in self.problems)


def to_csv(rows: Mapping[str, Value], delimiter: str = ";") -> str:
    """The rows with a heading; what a spreadsheet would take for a formula is guarded by an apostrophe.

    A third column says the kind of each value, where not all are texts.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\r\n")
    # A row of blanks alone would be taken for no row; a word in its third column keeps it.
    only_texts = all(isinstance(value, str) and f"{key}{value}".strip() for key, value in rows.items())
    writer.writerow(COLUMNS[:2] if only_texts else COLUMNS)
    for key, value in rows.items():
        said = cells.shown(value)
        said = said if cells.kind_of(value) == NUMBER else cells.guarded(said)
        writer.writerow([cells.guarded(key), said, *([] if only_texts else [cells.kind_of(value)])])
    return written.getvalue()


def to_file(rows: Mapping[str, Value]) -> bytes:
    """The same as the bytes of a file: UTF-8 with the mark by which spreadsheets know it."""
    return to_csv(rows).encode("utf-8-sig")


def from_text(text: str | bytes, *, kind: str = TEXT, heading: bool | None = None) -> Parsed:
    """The rows in a text, or in the bytes of a file.

    kind: of values where no column says it; heading: whether the first line names the columns, None to find out.
    """
    found = decoded(text)
    if found.problem is not None:
        return Parsed({}, (found.problem,), encoding=found.encoding)
    body, delimiter, problem = _cut(found)
    if problem is not None:
        return Parsed({}, (problem,), encoding=found.encoding, delimiter=delimiter)
    reading = _Reading(kind)
    has_heading = _is_heading(body[0][1]) if body and heading is None else bool(heading and body)
    if has_heading:
        reading.head(body[0][1])
    for line, row in body[1:] if has_heading else body:
        reading.take(line, row)
    return Parsed(reading.rows, tuple(reading.told()), reading.lines, delimiter, has_heading, encoding=found.encoding)


def _is_heading(row: Sequence[str]) -> bool:
    words = [cell.strip().casefold() for cell in row]
    return len(words) > 1 and words[0] in _KEYS and words[1] in _VALUES


# --- cutting a text into rows


def _cut(found: Decoded) -> tuple[list[tuple[int, list[str]]], str, Problem | None]:
    """The rows that hold something, each with its line; the delimiter; why it cannot be cut."""
    text, first = found.text, 1
    told = text[:5].casefold() == "sep=" + text[4:5] and text[4:5] in DELIMITERS and text[5:6] in ("\r", "\n")
    if told:  # what spreadsheets write to say it themselves
        delimiter = text[4]
        text, first = text[5:].removeprefix("\r").removeprefix("\n"), 2
    else:
        delimiter = _delimiter(text)
    rows, problem = _rows(text, delimiter, first)
    if problem is None and not rows:
        problem = Problem("", "there are no rows in it", "Give two columns: the key, then the value.")
    return rows, delimiter, problem


def _rows(text: str, delimiter: str, first: int) -> tuple[list[tuple[int, list[str]]], Problem | None]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    begins = first
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((begins, row))
                if len(rows) > MOST_ROWS + 1:
                    what = f"there are more than {MOST_ROWS:,} rows"
                    return rows, Problem("", what, "Take out the rows that are not needed, or make several lookups.")
            begins = first + reader.line_num
    except csv.Error as error:
        return rows, _broken(begins, str(error))
    return rows, None


def _broken(line: int, said: str) -> Problem:
    if "limit" in said:
        what, advice = "a cell is far too long", "Look whether a quotation mark is left open there."
    elif "end of data" in said:
        what, advice = "a quotation mark is opened and never closed", "Close it, or write it twice to mean itself."
    else:
        what, advice = "something follows a closing quotation mark", "Write a quotation mark twice to mean itself."
    return Problem(f"line {line}", what, advice)


def _delimiter(text: str) -> str:
    """The delimiter that cuts most rows into the same number of cells, at least two."""
    return max(DELIMITERS, key=lambda delimiter: _evenness(text, delimiter))


def _evenness(text: str, delimiter: str) -> float:
    counts: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    broken = False
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                counts.append(len(row))
            if len(counts) >= _SNIFFED_ROWS:
                break
    except csv.Error:
        broken = True  # perhaps only a late line is: the rows before it still tell
    several = [count for count in counts if count > 1]
    if not several:
        return 0.0
    usual = max(set(several), key=several.count)
    return several.count(usual) / len(counts) - (0.5 if broken else 0.0)


# --- reading rows


class _Reading:
    """Rows read one after the other, with what is wrong in each."""

    def __init__(self, kind: str) -> None:
        self.rows: dict[str, Value] = {}
        self.lines: dict[str, int] = {}
        self._kind = kind
        self._problems: list[Problem] = []
        self._left_out: list[str] = []
        self._doubled: dict[str, list[int]] = {}
        self._says_kind = False
        self._is_headed = False

    def head(self, row: Sequence[str]) -> None:
        """The names of the columns; beside key, value and type there may be others, which are not taken."""
        self._is_headed = True
        names = [cell.strip() for cell in row]
        self._says_kind = len(names) > 2 and names[2].casefold() in ("type", "kind", "typ", "soort", "slag")
        self._left_out = [name for name in names[3 if self._says_kind else 2 :] if name]

    def take(self, line: int, row: Sequence[str]) -> None:
        """One row."""
        more = [cell for cell in row[3 if self._says_kind else 2 :] if cell.strip()]
        if len(row) < 2:
            self._say(line, f"there is only “{row[0].strip()[:40]}”, no value", "Give two columns: key, then value.")
        elif more and not self._is_headed:
            what = f"there are {len(row)} cells, where two are expected"
            self._say(line, what, "Keep two columns, or name them in a first line: key, value.")
        else:
            self._keep(line, row)

    def _keep(self, line: int, row: Sequence[str]) -> None:
        key = cells.unguarded(row[0])
        if key in self.lines:
            self._doubled.setdefault(key, [self.lines[key]]).append(line)
            return
        self.lines[key] = line
        said = row[2].strip().casefold() if self._says_kind and len(row) > 2 else ""
        if said not in _KIND_WORDS:
            self._say(line, f"there is no type “{said[:40]}”", f"Write one of: {', '.join(KINDS)}.")
            return
        try:
            self.rows[key] = cells.value_of(cells.unguarded(row[1]), _KIND_WORDS[said] or self._kind)
        except ValueError as error:
            self._say(line, str(error), "Mend the value.")
            return
        if not key.strip() or key != key.strip():
            what = "the key is empty" if not key.strip() else f"the key “{key[:40]}” begins or ends with a space"
            self._say(line, what, "It is kept so; mend it if that is not meant.", "warning")

    def told(self) -> Iterator[Problem]:
        """What is wrong, the first lines first."""
        for key, lines in self._doubled.items():
            where = f"lines {', '.join(map(str, lines[:-1]))} and {lines[-1]}"
            self._say(lines[0], f"the key “{key[:40]}” stands more than once", "Keep one of them.", where=where)
        for close, key in self._close():
            where, advice = f"lines {self.lines[close]} and {self.lines[key]}", "Keep one, if both mean the same."
            self._say(0, f"“{close[:40]}” and “{key[:40]}” differ in case or spaces only", advice, "warning", where)
        if self._left_out:
            shown = ", ".join(f"“{name[:40]}”" for name in self._left_out[:5])
            self._say(0, f"not taken: {shown}", "A lookup has a key and a value only.", "note", where="other columns")
        order = {"error": 0, "warning": 1, "note": 2}
        self._problems.sort(key=lambda problem: order[problem.severity])
        yield from self._problems[:_MOST_PROBLEMS]
        if len(self._problems) > _MOST_PROBLEMS:
            many = len(self._problems) - _MOST_PROBLEMS
            more = "1 line more has something" if many == 1 else f"{many} lines more have something"
            yield Problem("", f"{more} to mend", "Mend these first.", severity=self._problems[0].severity)

    def _close(self) -> Iterator[tuple[str, str]]:
        """Keys that people would take for the same; to a lookup they are two."""
        seen: dict[str, str] = {}
        for key in self.rows:
            first = seen.setdefault(" ".join(key.casefold().split()), key)
            if first != key:
                yield first, key

    def _say(self, line: int, what: str, advice: str, severity: str = "error", where: str = "") -> None:
        self._problems.append(Problem(where or f"line {line}", what, advice, severity=severity))
