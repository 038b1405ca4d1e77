"""The templates that translators are given: each once, and each can be filled by name only."""

from __future__ import annotations

from string import Formatter

from engine.design.catalogue import templates


def test_each_template_is_there_once_with_holes_that_have_names() -> None:
    found = templates()
    texts = [text for template in found for text in ([template] if isinstance(template, str) else template)]
    holes = {hole for text in texts for _, hole, _, _ in Formatter().parse(text) if hole is not None}

    assert len(found) == len(set(found)) > 400
    assert {"found by {field}: {formula}", "{field}: {words}", "{what}: changed", "the {name}"} <= set(texts)
    assert all(hole.isidentifier() for hole in holes)
