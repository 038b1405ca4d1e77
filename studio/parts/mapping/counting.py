"""What came from the browser counts once it was carried out, and not where Streamlit broke it off half way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def counting(counted: dict[str, int]) -> Iterator[None]:
    """Within it, what came is counted. Streamlit may break off whatever reads its session, when a line drops or comes
    back: then nothing of it counts, and the browser, which keeps what was not counted, sends it again.
    """
    before = dict(counted)
    try:
        yield
    except BaseException:
        counted.clear()
        counted.update(before)
        raise
