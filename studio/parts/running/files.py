"""Bindings as files: written without secrets, to be kept or taken to another machine, and read from there."""

from __future__ import annotations

import json

import streamlit as st

from engine.design.people.rights import Role
from engine.design.running.exporting import Imported, export_bindings, import_bindings
from engine.errors import DocumentError, Problem, StudioError
from studio.parts.allowed import only
from studio.parts.trouble import plain, show_problems
from studio.person import person
from studio.state import things
from studio.words import _, n_

_DONE, _FAILED, _TAKEN = "bindings_read", "bindings_refused", "bindings_files"


def draw_export(flow: str = "", name: str = "") -> None:
    """The button that downloads bindings: of all flows, or this one."""
    text = json.dumps(export_bindings(things(), flow, name), ensure_ascii=False, indent=2)
    st.download_button(
        _("Download this binding") if flow else _("Download all bindings"),
        text,
        file_name=f"{flow}-{name}.json" if flow else "bindings.json",
        mime="application/json",
        icon=":material/download:",
        type="tertiary",
        key=f"export_{flow}_{name}",
        help=_("Without secrets: what connections are called, and what differs."),
        on_click="ignore",
    )


def draw_import() -> None:
    """A file of bindings is read, all or none of it."""
    with st.popover(
        _("Read bindings from a file"), icon=":material/upload:", type="tertiary", key="import", **only(Role.DESIGN)
    ):
        times = st.session_state.get(_TAKEN, 0)
        file = st.file_uploader(
            _("A file that was downloaded here, or written by `bindings --export`"),
            type=["json"],
            key=f"import_file_{times}",
        )
        over = st.checkbox(_("Also over bindings that are there already"), key="import_over")
        if (
            st.button(_("Read it"), type="primary", key="import_now", **only(Role.DESIGN, disabled=file is None))
            and file is not None
        ):
            _read(file.getvalue(), file.name, over=over)
            st.rerun()


def _read(text: bytes, name: str, *, over: bool) -> None:
    st.session_state[_DONE], st.session_state[_FAILED] = None, ()
    try:
        st.session_state[_DONE] = import_bindings(things(), text, person().name, name, over=over)
        st.session_state[_TAKEN] = st.session_state.get(_TAKEN, 0) + 1
    except DocumentError as error:
        st.session_state[_FAILED] = error.problems
    except StudioError as error:
        st.session_state[_FAILED] = [error.as_problem()]


def say_what_was_read() -> None:
    """What came of the file that was read last."""
    failed: list[Problem] = st.session_state.pop(_FAILED, None) or []
    show_problems(failed)
    done: Imported | None = st.session_state.pop(_DONE, None)
    if done is None:
        return
    taken = ", ".join(plain(f"{flow} ({name})") for flow, name in done.taken)
    says = n_("{n} binding was taken over", "{n} bindings were taken over", len(done.taken))
    st.success(f"{says}: {taken}" if taken else says, icon=":material/check_circle:")
    show_problems(done.missing)
