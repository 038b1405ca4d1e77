"""`versions`: the versions of a flow, which is published now, and whether there is a draft."""

from __future__ import annotations

from argparse import Namespace

from engine.commands.output import Output
from engine.commands.telling import moment
from engine.design.desk import desk
from engine.design.versions import History, Version, history


def run(asked: Namespace) -> int:
    """Always 0: a flow without a version is well too."""
    output = Output(asked.json)
    with desk(asked.workspace) as things:
        known = history(things, asked.flow)
    for version in known.versions:
        output.object("version", flow=asked.flow, **version.as_json())
    output.object("flow", flow=asked.flow, edited_in_its_file=known.is_new, draft=_draft(known))
    if known.versions:
        columns = ("version", "name", "by", "at", "runs", "last run", "", "hash")
        output.table(columns, [_row(version, known) for version in known.versions])
    else:
        output.text(f"{asked.flow} has no version yet: one is numbered at a flow's first run, or when it is published.")
    if known.is_new and known.versions:
        output.text(_unnumbered(known))
    if known.draft is not None:
        output.text(f"There is a draft, last changed by {known.draft.changed_by or 'somebody'}.")
    return 0


def _unnumbered(known: History) -> str:
    """Why what would run now has no number yet."""
    if any(version.is_same_file for version in known.versions):
        return "The files of its connectors have changed since; with them it gets a new number when it next runs."
    return "What is in the file now is none of these: it was edited there, and gets its number when it first runs."


def _row(version: Version, known: History) -> tuple[str, ...]:
    stored = version.stored
    return (
        str(stored.number),
        stored.name,
        stored.who,
        moment(stored.published_at or stored.at),
        str(version.runs),
        moment(version.last_run) if version.last_run else "",
        "; ".join(_said(version, known)),
        stored.hash,
    )


def _said(version: Version, known: History) -> list[str]:
    stored, said = version.stored, []
    now = known.published
    if version.is_published:
        said.append("published now")
    elif now is not None and stored.hash == now.stored.hash:
        said.append("the same as now")
    elif version.is_same_file:
        said.append("the same mapping as now, with other files of its connectors")
    if stored.as_number:
        said.append(f"as version {stored.as_number} was")
    if not stored.published_at:
        said.append("edited in its file")
    if version.files:
        said.append(f"{len(version.files)} file{'' if len(version.files) == 1 else 's'} of its connectors changed")
    if stored.note:
        said.append(f"published anyway: {stored.note}")
    return said


def _draft(known: History) -> dict[str, object] | None:
    draft = known.draft
    if draft is None:
        return None
    return {"revision": draft.revision, "changed_by": draft.changed_by, "changed_at": draft.changed_at}
