"""The protocol: what is a call, who may make it, and each error code."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.abicart import Abicart
from sandbox.clock import Clock

GOOD = {"jsonrpc": "2.0", "id": 1, "method": "Webshop.get", "params": [22222, "uid"]}


def error(answer: Any) -> tuple[Any, int, str]:
    return answer.json["id"], answer.json["error"]["code"], answer.json["error"]["message"]


def test_a_result_comes_under_the_id_of_its_call(client: Any) -> None:
    for identity in (1, "a", 9007199254740993, None):
        answer = client.send(GOOD | {"id": identity})

        assert answer.json == {"jsonrpc": "2.0", "id": identity, "result": {"uid": 22222}}
        assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"id":NaN}', b"[" * 100_000])
def test_what_is_no_json_is_a_parse_error(client: Any, body: bytes) -> None:
    assert error(client.send(body)) == (None, -32700, "Parse error")


@pytest.mark.parametrize(
    "wrong",
    [{"jsonrpc": "1.0"}, {"jsonrpc": None}, {"method": 3}, {"method": None}, {"id": [1]}, {"id": {}}, {"params": 3}],
)
def test_what_is_no_call_is_an_invalid_request(client: Any, wrong: dict[str, Any]) -> None:
    assert error(client.send(GOOD | wrong))[1:] == (-32600, "Invalid Request")


@pytest.mark.parametrize("body", [3, "text", None, [], [GOOD]])
def test_a_call_is_an_object(client: Any, body: object) -> None:
    assert error(client.send(body)) == (None, -32600, "Invalid Request")


@pytest.mark.parametrize(
    ("method", "named"),
    [
        ("Basket.list", "Basket"),
        ("order.list", "order"),
        ("Order.fetch", "Order.fetch"),
        ("Order", "Order."),
        ("Webshop.set", "Webshop.set"),
        ("Webhook.list", "Webhook"),
    ],
)
def test_an_unknown_class_or_method_is_named(client: Any, method: str, named: str) -> None:
    answer = error(client.send(GOOD | {"method": method}))

    assert answer[1] == -32601
    assert answer[2].rstrip(".") == f"Method not found: No API for {named}".rstrip(".")


@pytest.mark.parametrize("params", [[], [22222], [22222, True, True], ["22222", True], [True, True], [None, True]])
def test_parameters_that_do_not_fit_are_refused(client: Any, params: list[Any]) -> None:
    assert client.code("Webshop.get", *params) == -32602


def test_parameters_come_in_a_list(client: Any) -> None:
    assert error(client.send(GOOD | {"params": {"uid": 22222}}))[1] == -32602


@pytest.mark.parametrize("auth", [None, "", "wrong"])
def test_without_a_token_nothing_is_told(client: Any, auth: str | None) -> None:
    assert client.code("Order.list", True, auth=auth) == 1006


def test_the_shop_is_named_in_the_address(client: Any) -> None:
    assert client.code("Order.list", True, webshop=None) == -32602
    assert client.code("Order.list", True, webshop="first") == -32602
    assert client.code("Order.list", True, webshop=1) == 9003


def test_the_context_can_come_in_cookies_and_not_in_headers(client: Any) -> None:
    auth = client.context["auth"]

    assert client.call("Order.count", auth=None, webshop=None, cookie=f"webshop=22222; auth={auth}") == 94
    assert client.code("Order.count", auth="wrong", cookie=f"auth={auth}") == 1006  # the query counts first


@pytest.mark.parametrize("language", ["swe", "SV", "s"])
def test_a_language_is_two_letters(client: Any, language: str) -> None:
    assert client.code("Order.count", language=language) == -32602


def test_a_token_is_signed_in_for_and_ends_after_twelve_hours(client: Any, shop: Abicart, clock: Clock) -> None:
    token = client.call("Auth.getToken", shop.tokens.username, shop.tokens.password, auth=None)
    older = client.call("Admin.login", shop.tokens.username, shop.tokens.password, auth=None, webshop=None)

    assert client.call("Order.count", auth=token) == client.call("Order.count", auth=older) == 94
    clock.advance(12 * 3600)
    assert client.code("Order.count", auth=token) == 1006
    assert client.call("Order.count") == 94  # the key holds on


def test_a_wrong_password_is_refused(client: Any, shop: Abicart) -> None:
    assert client.code("Auth.getToken", shop.tokens.username, "guess") == 1006
    assert client.code("Auth.getToken", shop.tokens.username) == -32602


def test_a_buyer_reads_nothing_of_the_shop(client: Any) -> None:
    session = client.call("Session.getToken", auth=None)

    assert client.code("Order.count", auth=None, session=session) == 1006


def test_tokens_end_in_mid_run(client: Any, shop: Abicart) -> None:
    token = client.call("Auth.getToken", shop.tokens.username, shop.tokens.password, auth=None)
    shop.do("expire_tokens", {"after": 2})

    assert [client.call("Order.count", auth=token) for _ in range(2)] == [94, 94]
    assert client.code("Order.count", auth=token) == 1006


def test_a_new_key_ends_the_old_one(client: Any, shop: Abicart) -> None:
    shop.do("new_key", {})

    assert client.code("Order.count") == 1006
    assert client.call("Order.count", auth=shop.tokens.key) == 94


def test_whether_the_key_is_a_token_can_be_chosen(client: Any, shop: Abicart) -> None:
    shop.do("choose", {"api_key_as_auth": False})

    assert client.code("Order.count") == 1006


@pytest.mark.parametrize("code", [-32603, -32000, 1006, 9003])
def test_an_error_can_be_planned_for_a_method(client: Any, shop: Abicart, code: int) -> None:
    shop.do("answer_with", {"code": code, "method": "Order.count", "after": 1})

    assert client.call("Article.count") > 0
    assert client.call("Order.count") == 94
    assert client.code("Order.count") == code
    assert client.call("Order.count") == 94


def test_an_error_can_come_after_the_call_was_carried_out(client: Any, shop: Abicart) -> None:
    shop.do("answer_with", {"code": -32603, "method": "set", "carried_out": True})

    assert client.code("Order.set", 1234, {"externalOrderNumber": "S1"}, "uid") == -32603
    assert client.call("Order.get", 1234, "externalOrderNumber") == {"externalOrderNumber": "S1"}


def test_a_fault_of_the_stand_in_is_an_internal_error(
    client: Any, shop: Abicart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop.records, "all", None)

    assert client.code("Order.list", True) == -32603


def test_errors_come_with_200_unless_chosen_otherwise(client: Any, shop: Abicart) -> None:
    calls = [b"{", GOOD | {"method": "No.thing"}, GOOD | {"params": [1, True]}, GOOD | {"params": []}]

    assert [client.send(call).status for call in calls] == [200] * 4
    shop.do("choose", {"http_errors": True})
    assert [client.send(call).status for call in calls] == [400, 404, 404, 400]
    assert client.send(GOOD, auth="wrong").status == 403


def test_batches_are_refused_unless_chosen_otherwise(client: Any, shop: Abicart) -> None:
    batch = [GOOD, GOOD | {"id": 2, "method": "No.thing"}, {k: v for k, v in GOOD.items() if k != "id"}, 3]
    assert error(client.send(batch))[1] == -32600
    shop.do("choose", {"batches": True})

    answers = client.send(batch).json
    assert [(one["id"], one.get("error", {}).get("code")) for one in answers] == [
        (1, None),
        (2, -32601),
        (None, -32600),
    ]


def test_a_call_without_an_id_is_carried_out_and_not_answered(client: Any) -> None:
    call = {"jsonrpc": "2.0", "method": "Order.set", "params": [1234, {"note": "quiet"}, True]}
    answer = client.send(call)

    assert (answer.status, answer.body) == (204, b"")
    assert client.call("Order.get", 1234, "note") == {"note": "quiet"}


def test_there_is_no_limit_until_one_is_chosen(client: Any, shop: Abicart) -> None:
    shop.do("choose", {"calls_per_minute": 2})
    answers = [client.send(GOOD) for _ in range(3)]

    assert [one.status for one in answers] == [200, 200, 429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    shop.clock.advance(60)
    assert client.send(GOOD).status == 200
    shop.limits_on = False
    assert {client.send(GOOD).status for _ in range(4)} == {200}


def test_only_the_documented_address_takes_calls(client: Any) -> None:
    assert client.send(GOOD, path="/backend/jsonrpc/v1").status == 404
    assert client.send(GOOD, path="/").status == 404
    assert client.send(GOOD, method="GET").status == 405


def test_faults_find_a_method_in_the_body(client: Any, serving: Any) -> None:
    serving.arm("abicart", [{"kind": "lose_reply", "holds": '"Order.set"', "times": 1}])

    assert client.call("Order.count") == 94
    with pytest.raises(ConnectionError):
        client.call("Order.set", 1234, {"externalOrderNumber": "S2"}, "uid")
    assert client.call("Order.get", 1234, "externalOrderNumber") == {"externalOrderNumber": "S2"}


@pytest.mark.parametrize("kind", ["truncate_json", "html", "refuse", "cut"])
def test_a_reply_can_be_broken(client: Any, serving: Any, kind: str) -> None:
    import http.client

    serving.arm("abicart", [{"kind": kind, "times": 1}])

    with pytest.raises((ValueError, ConnectionError, http.client.HTTPException)):
        client.call("Order.list", True)
    assert client.call("Order.count") == 94
