"""What views keep is bounded, by how many things there are and by how heavy they are."""

from __future__ import annotations

from engine.design.view.memo import Kept


def held(kept: Kept, *keys: str) -> list[str]:
    return [key for key in keys if kept.get(key) is not None]


def test_what_was_used_longest_ago_is_forgotten_first() -> None:
    kept = Kept(2)
    kept.put("a", "A")
    kept.put("b", "B")
    kept.get("a")
    kept.put("c", "C")

    assert held(kept, "a", "b", "c") == ["a", "c"]


def test_heavy_things_push_out_many_light_ones() -> None:
    kept = Kept(100, most_weight=10)
    for name in "abcdef":
        kept.put(name, name, weight=2)

    assert held(kept, *"abcdef") == [*"bcdef"]
    kept.put("g", "G", weight=7)
    assert held(kept, *"abcdefg") == ["f", "g"]


def test_a_thing_put_again_weighs_once_and_the_newest_always_stays() -> None:
    kept = Kept(100, most_weight=10)
    for _ in range(20):
        kept.put("a", "A", weight=5)
    kept.put("b", "B", weight=5)

    assert held(kept, "a", "b") == ["a", "b"]
    kept.put("c", "C", weight=1000)
    assert held(kept, "a", "b", "c") == ["c"] and kept.count == 1
