"""Two starters together: orders go out with their number written back, and by that number their status comes back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from engine.documents.workspace import Workspace
from engine.flows.library import load_connector
from sandbox.catalogue import build
from sandbox.server import Serving
from tests.design.starter.source_orders import source_of
from tests.design.starter.trial import ROOT, engine

SHOP, ERP = "abicart", "specter"
ANSWERS = {"from_date": "2025-11-01", "only_paid": False, "home_country": "SE", "other_letters": "transliterate"}
DELIVERED, CANCELLED, OPEN = "10001", "10018", "10029"


def test_what_was_delivered_or_cancelled_there_is_so_in_the_shop(tmp_path: Path) -> None:
    for name in (SHOP, ERP):
        shutil.copytree(ROOT / "connector_specs" / name, tmp_path / "connector_specs" / name)
    (tmp_path / "saved_mappings").mkdir()
    source = source_of(SHOP)
    shop, erp = source.shop, build(ERP, source.clock, seed=7, orders=5)
    with Serving([shop, erp], clock=source.clock) as serving:
        for system in (shop, erp):
            asked = load_connector(Workspace(ROOT), system.name).every_question()
            given = system.credentials(serving.addresses[system.name])
            answers = tmp_path / "answers.json"
            answers.write_text(json.dumps({name: value for name, value in given.items() if name in asked}))
            engine(tmp_path, "connect", system.name, "--answers", str(answers), "--allow-private")
        answers.write_text(json.dumps(ANSWERS))
        engine(
            tmp_path,
            "starter",
            SHOP,
            ERP,
            "--answers",
            str(answers),
            "--resource",
            "orders",
            "--name",
            "out",
            "--write",
        )
        flow = json.loads((tmp_path / "saved_mappings" / "out.json").read_text())
        flow["lookups"]["payment_methods"]["rows"] = {"51": "I", "52": "PP", "53": "P"}
        (tmp_path / "saved_mappings" / "out.json").write_text(json.dumps(flow))
        words = ("--resource", "order_changes", "--process", "status", "--name", "back", "--write")
        engine(tmp_path, "starter", ERP, SHOP, *words)
        only = [word for number in (DELIVERED, CANCELLED, OPEN) for word in ("--only", number)]

        sent = engine(tmp_path, "run", "out", *only)
        before = source.orders()
        erp.do("deliver_order", {"externalOrderNo": DELIVERED, "trackingNo": "000017"})
        erp.do("delete_order", {"externalOrderNo": CANCELLED})
        told = engine(tmp_path, "run", "back")

    assert [line["counts"]["created"] for line in sent if line["kind"] == "run"] == [3]
    assert all(before[number]["externalOrderNumber"] for number in (DELIVERED, CANCELLED, OPEN))
    assert [line["problems"] for line in told if line["kind"] == "parked"] == []
    after = source.orders()
    assert [after[number]["deliveryStatus"] for number in (DELIVERED, CANCELLED, OPEN)] == ["sent", "unsent", "unsent"]
    assert [after[number]["discarded"] for number in (DELIVERED, CANCELLED, OPEN)] == [False, True, False]
