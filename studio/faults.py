"""A fault of the studio itself: said on the page in words, logged by its kind and place, never with a value."""

from __future__ import annotations

import logging
import traceback
from typing import Any

import streamlit as st

from engine.errors import NotAllowed
from studio.parts.trouble import show_error
from studio.words import _

_LOG = logging.getLogger("studio")
_OF_OTHERS = ("streamlit", "uvicorn", "asyncio")


def keep_values_out_of_the_log() -> None:
    """The server logs a fault before we are asked, with what it quotes: a value of a record, what somebody typed. From
    now on of a fault it says kind and place, as we do.
    """
    make = logging.getLogRecordFactory()

    def made(name: str, *given: Any, **named: Any) -> logging.LogRecord:
        record = make(name, *given, **named)
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and name.startswith(_OF_OTHERS):
            record.msg, record.args, record.exc_info = (
                f"{_without_values(record)}: {_kind_and_place(error)}",
                None,
                None,
            )
        return record

    logging.setLogRecordFactory(made)


def show_fault(error: Exception) -> bool:
    """Say it, and keep Streamlit's own box away. What a role does not allow is no fault: somebody's role was changed
    while they had the page open.
    """
    if isinstance(error, NotAllowed):
        show_error(error)
        return True
    kind = type(error).__name__
    _LOG.error(_kind_and_place(error))
    st.error(
        _(
            "**This part of the page could not be drawn.** The fault is ours ({kind}), not yours; what you changed "
            "before is saved in the draft. Reload the page; if it happens again, tell us what you did.",
            kind=kind,
        ),
        icon=":material/error:",
    )
    return True


def _without_values(record: logging.LogRecord) -> str:
    """What is said of a fault, with no more of it than where: an exception among the arguments is left out."""
    given = record.args if isinstance(record.args, tuple) else ()
    return str(record.msg) if any(isinstance(each, BaseException) for each in given) else record.getMessage()


def _kind_and_place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {frames[-1].filename}, line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
