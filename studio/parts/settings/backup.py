"""Backups: made now, listed, downloaded, deleted; and how one is put back, which no running studio does."""

from __future__ import annotations

import streamlit as st

from engine.design.people.rights import Role
from engine.design.settings.backups import (
    FOLDER,
    Kept,
    back_up_here,
    backups,
    content_of,
    delete,
    last_backup,
    restoring,
)
from engine.errors import StudioError
from studio.parts.allowed import lacks, only
from studio.parts.settings.place import say
from studio.parts.settings.sizes import size_in_words
from studio.parts.trouble import plain
from studio.state import things, things_later
from studio.words import _, moment


def draw_backup() -> None:
    """When one was made last, making one, those there are, putting one back."""
    st.subheader(_("Backup"), anchor=False)
    last = last_backup(things())
    if last is None:
        st.warning(_("No backup was ever made."), icon=":material/warning:")
    else:
        st.write(_("The last one was made {when} by {who}.", when=moment(last.at), who=plain(last.who)))
    _draw_making()
    kept = backups(things())
    if kept:
        st.markdown(f"**{_('In {folder}', folder=f'`.studio/{FOLDER}`')}**")
        st.caption(_("They lie on the same disk as the ledger: keep one elsewhere too."))
    for each in kept:
        _draw_one(each)
    _draw_restoring(kept[0] if kept else None)


def _draw_making() -> None:
    st.caption(
        _(
            "In it are the ledger (connections, records, history, this log of who did what) and the drafts; flows and "
            "descriptions of systems are files of yours. Runs go on meanwhile."
        )
    )
    with_key = st.checkbox(
        _("Also write the key of the ledger, into a file beside it"),
        key="backup_with_key",
        disabled=bool(lacks(Role.ADMINISTER)),
    )
    if with_key:
        said = _("Whoever has both the backup and the key reads everything: move one of them away from the other.")
        st.warning(said, icon=":material/key:")
    if st.button(
        _("Make a backup"), type="primary", icon=":material/backup:", key="make_backup", **only(Role.ADMINISTER)
    ):
        _make(with_key=with_key)


def _make(*, with_key: bool) -> None:
    try:
        with st.spinner(_("Making it …")):
            made = back_up_here(things(), with_key=with_key)
        said = _("{name} is made: {size}.", name=f"`{made.name}`", size=size_in_words(made.size))
        if made.key is not None:
            said += " " + _("The key is in {name}.", name=f"`{made.key.name}`")
        say(said)
    except StudioError as error:
        say(error)
    st.rerun()


def _draw_one(each: Kept) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"saved_{each.path.stem}"):
        key = f" · :material/key: {_('its key lies beside it')}" if each.key is not None else ""
        about = f"{moment(each.at)} · {size_in_words(each.size)}{key}"
        st.markdown(f"**{plain(each.name)}**  \n:small[{about}]", width="stretch")
        held = things_later()  # the download begins when it is clicked, outside of any session
        if each.can_be_downloaded:
            st.download_button(
                _("Download"),
                lambda: content_of(held(), each.name),
                each.name,
                "application/x-tar",
                icon=":material/download:",
                key=f"download_{each.name}",
                on_click="ignore",
                **only(Role.ADMINISTER),
            )
        else:
            st.caption(_("Too large for the browser: fetch it from the folder."))
        label, icon = _("Delete …"), ":material/delete:"
        if st.button(label, type="tertiary", icon=icon, key=f"delete_{each.name}", **only(Role.ADMINISTER)):
            st.dialog(_("Delete this backup?"))(_draw_deleting)(each)


def _draw_deleting(each: Kept) -> None:
    st.write(_("{name} is deleted for good.", name=f"`{each.name}`"))
    if each.key is not None:
        st.write(_("So is the copy of the key beside it; the ledger keeps its own."))
    with st.container(horizontal=True):
        if st.button(_("Delete"), type="primary", icon=":material/delete:", key="delete_now"):
            try:
                gone = delete(things(), each.name)
                say(_("{name} is deleted.", name=f"`{gone.name}`"))
            except StudioError as error:
                say(error)
            st.rerun()
        if st.button(_("Keep it"), key="delete_not"):
            st.rerun()


def _draw_restoring(newest: Kept | None) -> None:
    st.markdown(f"**{_('Putting one back')}**")
    st.write(
        _(
            "By command only, since nothing else may have the ledger open: end the studio, serve and all runs, then "
            "call this where the studio is started. What is there now is kept in a folder beside it."
        )
    )
    st.code(restoring(things(), newest), language=None, wrap_lines=True)
