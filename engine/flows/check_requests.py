"""What the schema cannot say of a connector's requests: which words of it need each other, and which formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.connectors.connector import Child, Connector, Operation, Resource
from engine.errors import Json, Problem
from engine.flows.unknown_names import unknown
from engine.formulas.names import FUNCTION_NAMES, names_asked

Path = tuple[str | int, ...]
At = Callable[[Path], str]  # a place in the document, in words

VARIABLES = frozenset(
    "since key field match fields existing choose paging batch ids together connection error event address".split()
)
_PAGED_IN_BODY = ("offset", "page_number")
_IN_PARAMETERS = ("query", "digest")  # the sign-ins that set parameters of every request


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation with its place; resource: whose it is, child: as what, where it belongs to some."""

    place: Path
    operation: Operation
    resource: Resource | None = None
    child: Child | None = None

    @property
    def is_own(self) -> bool:
        """Of a resource itself: `operation.name` says what it does."""
        return self.resource is not None and self.child is None

    def formulas(self) -> Iterator[tuple[str, str]]:
        """(part, formula) of all that makes the request."""
        return ((name.partition(" ")[0], formula) for name, formula in self.operation.formulas().items())

    def uses(self, variable: str, *parts: str) -> bool:
        """Whether the request's formulas ask for a variable; parts: only there."""
        return any(
            name.name == variable and not name.is_called
            for part, formula in self.formulas()
            if not parts or part in parts
            for name in names_asked(formula)
        )


def request_problems(connector: Connector, at: At) -> Iterator[Problem]:
    """Every request's problems, each at its place; the formulas parse."""
    asked = list(_every(connector))
    for each in asked:
        for rule in _RULES:
            yield from rule(each, at)
        yield from _signed(connector, each, at)
        yield from _names(each, at)
    yield from _sign_in(connector, at)
    yield from _codes(connector, asked, at)


def _every(connector: Connector) -> Iterator[Asked]:
    for event in connector.events.values():
        for operation in filter(None, (event.register, event.unregister)):
            yield Asked(("events", event.name, operation.name), operation)
    for resource in connector.resources.values():
        for name, operation in resource.operations.items():
            yield from _with_children(Asked(("resources", resource.name, "operations", name), operation, resource))


def _with_children(asked: Asked) -> Iterator[Asked]:
    yield asked
    for name, child in asked.operation.children.items():
        yield from _with_children(Asked((*asked.place, "children", name), child.operation, asked.resource, child))


def _problem(at: At, asked: Asked, part: str, what: str, what_to_do: str) -> Problem:
    return Problem(at((*asked.place, part)), what, what_to_do)


def _codec(asked: Asked, at: At) -> Iterator[Problem]:
    operation = asked.operation
    if operation.call is not None and operation.codec != "json_rpc":
        yield _problem(
            at, asked, "call", f"a call is named, and the codec is {operation.codec}", "Write json_rpc as the codec."
        )
    if operation.codec == "json_rpc" and operation.call is None:
        yield _problem(at, asked, "codec", "the codec is json_rpc, and no call is named", "Name the method in call.")
    if operation.codec in ("form", "json_rpc") and operation.method == "GET":
        yield _problem(at, asked, "method", f"GET carries no {operation.codec}", "Write POST, or leave codec out.")
    if operation.numbered and operation.codec != "form":
        yield _problem(
            at,
            asked,
            "numbered",
            f"only a form is numbered, and the codec is {operation.codec}",
            "Write form as the codec.",
        )
    if "none" in operation.reply and len(operation.reply) > 1:
        yield _problem(at, asked, "reply", "a reply that is not read is read in no other way", "Write none alone.")
    if "json_rpc" in operation.reply and operation.codec != "json_rpc":
        yield _problem(
            at, asked, "reply", "the reply is that of a call, and nothing is called", "Write json_rpc as the codec too."
        )


def _paged(asked: Asked, at: At) -> Iterator[Problem]:
    paging = asked.operation.paging or {}
    in_body, used = paging.get("in") == "body", asked.uses("paging")
    if in_body and paging["kind"] not in _PAGED_IN_BODY:
        yield _problem(
            at, asked, "paging", f"{paging['kind']} has no pages to ask for in a body", "Write offset there."
        )
    elif in_body and "page_size" not in paging:
        yield _problem(at, asked, "paging", "pages asked for in the body need page_size", "Say how many a page holds.")
    if in_body and not asked.uses("paging", "body"):
        yield _problem(
            at,
            asked,
            "paging",
            "the pages are asked for in the body, and its formula has no $paging",
            "Put $paging.start in it.",
        )
    if used and not in_body:
        yield _problem(
            at, asked, "paging" if paging else "path", "$paging has no value here", 'Write "in": "body" in the paging.'
        )


def _batched(asked: Asked, at: At) -> Iterator[Problem]:
    operation, resource = asked.operation, asked.resource
    is_read = asked.is_own and operation.name == "read"
    if operation.batch is not None and not is_read:
        yield _problem(at, asked, "batch", "only a read hands out batches", "Move it to the read.")
    elif operation.batch is not None and resource is not None:
        if resource.operation("acknowledge") is None:
            yield _problem(
                at,
                asked,
                "batch",
                "what is handed out must be acknowledged, and there is no way to",
                "Add acknowledge.",
            )
        if not asked.uses("batch"):
            yield _problem(at, asked, "batch", "the request does not name its batch", "Put $batch into it.")
    if asked.is_own and operation.name == "acknowledge" and resource is not None:
        if not resource.is_handed_out:
            yield Problem(at(asked.place), "nothing is handed out in batches here", "Add batch to the read.")
        if not asked.uses("batch"):
            yield Problem(at(asked.place), "the request does not name its batch", "Put $batch into it.")


