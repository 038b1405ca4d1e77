"""What keys mean in the source: the records that its own fields refer to, by the codes that stand in orders.

A shop's order says `sandboxpay_ideal`; the shop's payment methods say that this is called iDEAL and goes by a bank.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from engine.connectors.connector import Connector, Resource
from engine.design.desk import Desk
from engine.design.lookups.options import read_records
from engine.errors import Json, StudioError
from engine.flows.check_connector import sample_records
from engine.flows.library import LoadedFlow

_CODE, _NAME = ".code", ".name"


@dataclass(frozen=True, slots=True)
class KeyMeaning:
    """What the source says of a key. title: what people call it; kinds: by its coded fields; of: which resource."""

    title: str
    kinds: tuple[str, ...]
    of: str


@dataclass(frozen=True, slots=True)
class KeyMeanings:
    """Every code of the source that is known. is_live: read from the connected source, not from its samples."""

    by_key: Mapping[str, KeyMeaning] = field(default_factory=dict)
    is_live: bool = False

    def title(self, key: str) -> str:
        """What people call a key; "" where nobody says, or it says the same."""
        known = self.by_key.get(key)
        return known.title if known is not None and known.title != key else ""

    def kinds(self, key: str) -> tuple[str, ...]:
        """What kinds of thing a key is, in the vocabulary's words."""
        known = self.by_key.get(key)
        return known.kinds if known is not None else ()

    def alike(self, keys: Collection[str]) -> list[str]:
        """All codes of the kinds of record that some of these keys are of."""
        kinds = {self.by_key[key].of for key in keys if key in self.by_key}
        return [key for key, known in self.by_key.items() if known.of in kinds]


def key_meanings(desk: Desk, loaded: LoadedFlow) -> KeyMeanings:
    """The codes of the records that the source's fields refer to: live where it is connected, else of its samples."""
    source = loaded.connectors[loaded.flow.source.connector]
    schema = source.resources[loaded.flow.source.resource].schema
    found: dict[str, KeyMeaning] = {}
    is_live = False
    for name in dict.fromkeys(_referred(schema)):
        resource = source.resources.get(name)
        if resource is None or not _field(resource, _CODE):
            continue
        records, live = _records(desk, source, name)
        is_live = is_live or live
        for key, meaning in _meanings(resource, records):
            found.setdefault(key, meaning)
    for key, meaning in _of_coded_fields(schema):
        found.setdefault(key, meaning)
    return KeyMeanings(found, is_live)


def _of_coded_fields(schema: Mapping[str, Json]) -> Iterator[tuple[str, KeyMeaning]]:
    """The words of the source's own coded fields, as its ways of delivery; a number may be the key of anything."""
    for name, about in schema.get("properties", {}).items():
        for code, meant in about.get("x-codes", {}).items():
            if not code.isdigit() and code not in ("true", "false"):
                yield code, KeyMeaning("", (meant,), name)


def _records(desk: Desk, source: Connector, name: str) -> tuple[list[dict[str, Json]], bool]:
    try:
        return list(read_records(desk, source, name).records), True
    except StudioError:  # what it means is a help only: whether the source can be reached is told elsewhere
        return [each for each in sample_records(desk.workspace, source.name, name) if isinstance(each, dict)], False


def _referred(schema: Mapping[str, Json]) -> Iterator[str]:
    """The resources that fields of a schema refer to, those in lists and objects too."""
    for about in schema.get("properties", {}).values():
        if isinstance(about.get("x-refers"), str):
            yield about["x-refers"]
        yield from _referred(about)
        yield from _referred(about.get("items", {}))


def _field(resource: Resource, ending: str) -> str:
    """The field whose meaning ends so; "" where there is none."""
    properties: Mapping[str, Json] = resource.schema.get("properties", {})
    wanted = f"{resource.kind}{ending}"
    return next((name for name, about in properties.items() if about.get("x-meaning") == wanted), "")


def _meanings(resource: Resource, records: list[dict[str, Json]]) -> Iterator[tuple[str, KeyMeaning]]:
    code, name = _field(resource, _CODE), _field(resource, _NAME)
    coded = {field: about["x-codes"] for field, about in resource.schema["properties"].items() if "x-codes" in about}
    for record in records:
        key = record.get(code)
        if key is None or isinstance(key, dict | list):
            continue
        kinds = tuple(codes[str(record[field])] for field, codes in coded.items() if str(record.get(field)) in codes)
        yield str(key), KeyMeaning(str(record.get(name) or ""), kinds, resource.name)
