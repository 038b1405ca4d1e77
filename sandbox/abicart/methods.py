"""Which method was called with what, and what it gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.abicart.carts import add_article
from sandbox.abicart.choices import Choices
from sandbox.abicart.classes import Class, classes
from sandbox.abicart.context import Context
from sandbox.abicart.errors import DENIED, Refused, bad_params, no_method, not_found
from sandbox.abicart.kinds import Doc
from sandbox.abicart.questions import Question
from sandbox.abicart.records import Records
from sandbox.abicart.selection import filtered, selected
from sandbox.abicart.tokens import Tokens
from sandbox.abicart.writing import Writing, uid_of

# abicart.md, Context: "`auth`: admin token, from `Auth.getToken` per docs; older client code calls `Admin.login` with
# `[username,password]`"; "`session`: buyer token, from `Session.getToken`". Not documented: what Auth.getToken takes;
# here the same two.
SIGNING_IN = ("Auth.getToken", "Admin.login", "Session.getToken")


class Call:
    """One call in its context."""

    def __init__(self, records: Records, tokens: Tokens, choices: Choices, context: Context, now: datetime) -> None:
        self._records = records
        self._tokens = tokens
        self._choices = choices
        self._context = context
        self._now = now

    def carried_out(self, method: str, params: list[Any]) -> Any:
        """Carry it out and give its result."""
        if method in SIGNING_IN:
            return self._signed_in(method, params)
        name, _, verb = method.partition(".")
        kind = classes(self._choices).get(name)
        if kind is None:
            raise no_method(name)
        if verb not in kind.methods and verb not in kind.forbidden:
            raise no_method(method)
        if verb == "getSchema":  # not documented: whether it needs a context; here it does not
            _counted(params, 0, 0)
            return kind.schema()
        self._check_context()
        if verb in kind.forbidden:
            raise Refused(DENIED, f"{method} is not for clients.")
        verbs: dict[str, Callable[[Class, list[Any]], Any]] = {
            "get": self._get,
            "list": self._list,
            "count": self._count,
            "set": self._set,
            "create": lambda kind, params: self._set(kind, [None, *params]),
            "validate": self._validate,
            "delete": self._delete,
            "addArticle": self._add_article,
        }
        return verbs[verb](kind, params)

    def _signed_in(self, method: str, params: list[Any]) -> str:
        if method == "Session.getToken":
            _counted(params, 0, 0)
            self._check_shop()
            return self._tokens.session()
        _counted(params, 2, 2)
        token = self._tokens.login(params[0], params[1], self._now.timestamp(), self._choices.token_hours)
        if token is None:
            raise Refused(DENIED, "The username or the password is wrong.")
        return token

    def _check_shop(self) -> None:
        # abicart.md, Context: "`webshop`: shop id (int); required for shop-bound classes"; codes not documented
        if self._context.webshop is None:
            raise bad_params("webshop is missing among the parameters of the address.")
        if not self._records.exists("Webshop", self._context.webshop):
            raise not_found("Webshop", self._context.webshop)

    def _check_context(self) -> None:
        self._check_shop()
        # not documented: what can be read without a token; here nothing, and with a buyer's token nothing either
        held = self._choices.api_key_as_auth
        if not self._tokens.is_admin(self._context.auth, self._now.timestamp(), key_holds=held):
            buyer = self._tokens.is_session(self._context.session)
            said = "A buyer may not do this." if buyer else "auth is missing, unknown or has ended."
            raise Refused(DENIED, said)

    def _question(self, kind: Class, query: Any) -> Question:
        default = self._records.shop()["defaultLanguage"]
        return Question(query, kind, self._choices, self._context.language, default)

    def _shown(self, kind: Class, record: Doc) -> Doc:
        if not (self._choices.variants_show_base and kind.name == "Article" and record["articleTemplate"]):
            return record
        # not documented: whether a variant shows its own number, weight and ean, or those its overrides replace
        if not self._records.exists("Article", record["articleTemplate"]):
            return record
        base = self._records.one("Article", record["articleTemplate"])
        return record | {name: base[name] for name in ("articleNumber", "weight", "ean")}

    def _all(self, kind: Class) -> list[Doc]:
        found = [self._shown(kind, record) for record in self._records.all(kind.name)]
        if kind.name == "Order" and not self._choices.list_carts:
            # abicart.md, Order: "A cart is an unfinished order – the Order class also serves carts"
            return [order for order in found if order["ordered"]]
        return found

    def _get(self, kind: Class, params: list[Any]) -> Any:
        _counted(params, 2, 2)  # abicart.md, Methods: `get(uid, query)`, "instance methods take the uid first"
        uid, question = uid_of(params[0]), self._question(kind, params[1])
        return question.of(self._shown(kind, self._records.one(kind.name, uid)))

    def _list(self, kind: Class, params: list[Any]) -> Any:
        _counted(params, 1, 2)
        question = self._question(kind, params[0])
        selection = params[1] if len(params) > 1 else None
        return [question.of(one) for one in selected(self._all(kind), selection, kind, self._choices)]

    def _count(self, kind: Class, params: list[Any]) -> int:
        _counted(params, 0, 1)  # abicart.md, List selection: "`count` takes only the filters"
        return len(filtered(self._all(kind), params[0] if params else {}, kind, self._choices))

    def _set(self, kind: Class, params: list[Any]) -> Any:
        _counted(params, 3, 3)  # abicart.md, Methods: `set(uid|null, data, query)`
        uid = None if params[0] is None else uid_of(params[0])
        question = self._question(kind, params[2])
        return question.of(
            self._shown(kind, Writing(self._records, self._choices, self._now).set(kind, uid, params[1]))
        )

    def _validate(self, kind: Class, params: list[Any]) -> bool:
        _counted(params, 2, 2)  # not documented: its parameters and result; here those of set, and true
        uid = None if params[0] is None else uid_of(params[0])
        Writing(self._records, self._choices, self._now).check(kind, uid, params[1])
        return True

    def _delete(self, kind: Class, params: list[Any]) -> None:
        _counted(params, 1, 1)  # abicart.md, OrderItem: "`OrderItem.delete` → null"
        Writing(self._records, self._choices, self._now).delete(kind, uid_of(params[0]))

    def _add_article(self, kind: Class, params: list[Any]) -> int:
        _counted(params, 2, 3)
        order = self._records.one("Order", uid_of(params[0]))
        wish = params[2] if len(params) > 2 else None
        item = add_article(self._records, self._choices, order, uid_of(params[1]), wish, self._now)
        uid: int = item["uid"]
        return uid


def _counted(params: list[Any], least: int, most: int) -> None:
    if not least <= len(params) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        raise bad_params(f"The method takes {wanted} parameters, not {len(params)}.")