def _creating(asked: Asked, at: At) -> Iterator[Problem]:
    operation, resource = asked.operation, asked.resource
    creates = asked.is_own and operation.name == "create"
    fields = resource.schema.get("properties", {}) if resource else {}
    if operation.guarded_by is not None:
        if not creates:
            yield _problem(at, asked, "guarded_by", "only what is created is guarded", "Move it to create.")
        elif operation.guarded_by not in fields:
            yield unknown(at((*asked.place, "guarded_by")), "field", operation.guarded_by, fields)
    if operation.at_most > 1:
        if not creates:
            yield _problem(at, asked, "together", "only a create carries several records", "Move it to create.")
        elif not asked.uses("together", "body"):
            yield _problem(
                at, asked, "together", "the body holds one record only", "Build it from $together, the list of them."
            )
    for i, name in enumerate(operation.alike):
        if name not in fields:
            yield unknown(at((*asked.place, "together", "alike", i)), "field", name, fields)
    if asked.child is not None and asked.child.together is not None and not asked.uses("ids"):
        yield _problem(at, asked, "together", "the request names no ids", "Put $ids into it.")


def _given(asked: Asked, at: At) -> Iterator[Problem]:
    """Variables that only have a value where something is declared for it."""
    operation = asked.operation
    if operation.at_most == 1 and asked.uses("together"):
        yield Problem(
            at(asked.place), "$together has no value here", "Say in together how many a create carries, two at least."
        )
    if asked.uses("ids") and (asked.child is None or asked.child.together is None):
        yield Problem(at(asked.place), "$ids has no value here", "Say in the child's together where its ids stand.")
    if asked.uses("batch") and operation.batch is None and operation.name != "acknowledge":
        yield Problem(at(asked.place), "$batch has no value here", "Add batch to the read.")


_RULES: tuple[Callable[[Asked, At], Iterator[Problem]], ...] = (_codec, _paged, _batched, _creating, _given)


def _signed(connector: Connector, asked: Asked, at: At) -> Iterator[Problem]:
    sign_in = connector.http["sign_in"]
    over = [*sign_in.get("parts", ()), *sign_in.get("outer", ())] if sign_in["kind"] == "digest" else []
    if asked.operation.subject is not None and "subject" not in over:
        yield _problem(
            at, asked, "subject", "the sign-in is made over no subject", "Leave it out, or name subject in its parts."
        )
    if asked.operation.subject is None and "subject" in over:
        yield Problem(
            at(asked.place),
            "the sign-in needs a subject, and this request has none",
            "Say in subject what it is about.",
        )
    yield from _never_sent(connector, (*asked.place, "query"), asked.operation.query, at)


def _never_sent(connector: Connector, place: Path, query: Mapping[str, Json], at: At) -> Iterator[Problem]:
    """Parameters that the sign-in takes the place of."""
    sign_in = connector.http["sign_in"]
    if sign_in["kind"] not in _IN_PARAMETERS:
        return
    for name in {*sign_in["parameters"]} & {*query}:
        what = f"the sign-in sets the parameter “{name}”, so this value is never sent"
        yield Problem(at((*place, name)), what, "Leave it out.")


def _sign_in(connector: Connector, at: At) -> Iterator[Problem]:
    """A usual parameter that the sign-in takes the place of, a digest that is never sent, an outer one without it."""
    about = connector.http["sign_in"]
    place: Path = ("http", "sign_in")
    yield from _never_sent(connector, ("http", "query"), connector.http.get("query", {}), at)
    if about["kind"] != "digest":
        return
    if not any("{digest}" in template for template in about["parameters"].values()):
        yield Problem(at((*place, "parameters")), "the digest is never sent", "Give a parameter the value {digest}.")
    if "outer" in about and "digest" not in about["outer"]:
        yield Problem(at((*place, "outer")), "the outer hash is not made over the first", "Put digest into it.")


def _names(asked: Asked, at: At) -> Iterator[Problem]:
    """Functions and variables that nobody knows, so that the formula fails or gives nothing for every record."""
    held = [*asked.formulas()]
    parts = ("records", "each", "record")
    held += [(part, text) for part in parts if (text := getattr(asked.operation, part)) is not None]
    for part, formula in held:
        for name in names_asked(formula):
            if name.is_called and name.name not in FUNCTION_NAMES:
                yield unknown(at((*asked.place, part)), "function", f"${name.name}", (f"${n}" for n in FUNCTION_NAMES))
            elif not name.is_called and name.name not in VARIABLES | FUNCTION_NAMES:
                yield unknown(at((*asked.place, part)), "variable", f"${name.name}", (f"${n}" for n in VARIABLES))


def _codes(connector: Connector, asked: list[Asked], at: At) -> Iterator[Problem]:
    errors, limited = connector.http.get("errors", {}), connector.http.get("limited", {})
    named: list[tuple[Path, Json]] = [(("http", "errors", part), errors.get(part)) for part in ("causes", "says")]
    named += [(("http", "limited", part), limited.get(part)) for part in ("codes", "codes_for_all")]
    named += [((*a.place, "batch"), a.operation.batch and a.operation.batch.left_over) for a in asked]
    named += [((*a.place, "causes"), a.operation.causes) for a in asked]
    if "code" not in errors:
        for place, codes in named:
            if codes:
                yield Problem(
                    at(place),
                    "codes are named here, and nothing says where a reply has its code",
                    "Add http.errors.code.",
                )
    if any(each.operation.codec == "json_rpc" for each in asked) and not (
        errors.get("in_success") and "code" in errors
    ):
        yield Problem(
            at(("http", "errors")) if errors else at(("http",)),
            "the errors of calls come with a status of success, and are not looked for there",
            'Write "in_success": true, and error.code and error.message as code and message.',
        )
