"""Which pages there are, in the order of the navigation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studio.pages import flows, lookups, mapping, new_flow, records, running, systems
from studio.words import no_


@dataclass(frozen=True, slots=True)
class Route:
    """A page. path: in the address, "" for the first; title: not yet translated."""

    path: str
    title: str
    icon: str
    draw: Callable[[], None]


PAGES = (
    Route("", no_("Flows"), ":material/view_list:", flows.flows_page),
    Route("systems", no_("Systems"), ":material/cable:", systems.systems_page),
    Route("new-flow", no_("New flow"), ":material/add:", new_flow.new_flow_page),
    Route("mapping", no_("Mapping"), ":material/account_tree:", mapping.mapping_page),
    Route("lookups", no_("Lookups"), ":material/table:", lookups.lookups_page),
    Route("records", no_("Records"), ":material/search:", records.records_page),
    Route("running", no_("Running"), ":material/schedule:", running.running_page),
)
