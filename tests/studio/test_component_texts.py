"""The words that the browser component asks for are those that Python sends."""

from __future__ import annotations

import re
from pathlib import Path

from studio.parts.mapping import editor_texts, texts

MAPPER = Path(__file__).parents[2] / "studio" / "mapper" / "src"


def test_every_word_of_the_trees_is_sent() -> None:
    asked = dict(re.findall(r'^  (\w+): "(.*)";$', (MAPPER / "mapper" / "texts.ts").read_text("utf-8"), re.MULTILINE))

    assert asked == texts.TEXTS


def test_every_word_of_the_editor_is_sent() -> None:
    asked = dict(re.findall(r'^  (\w+): "(.*)",$', (MAPPER / "editor" / "texts.ts").read_text("utf-8"), re.MULTILINE))

    assert asked == editor_texts.TEXTS
