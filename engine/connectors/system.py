"""An open connection to one system: its operations, with every hole filled by a formula."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from engine.connectors.building import RequestBuilder
from engine.connectors.children import Children, Completed, Each, Keeper, no_keeper
from engine.connectors.choosing import choice
from engine.connectors.client import Client
from engine.connectors.connector import Connector, Operation, Resource
from engine.connectors.evaluator import Evaluator
from engine.connectors.exchange import Reply, Request
from engine.connectors.lacking import handed_out, lacks
from engine.connectors.pages import NO_CONTENT, Page, PageReader, Row, refuse_unmade
from engine.errors import ExchangeError, FormulaError, Json, RecordProblem, RecordRefused
from engine.formulas import MISSING, Environment, Formulas

_TEXT_OF_FIELD = re.compile(r"\$string\(([A-Za-z_]\w*)\)", re.ASCII)  # depends on that field only
_MOST_TEXTS = 2_000
OnExchange = Any  # Callable[[Exchange], None] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write came to: the record as the target told it, its key and the number people call it by. problem: the
    error that it told of all the same.
    """

    record: dict[str, Json]
    key: str | None
    number: str | None
    already_so: bool = False
    problem: ExchangeError | None = None


class System:
    """Reads, finds and writes records of one connected system. Safe to use from several threads."""

    def __init__(
        self,
        connector: Connector,
        client: Client,
        formulas: Formulas,
        environment: Environment,
    ) -> None:
        self.connector = connector
        self._client = client
        self._evaluator = Evaluator(formulas, environment)
        self._builder = RequestBuilder(connector.title, client.base, self._evaluator, connector.text_encoding)
        self._reader = PageReader(connector.title, client, self._builder, self._evaluator)
        self._children = Children(self._reader, self._evaluator)
        self._texts: dict[tuple[str, type, Json], str] = {}

    @property
    def title(self) -> str:
        return self.connector.title

    def resource(self, name: str) -> Resource:
        return self.connector.resources[name]

    # --- reading

    def read(
        self, resource_name: str, variables: Mapping[str, Json] | None = None, on_exchange: OnExchange = None
    ) -> Iterator[Page]:
        """The pages of a resource, without children. variables: what the request's holes see ($since …)."""
        operation, seen = self._reading(resource_name, variables or {})
        yield from self._reader.pages(operation, None, seen, on_exchange)

    def made_anew(self, resource_name: str, sent: Row) -> Row:
        """What the connector makes by now of a record as it was sent, of which it could make nothing (`Unmade`)."""
        operation = self._operation(resource_name, "read")
        return self._reader.made(operation, [sent], self._seen(resource_name, operation, {}))[0]

    def get(
        self, resource_name: str, key: str | None = None, on_exchange: OnExchange = None, *, whole: bool = True
    ) -> Row:
        """One record by its key, with its children unless it is to be completed with others (`complete`)."""
        operation = self._operation(resource_name, "get")
        variables = self._seen(resource_name, operation, {"key": key})
        reply = self._client.send(self.request(operation, None, variables), safe=True, on_exchange=on_exchange)
        record = self._evaluator.value(operation.record or "$", reply.document, variables)
        if not isinstance(record, dict):
            raise self._reader.broken(operation, "it holds no record where the connector expects one")
        return self.with_children(resource_name, operation.name, record, on_exchange) if whole else record

    def with_children(
        self, resource_name: str, operation_name: str, record: Row, on_exchange: OnExchange = None
    ) -> Row:
        """The record with the fields that are fetched by requests of their own; RecordProblem where it names none."""
        [whole] = self.complete(resource_name, operation_name, [record], lambda _: on_exchange)
        if whole.problem is not None:
            raise RecordProblem([whole.problem])
        return whole.record

    def complete(
        self,
        resource_name: str,
        operation_name: str,
        records: Sequence[Row],
        keeper: Keeper = no_keeper,
        each: Each = map,
        *,
        kept: bool = False,
    ) -> list[Completed]:
        """The records of a page, each with its children: see `engine.connectors.children.Children.complete`."""
        operation = self._operation(resource_name, operation_name)
        schema = self.resource(resource_name).schema
        return self._children.complete(operation, schema, records, keeper, each, kept=kept)

    def find(
        self, resource_name: str, field: str, value: Json, on_exchange: OnExchange = None
    ) -> list[dict[str, Json]]:
        """The records whose field has the value, as the system's own search sees it."""
        operation = self._operation(resource_name, "find")
        variables = self._seen(resource_name, operation, {"field": field, "match": value})
        return self._reader.all(operation, None, variables, on_exchange)

    def all(self, resource_name: str, on_exchange: OnExchange = None) -> list[dict[str, Json]]:
        """Every record of a resource that can be read, or the one that can be got without a key.

        RecordProblem where they are handed out once: to ask for all of them would take them from the flow they are for.
        """
        if self.resource(resource_name).operation("read") is None:
            return [self.get(resource_name, None, on_exchange)]
        operation, seen = self._reading(resource_name, {})
        return self._reader.all(operation, None, seen, on_exchange)

    def _reading(self, resource_name: str, variables: Mapping[str, Json]) -> tuple[Operation, dict[str, Json]]:
        """The read and what its request sees. RecordProblem where records are handed out once and no batch is named."""
        operation = self._operation(resource_name, "read")
        if operation.batch is not None and "batch" not in variables:
            raise RecordProblem([handed_out(self.title, self.resource(resource_name))])
        return operation, self._seen(resource_name, operation, variables)

    def facts(self, on_exchange: OnExchange = None) -> dict[str, Json]:
        """What is true of the whole account; a fact that has no value is null."""
        held: dict[str, Row | None] = {}
        facts: dict[str, Json] = {}
        for name, fact in self.connector.facts.items():
            if fact.resource not in held:
                held[fact.resource] = self._first(fact.resource, on_exchange)
            first = held[fact.resource]
            value = self._evaluator.value(fact.value, first, {}) if first is not None else None
            facts[name] = None if value is MISSING else value
        return facts

    def _first(self, resource_name: str, on_exchange: OnExchange) -> Row | None:
        """The first record of a resource, without the pages behind it; the same refusals as `all`."""
        if self.resource(resource_name).operation("read") is None:
            return self.get(resource_name, None, on_exchange)
        for page in self.read(resource_name, {}, on_exchange):
            refuse_unmade(page)
            if page.records:
                return page.records[0]
        return None

    # --- writing

    def create(self, resource_name: str, fields: dict[str, Json], on_exchange: OnExchange = None) -> Answer:
        """Create a record. ExchangeError.outcome_unknown says that it may exist although no answer came."""
        operation = self._operation(resource_name, "create")
        if operation.at_most > 1:
            return self.create_together(resource_name, [fields], on_exchange)[0]
        return self._write(resource_name, operation, {"fields": fields}, on_exchange)

    def create_together(
        self, resource_name: str, many: Sequence[dict[str, Json]], on_exchange: OnExchange = None
    ) -> list[Answer]:
        """Create or change several records by one request, which may be sent again; what came of each, in their order.

        The request sees all of them as $together and the first as $fields. `records` gives the answers in order; else
        `record` is asked for each, with its own $fields.
        """
        operation = self._operation(resource_name, "create")
        seen = self._seen(resource_name, operation, _of_many(many))
        reply = self._client.send(self.request(operation, None, seen), safe=True, on_exchange=on_exchange)
        return [
            Answer(record, self.key_of(resource_name, record), self.number_of(resource_name, record))
            for record in self._answers(operation, many, reply, seen)
        ]

    def _answers(
        self, operation: Operation, many: Sequence[dict[str, Json]], reply: Reply, seen: Mapping[str, Json]
    ) -> list[dict[str, Json]]:
        if self._says_nothing(operation, reply):
            return [{} for _ in many]
        document = reply.document
        if operation.records is not None:
            found = self._evaluator.value(operation.records, document, seen)
        else:
            formula = operation.record or "$"
            found = [self._evaluator.value(formula, document, {**seen, "fields": fields}) for fields in many]
        if isinstance(found, dict) and len(many) == 1:
            found = [found]
        if not isinstance(found, list) or len(found) != len(many) or not all(isinstance(one, dict) for one in found):
            raise self._reader.broken(operation, f"it does not hold {len(many)} records, as many as were sent")
        return found

    def update(
        self,
        resource_name: str,
        key: str,
        fields: dict[str, Json],
        on_exchange: OnExchange = None,
        existing: Mapping[str, Json] | None = None,
    ) -> Answer:
        """Change a record; sending it twice does no harm, so it is tried again like a read. existing: as it was."""
        operation = self._operation(resource_name, "update")
        before = {"existing": existing} if existing is not None else {}
        return self._write(resource_name, operation, {"fields": fields, "key": key, **before}, on_exchange, safe=True)

    def left_over(self, resource_name: str, error: ExchangeError) -> str | None:
        """The number of the older batch that an error says must be fetched first; "" where it does not say which, None
        where it says something else.
        """
        batch = self._operation(resource_name, "read").batch
        if batch is None or batch.left_over is None or error.system_code != batch.left_over.code:
            return None
        said = {"error": {"code": error.system_code, "message": error.system_message}}
        number = self._evaluator.value(batch.left_over.number, {}, said)
        return "" if number is MISSING or number is None else str(number)

    def acknowledge(self, resource_name: str, number: str, on_exchange: OnExchange = None) -> None:
        """Tell the system that we have this batch; told again where no answer comes."""
        operation = self._operation(resource_name, "acknowledge")
        self._client.send(self.request(operation, None, {"batch": number}), safe=True, on_exchange=on_exchange)

    def ask(self, operation: Operation, record: Json, variables: Mapping[str, Json]) -> Json:
        """What comes of a request that belongs to no record; None where it answers nothing."""
        reply = self._client.send(self.request(operation, record, variables), safe=False, on_exchange=None)
        return self._evaluator.value(operation.record or "$", reply.document, {}) if operation.answers else None

    def write_request(self, resource_name: str, name: str, variables: Mapping[str, Json]) -> Request:
        """The request a write would send, for showing it: what does not exist yet stands in it by a placeholder."""
        operation = self._operation(resource_name, name)
        if operation.at_most > 1:
            variables = {**variables, **_of_many([variables["fields"]])}
        return self._builder.shown(operation, None, self._seen(resource_name, operation, variables))

    def _write(
        self,
        resource_name: str,
        operation: Operation,
        variables: Mapping[str, Json],
        on_exchange: OnExchange,
        *,
        safe: bool = False,
    ) -> Answer:
        request = self.request(operation, None, self._seen(resource_name, operation, variables))
        made_as = None if safe else partial(self._made_as, resource_name, operation, variables)
        try:
            reply = self._client.send(request, safe=safe, on_exchange=on_exchange, made_as=made_as)
        except RecordRefused as refused:
            if operation.already_so and self._is_already_so(operation.already_so, refused):
                return Answer({}, variables.get("key"), None, already_so=True)
            raise
        if self._says_nothing(operation, reply, unknown=True):
            return Answer({}, variables.get("key"), None)
        record = self._evaluator.value(operation.record or "$", reply.document, variables)
        if not isinstance(record, dict):
            raise self._reader.broken(operation, "it holds no record where the connector expects one", unknown=True)
        key = self.key_of(resource_name, record) or variables.get("key")
        return Answer(record, key, self.number_of(resource_name, record), problem=reply.problem)

    def _made_as(
        self, resource_name: str, operation: Operation, variables: Mapping[str, Json], told: Json
    ) -> str | None:
        """The key of the record that was made, where a reply names it."""
        if not operation.answers or "none" in operation.reply or told is None:
            return None
        try:
            record = self._evaluator.value(operation.record or "$", told, variables)
            return self.key_of(resource_name, record) if isinstance(record, dict) else None
        except FormulaError:  # the reply of an error need not have what the formula asks for
            return None

    def _says_nothing(self, operation: Operation, reply: Reply, *, unknown: bool = False) -> bool:
        """Is all well, and nothing to be read? BrokenReply where the reply is empty and should not be."""
        if not operation.answers or "none" in operation.reply or reply.status == NO_CONTENT:
            return True
        if not reply.body.strip():
            raise self._reader.broken(operation, "it is empty", unknown=unknown)
        return reply.document is None  # JSON-RPC may answer null

    def _is_already_so(self, formula: str, refused: ExchangeError) -> bool:
        error = {"status": refused.status, "code": refused.system_code, "message": refused.system_message}
        return self._evaluator.value(formula, {}, {"error": error}) is True

    def key_of(self, resource_name: str, record: Json) -> str | None:
        return self._text(self.resource(resource_name).key, record)

    def number_of(self, resource_name: str, record: Json) -> str | None:
        return self._text(self.resource(resource_name).number, record)

    def _text(self, formula: str | None, record: Json) -> str | None:
        name = _TEXT_OF_FIELD.fullmatch(formula) if formula else None
        if name is not None and isinstance(record, dict) and type(record.get(name[1])) in (int, str):
            return self._text_of_field(name[0], name[1], record[name[1]])
        value = self._evaluator.value(formula, record, {}) if formula else None
        return None if value is None or value is MISSING else str(value)

    def _text_of_field(self, formula: str, name: str, value: Json) -> str:
        """What `$string(Number)` gives for a value: asked once for each, since a record is named several times."""
        place = (formula, type(value), value)
        text = self._texts.get(place)
        if text is None:
            text = str(self._evaluator.value(formula, {name: value}, {}))
            if len(self._texts) >= _MOST_TEXTS:
                self._texts.clear()
            self._texts[place] = text
        return text

    # --- requests

    def request(self, operation: Operation, record: Json, variables: Mapping[str, Json]) -> Request:
        """The operation's request, ready but for its sign-in."""
        return self._builder.request(operation, record, variables)

    def _seen(self, resource_name: str, operation: Operation, variables: Mapping[str, Json]) -> dict[str, Json]:
        """What a request's formulas see: what it is called with, and the fields to ask for."""
        resource = self.resource(resource_name)
        return {**variables, **choice(operation, resource.schema, resource.operations.values())}

    def _operation(self, resource_name: str, name: str) -> Operation:
        resource = self.resource(resource_name)
        operation = resource.operation(name)
        if operation is None:
            raise RecordProblem([lacks(self.title, resource, name)])
        return operation

    def close(self) -> None:
        self._client.close()


def _of_many(many: Sequence[dict[str, Json]]) -> dict[str, Json]:
    """What a request sees that carries several records."""
    return {"together": list(many), "fields": many[0]}
