"""What records and systems say stands on the page of records as text, also where Streamlit reads Markdown."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

MARKED = "[more](https://evil.example) **x**"


def _ways(marked: str) -> None:
    from types import SimpleNamespace
    from typing import Any, cast

    from engine.design.support.failing import FIELD, LOOK, SETTING, Way
    from studio.parts.records.failure import _ways as draw

    ways = tuple(Way(kind, f"Give {marked}") for kind in (SETTING, FIELD, LOOK))
    draw(cast(Any, None), cast(Any, SimpleNamespace(ways=ways)), 0)


def _sent(marked: str) -> None:
    from typing import Any, cast

    from engine.runs.results import SKIPPED, Delivered
    from studio.parts.records.sending import Replayed, _came_of

    _came_of(cast(Any, None), Replayed(cast(Any, None), Delivered(SKIPPED, f"skipped: {marked}")))


def test_a_way_out_quotes_a_record_as_text() -> None:
    page = AppTest.from_function(_ways, args=(MARKED,)).run(timeout=30)

    assert not page.exception
    said = [*(button.label for button in page.button), *(each.value for each in page.markdown)]
    assert len(said) == 3
    assert all("](" not in each and "**" not in each for each in said)


def test_what_the_mapping_does_not_take_is_no_success() -> None:
    page = AppTest.from_function(_sent, args=(MARKED,)).run(timeout=30)

    assert not page.exception and not page.success
    [warning] = page.warning
    assert "does not take it" in warning.value and "](" not in warning.value
