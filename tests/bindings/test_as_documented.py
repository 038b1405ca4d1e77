"""Every command of docs/bindings.md does what the page says, in the order of the page."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.bindings.customers import Customers, customers
from tests.commands.conftest import ROOT, Call, call

__all__ = ["call", "customers"]

FILES = {"shop-b.json": "ccv-shop", "books-b.json": "eaccounting"}


def commands() -> list[list[str]]:
    text = (ROOT / "docs/bindings.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [shlex.split(line)[3:] for block in blocks for line in block.splitlines()]


def test_every_command_of_the_page_works(
    call: Call, customers: Customers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for file, system in FILES.items():
        credentials = customers.second.system(system).credentials(customers.second.addresses[system])
        (tmp_path / file).write_text(json.dumps(credentials))
    for system, name in (("ccv-shop", "shop_b"), ("eaccounting", "books_b")):
        assert call(customers.workspace, "disconnect", system, "--as", name).code == 0
    said = []
    for words in commands():
        private = ["--allow-private"] if words[0] == "connect" else []
        over = ["--over"] if "--import" in words else []  # here they are there still
        said.append((words, call(customers.workspace, *words, *private, *over)))
    assert len(said) > 12
    for words, each in said:
        assert each.code == 0, (words, each.out, each.err)
    line = call(customers.workspace, "bindings", "ccv-orders-to-eaccounting", "customer_b", "--json").lines[0]
    assert line["title"] == "Customer B" and line["on"] is False
    assert line["answers"] == {"document": "quote", "zero_shipping": True}
    assert line["schedule"] == "every 15 minutes, Monday to Friday, 07:00–19:00; every day at 02:30"
