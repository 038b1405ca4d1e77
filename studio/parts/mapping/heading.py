"""What goes where, in the words of whoever made the flow."""

from __future__ import annotations

from engine.design.view import View
from studio.words import written


def head_of(view: View) -> dict[str, str]:
    """What goes where: the flow's title, both systems, and the records; "" for what a broken flow does not say."""
    loaded = view.loaded
    flow, known = loaded.flow, loaded.connectors
    source, target = known.get(flow.source.connector), known.get(flow.target())
    resource = source.resources.get(flow.source.resource) if source is not None else None
    return {
        "title": written(flow.title) or flow.name,
        "source": source.title if source is not None else flow.source.connector,
        "target": target.title if target is not None else flow.target(),
        "records": written(resource.title) if resource is not None else flow.source.resource,
    }
