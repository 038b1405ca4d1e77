"""The words of the formula editor, by the keys of the browser component."""

from __future__ import annotations

from studio.words import _, no_

TEXTS = {
    "editor_error": no_("Error"),
    "editor_warning": no_("Warning"),
    "editor_column": no_("column {column}"),
    "editor_line": no_("line {line}, column {column}"),
    "editor_keys": no_("Ctrl+Space proposes · Ctrl+Enter tests · Esc leaves"),
    "editor_example": no_("Example"),
    "editor_lookup": no_("Lookup"),
    "editor_no_value": no_("no value in this sample"),
}


def editor_texts() -> dict[str, str]:
    """All of them in the reader's language."""
    return {key: _(text) for key, text in TEXTS.items()}
