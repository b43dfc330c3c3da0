"""A webhook is posted to once, in time, without detours, and never to the inside unasked."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from klartecken.errors import InputError
from klartecken.feed.hooks import check_hook, post_hook


@contextmanager
def receiver(
    status: int = 204, tls: ssl.SSLContext | None = None, **headers: str
) -> Iterator[tuple[str, list[Any]]]:
    had: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            had.append((self.path, body, dict(self.headers)))
            self.send_response(status)
            for name, text in headers.items():
                self.send_header(name, text)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}", had
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_posts() -> None:
    with receiver() as (url, had):
        found = post_hook(f"{url}/in?x=1", b"{}", {"Klartecken-Event": "a"}, inside=True)
    assert found == 204
    path, body, headers = had[0]
    assert (path, body, headers["Klartecken-Event"]) == ("/in?x=1", b"{}", "a")
    assert headers["User-Agent"].startswith("klartecken/")


def certificate(folder: Path) -> Path:
    """A certificate of this machine that signs itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1)).not_valid_after(datetime(2090, 1, 1))
        .add_extension(here, False).sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "here.pem"
    file.write_bytes(
        made.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return file


def test_certificates_are_checked(tmp_path: Path) -> None:
    file = certificate(tmp_path)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(file)
    with receiver(tls=served) as (url, had):
        with pytest.raises(InputError, match="cannot be reached"):
            post_hook(url, b"{}", {}, inside=True)
        assert had == []
        trust = ssl.create_default_context(cafile=str(file))
        assert post_hook(url, b"{}", {}, inside=True, trust=trust) == 204
    assert len(had) == 1


def test_a_redirect_is_not_followed() -> None:
    with receiver() as (target, later), receiver(307, Location=target) as (url, had):
        assert post_hook(url, b"{}", {}, inside=True) == 307
    assert (len(had), later) == (1, [])


def test_not_to_the_inside_unasked() -> None:
    with receiver() as (url, had), pytest.raises(InputError, match="https"):
        post_hook(url, b"{}", {})
    assert had == []


@pytest.mark.parametrize("host", [
    "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "[::1]",
    "[::ffff:127.0.0.1]", "[fe80::1]", "[fd00::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    "100.64.0.1", "224.0.0.1", "localhost", "desk", "printer.local", "2130706433",
])  # fmt: skip
def test_addresses_of_the_inside(host: str) -> None:
    with pytest.raises(InputError, match="inside"):
        check_hook(f"https://{host}/x")
    assert check_hook(f"https://{host}:8443/x", inside=True)[2] == 8443


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.1.1", "::1", "::ffff:169.254.169.254"])
def test_names_that_stand_for_the_inside(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when another address of the same name would do."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [
        (2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", (address, 443))])  # fmt: skip
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("connected"))
    with pytest.raises(InputError, match="inside"):
        post_hook("https://hooks.example.com/", b"{}", {})


@pytest.mark.parametrize("url", [
    "http://example.com", "ftp://example.com", "example.com", "https://", "https://u:p@example.com",
    "https://example.com/#x", "https://example.com:99999", "https://example.com:0",
    "https://[::1", "https://a..example.com", "https://" + "a" * 300 + ".com",
])  # fmt: skip
def test_no_addresses(url: str) -> None:
    with pytest.raises(InputError):
        check_hook(url)


def test_a_slow_receiver_is_cut() -> None:
    """One that says nothing, and one that drips for ever."""
    for drips in (False, True):
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen()
            done = threading.Event()

            def serve(server: socket.socket = server, drips: bool = drips,
                      done: threading.Event = done) -> None:  # fmt: skip
                held, _ = server.accept()
                with held:
                    while not done.wait(0.05):
                        try:
                            held.sendall(b"H" if drips else b"")
                        except OSError:
                            return

            thread = threading.Thread(target=serve)
            thread.start()
            try:
                with pytest.raises(InputError, match="no answer within"):
                    post_hook(f"http://127.0.0.1:{server.getsockname()[1]}", b"{}", {},
                              inside=True, timeout=0.4)  # fmt: skip
            finally:
                done.set()
                thread.join()


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(InputError, match="cannot be reached"):
        post_hook(f"http://127.0.0.1:{port}", b"{}", {}, inside=True)
