"""A request in a form is compared field by field with what was sent, its signature aside."""

from contextlib import ExitStack

from engine.design.replays import flow_as, replay
from engine.formulas import MISSING
from tests.replay.conftest import desk_of, fields_of
from tests.runs.specter import FLOW, build_orders_stage


def change_comment(flow):
    for step in flow["steps"]:
        if step["step"] == "order":
            step["fields"]["internalComment"]["formula"] = '"Grön låda"'


def test_only_the_field_that_differs_is_told(tmp_path, formulas):
    with ExitStack() as stack:
        s = build_orders_stage(stack, tmp_path / "stage", formulas, own_workspace=True)
        number = s.order(name="Åsa Östersjö")
        s.run()
        s.edit_flow(change_comment)
        s.run()
        things = desk_of(s)
        mapped = flow_as(things, FLOW, "2")
        with replay(things, mapped, mapped.manner()) as work:
            shown = work.show(s.record(number).key)

    assert fields_of(shown, "customer") == {}
    order = fields_of(shown, "order")
    assert order.pop("internalComment") == (MISSING, "Grön låda")
    assert set(order) <= {"customerId"}  # which nobody can look up without a search
