"""Tokens are renewed once, kept before they are used, and a withdrawn consent says to connect again."""

import base64
import hashlib
import threading
from contextlib import contextmanager
from urllib.parse import parse_qs

import httpx
import pytest

from engine.connectors.clock import FakeClock
from engine.connectors.credentials import MemoryVault
from engine.connectors.lanes import MemoryLanes
from engine.connectors.oauth2 import consent_url
from engine.errors import BrokenReply, Cause, SignInNeeded, TryAgain

SIGN_IN = {
    "kind": "oauth2",
    "token_url": "https://identity.test/connect/token",
    "client_id": "key",
    "client_secret": "secret",
}
HTTP = {"sign_in": SIGN_IN}


class System:
    """A system with rotating refresh tokens: each works once, each access token until `forget`."""

    def __init__(self, *, expires_in=3600, rotate=True):
        self.expires_in = expires_in
        self.rotate = rotate
        self.refresh_token = "refresh-0"
        self.access_token = "access-0"
        self.refreshes = []
        self.lock = threading.Lock()

    def __call__(self, request):
        with self.lock:
            if request.url.host == "identity.test":
                return self.token(request)
            if request.headers.get("authorization") != f"Bearer {self.access_token}":
                return httpx.Response(401, json={"message": "expired"})
            return httpx.Response(200, json={"ok": True})

    def token(self, request):
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        self.refreshes.append((form, dict(request.headers)))
        if form["grant_type"] == "refresh_token" and form["refresh_token"] != self.refresh_token:
            return httpx.Response(400, json={"error": "invalid_grant"})
        number = len(self.refreshes)
        self.access_token = f"access-{number}"
        answer = {"access_token": self.access_token, "expires_in": self.expires_in, "token_type": "Bearer"}
        if self.rotate:
            self.refresh_token = answer["refresh_token"] = f"refresh-{number}"
        return httpx.Response(200, json=answer)


def vault(**tokens):
    return MemoryVault({"shop-1": {"access_token": "access-0", "refresh_token": "refresh-0", **tokens}})


def test_a_good_token_is_used_as_it_is(bench):
    system = System()
    b = bench(system, http=HTTP, vault=vault())

    assert b.get().document == {"ok": True}
    assert system.refreshes == []


def test_an_ended_token_is_renewed_first(bench):
    system = System()
    b = bench(system, http=HTTP, vault=vault(expires_at="2029-12-31T23:59:59+00:00", tenant="T1"))

    b.get()
    b.get()

    form, headers = system.refreshes[0]
    assert form == {"grant_type": "refresh_token", "refresh_token": "refresh-0"}
    assert headers["authorization"] == "Basic " + base64.b64encode(b"public-key:very-secret-value").decode()
    assert len(system.refreshes) == 1
    assert b.vault.read("shop-1") == {
        "access_token": "access-1",
        "refresh_token": "refresh-1",
        "expires_at": "2030-01-01T00:59:00+00:00",
        "tenant": "T1",
    }


def test_a_token_is_renewed_a_minute_before_its_end(bench):
    system = System()
    b = bench(system, http=HTTP, vault=vault(expires_at="2029-12-31T23:59:59+00:00"))

    b.get()
    b.clock.advance(3539)
    b.get()
    assert len(system.refreshes) == 1
    b.clock.advance(1)
    b.get()
    assert len(system.refreshes) == 2


def test_the_clients_secret_may_go_in_the_form(bench):
    system = System()
    sign_in = {**SIGN_IN, "client_authentication": "form", "parameters": {"scope": "all", "tenant": "{key}"}}
    b = bench(system, http={"sign_in": sign_in}, vault=vault(access_token=""))

    b.get()

    form, headers = system.refreshes[0]
    assert form["client_id"] == "public-key"
    assert form["client_secret"] == "very-secret-value"
    assert (form["scope"], form["tenant"]) == ("all", "public-key")
    assert "authorization" not in headers


