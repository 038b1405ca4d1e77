"""Every system of connector_specs/ is known to this suite."""

from __future__ import annotations

from tests.every_connector.stand import REPOSITORY, about, document, table_of


def test_a_system_has_a_table_for_this_suite(folder: str) -> None:
    place = table_of(folder).relative_to(REPOSITORY)
    assert document(folder), f"connector_specs/{folder}/connector.json is missing or cannot be read"
    assert table_of(folder).exists(), (
        f"connector_specs/{folder} is tried by nothing: write {place}, the table that tells this suite how its "
        "sandbox is filled, changed and made to misbehave (docs/add-a-system.md says what stands in it)"
    )


def test_a_table_names_resources_that_there_are(system: str) -> None:
    told, declared = set(about(system).resources), set(document(system)["resources"])

    assert told <= declared, f"{table_of(system).relative_to(REPOSITORY)} names {sorted(told - declared)}"
