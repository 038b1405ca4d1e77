"""Which pages there are, in the order of the navigation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studio.pages import flows
from studio.words import no_


@dataclass(frozen=True, slots=True)
class Route:
    """A page. path: in the address, "" for the first; title: not yet translated."""

    path: str
    title: str
    icon: str
    draw: Callable[[], None]


PAGES = (Route("", no_("Flows"), ":material/account_tree:", flows.flows_page),)
