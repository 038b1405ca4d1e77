"""No secret of a sign-in in parameters, and no digest made of one, is anywhere in what is kept or said."""

from __future__ import annotations

import hashlib
import logging
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import pytest

from engine.formulas import Formulas
from engine.runs.ledger import Exchange
from tests.runs.specter import FLOW, build_orders_stage


def md5(text: str) -> str:
    return hashlib.md5(text.encode("latin-1")).hexdigest()


def test_secrets_and_digests_are_in_nothing_that_is_kept_or_said(
    tmp_path: Path, formulas: Formulas, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with ExitStack() as stack:
        s = build_orders_stage(stack, tmp_path / "stage", formulas)
        sent, parked = s.order(name="Åsa Östersjö"), s.order(name="Wałęsa 😀")
        s.run()
        exchanges: list[Exchange] = [kept.exchange for kept in s.ledger.exchanges(FLOW, "default", None)]
        for number in (sent, parked):
            exchanges += [kept.exchange for kept in s.ledger.exchanges(FLOW, "default", s.record(number).key)]
        reasons = [s.record(number).reason for number in (sent, parked)]
        shop, books = s.ledger.connection("abicart"), s.ledger.connection("specter")
        assert shop is not None and books is not None
        answers, name = books.answers, s.buyer(sent)["name"]

    inner = md5(f"{answers['apiUserKey']}{answers['sbmId']}{name}")
    secrets = [shop.answers["auth"], answers["apiUserKey"], answers["integrationKey"], inner]
    digest = md5(f"{answers['integrationKey']}{inner}")
    said = repr([asdict(each) for each in exchanges]) + repr(reasons) + caplog.text
    assert any(name in each.request_body and "«hidden»" in each.request_body for each in exchanges)
    assert [secret for secret in (*secrets, digest) if secret in said] == []
