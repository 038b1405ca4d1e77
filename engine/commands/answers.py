"""Answers that a command is given in a file."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.documents.strict_json import read_strict
from engine.errors import DocumentError, Json, Problem


def read_answers(file: str, what: str = "the answers") -> dict[str, Json]:
    """The object in a JSON file; - is standard input. DocumentError, which calls it `what`, where it is none."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise DocumentError([Problem(file, f"{what} cannot be read: {reason}", "Check the path.")]) from error
    answers = read_strict(text, where=file)
    if not isinstance(answers, dict):
        raise DocumentError([Problem(file, f"{what} must be one JSON object", "Write { … }.")])
    return answers
