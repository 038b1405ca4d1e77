"""What a connector does not declare, or what may not be asked of it, as problems."""

from __future__ import annotations

from engine.connectors.connector import Resource
from engine.errors import Problem


def lacks(title: str, resource: Resource, name: str) -> Problem:
    return Problem(
        f"{title}, {resource.title.lower()}",
        f"the connector declares no way to {name} these records",
        "Choose another policy for the step, or add the operation to the connector if the system has it.",
    )


def handed_out(title: str, resource: Resource) -> Problem:
    return Problem(
        f"{title}, {resource.title.lower()}",
        "each of these records is handed out once, so there is no list of all of them",
        "Choose another resource for a lookup or a fact; a flow whose source they are reads them.",
    )
