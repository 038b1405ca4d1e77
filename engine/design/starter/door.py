"""Offers and starters of a workspace, whose connectors and samples are read from its folder."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from engine.connectors.connector import Connector
from engine.design.starter.making import StarterResult, made
from engine.design.starter.offering import Offer, offers_of
from engine.design.starter.pair import Samples
from engine.design.starter.refusals import processes_of
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, Json, Problem
from engine.flows.check_connector import sample_records
from engine.flows.library import load_connector


def offers(workspace: Workspace) -> list[Offer]:
    """What flows can be made between the workspace's systems, those first that can be.

    A connector whose files are broken is passed over: `check` and the catalogue tell of it.
    """
    found: dict[str, Connector] = {}
    for name in workspace.connector_names():
        try:
            found[name] = load_connector(workspace, name)
        except DocumentError:
            continue
    return offers_of(found)


def starter(
    workspace: Workspace,
    source: str,
    target: str,
    resource: str,
    answers: Mapping[str, Json] | None = None,
    samples: Samples | None = None,
    process: str = "",
) -> StarterResult:
    """A flow of the source's records into the target. DocumentError where it cannot be made, with every reason.

    samples: gives records of a resource, from which defaults and rows of lookups are proposed; without it the
    connectors' samples; process: what is done with the records (`Offer.kind`), without it the first that can be.
    """
    connectors = {name: load_connector(workspace, name) for name in dict.fromkeys((source, target))}
    if source == target:
        advice = "Name two systems."
        raise DocumentError([Problem(source, "a flow from a system into itself has no starter", advice)])
    known = connectors[source].resources
    if resource not in known:
        what = f"{connectors[source].title} has no “{resource}”"
        raise DocumentError([Problem(source, what, f"There are: {', '.join(known)}.")])
    named = processes_of(known[resource].kind)
    if process and process not in named:
        what = f"there is no process “{process}” for {known[resource].title.lower()}"
        advice = f"There is: {', '.join(named)}." if named else "Choose another kind of record."
        raise DocumentError([Problem(source, what, advice)])
    return made(connectors, source, target, resource, answers, samples or partial(sample_records, workspace), process)
