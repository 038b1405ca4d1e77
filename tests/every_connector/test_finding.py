"""What a connector finds: the record that has the value, all that have it, and none for a value that nobody has."""

from __future__ import annotations

from collections.abc import Callable

from engine.errors import Cause, ExchangeError, FormulaError, RecordProblem
from tests.every_connector.stand import Record, Stand, in_words

Make = Callable[..., Stand]
NOBODYS = ("no-such-thing", "it's", "a&b=c", "100 %", 'the "best"', "x' or '1' eq '1", "å✓", "*", "a/b", "#1;2")


def records(s: Stand, resource: str) -> list[Record]:
    """Records of the resource as the connector gives them: read, or got, or else made for this."""
    system, operations = s.open(), s.connector.resources[resource].operations
    if "read" in operations:
        return system.all(resource)
    if "get" in operations:
        return [system.get(resource, key) for key in s.keys(resource)]
    fields = s.told(resource, "fresh")(s, 1)
    return [{**fields, **system.create(resource, fields).record}]


def test_a_record_is_found_by_its_value(find: tuple[str, str, str], stand: Make) -> None:
    name, resource, field = find
    s = stand(name, resource)
    system = s.open()
    searched = s.kept(resource).searched.get(field, lambda record: record.get(field))
    known = [record for record in records(s, resource) if searched(record) not in (None, "")]
    assert known, f"no record of the sandbox has {field}: its table must put one there"
    for record in known[:3]:
        value = searched(record)
        found = system.find(resource, field, value)

        assert system.key_of(resource, record) in [system.key_of(resource, each) for each in found], (field, value)
        assert all(searched(each) == value for each in found), f"others than {value!r} are found"


def test_a_value_that_nobody_has_finds_nobody(find: tuple[str, str, str], stand: Make) -> None:
    name, resource, field = find
    s = stand(name, resource)
    system = s.open()
    for value in NOBODYS:
        try:
            assert system.find(resource, field, value) == [], value
        except (FormulaError, RecordProblem) as error:  # such as a text where keys are numbers
            in_words(error, s)
        except ExchangeError as error:
            assert error.cause in (Cause.REFUSED_RECORD, Cause.NOT_FOUND), value
            in_words(error, s)