def test_client_credentials_need_no_consent(bench):
    system = System(rotate=False)
    b = bench(system, http={"sign_in": {**SIGN_IN, "grant": "client_credentials"}})

    assert b.get().status == 200
    assert system.refreshes[0][0] == {"grant_type": "client_credentials"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_refused_token_is_renewed_once_and_the_request_sent_again(bench, method):
    system = System()
    system.access_token = "revoked"
    b = bench(system, http=HTTP, vault=vault())

    assert getattr(b, method)().status == 200
    assert len(system.refreshes) == 1


def test_a_second_refusal_is_not_signed_in(bench):
    def answer(request):
        if request.url.host == "identity.test":
            return httpx.Response(200, json={"access_token": "new"})
        return httpx.Response(401)

    b = bench(answer, http=HTTP, vault=vault())

    with pytest.raises(SignInNeeded) as needed:
        b.get()
    assert needed.value.cause is Cause.NOT_SIGNED_IN
    assert [r.url.host for r in b.sent] == ["shop.test", "identity.test", "shop.test"]


def test_the_new_refresh_token_is_kept_before_the_new_token_is_used(bench):
    system, order = System(), []

    class Watched(MemoryVault):
        def write(self, connection, tokens):
            order.append(("kept", tokens["refresh_token"]))
            super().write(connection, tokens)

    def answer(request):
        order.append(("sent", request.url.host))
        return system(request)

    tokens = {"access_token": "", "refresh_token": "refresh-0"}
    bench(answer, http=HTTP, vault=Watched({"shop-1": tokens})).get()

    assert order == [("sent", "identity.test"), ("kept", "refresh-1"), ("sent", "shop.test")]


def test_a_vault_that_cannot_write_stops_the_request(bench):
    class Full(MemoryVault):
        def write(self, connection, tokens):
            raise OSError("disk full")

    b = bench(System(), http=HTTP, vault=Full({"shop-1": {"refresh_token": "refresh-0"}}))

    with pytest.raises(OSError, match="disk full"):
        b.get()
    assert [r.url.host for r in b.sent] == ["identity.test"]


def test_many_threads_and_workers_renew_once(bench):
    class Locked(MemoryVault):
        held = 0

        @contextmanager
        def lock(self, connection):
            with super().lock(connection):
                self.held += 1
                yield
                self.held -= 1

        def write(self, connection, tokens):
            assert self.held == 1
            super().write(connection, tokens)

    system, clock, lanes = System(), FakeClock(), MemoryLanes()
    shared = Locked({"shop-1": {"access_token": "access-0", "refresh_token": "refresh-0"}})
    all_refused, replies = threading.Barrier(12, timeout=10), []

    def answer(request):
        reply = system(request)
        if reply.status_code == 401:
            all_refused.wait()  # nobody renews before everybody was refused
        return reply

    workers = [bench(answer, http=HTTP, vault=shared, clock=clock, lanes=lanes) for _ in range(3)]
    for worker in workers:
        worker.get()
    system.access_token = "revoked"
    threads = [threading.Thread(target=lambda w=w: replies.append(w.get().status)) for w in workers for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert replies == [200] * 12
    assert len(system.refreshes) == 1


def test_a_token_address_that_fails_is_not_asked_again_in_place(bench):
    def answer(request):
        if request.url.host == "identity.test":
            return httpx.Response(503)
        return httpx.Response(429, headers={"retry-after": "60"})

    b = bench(answer, http=HTTP, vault=vault(expires_at="2030-01-01T00:00:30+00:00"))

    with pytest.raises(TryAgain, match="token address failed"):
        b.get()
    assert [r.url.host for r in b.sent] == ["shop.test", "identity.test"]


def test_a_refresh_token_that_is_not_replaced_is_kept(bench):
    b = bench(System(rotate=False), http=HTTP, vault=vault(access_token=""))

    b.get()

    assert b.vault.read("shop-1")["refresh_token"] == "refresh-0"


@pytest.mark.parametrize("tokens", [{}, {"access_token": "access-0", "expires_at": "2020-01-01T00:00:00+00:00"}])
def test_without_a_refresh_token_the_system_must_be_connected(bench, tokens):
    b = bench(System(), http=HTTP, vault=MemoryVault({"shop-1": tokens}))

    with pytest.raises(SignInNeeded, match="Connect the system again"):
        b.get()
    assert b.sent == []


@pytest.mark.parametrize(
    ("reply", "leaf", "said"),
    [
        (httpx.Response(400, json={"error": "invalid_grant"}), SignInNeeded, "Connect the system again"),
        (httpx.Response(401, json={"error": "invalid_client"}), SignInNeeded, "client secret"),
        (httpx.Response(400, text="nope"), SignInNeeded, "refused"),
        (httpx.Response(503, text="busy"), TryAgain, "tried again later"),
        (httpx.Response(429), TryAgain, "tried again later"),
        (httpx.Response(200, json={"token": "?"}), BrokenReply, "without a token"),
        (httpx.Response(200, html="<p>Sign in</p>"), BrokenReply, "without a token"),
        (httpx.Response(302, headers={"location": "https://evil.test"}), SignInNeeded, "refused"),
        (httpx.ReadTimeout(""), TryAgain, "signing in at identity.test"),
        (httpx.ConnectError(""), TryAgain, "signing in at identity.test"),
    ],
)
def test_a_token_address_that_fails_says_what_to_do(bench, reply, leaf, said):
    b = bench([reply], http=HTTP, vault=vault(access_token=""))

    with pytest.raises(leaf, match=said) as failed:
        b.post()
    assert not failed.value.outcome_unknown
    assert len(b.sent) == 1
    assert "refresh-0" not in str(failed.value)


def test_token_exchanges_are_kept_without_bodies_and_tokens_are_never_shown(bench):
    system = System()

    def echo(request):
        reply = system(request)
        if request.url.host == "identity.test":
            return reply
        return httpx.Response(200, json={"seen": request.headers["authorization"]})

    b = bench(echo, http=HTTP, vault=vault(access_token=""))

    b.get()

    token, call = b.exchanges
    assert (token.url, token.status) == ("https://identity.test/connect/token", 200)
    assert (token.request_body, token.reply_body) == (b"", b"")
    assert call.reply_body == '{"seen":"Bearer «hidden»"}'.encode()
    shown = repr(b.exchanges)
    assert not any(text in shown for text in ("access-1", "refresh-0", "refresh-1", "very-secret"))


def test_a_consents_code_buys_the_first_tokens(bench):
    system = System()
    b = bench(system, http=HTTP, vault=vault(tenant="old"))

    b.client.connect("the-code-itself", "https://studio.test/back")

    form, _ = system.refreshes[0]
    assert form == {
        "grant_type": "authorization_code",
        "code": "the-code-itself",
        "redirect_uri": "https://studio.test/back",
    }
    assert b.vault.read("shop-1")["refresh_token"] == "refresh-1"
    assert "tenant" not in b.vault.read("shop-1")
    assert b.get().status == 200


def test_the_consent_address_says_who_asks_for_what():
    spec = {
        **SIGN_IN,
        "authorize_url": "https://identity.test/connect/authorize",
        "scopes": ["sales", "offline_access"],
        "authorize_parameters": {"prompt": "select_account"},
    }

    url = consent_url(spec, {"key": "id 1"}, "https://studio.test/back?x=1", "s+1", "The Shop")

    address, _, query = url.partition("?")
    assert address == "https://identity.test/connect/authorize"
    assert {name: values[0] for name, values in parse_qs(query).items()} == {
        "response_type": "code",
        "client_id": "id 1",
        "redirect_uri": "https://studio.test/back?x=1",
        "state": "s+1",
        "scope": "sales offline_access",
        "prompt": "select_account",
    }


def test_a_code_is_proved_ours_where_the_system_knows_how(bench):
    spec = {**SIGN_IN, "authorize_url": "https://identity.test/connect/authorize"}
    verifier = "a-long-random-text-that-only-we-know-0123456789"
    system = System()
    b = bench(system, http=HTTP, vault=vault())

    url = consent_url(spec, {"key": "id"}, "https://studio.test/back", "s", "The Shop", verifier)
    b.client.connect("code", "https://studio.test/back", verifier)

    asked = {name: values[0] for name, values in parse_qs(url.partition("?")[2]).items()}
    digest = hashlib.sha256(verifier.encode()).digest()
    assert asked["code_challenge_method"] == "S256"
    assert base64.urlsafe_b64decode(asked["code_challenge"] + "=") == digest
    assert system.refreshes[0][0]["code_verifier"] == verifier
    assert verifier not in url
