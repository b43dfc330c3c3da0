"""A webhook is posted to once, in time, without detours, and never to the inside unasked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from klartecken.errors import InputError
from klartecken.feed.hooks import check_hook, post_hook


@contextmanager
def receiver(status: int = 204, **headers: str) -> Iterator[tuple[str, list[Any]]]:
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
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", had
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
