"""A web server on this machine, whose answers the tests write."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass
class Answer:
    """What a path answers; ``claimed`` is a length that it claims, ``wait`` seconds before."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    claimed: int | None = None
    wait: float = 0


@dataclass
class Web:
    """The server: answers by path, and the requests that came."""

    base: str
    answers: dict[str, Answer | Callable[[dict[str, str]], Answer]]
    asked: list[tuple[str, dict[str, str]]]

    def url(self, path: str = "/list.json") -> str:
        return self.base + path


@pytest.fixture
def web() -> Iterator[Web]:
    answers: dict[str, Answer | Callable[[dict[str, str]], Answer]] = {}
    asked: list[tuple[str, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {k.lower(): v for k, v in self.headers.items()}
            asked.append((self.path, headers))
            found = answers.get(self.path, Answer(b"nothing here", 404))
            answer = found if isinstance(found, Answer) else found(headers)
            time.sleep(answer.wait)
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            length = len(answer.body) if answer.claimed is None else answer.claimed
            if length >= 0:
                self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield Web(f"http://127.0.0.1:{server.server_port}", answers, asked)
    server.shutdown()
    server.server_close()
    thread.join()
