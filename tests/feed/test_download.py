import socket

import pytest

from klartecken.errors import InputError
from klartecken.feed.download import check_address, download
from tests.feed.conftest import Answer, Web


def test_a_file_comes_whole(web: Web) -> None:
    web.answers["/list.json"] = Answer(b"x" * 200_000, headers={"ETag": '"1"'})
    got = download(web.url())
    assert (len(got.data), got.etag, got.unchanged) == (200_000, '"1"', False)
    assert web.asked[0][1]["user-agent"].startswith("klartecken/")


def test_only_what_is_newer_is_asked_for(web: Web) -> None:
    web.answers["/list.json"] = Answer(status=304)
    got = download(web.url(), etag='"1"', last_modified="Sat, 01 Aug 2026 00:00:00 GMT")
    assert got.unchanged
    assert web.asked[0][1]["if-none-match"] == '"1"'
    assert web.asked[0][1]["if-modified-since"].startswith("Sat, 01 Aug")
    with pytest.raises(InputError, match="304"):  # not asked for: no answer at all
        download(web.url())


def test_redirects_are_followed_five_times(web: Web) -> None:
    for n in range(7):
        web.answers[f"/{n}"] = Answer(status=302, headers={"Location": f"/{n + 1}"})
    web.answers["/7"] = Answer(b"there")
    assert download(web.url("/2")).data == b"there"
    with pytest.raises(InputError, match="redirect"):
        download(web.url("/1"))


def test_a_loop_of_redirects_ends(web: Web) -> None:
    web.answers["/list.json"] = Answer(status=301, headers={"Location": "/list.json"})
    with pytest.raises(InputError, match=r"(?i)redirect|infinite"):
        download(web.url())
    assert len(web.asked) <= 7


@pytest.mark.parametrize(
    "target", ["http://example.org/x", "ftp://127.0.0.1/x", "file:///etc/hosts", "data:,x"]
)
def test_redirects_elsewhere_are_not_followed(web: Web, target: str) -> None:
    web.answers["/list.json"] = Answer(status=302, headers={"Location": target})
    with pytest.raises(InputError):
        download(web.url())


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(b"abc", claimed=10), "cut short: 3 of 10"),
        (Answer(b"", claimed=0), "empty"),
        (Answer(b" \n"), "empty"),
        (Answer(b"<html>", headers={"Content-Type": "text/html; charset=utf-8"}), "text/html"),
        (Answer(b"\xef\xbb\xbf <html>"), "web page"),
        (Answer(b"x", headers={"Content-Type": "image/png"}), "image/png"),
        (Answer(b"x", 500), "500"),
        (Answer(b"x", 404), "404"),
        (Answer(b"x", 206), "206"),
        (Answer(b"x" * 2000), "larger than 1,000"),
        (Answer(b"x" * 2000, claimed=-1), "larger than 1,000"),
    ],
)
def test_what_is_no_list(web: Web, answer: Answer, told: str) -> None:
    web.answers["/list.json"] = answer
    with pytest.raises(InputError) as caught:
        download(web.url(), cap=1000)
    assert told in caught.value.line()
    assert "\n" not in caught.value.line()


def test_a_server_that_says_nothing(web: Web) -> None:
    web.answers["/list.json"] = Answer(b"late", wait=0.6)
    with pytest.raises(InputError, match="no answer within"):
        download(web.url(), timeout=0.2)


def test_a_server_that_drips_is_left() -> None:
    import threading

    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def drip() -> None:
            link, _ = server.accept()
            with link:
                link.recv(1000)
                link.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\n")
                stop = threading.Event()
                for _ in range(40):
                    try:
                        link.sendall(b"x")
                    except OSError:
                        return
                    stop.wait(0.05)

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        with pytest.raises(InputError, match="too long"):
            download(f"http://127.0.0.1:{server.getsockname()[1]}/x", timeout=1, limit=0.3)
        thread.join(5)


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(InputError, match="refused"):
        download(f"http://127.0.0.1:{port}/x")


@pytest.mark.parametrize(
    "url",
    ["http://example.org/x", "ftp://example.org", "file:///x", "x", "", "https://", "https://a:b",
     "https://user:word@example.org/x", "http://127.0.0.1.example.org/", "https://[::1"],
)  # fmt: skip
def test_addresses_that_are_not_taken(url: str) -> None:
    with pytest.raises(InputError) as caught:
        check_address(url)
    assert "word@" not in caught.value.line()


def test_no_way_back_from_https() -> None:
    check_address("https://example.org/x", came_from="http://127.0.0.1/")
    with pytest.raises(InputError, match="away from https"):
        check_address("http://localhost/x", came_from="https://example.org/")
