"""Values sent once, and answers asked for ahead, are the same as asking a worker each time."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.formulas import MISSING, Environment, Formulas, Shared

RECORD = {"id": 7, "rows": [{"sku": "A", "count": 2}, {"sku": "B", "count": None}], "note": None}
FORMULAS = {
    "named": "id",
    "null": "note",
    "counted": "$count(rows[count = 2])",
    "steady": '$answers.mode = "a" ? "yes" : "no"',
    "below": "$steps.customer.Id & rows[0].sku",
    "missing": "rows.price",
    "failing": '$number("x")',
}
VARIABLES: dict[str, Any] = {"steps": {"customer": {"Id": "c1", "Tax": None}}}


@pytest.fixture(scope="module")
def answers() -> Environment:
    return Environment(datetime(2026, 1, 1, tzinfo=UTC), {"answers": {"mode": "a"}})


def shown(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: each.error.code if each.error else each.value for name, each in r.items()} for r in results]


def test_shared_values_give_what_plain_variables_give(pool: Formulas, answers: Environment) -> None:
    program = pool.program(FORMULAS)
    plain = shown(pool.evaluate(program, answers, [(RECORD, {})], shared=VARIABLES))
    shared = Shared({"record": RECORD, **VARIABLES})

    for _ in range(2):  # the second time the worker knows the values already
        assert shown(pool.evaluate(program, answers, [(RECORD, {})], shared=shared)) == plain
    assert plain[0]["below"] == "c1A" and plain[0]["null"] is None and plain[0]["missing"] is MISSING


def test_changed_variable_is_seen(pool: Formulas, answers: Environment) -> None:
    program = pool.program({"id": "$steps.customer.Id & $string(id)"})
    first = Shared({"record": RECORD, "steps": {"customer": {"Id": "c1"}}})
    second = first.changed(steps={"customer": {"Id": "c2"}})

    found = [pool.evaluate(program, answers, [(RECORD, {})], shared=each) for each in (first, second, first)]

    assert [shown(each)[0]["id"] for each in found] == ["c17", "c27", "c17"]


def test_asked_ahead_is_what_asking_gives(pool: Formulas, answers: Environment) -> None:
    one, two = pool.program(FORMULAS), pool.program({"sku": "sku & $string($index)"})
    rows = [(row, {"index": i}) for i, row in enumerate(RECORD["rows"])]  # type: ignore[arg-type,var-annotated]
    shared = Shared({"record": RECORD, **VARIABLES})

    pool.ask_ahead(answers, [(one, [(RECORD, {})]), (two, rows)], shared)

    assert shown(pool.evaluate(two, answers, rows, shared=shared)) == [{"sku": "A0"}, {"sku": "B1"}]
    assert shown(pool.evaluate(one, answers, [(RECORD, {})], shared=shared)) == shown(
        pool.evaluate(one, answers, [(RECORD, {})], shared=VARIABLES)
    )


def test_asked_ahead_answers_no_other_jobs(pool: Formulas, answers: Environment) -> None:
    program = pool.program({"sku": "$uppercase(sku)"})
    other = pool.program({"count": "$count(sku)"})
    shared = Shared({"record": RECORD})
    pool.ask_ahead(answers, [(program, [({"sku": "a"}, {})]), (other, [({}, {})])], shared)

    assert shown(pool.evaluate(program, answers, [({"sku": "b"}, {})], shared=shared)) == [{"sku": "B"}]
    assert shown(pool.evaluate(program, answers, [({"sku": "a"}, {})], shared=shared)) == [{"sku": "A"}]


def test_formula_that_ends_the_worker_leaves_what_else_was_asked_ahead(answers: Environment) -> None:
    from engine.formulas import Limits

    with Formulas(limits=Limits(seconds=0.3), compiles=False) as formulas:
        good, deadly = (
            formulas.program({"a": "$count(rows)"}),
            formulas.program({"b": "($f := function(){$f()}; $f())"}),
        )
        after = formulas.program({"c": "$count(rows.sku)"})
        shared = Shared({"record": RECORD})
        jobs: list[Any] = [(RECORD, {})]
        formulas.ask_ahead(answers, [(good, jobs), (deadly, jobs), (after, jobs)], shared)
        found = [formulas.evaluate(program, answers, jobs, shared=shared) for program in (good, deadly, after)]

    assert [shown(each)[0] for each in found] == [{"a": 2}, {"b": "M1001"}, {"c": 2}]


def test_worker_forgets_old_values_and_is_sent_them_again(pool: Formulas, answers: Environment) -> None:
    program = pool.program({"n": "$sum(rows.n)"})
    records = [{"rows": [{"n": i}, {"n": 1}]} for i in range(250)]
    held = [Shared({"record": record}) for record in records]

    for _ in range(2):
        found = [pool.evaluate(program, answers, [(r, {})], shared=s) for r, s in zip(records, held, strict=True)]
        assert [each[0]["n"].value for each in found] == [i + 1 for i in range(250)]


def test_steady_formula_is_asked_again_for_another_environment(pool: Formulas, answers: Environment) -> None:
    program = pool.program({"mode": '$answers.mode = "a"'})
    other = Environment(answers.now, {"answers": {"mode": "b"}})

    found = [pool.evaluate(program, each, [({}, {})])[0]["mode"].value for each in (answers, other, answers, other)]

    assert found == [True, False, True, False]


def test_variable_of_a_job_is_not_taken_for_the_runs(pool: Formulas, answers: Environment) -> None:
    program = pool.program({"mode": '$answers.mode = "a"'})
    jobs: list[Any] = [({}, {}), ({}, {"answers": {"mode": "x"}}), ({}, {})]

    for _ in range(2):
        assert [each["mode"].value for each in pool.evaluate(program, answers, jobs)] == [True, False, True]
