"""The folder people work in: where connectors, flows and the machine's own files lie."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from engine.documents.strict_json import read_strict
from engine.errors import DocumentError, Json, Problem

_FLOW_NAME = re.compile(r"[^\W_][\w. -]{0,99}(?<![. ])")


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read. text: exactly, line ends and all; sha256: of its bytes, in hex."""

    path: Path
    text: str = field(repr=False)
    value: Json = field(repr=False)
    sha256: str


class Workspace:
    """One folder: connector_specs/ and saved_mappings/ for people, .studio/ for the machine."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.connectors = root / "connector_specs"
        self.flows = root / "saved_mappings"

    @property
    def studio(self) -> Path:
        """The machine's folder, made on demand so that only this user may look into it."""
        folder = self.root / ".studio"
        if not folder.is_dir():
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise _cannot("The folder cannot be made", folder, error) from error
        return folder

    @property
    def ledger_path(self) -> Path:
        return self.studio / "ledger.sqlite"

    def connector_names(self) -> list[str]:
        """The systems described here: each folder with a connector.json."""
        if not self.connectors.is_dir():
            return []
        return sorted(f.name for f in self.connectors.iterdir() if (f / "connector.json").is_file())

    def flow_names(self) -> list[str]:
        if not self.flows.is_dir():
            return []
        return sorted(f.stem for f in self.flows.glob("*.json") if f.is_file() and not f.name.startswith("."))

    def connector_folder(self, name: str) -> Path:
        """The folder of a connector; DocumentError with a suggestion when there is none of this name."""
        names = self.connector_names()
        if name not in names:
            raise _unknown("connector", name, names, self.relative(self.connectors))
        return self.connectors / name

    def flow_path(self, name: str) -> Path:
        """The file of a flow; DocumentError with a suggestion when there is none of this name."""
        names = self.flow_names()
        if name not in names:
            raise _unknown("flow", name, names, self.relative(self.flows))
        return self.flows / f"{name}.json"

    def flow_place(self, name: str) -> Path:
        """Where the file of a flow is or would be; DocumentError for a name that no file can have everywhere."""
        if not _FLOW_NAME.fullmatch(name):
            what = f"{name[:60]!r} cannot be the name of a flow"
            advice = "Use letters, digits, hyphens, underscores and dots, and begin with a letter or a digit."
            raise DocumentError([Problem(self.relative(self.flows), what, advice)])
        return self.flows / f"{name}.json"

    def relative(self, path: Path) -> str:
        """The path as messages show it: from the workspace, with forward slashes."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)

    def read_document(self, path: Path) -> Document:
        """A JSON file of the workspace; DocumentError says what is wrong with it and in which line."""
        where = self.relative(path)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise _cannot("The file cannot be read", Path(where), error) from error
        return self._document(path, content)

    def document_of(self, path: Path, text: str) -> Document:
        """What read_document would give if the file held this text."""
        try:
            content = text.encode("utf-8")
        except UnicodeEncodeError as error:
            what = f"character {error.start + 1} is half of one, as damaged text has them"
            raise DocumentError([Problem(self.relative(path), what, "Type it again.")]) from error
        return self._document(path, content)

    def _document(self, path: Path, content: bytes) -> Document:
        value = read_strict(content, where=self.relative(path))
        return Document(path, content.decode("utf-8"), value, hashlib.sha256(content).hexdigest())


def did_you_mean(wrong: str, known: Iterable[str]) -> str | None:
    """The known name that is closest to a wrong one, if any is close."""
    by_folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(wrong.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def _unknown(kind: str, name: str, names: list[str], folder: str) -> DocumentError:
    close = did_you_mean(name, names)
    if close is not None:
        advice = f"Did you mean {close!r}?"
    elif names:
        advice = f"There are: {', '.join(names[:20])}."
    else:
        advice = f"The folder {folder} has none yet."
    return DocumentError([Problem(folder, f"there is no {kind} {name!r}", advice)])


def _cannot(what: str, path: Path, error: OSError) -> DocumentError:
    reason = (error.strerror or type(error).__name__).lower()
    return DocumentError([Problem(str(path), f"{what}: {reason}", "Check the path and who may read it.")])
