"""How commands speak: text for people, or one JSON object per line for scripts."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import IO, Any

from engine.errors import TRIED_AGAIN, TRY_AGAIN, Json, Problem

MOST_UNBROKEN = 20  # characters of a first cell that is never broken, however narrow the terminal
_SHARE_UNBROKEN = 3  # nor one that leaves the others two thirds of the width: it is a name, and looked for whole


class Output:
    """Writes to standard output; problems of the call itself go to standard error."""

    def __init__(self, as_json: bool, stream: IO[str] | None = None) -> None:
        self.as_json = as_json
        self._stream = stream or sys.stdout

    def object(self, kind: str, **parts: Json) -> None:
        """One JSON object on a line; nothing where text is asked for."""
        if self.as_json:
            line = json.dumps({"kind": kind, **parts}, ensure_ascii=False, default=str)
            print(line.encode("utf-8", "replace").decode(), file=self._stream)

    def text(self, line: str = "") -> None:
        """A line of text; nothing where JSON is asked for."""
        if not self.as_json:
            print(_shown(line), file=self._stream)

    def is_narrow(self, least: int) -> bool:
        """Is it a terminal with fewer columns than that?"""
        return self._stream.isatty() and shutil.get_terminal_size().columns < least

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "") -> None:
        """A table for people, as wide as it needs to be."""
        if self.as_json:
            return
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False)
        cells = [[_shown(str(cell)) for cell in row] for row in rows]
        console = Console(file=self._stream, width=None if self._stream.isatty() else 160, highlight=False)
        most = max(MOST_UNBROKEN, console.width // _SHARE_UNBROKEN)
        for place, column in enumerate(columns):
            widest = max((len(row[place]) for row in cells), default=0)
            table.add_column(column, overflow="fold", no_wrap=place == 0 and widest <= most)
        for row in cells:
            table.add_row(*map(Text, row))
        console.print(table)

    def problems(self, problems: Iterable[Problem]) -> None:
        for problem in map(of_a_call, problems):
            self.object("problem", **problem.as_json())
            if not self.as_json:
                print(_shown(str(problem)), file=sys.stderr)


def of_a_call(problem: Problem) -> Problem:
    """As one says it who was called once and does not come back: trying again is the reader's."""
    return replace(problem, what_to_do=problem.what_to_do.replace(TRIED_AGAIN, TRY_AGAIN))


def _shown(text: str) -> str:
    """Text without what could steer a terminal or cannot be written."""
    kept = "".join(c if c in "\n\t" or c.isprintable() or ord(c) > 0x9F else "�" for c in text)
    return kept.encode("utf-8", "replace").decode()
