"""The page of what holds for the whole workspace: language, keeping, telling, keys, people, backup, who did what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from engine.design.people.rights import Role
from studio.parts.allowed import lacks, refuse_page, say_looking
from studio.parts.header import header
from studio.parts.settings.about import draw_about
from studio.parts.settings.audit import draw_audit
from studio.parts.settings.backup import draw_backup
from studio.parts.settings.keys import draw_keys
from studio.parts.settings.language import draw_language
from studio.parts.settings.notifications import draw_notifications
from studio.parts.settings.people import draw_people
from studio.parts.settings.place import draw_said, go_to, part_in_address
from studio.parts.settings.retention import draw_retention
from studio.state import STATIC
from studio.words import _, no_


@dataclass(frozen=True, slots=True)
class Part:
    """title: not yet translated; sees: the role to look at it; changes: the role to change something there."""

    title: str
    icon: str
    draw: Callable[[], None]
    sees: Role = Role.LOOK
    changes: Role = Role.ADMINISTER


PARTS = {
    "": Part(no_("Language"), ":material/language:", draw_language, changes=Role.LOOK),
    "retention": Part(no_("What is kept"), ":material/history_toggle_off:", draw_retention),
    "notifications": Part(no_("Notifications"), ":material/notifications:", draw_notifications),
    "keys": Part(no_("Connections and keys"), ":material/key:", draw_keys),
    "backup": Part(no_("Backup"), ":material/backup:", draw_backup),
    "people": Part(no_("People"), ":material/group:", draw_people),
    "audit": Part(no_("Audit log"), ":material/receipt_long:", draw_audit, sees=Role.ADMINISTER),
    "about": Part(no_("About"), ":material/info:", draw_about, changes=Role.LOOK),
}


def settings_page() -> None:
    """Draw it: the list of its parts, and the one that the address names."""
    st.html(STATIC / "settings.css")
    header(_("Settings"), _("What holds for the whole workspace."))
    asked = part_in_address()
    name = asked if asked in PARTS else ""
    part = PARTS[name]
    listed, shown = st.columns([1, 3.6], gap="large")
    with listed, st.container(key="settings_parts", gap="xsmall"):
        for each, about in PARTS.items():
            _draw_way(each, about, is_here=each == name)
    with shown, st.container(key="settings_shown"):
        draw_said()
        if lacks(part.sees):
            refuse_page(part.sees)
            return
        say_looking(part.changes)
        part.draw()


def _draw_way(name: str, part: Part, *, is_here: bool) -> None:
    st.button(
        _(part.title),
        icon=part.icon,
        type="secondary" if is_here else "tertiary",
        width="stretch",
        key=f"part_{name or 'language'}",
        on_click=go_to,
        args=(name,),
    )
