"""The page of what holds for the whole workspace: language, keeping, telling, keys, people, backup."""

from __future__ import annotations

from studio.parts.header import header
from studio.words import _


def settings_page() -> None:
    """Draw it."""
    header(_("Settings"), _("What holds for the whole workspace."))
