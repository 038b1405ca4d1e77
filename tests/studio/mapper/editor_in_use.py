"""What the tests of the formula editor do again and again: showing it, typing, and what was sent."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.studio.mapper.conftest import Stage


def node(id: str, parent: str | None, name: str, type: str = "text", **more: Any) -> dict[str, Any]:
    return {"id": id, "parent": parent, "name": name, "label": name, "type": type, **more}


TREES = {
    "kind": "trees",
    "revision": "r1",
    "source": {
        "title": "Orders",
        "nodes": [
            node("ordernumber", None, "ordernumber", "integer", label="Order number", value="10482"),
            node("currency", None, "currency", value="SEK"),
            node("customer", None, "customer", "object", label="Customer"),
            node("customer.email", "customer", "email", label="E-mail", value="anna@example.com", personal=True),
            node("customer.firstname", "customer", "firstname", label="First name", value="Anna"),
            node("customer.e-mail 2", "customer", "e-mail 2", label="Second e-mail"),
            node(
                "customer.remark", "customer", "remark", value="<img src=x onerror=alert(1)> \u202etxt " + "long " * 20
            ),
            node("orderrows", None, "orderrows", "list", label="Rows"),
            node("orderrows[].price", "orderrows", "price", "number", label="Price", value="19.99"),
            node("orderrows[].quantity", "orderrows", "quantity", "number", label="Quantity", value="3"),
            node("$answers", None, "$answers", "object", label="Settings"),
            node("$answers.unit", "$answers", "unit", label="Unit of articles", value="st"),
            node("$lookups", None, "$lookups", "object", label="Lookups"),
            node("$lookups.payment_terms", "$lookups", "payment_terms", "table", label="Payment terms"),
            node("$steps", None, "$steps", "object", label="Earlier steps"),
            node("$steps.customer", "$steps", "customer", "object", label="Customer"),
            node("$steps.customer.Id", "$steps.customer", "Id", label="Id"),
        ],
    },
    "target": {"title": "Invoice", "nodes": []},
    "texts": {},
}


def function(name: str, arguments: str, help: str, example: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "arguments": arguments.split(", "),
        "signature": f"${name}({arguments})",
        "help": help,
        "example": example,
    }


FUNCTIONS = [
    function(
        "money", "amount, decimals = 2", "Rounds an amount of money; half a cent goes up.", "$money(1.005) → 1.01"
    ),
    function("multiply", "a, b, …", "The exact product.", "$multiply(3, 19.99) → 59.97"),
    function("uppercase", "text", "The text in capitals."),
    function("truncate", "text, length", "The text cut to a length.", '$truncate("Storgatan", 4) → "Stor"'),
]


def data(**more: Any) -> dict[str, Any]:
    text = more.get("text", "")
    return {
        "kind": "editor",
        "document": "order/Name",
        "reset": 0,
        "text": text,
        "checked": text,
        "diagnostics": [],
        "trees": "r1",
        "scope": None,
        "functions": FUNCTIONS,
        "variables": [{"label": "$index", "value": "0", "help": "The number of the row, from 0."}],
        "label": "Formula of Name",
        "placeholder": "Type a formula, or drag a field here",
        "height": 150,
        "texts": {},
        "acknowledged": {},
        **more,
    }


def finding(start: int, end: int, message: str = "There is no field here.", severity: str = "error") -> dict[str, Any]:
    return {"from": start, "to": end, "severity": severity, "message": message}


class Editor:
    """The editor as somebody sees it."""

    def __init__(self, stage: Stage, **more: Any) -> None:
        self.stage = stage
        self.page = stage.page
        self.part = stage.part("editor")
        self.textbox = self.part.get_by_role("textbox", name="Formula of Name")
        self.options = self.part.get_by_role("option")
        self.marks = self.part.locator(".cm-lintRange")
        self.status = self.part.get_by_role("status")
        stage.put("trees", TREES)
        self.put(**more)

    def put(self, **more: Any) -> None:
        self.stage.put("editor", data(**more))

    def type(self, text: str) -> None:
        self.textbox.focus()
        self.page.keyboard.type(text)

    def text(self) -> str:
        lines: list[str] = self.part.locator(".cm-line").evaluate_all("lines => lines.map(line => line.textContent)")
        return "\n".join(lines)

    def sent(self) -> list[Any]:
        return self.stage.heard("editor", "code")

    def stop_the_clock(self) -> None:
        """From now on time passes only where the test says so."""
        self.page.clock.install(time=0)
        self.page.clock.pause_at(60_000)

    def take(self, proposal: str) -> None:
        """Take the first proposal, once it is this one."""
        expect(self.options.first).to_contain_text(proposal)
        self.page.wait_for_timeout(100)  # a list that has just come up takes no Enter meant for a new line
        self.page.keyboard.press("Enter")

    def option(self, label: str) -> Locator:
        return self.options.filter(has=self.page.get_by_text(label, exact=True))
