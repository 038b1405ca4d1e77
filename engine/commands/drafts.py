"""`drafts`: the flows that are being changed, by whom, and which of them somebody published meanwhile."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime

from engine.commands.output import Output
from engine.commands.telling import moment
from engine.connectors.clock import SystemClock
from engine.design.desk import workspace_in
from engine.design.drafts import Drafts


def run(asked: Namespace) -> int:
    """Exit code 0, whether there are drafts or not."""
    output = Output(asked.json)
    drafts = Drafts(workspace_in(asked.workspace), SystemClock())
    output.problems(drafts.problems())
    rows = []
    for name in drafts.names():
        draft = drafts.open(name)
        is_behind = drafts.published_changed(draft)
        changes = drafts.changes(name)
        output.object(
            "draft",
            flow=name,
            revision=draft.revision,
            changed_by=draft.changed_by,
            changed_at=draft.changed_at,
            last=changes[-1].says if changes else "",
            published_changed=is_behind,
        )
        state = "the published flow has changed meanwhile" if is_behind else ""
        at = moment(datetime.fromisoformat(draft.changed_at)) if draft.changed_at else ""
        rows.append((name, draft.changed_by, at, changes[-1].says if changes else "", state))
    if rows:
        output.table(("flow", "changed by", "at", "last change", ""), rows)
    else:
        output.text("There are no drafts.")
    return 0
