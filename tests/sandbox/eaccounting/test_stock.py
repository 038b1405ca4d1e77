"""What is on hand, reserved and available, and the labels of articles."""

from __future__ import annotations

from typing import Any


def test_available_is_what_is_on_hand_less_what_is_reserved(api: Any) -> None:
    api.system.do("set_stock", {"number": "ART-1001", "balance": 6, "reserved": 2.5})
    [article] = api.data("articles", filter="Number eq 'ART-1001'")

    assert [article[f"StockBalance{end}"] for end in ("", "Reserved", "Available")] == [6, 2.5, 3.5]


def test_a_change_of_the_article_keeps_what_is_reserved_and_its_labels(api: Any) -> None:
    api.system.do("set_stock", {"number": "ART-1001", "balance": 6, "reserved": 2})
    api.system.do("label_article", {"number": "ART-1001", "labels": ["Keuken", "Nieuw"]})
    api.system.do("change_article", {"number": "ART-1001", "fields": {"NetPrice": 20}})
    [article] = api.data("articles", filter="Number eq 'ART-1001'")

    assert (article["StockBalanceAvailable"], article["NetPrice"], article["GrossPrice"]) == (4, 20, 24.2)
    assert [label["Name"] for label in article["ArticleLabels"]] == ["Keuken", "Nieuw"]


def test_a_movement_of_stock_is_no_change_of_the_article(api: Any) -> None:
    [before] = api.data("articles", filter="Number eq 'ART-1001'")
    api.clock.advance(60)
    api.system.do("set_stock", {"number": "ART-1001", "balance": 77})
    changed = api.data("articles", filter=f"ChangedUtc gt {before['ChangedUtc']}")

    assert "ART-1001" not in [article["Number"] for article in changed]
