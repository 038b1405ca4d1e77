"""Over real sockets on 127.0.0.1: names, certificates, keep-alive, cut and slow replies."""

import ipaddress
import socket
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from engine.connectors.exchange import Request
from engine.connectors.transport import CheckedTransport, trusted_certificates
from engine.errors import AddressRefused, BrokenReply, Cause, TryAgain


def answer(handler, body=b'{"ok": true}', length=None):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(length or len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def at(shop, **settings):
    options = {"transport": None, "allow_private": True, "resolve": lambda _host, _port: ["127.0.0.1"]}
    return {"answers": {"shop": shop}, "options": options | settings}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def certificate_for(name, folder):
    """A self-signed certificate and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(days=1))
    builder = builder.not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    path = folder / "certificate.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


def test_the_name_is_sent_to_the_checked_address(bench, serve):
    seen = []

    def handle(handler):
        seen.append((handler.headers["Host"], handler.path, handler.client_address))
        answer(handler)

    _, port = serve(handle)
    b = bench(**at(f"http://shop.test:{port}"))

    for _ in range(3):
        assert b.get("/orders?a=b%20c").document == {"ok": True}
    assert {(host, path) for host, path, _ in seen} == {(f"shop.test:{port}", "/api/orders?a=b%20c")}
    assert len({address for _, _, address in seen}) == 1  # one connection, kept alive
    b.client.close()


def test_a_private_address_is_refused_before_a_connection_is_made(bench, serve):
    connections = []
    _, port = serve(lambda handler: connections.append(handler))
    b = bench(**at(f"https://shop.test:{port}", allow_private=False))

    with pytest.raises(AddressRefused, match="private"):
        b.post()
    assert connections == []


def test_tls_asks_for_the_name_and_checks_it(bench, serve, tmp_path):
    path = certificate_for("shop.test", tmp_path)
    names = []
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(path)
    server_side.sni_callback = lambda _socket, name, _context: names.append(name)
    _, port = serve(answer, wrap=lambda s: server_side.wrap_socket(s, server_side=True, do_handshake_on_connect=False))
    trusting = ssl.create_default_context(cafile=str(path))

    def reach(name, certificates):
        transport = CheckedTransport(
            allow_private=True, resolve=lambda _host, _port: ["127.0.0.1"], certificates=certificates
        )
        b = bench(**at(f"https://{name}:{port}", transport=transport))
        try:
            return b.get().document
        finally:
            b.client.close()

    assert reach("shop.test", trusting) == {"ok": True}
    assert names == ["shop.test"]
    for name, certificates in (("other.test", trusting), ("shop.test", trusted_certificates())):
        with pytest.raises(TryAgain, match="certificate") as failed:
            reach(name, certificates)
        assert failed.value.cause is Cause.CERTIFICATE


def test_a_name_without_address_says_so(bench):
    def resolve(_host, _port):
        raise socket.gaierror(-2, "Name or service not known")

    b = bench(**at("https://gone.test", resolve=resolve))

    with pytest.raises(TryAgain, match="no address is known") as failed:
        b.post()
    assert failed.value.cause is Cause.NAME_NOT_FOUND
    assert not failed.value.outcome_unknown
    assert len(b.exchanges) == 4


def test_a_closed_port_is_refused_and_the_outcome_known(bench):
    b = bench(**at(f"http://shop.test:{free_port()}"))

    with pytest.raises(TryAgain, match="does not accept") as failed:
        b.post()
    assert failed.value.cause is Cause.CONNECTION_REFUSED
    assert not failed.value.outcome_unknown


def test_the_next_address_is_tried_when_one_refuses(bench, serve):
    _, port = serve(answer)
    b = bench(**at(f"http://shop.test:{port}", resolve=lambda _host, _port: ["127.0.0.9", "127.0.0.1"]))

    assert b.get().status == 200
    assert len(b.exchanges) == 1
    b.client.close()


def test_a_system_that_says_nothing_times_out(bench, serve):
    def silent(handler):
        handler.rfile.read(1)

    _, port = serve(silent)
    b = bench(**at(f"http://shop.test:{port}"), http={"timeouts": {"read": 0.05}})

    with pytest.raises(TryAgain, match="no answer came in time") as failed:
        b.client.send(Request("POST", b.client.base, body=b"x"), safe=False)
    assert failed.value.cause is Cause.TIME_OUT
    assert failed.value.outcome_unknown
    b.client.close()


def test_a_reply_cut_on_the_wire_is_broken(bench, serve):
    def cut(handler):
        answer(handler, b'{"half":', length=500)
        handler.close_connection = True

    _, port = serve(cut)
    b = bench(**at(f"http://shop.test:{port}"))

    with pytest.raises(BrokenReply, match="before its end") as failed:
        b.post()
    assert failed.value.outcome_unknown
    with pytest.raises(BrokenReply):
        b.get()
    assert [e.cause for e in b.exchanges] == [Cause.INTERRUPTED] * 5


def test_a_connection_closed_without_an_answer_is_interrupted(bench, serve):
    def hang_up(handler):
        handler.close_connection = True

    _, port = serve(hang_up)
    b = bench(**at(f"http://shop.test:{port}"))

    with pytest.raises(TryAgain) as failed:
        b.post()
    assert failed.value.cause is Cause.INTERRUPTED
    assert failed.value.outcome_unknown


def test_a_large_reply_is_read_no_further_than_its_limit(bench, serve):
    def large(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "900000000")
        handler.end_headers()
        try:
            for _ in range(900):
                handler.wfile.write(b"x" * 1_000_000)
        except OSError:
            stopped.append(True)
        handler.close_connection = True

    stopped = []
    _, port = serve(large)
    b = bench(**at(f"http://shop.test:{port}"), http={"reply_limit_mb": 1})

    with pytest.raises(BrokenReply, match="larger than 1 MB"):
        b.get()
    b.client.close()


def test_a_numeric_address_may_be_the_host(bench, serve):
    host, port = serve(answer)
    assert ipaddress.ip_address(host).is_loopback
    b = bench(**at(f"http://{host}:{port}"))

    assert b.get().status == 200
    b.client.close()
