"""We send only where we may."""

import ipaddress

import httpx
import pytest

from engine.connectors.addresses import check_addresses, is_allowed, resolve_name
from engine.connectors.exchange import Request
from engine.connectors.transport import CheckedNetwork, NameNotFound, parse_address
from engine.errors import AddressRefused, ConnectionMissing

PUBLIC = ["93.184.216.34", "2606:4700::1111", "64:ff9b::5db8:d822", "::ffff:93.184.216.34"]
PRIVATE = [
    *("127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1"),
    *("::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
    *("2002:7f00:1::", "::127.0.0.1"),
]
NEVER = [
    *("169.254.169.254", "0.0.0.0", "224.0.0.1", "255.255.255.255", "240.0.0.1"),
    *("fe80::1", "::", "ff02::1", "fec0::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1"),
]


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_allowed(text):
    assert is_allowed(ipaddress.ip_address(text), allow_private=False)


@pytest.mark.parametrize("text", PRIVATE)
def test_private_addresses_are_allowed_only_where_marked(text):
    assert not is_allowed(ipaddress.ip_address(text), allow_private=False)
    assert is_allowed(ipaddress.ip_address(text), allow_private=True)


@pytest.mark.parametrize("text", NEVER)
def test_link_local_and_special_addresses_are_never_allowed(text):
    assert not is_allowed(ipaddress.ip_address(text), allow_private=False)
    assert not is_allowed(ipaddress.ip_address(text), allow_private=True)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0x7f000001"])
def test_odd_spellings_of_loopback_are_refused_after_resolving(host):
    found = resolve_name(host, 443)

    with pytest.raises(AddressRefused):
        check_addresses(host, found, allow_private=False)


def test_one_private_address_spoils_a_name():
    with pytest.raises(AddressRefused, match="private"):
        check_addresses("mixed.test", ["93.184.216.34", "10.0.0.1"], allow_private=False)


def test_the_network_refuses_before_it_connects():
    network = CheckedNetwork(allow_private=False, resolve=lambda _host, _port: ["127.0.0.1"])

    with pytest.raises(AddressRefused):
        network.connect_tcp("rebound.test", 443)


def test_a_name_without_an_address_is_not_found():
    def resolve(_host, _port):
        raise OSError("unknown")

    with pytest.raises(NameNotFound):
        CheckedNetwork(allow_private=False, resolve=resolve).connect_tcp("gone.test", 443)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "orders",
        "https://",
        "https://user:pass@shop.test/",
        "https://shop.test\\@evil.test/",
        "mailto:a@b",
    ],
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(AddressRefused):
        parse_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.test/api/orders",
        "http://shop.test/api/orders",
        "https://shop.test:8443/api/orders",
        "https://shop.test.evil.test/api/orders",
        "https://shop.test@evil.test/api",
        "//evil.test/x",
    ],
)
def test_a_request_leaves_for_the_own_host_only(bench, url):
    b = bench()

    with pytest.raises(AddressRefused) as refused:
        b.client.send(Request("GET", url), safe=True)
    assert b.sent == []
    assert "The Shop" in str(refused.value)


@pytest.mark.parametrize("shop", ["https://shop.test", "https://shop.test/", " shop.test ", "SHOP.test"])
def test_a_base_address_may_be_written_in_several_ways(bench, shop):
    b = bench(answers={"shop": shop})

    b.get()

    assert str(b.sent[0].url) == "https://shop.test/api/orders"


def test_http_needs_the_mark_of_an_administrator(bench):
    with pytest.raises(AddressRefused, match="https://"):
        bench(answers={"shop": "http://shop.test"}).get()

    bench(answers={"shop": "http://shop.test"}, options={"allow_private": True}).get()


def test_an_address_spelled_in_numbers_is_checked_without_a_network(bench):
    b = bench(answers={"shop": "https://[::ffff:7f00:1]"})

    with pytest.raises(AddressRefused):
        b.get()
    assert b.sent == []


@pytest.mark.parametrize("account", ["evil.test/", "a@evil.test", "x?y", "evil.test#", "a b", ""])
def test_an_answer_cannot_move_a_fixed_host(bench, account):
    with pytest.raises(ConnectionMissing):
        bench(http={"base": "https://{account}.system.test/v1"}, answers={"account": account})


@pytest.mark.parametrize("shop", ["shop.test/?x=1", "shop.test/#a"])
def test_a_base_address_has_no_query(bench, shop):
    with pytest.raises((ConnectionMissing, AddressRefused)):
        bench(answers={"shop": shop})


def test_a_redirect_is_followed_on_the_own_host_for_reads(bench):
    moved = httpx.Response(302, headers={"location": "/api/v2/orders?x=1"})
    b = bench([moved, httpx.Response(200, json=[1])])

    assert b.get().document == [1]
    assert [str(r.url) for r in b.sent] == [
        "https://shop.test/api/orders",
        "https://shop.test/api/v2/orders?x=1",
    ]


@pytest.mark.parametrize("place", ["https://evil.test/", "//evil.test/", "http://shop.test/api", "https://127.0.0.1/"])
def test_a_redirect_to_another_host_is_refused(bench, place):
    b = bench(httpx.Response(302, headers={"location": place}))

    with pytest.raises(AddressRefused):
        b.get()
    assert len(b.sent) == 1


def test_redirects_end_after_three(bench):
    b = bench(lambda request: httpx.Response(307, headers={"location": str(request.url) + "x"}))

    with pytest.raises(Exception, match="address to address"):
        b.get()
    assert len(b.sent) == 4


@pytest.mark.parametrize(("status", "unknown"), [(302, True), (303, True), (301, False), (307, False), (308, False)])
def test_a_write_is_never_sent_on_to_another_place(bench, status, unknown):
    b = bench(httpx.Response(status, headers={"location": "/api/elsewhere"}))

    with pytest.raises(Exception, match="another address") as failed:
        b.post()
    assert failed.value.outcome_unknown is unknown
    assert len(b.sent) == 1
