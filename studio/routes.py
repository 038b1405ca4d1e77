"""Which pages there are, in the order of the navigation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.design.people.rights import Role
from studio.pages import flows, home, lookups, mapping, new_flow, records, runs, settings, systems
from studio.words import no_


@dataclass(frozen=True, slots=True)
class Route:
    """A page. path: in the address, "" for the first; title: not yet translated; role: what it takes to open it;
    is_hidden: others lead to it, it does not stand in the navigation.
    """

    path: str
    title: str
    icon: str
    draw: Callable[[], None]
    role: Role = Role.LOOK
    is_hidden: bool = False


PAGES = (
    Route("", no_("Home"), ":material/home:", home.home_page),
    Route("records", no_("Records"), ":material/search:", records.records_page),
    Route("runs", no_("Runs"), ":material/play_circle:", runs.runs_page),
    Route("flows", no_("Flows"), ":material/view_list:", flows.flows_page),
    Route("mapping", no_("Mapping"), ":material/account_tree:", mapping.mapping_page),
    Route("lookups", no_("Lookups"), ":material/table:", lookups.lookups_page),
    Route("systems", no_("Systems"), ":material/cable:", systems.systems_page),
    Route("settings", no_("Settings"), ":material/settings:", settings.settings_page),
    Route("new-flow", no_("New flow"), ":material/add:", new_flow.new_flow_page, Role.DESIGN, is_hidden=True),
)
