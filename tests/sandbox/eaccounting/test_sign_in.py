"""The identity server: consent, codes, tokens, revocation."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from sandbox.clock import Clock
from sandbox.eaccounting import EAccounting

BACK = "http://localhost:8000/back"
SCOPE = "ea:api offline_access ea:sales"


def authorize(api: Any, answer: str = "allow", **changes: str) -> Any:
    """Ask for consent, and where a page asks the person, answer it."""
    asked = {
        "client_id": str(api.answers["client_id"]),
        "redirect_uri": BACK,
        "scope": SCOPE,
        "state": "s/1 &",
        "response_type": "code",
        "prompt": "select_account",
    }
    reply = api.http.get("/connect/authorize", params={**asked, **changes})
    if reply.status_code != 200:
        return reply
    hidden = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', reply.text)
    form = {html.unescape(name): html.unescape(value) for name, value in hidden}
    return api.http.post("/connect/authorize", data={**form, "answer": answer})


def sent_back(reply: Any) -> dict[str, str]:
    assert reply.status_code == 302
    assert reply.headers["location"].startswith(BACK + "?")
    return dict(parse_qsl(urlsplit(reply.headers["location"]).query))


def exchange(api: Any, code: str, redirect_uri: str = BACK) -> Any:
    return api.token(grant_type="authorization_code", code=code, redirect_uri=redirect_uri)


def test_consent_gives_a_code_and_the_code_gives_tokens_that_work(api: Any) -> None:
    back = sent_back(authorize(api))
    tokens = exchange(api, back["code"]).json()
    api.headers = {"Authorization": "Bearer " + tokens["access_token"]}

    assert (back["state"], tokens["token_type"], tokens["expires_in"]) == ("s/1 &", "Bearer", 3600)
    assert api.get("companysettings")["CurrencyCode"] == "EUR"
    assert api.refresh(tokens["refresh_token"]).status_code == 200


def test_a_person_is_asked_on_a_page_in_which_nothing_from_outside_is_read_as_html(api: Any) -> None:
    asked = {"client_id": str(api.answers["client_id"]), "redirect_uri": BACK, "response_type": "code"}
    asked |= {"scope": SCOPE, "state": '"><script>x</script>', "prompt": "select_account"}

    page = api.http.get("/connect/authorize", params=asked)

    assert page.status_code == 200 and "default-src 'none'" in page.headers["content-security-policy"]
    assert "Allow access to Voorbeeldwinkel De Linde B.V.?" in page.text
    assert "<script>" not in page.text


def test_who_denies_is_sent_back_without_a_code(api: Any) -> None:
    assert sent_back(authorize(api, answer="deny")) == {"error": "access_denied", "state": "s/1 &"}


def test_without_a_prompt_nobody_is_asked(api: Any) -> None:
    assert "code" in sent_back(authorize(api, prompt=""))


def test_a_code_works_once(api: Any) -> None:
    code = sent_back(authorize(api))["code"]

    assert exchange(api, code).status_code == 200
    again = exchange(api, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(("seconds", "status"), [(299, 200), (301, 400)])
def test_a_code_lives_five_minutes(api: Any, seconds: float, status: int) -> None:
    code = sent_back(authorize(api))["code"]
    api.clock.advance(seconds)

    assert exchange(api, code).status_code == status


def test_a_code_is_bound_to_its_redirect_uri(api: Any) -> None:
    code = sent_back(authorize(api))["code"]

    assert exchange(api, code, "http://localhost:8000/other").json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"scope": "ea:api ea:everything"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"state": ""}, "invalid_request"),
    ],
)
def test_a_wrong_wish_goes_back_as_an_error(api: Any, change: dict[str, str], error: str) -> None:
    back = sent_back(authorize(api, **change))

    assert back["error"] == error
    assert "code" not in back


@pytest.mark.parametrize(
    "change", [{"client_id": "other"}, {"redirect_uri": "http://evil.example/"}, {"redirect_uri": ""}]
)
def test_nobody_is_sent_to_an_address_that_is_not_allowed(api: Any, change: dict[str, str]) -> None:
    reply = authorize(api, **change)

    assert (reply.status_code, "location" in reply.headers) == (400, False)


def test_without_offline_access_there_is_no_refresh_token(api: Any) -> None:
    code = sent_back(authorize(api, scope="ea:api ea:sales"))["code"]

    assert "refresh_token" not in exchange(api, code).json()


def test_an_access_token_lives_sixty_minutes(api: Any) -> None:
    api.clock.advance(3590)
    assert api.call("GET", "units").status_code == 200

    api.clock.advance(20)
    reply = api.call("GET", "units")
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert set(reply.json()) == {"ErrorCode", "DeveloperErrorMessage", "ErrorId"}


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}])
def test_a_call_without_a_good_token_is_refused(api: Any, header: dict[str, str]) -> None:
    api.headers = header

    assert api.call("GET", "units").status_code == 401


def test_a_rotating_refresh_token_works_once_and_its_successor_works(api: Any) -> None:
    first = api.system.credentials("")["refresh_token"]
    second = api.refresh(first).json()["refresh_token"]

    assert second != first
    again = api.refresh(first)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert api.system.credentials("")["refresh_token"] == second
    assert api.refresh(second).status_code == 200


@pytest.mark.parametrize("books", [EAccounting(Clock(), rotate=False)])
def test_a_reusable_refresh_token_stays(api: Any) -> None:
    token = api.answers["refresh_token"]

    assert [api.refresh(token).json()["refresh_token"] for _ in range(2)] == [token, token]


def test_a_wrong_client_secret_is_refused(api: Any) -> None:
    api.answers["client_secret"] = "wrong"
    reply = api.refresh(api.system.credentials("")["refresh_token"])

    assert (reply.status_code, reply.json()["error"]) == (401, "invalid_client")
    assert reply.headers["www-authenticate"].startswith("Basic")


def test_client_credentials_in_the_form_are_refused(api: Any) -> None:
    form = {**api.answers, "grant_type": "refresh_token"}
    reply = api.http.post("/connect/token", data=form)

    assert (reply.status_code, reply.json()["error"]) == (401, "invalid_client")


def test_another_grant_or_none_is_refused(api: Any) -> None:
    assert api.token(grant_type="password").json()["error"] == "unsupported_grant_type"
    assert api.token(refresh_token="x").json()["error"] == "invalid_request"


def test_revocation_answers_200_with_nothing_and_the_token_is_dead(api: Any) -> None:
    token = api.system.credentials("")["refresh_token"]
    client = (api.answers["client_id"], api.answers["client_secret"])
    form = {"token": token, "token_type_hint": "refresh_token"}
    reply = api.http.post("/connect/revocation", data=form, auth=client)

    assert (reply.status_code, reply.content) == (200, b"")
    assert api.refresh(token).json()["error"] == "invalid_grant"


def test_a_person_can_revoke_and_consent_anew(api: Any) -> None:
    old = api.system.credentials("")["refresh_token"]
    api.system.do("revoke", {})

    assert api.refresh(old).json()["error"] == "invalid_grant"
    assert api.refresh(api.system.credentials("")["refresh_token"]).status_code == 200


def test_a_consent_can_end_before_an_order_that_is_still_to_come(api: Any) -> None:
    api.system.do("revoke", {"after_orders": 1})
    old = api.system.credentials("")["refresh_token"]
    order = api.order(api.post("customers", api.customer())["Id"])

    assert [api.call("POST", "orders", order).status_code for _ in range(2)] == [201, 401]
    assert api.refresh(old).json()["error"] == "invalid_grant"
    api.sign_in()
    assert api.call("POST", "orders", order).status_code == 201


def test_access_tokens_can_be_made_to_expire(api: Any) -> None:
    api.system.do("expire_tokens", {})

    assert api.call("GET", "units").status_code == 401


def test_a_reading_scope_may_not_write(api: Any) -> None:
    code = sent_back(authorize(api, scope="ea:api ea:sales_readonly"))["code"]
    customer = api.customer()
    api.headers = {"Authorization": "Bearer " + exchange(api, code).json()["access_token"]}

    assert api.call("GET", "customers").status_code == 200
    assert api.call("POST", "customers", customer).status_code == 403
