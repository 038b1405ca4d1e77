"""What people call the ids that lookups give: the row's own words for each."""

from __future__ import annotations

from engine.design.view.view import View
from engine.mappings.finish import PLACEHOLDER


def names_of_ids(view: View) -> dict[str, str]:
    """Id → what a row calls it, of lookups that name records of the target; nothing where they were not read yet."""
    found: dict[str, str] = {}
    for name, lookup in view.loaded.flow.lookups.items():
        refers, table = lookup.refers, view.environment.lookups.get(name)
        connector = view.loaded.connectors.get(refers.connector) if refers is not None else None
        resource = connector.resources.get(refers.resource) if connector is not None and refers is not None else None
        if table is None or refers is None or resource is None or refers.gives != resource.key_field:
            continue
        for key, given in table.rows.items():
            title = key if refers.every else lookup.rows.get(key)
            if isinstance(given, str) and PLACEHOLDER not in given and title not in (None, "", given):
                found.setdefault(given, str(title))
    return found
