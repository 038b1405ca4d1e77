"""What the log says of a fault of the studio: its kind and its place, and nothing of what it quotes."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from streamlit import config
from streamlit.error_util import _log_uncaught_app_exception

from studio.faults import keep_values_out_of_the_log

VALUE = "zoe@example.com"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged while a studio runs."""
    make, said = logging.getLogRecordFactory(), io.StringIO()
    handler = logging.StreamHandler(said)
    loggers = [logging.getLogger(name) for name in ("streamlit.error_util", "streamlit.of.a.test", "uvicorn.error")]
    for logger in loggers:
        logger.addHandler(handler)
    keep_values_out_of_the_log()
    yield said
    logging.setLogRecordFactory(make)
    for logger in loggers:
        logger.removeHandler(handler)


def fault() -> Exception:
    try:
        return Exception([].index(VALUE))  # type: ignore[arg-type]
    except ValueError as error:
        try:
            raise KeyError(VALUE) from error
        except KeyError as quoted:
            return quoted


def test_a_fault_on_a_page_is_logged_without_what_it_quotes(
    log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    assert config.get_option("logger.enableRich") is False  # it would print past all loggers
    _log_uncaught_app_exception(fault())

    said = log.getvalue() + "".join(capfd.readouterr())
    assert "KeyError in " in said and "test_faults.py, line " in said
    assert VALUE not in said


@pytest.mark.parametrize("name", ["streamlit.of.a.test", "uvicorn.error"])
def test_so_is_one_outside_of_a_page(log: io.StringIO, name: str) -> None:
    error = fault()
    logging.getLogger(name).error("Exception in %s", "a download", exc_info=error)
    logging.getLogger(name).error("Failed: %s", error, exc_info=error)

    assert log.getvalue().count("KeyError in ") == 2
    assert "Exception in a download: KeyError" in log.getvalue()
    assert VALUE not in log.getvalue()
